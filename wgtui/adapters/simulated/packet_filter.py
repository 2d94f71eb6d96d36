"""A packet filter to read, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.domain.forwarding import IptablesPlace, NftTablePlace, PlacedRule, RuleState
from wgtui.domain.forwarding.iptables import goes_first, table_of, words
from wgtui.domain.forwarding.rules import FilterRule, for_each_family
from wgtui.domain.ruleset import (
    Backend,
    CountedRule,
    FilterFamily,
    FilterPrograms,
    Ruleset,
    RulesetReading,
    Table,
    counted,
)
from wgtui.domain.ruleset.save import parse_save

OPEN: Final = """*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
COMMIT
*mangle
:FORWARD ACCEPT [0:0]
COMMIT
"""
"""A host that drops nothing, as `iptables-save` prints it."""

DOCKER: Final = OPEN.replace(
    ":FORWARD ACCEPT [0:0]\nCOMMIT\n*nat",
    """:FORWARD DROP [214:13696]
:DOCKER - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-USER - [0:0]
[1934:1198472] -A FORWARD -j DOCKER-USER
[1934:1198472] -A FORWARD -j DOCKER-FORWARD
[0:0] -A DOCKER ! -i docker0 -o docker0 -j DROP
[871:540020] -A DOCKER-FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
[12:744] -A DOCKER-FORWARD -o docker0 -j DOCKER
[1051:657708] -A DOCKER-FORWARD -i docker0 -j ACCEPT
COMMIT
*nat""",
    1,
)
"""A host with Docker, which drops what is forwarded and not a container's."""

_ALL: Final = frozenset(
    ("nft", "iptables", "iptables-nft", "iptables-legacy", "ip6tables", "ip6tables-nft", "ip6tables-legacy")
)
_VERSIONS: Final = {"nft": "iptables v1.8.9 (nf_tables)", "legacy": "iptables v1.8.9 (legacy)"}
_VARIANTS: Final = {"nft": Backend.IPTABLES_NFT, "legacy": Backend.LEGACY}


@dataclass
class SimulatedPacketFilter:
    """`PacketFilterReader` over the rules of the switches, and rules that are there already.

    Attributes:
        rules: Of the switches; they stand before all others.
        background: What the host's own `iptables-save` prints without them.
    """

    rules: SimulatedForwardRules
    background: str = OPEN

    def read(self) -> RulesetReading:
        """Read everything."""
        variant = _VARIANTS.get(self.rules.plain)
        tables = [table for backend in Backend for table in self._tables(backend)]
        used = tuple(table for table in tables if not table.is_idle)
        in_force = frozenset(table.backend for table in used)
        # A table that is there and empty is listed as well.
        there = tuple(table for table in tables if table.backend in in_force)
        programs = FilterPrograms(
            nft="nftables v1.0.6 (Lester Gooch #5)",
            iptables=f"iptables v1.8.9 ({'legacy' if variant is Backend.LEGACY else 'nf_tables'})"
            if variant
            else "",
            variant=variant,
            names=_ALL if variant else frozenset(("nft",)),
        )
        return RulesetReading(Ruleset(there), programs, in_force)

    def counters(self) -> tuple[CountedRule, ...]:
        """Read the rules that count packets."""
        return counted(self.read().ruleset)

    def _tables(self, backend: Backend) -> Iterator[Table]:
        for family in (FilterFamily.IP, FilterFamily.IP6):
            version = 4 if family is FilterFamily.IP else 6
            first: dict[str, list[str]] = {}
            last: dict[str, list[str]] = {}
            for interface, state in self._states(backend):
                for rule in for_each_family(state.placed.rule):
                    if rule.family.value == version:
                        lines = first if goes_first(rule) else last
                        lines.setdefault(table_of(rule), []).append(_line(rule, interface, state))
            own = backend is _VARIANTS.get(self.rules.plain)
            text = self.background if own else OPEN
            yield from parse_save(_with(text, first, last), backend, family)

    def _states(self, backend: Backend) -> Iterator[tuple[str, RuleState]]:
        for interface in self.rules.rules:
            for state in self.rules.read(interface):
                if self._backend(state.placed) is backend:
                    yield interface, state

    def _backend(self, placed: PlacedRule) -> Backend | None:
        match placed.place:
            case IptablesPlace(variant=variant):
                return _VARIANTS.get(variant or self.rules.plain)
            case NftTablePlace():
                return Backend.NFT
            case _:
                return None


def _line(rule: FilterRule, interface: str, state: RuleState) -> str:
    spelled = " ".join(words(rule, interface))
    return f"[{state.packets or 0}:{state.bytes or 0}] -A {rule.hook.value} {spelled}"


def _with(text: str, first: dict[str, list[str]], last: dict[str, list[str]]) -> str:
    """What `iptables-save` prints with more rules."""
    made: list[str] = []
    table = ""
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:]
        if line == "COMMIT":
            made += last.pop(table, [])
        # The first rules stand behind the last of the chains' own lines.
        if not line.startswith((":", "*")):
            made += first.pop(table, [])
        made.append(line)
    return "\n".join(made)
