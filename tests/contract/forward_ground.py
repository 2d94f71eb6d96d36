"""Hosts for the suite of `ForwardRules`: the simulated one, and namespaces with each packet filter."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.netns import temporary_netns
from wgtui.adapters.forward_rules import HostForwardRules
from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.domain.addresses import prefix_of
from wgtui.domain.forwarding import (
    Hook,
    HookLines,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    PlacedRule,
    Placement,
    RuleFacts,
    Switches,
    hook_lines,
    place,
    rules_of,
)
from wgtui.ports.forward_rules import ForwardRules

SOURCES = tuple(map(prefix_of, ("10.8.0.0/24", "10.8.1.9/32", "fd08::/64")))
ALL = Switches(True, True, False, ("eth0", "ens3.10"), True, True)
ISOLATED = Switches(True, False, True, ("eth0",), True, True)

CHAINS = """\
add table inet fw
add chain inet fw passing { type filter hook forward priority 5; policy drop; }
add rule inet fw passing ct state established,related counter accept
add chain inet fw arriving { type filter hook input priority 0; policy accept; }
add rule inet fw arriving tcp dport 22 accept comment "wgtui:wg0:port by another hand"
add table ip old
add chain ip old INPUT { type filter hook input priority 0; }
add set ip old bad { type ipv4_addr; }
add rule ip old INPUT ip saddr @bad drop
add table ip6 old
add chain ip6 old forward { type filter hook forward priority 10; policy drop; }
"""

FULL_TABLES = "".join(
    f"*{table}\n{chains}-A {chain} -s 192.0.2.0/24 -m comment --comment keep -j {target}\nCOMMIT\n"
    for table, chain, target, chains in (
        ("filter", "FORWARD", "MINE", ":FORWARD DROP [0:0]\n:MINE - [0:0]\n"),
        ("nat", "POSTROUTING", "RETURN", ""),
        ("mangle", "FORWARD", "RETURN", ""),
        ("filter", "INPUT", "ACCEPT", ""),
    )
)
"""Rules of an operator, so that all tables and chains are there."""

PLACEMENTS = {
    "iptables": Placement(IptablesPlace()),
    "iptables-nft": Placement(IptablesPlace("nft")),
    "legacy": Placement(IptablesPlace("legacy")),
    "legacy, restored": Placement(IptablesPlace("legacy")),
    "own table": Placement(NftTablePlace()),
    "administrator's chains": Placement(
        NftTablePlace(),
        (
            NftChainPlace("inet", "fw", "passing", Hook.FORWARD),
            NftChainPlace("inet", "fw", "arriving", Hook.INPUT),
            NftChainPlace("ip", "old", "INPUT", Hook.INPUT),
            NftChainPlace("ip6", "old", "forward", Hook.FORWARD),
        ),
    ),
}
REAL = tuple(PLACEMENTS)


@dataclass(frozen=True)
class Ground:
    """A host with one packet filter that the rules go to.

    Attributes:
        name: Its kind.
        rules: The port.
        placement: Where rules go.
        netns: Its namespace; empty for the simulated one.
    """

    name: str
    rules: ForwardRules
    placement: Placement
    netns: str = ""

    def placed(self, switches: Switches, interface: str = "wg0", port: int = 51820) -> tuple[PlacedRule, ...]:
        """The rules of switches, as this host holds them."""
        facts = RuleFacts(interface, port, sources=SOURCES)
        return place(rules_of(switches, facts), self.placement, SOURCES)

    def lines(self, switches: Switches, interface: str = "wg0", port: int = 51820) -> HookLines:
        """The same as commands of hooks."""
        return hook_lines(self.placed(switches, interface, port), interface)

    def present(self, interface: str = "wg0") -> frozenset[PlacedRule]:
        """What is in force."""
        return frozenset(state.placed for state in self.rules.read(interface))

    def held(self, placed: tuple[PlacedRule, ...]) -> frozenset[PlacedRule]:
        """What shall be in force."""
        return frozenset(self.rules.held(placed))

    def shell(self, command: str, stdin: str = "") -> str:
        """What a command in the namespace prints; it has to succeed."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.netns, "bash", "-c", command],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def hooks(self, commands: tuple[str, ...], interface: str = "wg0") -> None:
        """Run commands as wg-quick does (`execute_hooks` of wireguard-tools 1.0.20210914)."""
        for command in commands:
            text = command.replace("%i", interface)
            self.shell(f"set -e -o pipefail; shopt -s extglob; export LC_ALL=C\n( eval {_quoted(text)} )")

    def everything(self) -> str:
        """All rules of all packet filters, without counters and times."""
        return self.shell(
            "for f in iptables ip6tables; do for v in nft legacy; do"
            " $f-$v-save 2>/dev/null | grep -v '^#' | sed 's/ \\[[0-9:]*\\]$//'; done; done;"
            " nft -s -n list ruleset 2>/dev/null"
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


@contextmanager
def ground_of(name: str) -> Iterator[Ground]:
    """A host of one kind, with rules of an operator already in every table."""
    if name == "simulated":
        yield Ground(name, SimulatedForwardRules(), PLACEMENTS["iptables"])
        return
    with temporary_netns() as netns:
        ground = Ground(name, HostForwardRules(netns), PLACEMENTS[name], netns)
        furnish(ground)
        yield ground


def furnish(ground: Ground) -> None:
    """Give a host the rules of an operator that fit its kind."""
    place_of_all = ground.placement.primary
    if isinstance(place_of_all, IptablesPlace):
        for version in (4, 6):
            table = FULL_TABLES if version == 4 else FULL_TABLES.replace("192.0.2.0/24", "2001:db8::/32")
            ground.shell(f"{place_of_all.program(version)}-restore --noflush -w 5", table)
    else:
        ground.shell("nft -f -", CHAINS)
