"""Rules as PostUp and PostDown commands that plain `wg-quick` runs, and back.

Every line stands by itself: a second `up` adds nothing, a `down` removes its own and is content where it is
gone already. `%i` stands for the interface. No line has a `#`, at which `wg-quick` before 1.0.20260223 cuts
a command off.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from wgtui.domain.forwarding import firewalld, iptables, nftables
from wgtui.domain.forwarding.places import (
    FirewalldPlace,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    Place,
    PlacedRule,
)
from wgtui.domain.forwarding.rules import FilterRule, LinkMatch, tag

NAME: Final = "%i"
"""What stands for the interface's name in commands of hooks."""

_HAVE_IPTABLES: Final = "command -v iptables >/dev/null"
_WAIT: Final = "-w"


@dataclass(frozen=True, slots=True)
class HookLines:
    """Commands of hooks, in order.

    Attributes:
        post_up: They put rules in force.
        post_down: They take the same rules back.
    """

    post_up: tuple[str, ...] = ()
    post_down: tuple[str, ...] = ()

    def __add__(self, other: HookLines) -> HookLines:
        return HookLines(self.post_up + other.post_up, self.post_down + other.post_down)


def hook_lines(placed: Iterable[PlacedRule], interface: str) -> HookLines:
    """The commands for these rules.

    Args:
        placed: In the order in which they are put in force.
        interface: The interface that they are about, which `%i` will stand for.
    """
    by_place: dict[Place, list[FilterRule]] = {}
    for one in placed:
        by_place.setdefault(one.place, []).append(renamed(one.rule, interface, NAME))
    lines = HookLines()
    for where, rules in by_place.items():
        lines += _lines(where, tuple(rules))
    return lines


def _lines(where: Place, rules: tuple[FilterRule, ...]) -> HookLines:
    match where:
        case IptablesPlace():
            pairs = [_iptables(where, rule) for rule in rules]
        case NftTablePlace():
            pairs = [own_table_lines(where, rules)]
        case NftChainPlace():
            pairs = [_foreign_chain(where, rule) for rule in rules]
        case FirewalldPlace(zone=zone):
            pairs = list(firewalld.line_pairs(zone, rules))
    return HookLines(tuple(up for up, _ in pairs), tuple(down for _, down in reversed(pairs)))


def _iptables(where: IptablesPlace, rule: FilterRule) -> tuple[str, str]:
    program = where.program(rule.family.value)
    table = iptables.table_of(rule)
    start = f"{program} {_WAIT}" + (f" -t {table}" if table != "filter" else "")
    spec = f"{rule.hook.value} {spelled(iptables.words(rule, NAME))}"
    add = iptables.adding(rule)
    unless = f"! {_HAVE_IPTABLES} || " if where.portable else ""
    return (
        f"{unless}{start} -C {spec} 2>/dev/null || {start} {add} {spec}",
        f"{unless}{start} -D {spec} 2>/dev/null || true",
    )


def spelled(words: Iterable[str]) -> str:
    """Words for a shell; a `!` between words needs no quotes there, and none of `%i` are added."""
    return " ".join(word if word == "!" else shlex.quote(word) for word in words)


def own_table_lines(where: NftTablePlace, rules: tuple[FilterRule, ...]) -> tuple[str, str]:
    """The one command that makes the interface's own table, and the one that removes it."""
    unless = f"{_HAVE_IPTABLES} || " if where.portable else ""
    return (
        f"{unless}nft '{nftables.replacement(rules, NAME)}'",
        f"{unless}nft '{nftables.removal(NAME)}'",
    )


def _foreign_chain(where: NftChainPlace, rule: FilterRule) -> tuple[str, str]:
    chain = f"{where.family} {where.table} {where.chain}"
    mark = f"'\"{tag(NAME, rule.purpose)}\"'"
    each = f'while read -r _ h; do nft delete rule {chain} handle "$h"; done'
    # No `grep -q`: it ends at the first line that fits, nft with it, and wg-quick sets pipefail.
    # Where the chain is gone it drops nothing any more, and that shall not keep the interface from coming up.
    inserted = f"nft 'insert rule {chain} {nftables.statement(rule, NAME, where.family)}'"
    return (
        f"! w=$(nft list chain {chain} 2>/dev/null) || [[ $w == *{mark}* ]] || {inserted}",
        f"nft -a list chain {chain} 2>/dev/null | grep -F {mark} | grep -o 'handle [0-9]*$' | {each} || true",
    )


def renamed(rule: FilterRule, old: str, new: str) -> FilterRule:
    """A rule about an interface by another name."""

    def link(match: LinkMatch | None) -> LinkMatch | None:
        return replace(match, name=new) if match is not None and match.name == old else match

    return replace(rule, incoming=link(rule.incoming), outgoing=link(rule.outgoing))
