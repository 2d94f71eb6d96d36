"""How a change of routes and rules can lead a session's packets another way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wgtui.domain.cryptokey.routing import LOCAL_TABLE
from wgtui.domain.network import UNICAST, Route
from wgtui.domain.plan import ConfigureDevice, Plan, SetAddress, SetDevice, SetLink, SetRoute, SetRule
from wgtui.domain.session.facts import Leg, Risk, SessionFacts, Severity
from wgtui.domain.session.links import links_that_go
from wgtui.domain.session.routing import Packet, connected_route, covers
from wgtui.domain.session.tunnels import device_after


def way_risks(plan: Plan, facts: SessionFacts) -> Iterator[Risk]:
    """Reasons from the route that each leg takes now, and the one it would take after the plan.

    Legs by a link that goes are left out: that reason is `link_risks`'s.
    """
    if not any(_moves_routes(step) for step in plan.steps):
        return
    gone = links_that_go(plan)
    inner = None
    for leg in facts.legs:
        mark = device_after(plan, inner).fwmark if inner is not None else leg.packet.mark
        if leg.link not in gone:
            yield from _leg_risks(plan, leg, replace(leg.packet, mark=mark), facts)
        inner = leg.device
    yield from _rule_risks(plan, facts)


def _moves_routes(step: object) -> bool:
    return isinstance(step, SetRoute | SetRule | SetAddress | SetDevice | SetLink | ConfigureDevice)


def _leg_risks(plan: Plan, leg: Leg, packet: Packet, facts: SessionFacts) -> Iterator[Risk]:
    before = facts.routing.route_of(leg.packet)
    if not _same_way(before, leg.route):
        # The kernel decides by something that is not in the tables as we see them.
        yield from _guesses(plan, packet, leg)
        return
    after = facts.routing.after(plan.steps, packet.destination).route_of(packet)
    if not _same_way(before, after):
        yield Risk(Severity.WILL, _another_way(packet, before, after))


def _same_way(one: Route | None, other: Route | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.type, one.link, one.gateway) == (other.type, other.link, other.gateway)


def _another_way(packet: Packet, before: Route | None, after: Route | None) -> str:
    target = packet.destination
    if after is None or after.type != UNICAST:
        return f"This host would have no way to {target} any more, which your session needs."
    if before is None or before.link == after.link:
        if after.gateway is None:
            return f"Packets of your session to {target} would go by {after.link} without its gateway."
        return f"Packets of your session to {target} would go to the gateway {after.gateway}."
    return f"Packets of your session to {target} would leave by {after.link} instead of {before.link}."


def _guesses(plan: Plan, packet: Packet, leg: Leg) -> Iterator[Risk]:
    target = packet.destination
    for step in plan.steps:
        match step:
            case SetRoute(route=route) if covers(route.destination, target):
                is_other = not step.present or (route.link, route.gateway) != _way(leg)
            case SetAddress() if covers(connected_route("", step.address).destination, target):
                is_other = True
            case SetRule(rule=rule):
                is_other = rule.family == target.version
            case _:
                is_other = False
        if is_other:
            text = f"The way of your session's packets to {target} may change with the routes and rules."
            yield Risk(Severity.MAY, text)


def _way(leg: Leg) -> tuple[str, object]:
    return (leg.link, leg.route.gateway if leg.route is not None else None)


def _rule_risks(plan: Plan, facts: SessionFacts) -> Iterator[Risk]:
    """Rules whose effect cannot be foreseen."""
    for step in plan.steps:
        if not isinstance(step, SetRule) or not any(facts.destinations(step.rule.family)):
            continue
        if step.rule.table == LOCAL_TABLE:
            text = "The rule for this host's own addresses changes, without which no session reaches it."
            yield Risk(Severity.MAY, text)
        elif not step.rule.is_plain or step.rule.table == 0:
            text = f"A rule of IPv{step.rule.family} changes that may be for packets of your session."
            yield Risk(Severity.MAY, text)
