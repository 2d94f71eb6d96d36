"""The stations of a path on this host."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Final

from wgtui.domain.activity import activity_of
from wgtui.domain.addresses import Prefix
from wgtui.domain.fixes import AllowFix, ByHand, Fix, MtuFix, SettingFix, SwitchFix, SyncFix
from wgtui.domain.forwarding import SwitchName
from wgtui.domain.path.facts import PathDevice, Probe, RouteAnswer, RouteFate
from wgtui.domain.path.hops import Direction, Hop, HopKind, HopState, Spot
from wgtui.domain.path.leg import Leg

LEAST_IPV6_MTU: Final = 1280
"""Bytes that every IPv6 link has to carry (RFC 8200, section 5)."""


def single(spot: Spot) -> Prefix:
    """The prefix that holds one end's address only."""
    return ip_network(spot.address)


def accepts_source(leg: Leg) -> Iterator[Hop]:
    """Whether the peer can be heard, and the source address is its."""
    device, peer = leg.device_of(leg.origin), leg.peer_of(leg.origin)
    if device is None or peer is None:
        return
    activity = activity_of(peer.latest_handshake, leg.view.now)
    if peer.latest_handshake is None:
        text = f"{peer.name} has never shaken hands with this host, so nothing comes from it."
        yield Hop(HopKind.SESSION, leg.direction, HopState.BROKEN, text, ByHand(f"See why at {peer.name}."))
        return
    if not activity.is_active and leg.direction is Direction.THERE:
        text = f"{peer.name} is silent now; it shakes hands again when it sends, if it still can."
        yield Hop(HopKind.SESSION, leg.direction, HopState.DOUBT, text)
    else:
        yield Hop(HopKind.SESSION, leg.direction, HopState.OK, f"{peer.name} has a session with this host.")
    address = leg.origin.address
    found = device.owner(address)
    if found is not None and found[0].key == peer.key:
        text = f"Packets from {address} are accepted from {peer.name}: {found[1]} is its."
        yield Hop(HopKind.SOURCE, leg.direction, HopState.OK, text)
        return
    owner = f"{found[1]} belongs to {found[0].name}" if found else "nobody owns that address"
    text = f"Packets from {address} are dropped when they come from {peer.name}: {owner} on {device.name}."
    fix = AllowFix(device.name, peer.key, single(leg.origin))
    yield Hop(HopKind.SOURCE, leg.direction, HopState.BROKEN, text, fix)


def route_of(leg: Leg, in_link: str) -> RouteAnswer:
    """The kernel's route for the packet."""
    source = leg.origin.address if in_link else None
    return leg.view.route(leg.target.address, source=source, in_link=in_link)


def routes(leg: Leg, in_link: str, answer: RouteAnswer) -> Iterator[Hop]:
    """Whether the reverse path filter lets the packet in, and where the route leads."""
    source, target = leg.origin.address, leg.target.address
    if answer.fate is RouteFate.WRONG_WAY_IN:
        back = leg.view.route(source)
        way = f"by {back.link}" if back.link else "nowhere"
        text = (
            f"The reverse path filter drops it: it came in by {in_link}; the route to {source} leads {way}."
        )
        fix: Fix = SyncFix(in_link)
        if _is_tunnel(leg, back.link) or not _is_tunnel(leg, in_link):
            fix = SettingFix(f"net.ipv4.conf.{in_link.replace('.', '/')}.rp_filter", "2")
        yield Hop(HopKind.REVERSE_PATH, leg.direction, HopState.BROKEN, text, fix)
        return
    if in_link:
        text = f"A packet from {source} may come in by {in_link}."
        yield Hop(HopKind.REVERSE_PATH, leg.direction, HopState.OK, text)
    if answer.fate is RouteFate.HERE:
        yield Hop(HopKind.ROUTE, leg.direction, HopState.OK, f"{target} is this host itself.")
        return
    wanted = leg.target.device
    if answer.fate is RouteFate.LINK and wanted in ("", answer.link):
        text = f"The route to {target} leads out of {answer.link}."
        yield Hop(HopKind.ROUTE, leg.direction, HopState.OK, text)
        return
    if answer.fate is RouteFate.LINK:
        text = f"The route to {target} leads out of {answer.link}, but its peer is on {wanted}."
    elif answer.fate is RouteFate.REFUSED:
        text = f"A route of this host refuses packets to {target}."
    else:
        text = f"No route leads to {target}."
    device = leg.device_of(leg.target)
    if device is not None and target.version == 6 and device.mtu < LEAST_IPV6_MTU:
        # The kernel took addresses and routes off it, which a sync could not put back.
        yield _too_small(leg, device)
        return
    fix = SyncFix(wanted) if wanted else ByHand(f"Add a route to {target}.")
    yield Hop(HopKind.ROUTE, leg.direction, HopState.BROKEN, text, fix)


