"""A change of rules as shell commands that would do the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wgtui.domain.forwarding import firewalld, iptables, nftables
from wgtui.domain.forwarding.lines import hook_lines, spelled
from wgtui.domain.forwarding.places import (
    FirewalldPlace,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    Place,
    PlacedRule,
)
from wgtui.domain.forwarding.rules import FilterRule
from wgtui.domain.forwarding.state import added, removed


def change_commands(
    before: Iterable[PlacedRule], after: Iterable[PlacedRule], interface: str
) -> tuple[str, ...]:
    """Commands, in order, for a host whose rules are as they were before.

    Args:
        before: Rules as they are.
        after: Rules as they shall be.
        interface: Whose they are.
    """
    old, new = tuple(before), tuple(after)
    going, coming = removed(old, new), added(old, new)
    places = dict.fromkeys(one.place for one in (*going, *coming))
    return tuple(
        command
        for place in places
        for command in _commands(place, _at(place, going), _at(place, coming), _at(place, new), interface)
    )


def _at(place: Place, placed: Iterable[PlacedRule]) -> tuple[FilterRule, ...]:
    return tuple(one.rule for one in placed if one.place == place)


def _commands(
    place: Place,
    going: tuple[FilterRule, ...],
    coming: tuple[FilterRule, ...],
    wanted: tuple[FilterRule, ...],
    interface: str,
) -> Iterator[str]:
    match place:
        case IptablesPlace():
            yield from (_iptables(place, rule, interface, "-D") for rule in going)
            yield from (_iptables(place, rule, interface, iptables.adding(rule)) for rule in coming)
        case NftTablePlace():
            text = nftables.replacement(wanted, interface) if wanted else nftables.removal(interface)
            yield f"nft '{text}'"
        case NftChainPlace():
            downs = hook_lines((PlacedRule(place, rule) for rule in going), interface).post_down
            yield from (command.replace("%i", interface) for command in downs)
            for rule in coming:
                chain = f"{place.family} {place.table} {place.chain}"
                yield f"nft 'insert rule {chain} {nftables.statement(rule, interface, place.family)}'"
        case FirewalldPlace(zone=zone):
            yield from firewalld.plain_commands(zone, going, coming)


def _iptables(place: IptablesPlace, rule: FilterRule, interface: str, command: str) -> str:
    table = iptables.table_of(rule)
    in_table = f" -t {table}" if table != "filter" else ""
    words = spelled(iptables.words(rule, interface))
    return f"{place.program(rule.family.value)} -w{in_table} {command} {rule.hook.value} {words}"
