"""Who gets a packet: the device by the kernel's route, the peer by the longest allowed IP."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from wgtui.domain.addresses import Address
from wgtui.domain.cryptokey.ownership import Owner, Ownership
from wgtui.domain.cryptokey.routing import Decision, Fate, fate_of
from wgtui.domain.network import Route


class Outcome(Enum):
    """What becomes of a packet."""

    PEER = "peer"
    """A peer gets it."""
    NO_OWNER = "no owner"
    """It is routed into a tunnel, but no peer owns the address: sending fails with ENOKEY, "Required key not
    available" (`wg_xmit` in the kernel's `drivers/net/wireguard/device.c`)."""
    NOT_A_TUNNEL = "not a tunnel"
    """It leaves by a link that is no WireGuard device."""
    HERE = "here"
    """It is for this host itself."""
    NO_ROUTE = "no route"
    """No route leads there."""
    REFUSED = "refused"
    """A blackhole, unreachable or prohibit route."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The way of a packet that this host sends, step by step.

    Attributes:
        address: Where it is for.
        outcome: What becomes of it.
        device: The link it leaves by; empty where it does not.
        owner: The peer that gets it, by the prefix that matched; None for nobody.
        runners_up: Who else's prefixes on that device hold the address, the longest first.
        elsewhere: The winners on the other devices, which the route does not lead to.
        computed: What wgtui makes of the rules and tables; None where they are not known.
        kernel: The route that the kernel itself named; None where it was not asked or has none.
        asked: Whether the kernel was asked.
        agree: Whether the kernel's answer is the computed one; true where there is only one of them.
    """

    address: Address
    outcome: Outcome
    device: str = ""
    owner: Owner | None = None
    runners_up: tuple[Owner, ...] = ()
    elsewhere: tuple[Owner, ...] = ()
    computed: Decision | None = None
    kernel: Route | None = None
    asked: bool = False
    agree: bool = True


def deliver(
    ownership: Ownership,
    address: Address,
    *,
    computed: Decision | None = None,
    kernel: Route | None = None,
    asked: bool = False,
) -> Delivery:
    """Follow a packet to its peer.

    Args:
        ownership: Who owns what.
        address: Where the packet is for.
        computed: The route according to rules and tables.
        kernel: The kernel's own answer, which decides where it was asked.
        asked: Whether it was; with `kernel` None it knows no way.
    """
    fate, link = (_fate(kernel), _link(kernel)) if asked else _of_decision(computed)
    winners = {device: tuple(ownership.owners(device, address)) for device in ownership.tables}
    here = winners.pop(link, ()) if fate is Fate.LINK else ()
    return Delivery(
        address=address,
        outcome=_outcome(fate, link in ownership.tables, bool(here)),
        device=link if fate is Fate.LINK else "",
        owner=here[0] if here else None,
        runners_up=here[1:],
        elsewhere=tuple(owners[0] for owners in winners.values() if owners),
        computed=computed,
        kernel=kernel,
        asked=asked,
        agree=not asked or computed is None or _same(computed, fate, link),
    )


def _outcome(fate: Fate, is_tunnel: bool, owned: bool) -> Outcome:
    if fate is Fate.LINK:
        if owned:
            return Outcome.PEER
        return Outcome.NO_OWNER if is_tunnel else Outcome.NOT_A_TUNNEL
    return {Fate.HERE: Outcome.HERE, Fate.NO_ROUTE: Outcome.NO_ROUTE, Fate.REFUSED: Outcome.REFUSED}[fate]


def _fate(route: Route | None) -> Fate:
    return Fate.NO_ROUTE if route is None else fate_of(route)


def _link(route: Route | None) -> str:
    return "" if route is None else route.link


def _of_decision(decision: Decision | None) -> tuple[Fate, str]:
    return (Fate.NO_ROUTE, "") if decision is None else (decision.fate, decision.link)


def _same(computed: Decision, fate: Fate, link: str) -> bool:
    """Whether two answers are one. The kernel says "unreachable" for refusing routes and for none."""
    if fate is Fate.NO_ROUTE:
        return computed.fate in (Fate.NO_ROUTE, Fate.REFUSED)
    several = computed.fate is Fate.LINK and not computed.link
    return computed.fate is fate and (fate is not Fate.LINK or several or computed.link == link)
