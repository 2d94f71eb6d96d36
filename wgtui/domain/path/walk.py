"""Follows a packet from one end to the other and its answer back, and stops where it is lost.

Each way has the stations in the order in which a packet meets them: the sender's own file, the session over
which it comes, the source that cryptokey routing accepts, the reverse path filter, the route, forwarding, the
packet filter, the owner of the destination, source NAT, the MTU, and the receiver's own file.
"""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.errors import PathRefused
from wgtui.domain.path import far, here
from wgtui.domain.path.facts import HostView, RouteFate
from wgtui.domain.path.hops import Direction, Hop, HopState, Spot, SpotKind, Walk
from wgtui.domain.path.leg import Leg


def walk(view: HostView, origin: Spot, target: Spot) -> Walk:
    """Follow a packet there and back, up to the first station that is broken.

    Args:
        view: The host.
        origin: Where it starts.
        target: Where it leads; of the same family.

    Raises:
        PathRefused: Packets between the two do not come through this host.
    """
    if (origin.kind, origin.device, origin.key) == (target.kind, target.device, target.key) or (
        origin.key is not None and (origin.device, origin.key) == (target.device, target.key)
    ):
        raise PathRefused(
            f"{origin.label} and {target.label} are on the same side: packets between them do not come "
            "through this host.",
            hint="Choose ends at different peers.",
        )
    hops: list[Hop] = []
    there = Leg(view, Direction.THERE, origin, target)
    for hop in _stations(there):
        hops.append(hop)
        if hop.state is HopState.BROKEN:
            return Walk(origin, target, tuple(hops))
    back = Leg(view, Direction.BACK, target, origin)
    for hop in _stations(back):
        hops.append(hop)
        if hop.state is HopState.BROKEN:
            break
    return Walk(origin, target, tuple(hops))


def _stations(leg: Leg) -> Iterator[Hop]:
    if leg.origin.kind is not SpotKind.OUTSIDE or leg.direction is Direction.THERE:
        yield from far.sends(leg)
    in_link = leg.origin.device
    if leg.origin.kind in (SpotKind.PEER, SpotKind.BEHIND_PEER):
        yield from here.accepts_source(leg)
    elif leg.origin.kind is SpotKind.OUTSIDE:
        in_link = leg.view.route(leg.origin.address).link
    answer = here.route_of(leg, in_link)
    yield from here.routes(leg, in_link, answer)
    if answer.fate is RouteFate.HERE:
        yield from here.lets_in(leg, in_link)
        return
    if in_link:
        yield from here.forwards(leg, in_link, answer)
    yield from here.lets_through(leg, in_link, answer)
    yield from here.hands_over(leg, answer)
    yield from here.translates(leg, in_link, answer)
    yield from here.fits(leg, in_link, answer)
    yield from far.accepts(leg)