def _is_tunnel(leg: Leg, link: str) -> bool:
    return any(device.name == link for device in leg.view.devices)


def lets_in(leg: Leg, in_link: str) -> Iterator[Hop]:
    """Whether the packet filter lets a packet to this host itself in."""
    probe = _probe(leg, in_link, "")
    answer = leg.view.filtered(probe)
    if answer.passes:
        state = HopState.OK if answer.certain else HopState.DOUBT
        text = f"The packet filter lets it in. {answer.words}".strip()
        yield Hop(HopKind.FILTER, leg.direction, state, text)
        return
    state = HopState.BROKEN if answer.certain else HopState.DOUBT
    fix = ByHand(f"Let packets from {leg.origin.address} in by {in_link}.")
    yield Hop(HopKind.FILTER, leg.direction, state, f"It does not get in. {answer.words}", fix)


def forwards(leg: Leg, in_link: str, answer: RouteAnswer) -> Iterator[Hop]:
    """Whether the kernel forwards packets of the family at all."""
    version = leg.origin.address.version
    general = "net.ipv4.ip_forward" if version == 4 else "net.ipv6.conf.all.forwarding"
    of_link = f"net.ipv{version}.conf.{in_link.replace('.', '/')}.forwarding"
    for name in (general, of_link):
        if leg.view.setting(name) == "0":
            text = f"This host does not forward IPv{version}: {name} is 0."
            switch = SwitchName.IPV4 if version == 4 else SwitchName.IPV6
            fix: Fix = SwitchFix(_tunnel(leg, in_link, answer), switch, on=True)
            if name == of_link and leg.view.setting(general) != "0":
                fix = SettingFix(name, "1")
            yield Hop(HopKind.FORWARDING, leg.direction, HopState.BROKEN, text, fix)
            return
    yield Hop(HopKind.FORWARDING, leg.direction, HopState.OK, f"This host forwards IPv{version}.")


def lets_through(leg: Leg, in_link: str, answer: RouteAnswer) -> Iterator[Hop]:
    """Whether FORWARD lets the packet through."""
    if not in_link:
        return
    found = leg.view.filtered(_probe(leg, in_link, answer.link))
    between = f"from {in_link} to {answer.link}"
    if found.passes:
        state = HopState.OK if found.certain else HopState.DOUBT
        text = f"The packet filter lets it through {between}. {found.words}".strip()
        yield Hop(HopKind.FILTER, leg.direction, state, text)
        return
    switch = SwitchName.RELAY if in_link == answer.link else SwitchName.FORWARD
    fix = SwitchFix(_tunnel(leg, in_link, answer), switch, on=True)
    state = HopState.BROKEN if found.certain else HopState.DOUBT
    text = f"The packet filter drops it on its way {between}. {found.words}"
    yield Hop(HopKind.FILTER, leg.direction, state, text, fix)


def _tunnel(leg: Leg, in_link: str, answer: RouteAnswer) -> str:
    """The tunnel whose switch is meant."""
    names = [device.name for device in leg.view.devices if device.name in (in_link, answer.link)]
    return names[0] if names else in_link


