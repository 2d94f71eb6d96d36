from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_interface
from pathlib import Path

import pytest

from tests.support.needs import needs, needs_root
from tests.support.netns import temporary_netns
from wgtui.adapters.firewall import HostFirewall
from wgtui.adapters.programs import run
from wgtui.adapters.simulated.host import SimulatedFirewall
from wgtui.domain.errors import HostCommandFailed, PermissionRefused
from wgtui.domain.host import GuardRules
from wgtui.domain.network import LinkAddress
from wgtui.ports.firewall import Firewall

pytestmark = [
    needs_root,
    needs("nft", "iptables"),
]

ADDRESSES = tuple(LinkAddress(ip_interface(text)) for text in ("10.66.0.1/24", "fd66::1/64"))


def rules(interface: str, *, ipv4: bool = True, ipv6: bool = True) -> GuardRules:
    return GuardRules(interface, 51820, ADDRESSES, ipv4=ipv4, ipv6=ipv6)


@pytest.fixture
def netns() -> Iterator[str]:
    with temporary_netns() as name:
        yield name


@pytest.fixture(params=["nft", "iptables", "simulated"])
def firewall(request: pytest.FixtureRequest, netns: str) -> Firewall:
    if request.param == "simulated":
        return SimulatedFirewall()
    return HostFirewall(netns, nft="nft" if request.param == "nft" else "no-such-nft")


def everything(netns: str) -> str:
    return run(["nft", "list", "ruleset"], netns=netns).text()


@pytest.mark.parametrize(("ipv4", "ipv6"), [(True, False), (False, True), (True, True)])
def test_rules_come_and_go(firewall: Firewall, ipv4: bool, ipv6: bool) -> None:
    assert not firewall.has_guard("wg0")
    firewall.add_guard(rules("wg0", ipv4=ipv4, ipv6=ipv6))
    assert firewall.has_guard("wg0")
    firewall.remove_guard("wg0")
    assert not firewall.has_guard("wg0")
    firewall.remove_guard("wg0")


def test_tunnels_have_rules_of_their_own(firewall: Firewall) -> None:
    for name in ("wg0", "wg00", "a.b-c"):
        firewall.add_guard(rules(name))
    firewall.remove_guard("wg0")
    assert [firewall.has_guard(name) for name in ("wg0", "wg00", "a.b-c")] == [False, True, True]


def test_both_are_looked_at_whichever_made_the_rules(netns: str) -> None:
    HostFirewall(netns, nft="no-such-nft").add_guard(rules("wg0"))
    either = HostFirewall(netns)
    assert either.has_guard("wg0")
    either.add_guard(rules("wg0"))
    either.remove_guard("wg0")
    assert not either.has_guard("wg0")
    assert "wg-quick" not in everything(netns)


@pytest.mark.parametrize("nft", ["nft", "no-such-nft"])
def test_all_or_none(netns: str, nft: str) -> None:
    """The second family cannot be had: an interface's name that is too long for it, or no such program."""
    before = everything(netns)
    with pytest.raises(HostCommandFailed, match="could not add the rules that guard"):
        HostFirewall(netns, nft).add_guard(rules("a-name-of-sixteen"))
    assert everything(netns) == before


def test_a_family_that_fails_takes_the_other_with_it(
    netns: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ip6tables-restore"
    program.write_text("#!/bin/sh\necho 'ip6tables-restore: no such table' >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    firewall = HostFirewall(netns, nft="no-such-nft")
    with pytest.raises(HostCommandFailed, match=r"ip6tables-restore could not add .* wg0: .*no such table"):
        firewall.add_guard(rules("wg0"))
    assert not firewall.has_guard("wg0")
    assert "wg-quick" not in everything(netns)


def test_without_privilege(netns: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The complaint of a real nft, but not the host's: it might not be refused there."""
    program = tmp_path / "nft"
    program.write_text("#!/bin/sh\necho 'Operation not permitted (you must be root)' >&2\nexit 1\n")
    program.chmod(0o755)
    firewall = HostFirewall(netns, str(program))
    with pytest.raises(PermissionRefused):
        firewall.add_guard(rules("wg0"))
    with pytest.raises(PermissionRefused):
        firewall.has_guard("wg0")
