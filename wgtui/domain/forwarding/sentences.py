"""A change of rules in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wgtui.domain.forwarding.places import FirewalldPlace, PlacedRule, spoken
from wgtui.domain.forwarding.rules import FilterRule, Purpose
from wgtui.domain.forwarding.state import added, removed


def change_sentence(before: Iterable[PlacedRule], after: Iterable[PlacedRule], interface: str) -> str:
    """What a change does, in a sentence with its full stop that names the packet filters.

    Args:
        before: Rules as they are.
        after: Rules as they shall be.
        interface: Whose they are.
    """
    old, new = tuple(before), tuple(after)
    coming, going = added(old, new), removed(old, new)
    if not (coming or going):
        return f"Leave the packet filter rules of {interface} as they are."
    does = dict.fromkeys(_clause(one, interface) for one in coming)
    undoes = dict.fromkeys(f"no longer {_clause(one, interface)}" for one in going)
    text = "; ".join(_first_sides(does, undoes))
    places = ", ".join(dict.fromkeys(spoken(one.place) for one in (*coming, *going)))
    return f"{text[0].upper()}{text[1:]} ({places})."


def _first_sides(does: Iterable[str], undoes: Iterable[str]) -> Iterator[str]:
    """All clauses; a rule that only moves to another place is told as one that comes."""
    said = tuple(does)
    yield from said
    yield from (clause for clause in undoes if clause.removeprefix("no longer ") not in said)


def _clause(placed: PlacedRule, interface: str) -> str:
    rule = placed.rule
    if isinstance(placed.place, FirewalldPlace) and rule.purpose is Purpose.FORWARD_IN:
        return f"trust what comes out of {interface}"
    return _of(rule, interface)


def _of(rule: FilterRule, interface: str) -> str:
    match rule.purpose:
        case Purpose.FORWARD_IN | Purpose.FORWARD_OUT:
            return f"let packets between {interface} and other networks pass"
        case Purpose.RELAY:
            return f"let packets between peers of {interface} pass"
        case Purpose.PORT:
            return f"open UDP port {rule.udp_port}" if rule.udp_port else f"open the port of {interface}"
        case Purpose.MSS:
            return f"fit TCP segments through {interface} to the path"
        case Purpose.MASQUERADE:
            uplink = f" on {rule.outgoing.name}" if rule.outgoing else ""
            return f"masquerade packets out of {interface}{uplink}"
        case Purpose.ISOLATE:
            return f"drop packets between peers of {interface}"