def hands_over(leg: Leg, answer: RouteAnswer) -> Iterator[Hop]:
    """Whether cryptokey routing hands the packet to the right peer, and that can be reached."""
    device = next((one for one in leg.view.devices if one.name == answer.link), None)
    if device is None:
        return
    target = leg.target.address
    found = device.owner(target)
    wanted = leg.peer_of(leg.target)
    if found is None or (wanted is not None and found[0].key != wanted.key):
        who = f"{found[0].name} gets it, by {found[1]}" if found else "nobody owns the address"
        text = f"{device.name} does not hand it to its peer: {who}."
        fix = AllowFix(device.name, wanted.key, single(leg.target)) if wanted else None
        yield Hop(HopKind.OWNER, leg.direction, HopState.BROKEN, text, fix)
        return
    peer, prefix = found
    yield Hop(
        HopKind.OWNER, leg.direction, HopState.OK, f"{device.name} hands it to {peer.name}, by {prefix}."
    )
    if peer.endpoint is None:
        text = f"{peer.name} has no endpoint yet: this host cannot send to it before it has spoken."
        fix_far = ByHand(f"Start {peer.name}, or set a keepalive in its own file so that it speaks first.")
        yield Hop(HopKind.SESSION, leg.direction, HopState.BROKEN, text, fix_far)
    elif peer.latest_handshake is None:
        text = f"{peer.name} has never answered this host at {peer.endpoint}."
        fix_far = ByHand(f"See why at {peer.name}.")
        yield Hop(HopKind.SESSION, leg.direction, HopState.BROKEN, text, fix_far)
    elif not activity_of(peer.latest_handshake, leg.view.now).is_active:
        text = f"{peer.name} is silent now; whether {peer.endpoint} still leads to it shows when packets go."
        yield Hop(HopKind.SESSION, leg.direction, HopState.DOUBT, text)
    else:
        yield Hop(HopKind.SESSION, leg.direction, HopState.OK, f"{peer.name} has a session with this host.")


def translates(leg: Leg, in_link: str, answer: RouteAnswer) -> Iterator[Hop]:
    """Whether answers from outside the tunnel find back."""
    if leg.direction is Direction.BACK or not in_link or _is_tunnel(leg, answer.link):
        return
    if leg.view.hides_source(_probe(leg, in_link, answer.link)):
        text = f"It leaves {answer.link} with this host's address, so the answer comes back here."
        yield Hop(HopKind.TRANSLATION, leg.direction, HopState.OK, text)
        return
    source = leg.origin.address
    fix = SwitchFix(_tunnel(leg, in_link, answer), SwitchName.MASQUERADE, on=True, target=answer.link)
    if leg.target.address.is_global and source.is_private:
        text = (
            f"It leaves {answer.link} with its own source {source}, to which nobody on the internet answers."
        )
        yield Hop(HopKind.TRANSLATION, leg.direction, HopState.BROKEN, text, fix)
    else:
        text = f"It leaves {answer.link} with its own source {source}: {leg.target.label} needs a route back."
        yield Hop(HopKind.TRANSLATION, leg.direction, HopState.DOUBT, text, fix)


def fits(leg: Leg, in_link: str, answer: RouteAnswer) -> Iterator[Hop]:
    """Whether packets as large as one side makes them get through the other."""
    device = next((one for one in leg.view.devices if one.name == answer.link), None)
    if device is not None and leg.origin.address.version == 6 and device.mtu < LEAST_IPV6_MTU:
        yield _too_small(leg, device)
        return
    coming = next((one.mtu for one in leg.view.devices if one.name == in_link), 0)
    if coming and answer.mtu and answer.mtu < coming:
        text = (
            f"Packets of up to {coming} bytes come out of {in_link}, and {answer.link} takes {answer.mtu}: "
            "large ones need path MTU discovery, or a clamped MSS."
        )
        fix_mss = SwitchFix(in_link, SwitchName.MSS, on=True)
        yield Hop(HopKind.MTU, leg.direction, HopState.DOUBT, text, fix_mss)


def _too_small(leg: Leg, device: PathDevice) -> Hop:
    text = f"{device.name} has an MTU of {device.mtu} bytes; IPv6 needs {LEAST_IPV6_MTU}."
    return Hop(HopKind.MTU, leg.direction, HopState.BROKEN, text, MtuFix(device.name, LEAST_IPV6_MTU))


def _probe(leg: Leg, in_link: str, out_link: str) -> Probe:
    is_reply = leg.direction is Direction.BACK
    return Probe(leg.origin.address, leg.target.address, in_link, out_link, is_reply)
