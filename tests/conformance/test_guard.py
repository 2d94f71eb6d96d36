"""The rules that guard a default route: ours against those of `wg-quick`, and each removed by the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.guard_host import TUNNEL, GuardHost, why_unavailable
from wgtui.adapters.firewall import HostFirewall
from wgtui.adapters.network import RtnlNetwork
from wgtui.domain.host import GuardRules

_FOREIGN_NFT = """
table inet filter {
    chain input {
        type filter hook input priority 0; policy accept;
        iifname "eth0" drop
    }
}
table ip wg-quick-wg00 {
    chain preraw { type filter hook prerouting priority -300; }
}
table ip my-wg-quick-wg0 {
}
"""
_FOREIGN_IPTABLES = """*filter
-A FORWARD -i eth0 -m comment --comment "wg-quick(8) rule for wg00" -j ACCEPT
-A FORWARD -i wg0 -j ACCEPT
COMMIT
*raw
-A PREROUTING -i eth0 -j ACCEPT
COMMIT
*mangle
-A PREROUTING -p udp -m comment --comment "mine" -j CONNMARK --restore-mark
-A POSTROUTING -o eth0 -j ACCEPT
COMMIT
"""
"""A rule in every chain that wg-quick uses: iptables makes chains for it that stay behind, empty."""


class Rig:
    """A host and our adapter on it, both of them with nft or both without."""

    def __init__(self, host: GuardHost, firewall: HostFirewall) -> None:
        self.host = host
        self.firewall = firewall

    def rules(self) -> GuardRules:
        """What our `up` would ask for."""
        network = RtnlNetwork(self.host.netns)
        try:
            return GuardRules(TUNNEL, 51820, network.addresses(TUNNEL), ipv4=True, ipv6=True)
        finally:
            network.close()

    def all_rules(self) -> list[str]:
        """Everything in the packet filter, tables in no particular order."""
        tables = self.host.run("nft", "list", "ruleset").split("\ntable ")
        saved = "".join(self.host.run(f"{name}-save") for name in ("iptables", "ip6tables"))
        lines = [line for line in saved.splitlines() if not line.startswith("#")]
        return sorted(table.removeprefix("table ").strip() for table in tables) + lines


@pytest.fixture(params=["nft", "iptables"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    reason = why_unavailable()
    if reason:
        pytest.skip(f"the comparison with wg-quick {reason}")
    with_nft = request.param == "nft"
    host = GuardHost(tmp_path, with_nft=with_nft)
    try:
        yield Rig(host, HostFirewall(host.netns, nft="nft" if with_nft else "no-such-nft"))
    finally:
        host.close()


def add_foreign_rules(host: GuardHost) -> None:
    host.run("nft", "-f", "-", data=_FOREIGN_NFT)
    for name in ("iptables", "ip6tables"):
        host.run(f"{name}-restore", "-n", data=_FOREIGN_IPTABLES)


def test_our_rules_are_those_of_wg_quick(rig: Rig) -> None:
    add_foreign_rules(rig.host)
    rig.host.wg_quick("up")
    wanted = rig.all_rules()
    assert any("wg-quick(8)" in line or "wg-quick-wg0" in line for line in wanted)
    rig.firewall.remove_guard(TUNNEL)
    assert rig.all_rules() != wanted
    rig.firewall.add_guard(rig.rules())
    assert rig.all_rules() == wanted


def test_each_removes_the_rules_of_the_other_and_nothing_else(rig: Rig) -> None:
    add_foreign_rules(rig.host)
    before = rig.all_rules()
    assert not rig.firewall.has_guard(TUNNEL)
    rig.host.wg_quick("up")
    assert rig.firewall.has_guard(TUNNEL)
    rig.firewall.remove_guard(TUNNEL)
    assert not rig.firewall.has_guard(TUNNEL)
    assert rig.all_rules() == before
    rig.firewall.add_guard(rig.rules())
    rig.host.wg_quick("down")
    assert rig.all_rules() == before
