"""Reading the packet filter of a namespace with the host's own programs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.needs import needs, needs_root
from tests.support.netns import ip, temporary_netns
from wgtui.adapters.netns import call_in_netns
from wgtui.adapters.packet_filter import HostPacketFilter, installed
from wgtui.adapters.programs import find_program
from wgtui.domain.ruleset import Backend, CountedRule, RulesetReading
from wgtui.ports.packet_filter import PacketFilterReader

pytestmark = [
    needs_root,
    needs("nft", "iptables-nft", "iptables-legacy"),
]

OWN = """
table inet own {
    chain out {
        type filter hook output priority 0
        counter comment "nft"
    }
}
"""

DISGUISED = """
table ip filter {
    chain own {
        type filter hook forward priority 0
        drop comment "own"
    }
}
"""
"""An administrator's table, with a name that iptables uses."""


@pytest.fixture
def netns() -> Iterator[str]:
    with temporary_netns() as name:
        ip("-n", name, "link", "set", "lo", "up")
        yield name


def on(netns: str, *command: str, stdin: str = "") -> str:
    """What a command prints there; it has to succeed."""
    done = subprocess.run(
        ["ip", "netns", "exec", netns, *command], input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def comments(reading: RulesetReading) -> dict[str, Backend]:
    return {rule.comment: where.backend for where, rule in reading.ruleset.rules()}


def only(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Have no other programs than these."""
    monkeypatch.setattr(installed, "find_program", lambda name: find_program(name) if name in names else None)


def fill(netns: str) -> None:
    """One rule in each backend, and of each family."""
    for variant in ("legacy", "nft"):
        for word in ("iptables", "ip6tables"):
            name = f"{word}-{variant}"
            on(netns, name, "-A", "OUTPUT", "-o", "lo", "-m", "comment", "--comment", name, "-j", "ACCEPT")
    on(netns, "nft", "-f", "-", stdin=OWN)


def test_it_is_a_reader() -> None:
    reader: PacketFilterReader = HostPacketFilter()
    assert reader


def test_without_rules_there_is_nothing_and_reading_makes_nothing(netns: str) -> None:
    reading = HostPacketFilter(netns).read()
    assert reading.ruleset.tables == () and reading.in_force == frozenset() and reading.problems == ()
    assert reading.programs.variant in (Backend.LEGACY, Backend.IPTABLES_NFT)
    assert "nftables v" in reading.programs.nft
    for file in ("ip_tables_names", "ip6_tables_names"):
        assert on(netns, "sh", "-c", f"cat /proc/net/{file} 2>/dev/null || true") == ""
    assert on(netns, "nft", "list", "ruleset") == ""


def test_all_backends_are_read(netns: str) -> None:
    fill(netns)
    reading = HostPacketFilter(netns).read()
    assert reading.problems == ()
    assert reading.in_force == frozenset(Backend)
    assert comments(reading) == {
        "iptables-legacy": Backend.LEGACY,
        "ip6tables-legacy": Backend.LEGACY,
        "iptables-nft": Backend.IPTABLES_NFT,
        "ip6tables-nft": Backend.IPTABLES_NFT,
        "nft": Backend.NFT,
    }


def test_counters_move(netns: str) -> None:
    fill(netns)
    reader = HostPacketFilter(netns)

    def packets(counted: tuple[CountedRule, ...]) -> dict[str, int]:
        return {one.rule.comment: one.rule.packets or 0 for one in counted}

    before = packets(reader.counters())
    sender = call_in_netns(netns, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    with sender:
        sender.sendto(b"x", ("127.0.0.1", 9))
    after = packets(reader.counters())
    assert set(before) == set(after) and len(before) == 5
    # The datagram, and the answer that nobody listens there.
    for name, moves in (("iptables-legacy", 1), ("iptables-nft", 1), ("nft", 1), ("ip6tables-nft", 0)):
        assert (after[name] - before[name] >= 1) == bool(moves), name
    assert packets(tuple(reader.counters())) == {
        rule.comment: rule.packets for _, rule in reader.read().ruleset.rules()
    }


@pytest.mark.parametrize(("backend", "variant"), [(Backend.LEGACY, "legacy"), (Backend.IPTABLES_NFT, "nft")])
def test_a_host_that_has_only_iptables(
    netns: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, backend: Backend, variant: str
) -> None:
    """Such as an old Debian, or an image without the names of the variants."""
    fill(netns)
    for word in ("iptables", "ip6tables"):
        for ending in ("", "-save"):
            program = shutil.which(f"{word}-{variant}")
            assert program is not None
            (tmp_path / f"{word}{ending}").symlink_to(Path(program).resolve())
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    only(monkeypatch, "iptables", "ip6tables")
    reading = HostPacketFilter(netns).read()
    assert reading.programs.variant is backend
    assert {f"iptables-{variant}": backend, f"ip6tables-{variant}": backend}.items() <= comments(
        reading
    ).items()
    assert set(comments(reading).values()) == {backend}
    said = " ".join(problem.text for problem in reading.problems)
    assert ("iptables-legacy-save" in said) == (backend is Backend.IPTABLES_NFT)


@pytest.mark.parametrize("table", [DISGUISED, OWN])
@pytest.mark.parametrize("names", [("iptables", "iptables-nft", "ip6tables", "ip6tables-nft"), ()])
def test_a_host_without_nft_says_that_there_is_more(
    netns: str, monkeypatch: pytest.MonkeyPatch, table: str, names: tuple[str, ...]
) -> None:
    only(monkeypatch, *names)
    on(netns, "iptables-nft", "-A", "OUTPUT", "-j", "ACCEPT")
    assert HostPacketFilter(netns).read().problems == () or not names
    on(netns, "nft", "flush", "ruleset")
    on(netns, "nft", "-f", "-", stdin=table)
    reading = HostPacketFilter(netns).read()
    assert any("no program nft" in problem.text for problem in reading.problems)


def test_a_host_without_any_program(netns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch)
    reading = HostPacketFilter(netns).read()
    assert reading.ruleset.tables == () and reading.programs.variant is None and reading.problems == ()
    fill(netns)
    reading = HostPacketFilter(netns).read()
    assert Backend.LEGACY in reading.in_force
    assert any("iptables-legacy-save" in problem.text for problem in reading.problems)


def test_an_administrators_table_with_a_name_of_iptables(netns: str) -> None:
    on(netns, "nft", "-f", "-", stdin=DISGUISED)
    on(netns, "iptables-nft", "-t", "nat", "-A", "POSTROUTING", "-j", "MASQUERADE")
    reading = HostPacketFilter(netns).read()
    found = {table.name: [base.name for base in table.base_chains] for table in reading.ruleset.tables}
    assert found == {"filter": ["own"], "nat": ["POSTROUTING"]}
    assert comments(reading)["own"] is Backend.NFT


READ = """
from wgtui.adapters.packet_filter import HostPacketFilter
for problem in HostPacketFilter().read().problems:
    print(problem.is_permission, problem.text, problem.hint)
"""


@needs("setpriv")
def test_without_privilege_it_says_so(netns: str) -> None:
    fill(netns)
    without = ("setpriv", "--bounding-set=-net_admin,-net_raw")
    said = on(netns, *without, sys.executable, "-c", READ).splitlines()
    assert len(said) >= 3
    for line in said:
        assert line.startswith("True ") and line.endswith(" Run wgtui as root.")


def test_a_namespace_that_is_not_there() -> None:
    reading = HostPacketFilter("no-such-namespace").read()
    assert reading.ruleset.tables == ()
    assert any("no-such-namespace" in problem.text for problem in reading.problems)
