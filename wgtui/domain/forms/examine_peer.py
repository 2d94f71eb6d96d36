"""What a peer's fields mean among the other peers.

The rule behind it: on the relay, AllowedIPs is what belongs to that peer; on a peer, AllowedIPs is everything
it wants to reach through the relay.
"""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.addresses import Prefix
from wgtui.domain.editing.intents import NO_ENDPOINT, PeerEdit
from wgtui.domain.forms.context import FormContext
from wgtui.domain.forms.problem import Field, Level, Problem

USUAL_KEEPALIVE = 25
"""Seconds: shorter than the 30 that routers remember a UDP flow at least."""


def examine_peer(candidate: PeerEdit, context: FormContext) -> tuple[Problem, ...]:
    """Find what is not wrong with one field alone.

    Args:
        candidate: The form's fields; None for those that have no valid value yet, which are passed over.
        context: Everything else, without the peer that is edited.

    Returns:
        Whole sentences, in the order of the fields. Errors keep the form from being saved.
    """
    return (
        *_name(candidate, context),
        *_public_key(candidate, context),
        *_allowed_ips(candidate, context),
        *_endpoint(candidate, context),
        *_keepalive(candidate, context),
    )


def _name(candidate: PeerEdit, context: FormContext) -> Iterator[Problem]:
    if candidate.name and candidate.name.casefold() in context.names:
        yield Problem(
            Field.NAME,
            "Another peer has this name already.",
            Level.WARNING,
            "Give each peer its own, so that lists and commands can tell them apart.",
        )


def _public_key(candidate: PeerEdit, context: FormContext) -> Iterator[Problem]:
    key = candidate.public_key
    if key is None:
        return
    other = context.by_key.get(key)
    if key == context.own_key:
        yield Problem(
            Field.PUBLIC_KEY,
            "This is the interface's own public key, and such a peer is ignored.",
            Level.ERROR,
            "Paste the other side's public key.",
        )
    elif other is not None and other.in_file:
        yield Problem(
            Field.PUBLIC_KEY,
            f"This is already the public key of {other.label}.",
            Level.ERROR,
            "Edit that peer, or paste another key." if other.enabled else "That peer is disabled: enable it.",
        )
    elif other is not None:
        yield Problem(
            Field.PUBLIC_KEY,
            "The running interface has a peer with this key, which the file does not know.",
            Level.NOTE,
            "Saving brings it into the file.",
        )


def _allowed_ips(candidate: PeerEdit, context: FormContext) -> Iterator[Problem]:
    prefixes = candidate.allowed_ips
    if prefixes is None:
        return
    if not prefixes:
        yield Problem(
            Field.ALLOWED_IPS,
            "Without allowed IPs nothing is sent to this peer, and everything from it is dropped.",
            Level.WARNING,
            f"Add its tunnel address, such as {context.proposal}." if context.proposal else "",
        )
    elif context.is_relay:
        yield from _outside(prefixes, context)
    for prefix in prefixes:
        yield from _default_route(prefix, context) if not prefix.prefixlen else _one_prefix(prefix, context)


def _default_route(prefix: Prefix, context: FormContext) -> Iterator[Problem]:
    owner = context.owners.owner(prefix)
    if owner is not None:
        yield _taken_from(prefix, owner.label, owner.enabled)
    if context.is_relay:
        yield Problem(
            Field.ALLOWED_IPS,
            f"With {prefix} everything that no other peer owns goes to this peer, this host's own traffic to "
            "the internet included.",
            Level.WARNING,
            "On the relay, AllowedIPs is what belongs to that peer; a full tunnel is set in the peer's file.",
        )


def _one_prefix(prefix: Prefix, context: FormContext) -> Iterator[Problem]:
    owner = context.owners.owner(prefix)
    if owner is not None:
        yield _taken_from(prefix, owner.label, owner.enabled)
    own = [address.ip for address in context.addresses if address.ip in prefix]
    if own and (context.is_relay or prefix.prefixlen == prefix.max_prefixlen):
        yield _own_address(prefix, str(own[0]), context)
    else:
        yield from _nested(prefix, context)
    yield from _edge(prefix, context)
    yield from _other_interfaces(prefix, context)


def _taken_from(prefix: Prefix, label: str, enabled: bool) -> Problem:
    if enabled:
        return Problem(
            Field.ALLOWED_IPS,
            f"{prefix} belongs to {label} and will be taken from it.",
            Level.WARNING,
            "A prefix belongs to one peer of an interface: choose another one if both need theirs.",
        )
    return Problem(
        Field.ALLOWED_IPS,
        f"{prefix} is kept by {label}, which is disabled.",
        Level.WARNING,
        "Choose another one if that peer is to be enabled again.",
    )


def _own_address(prefix: Prefix, own: str, context: FormContext) -> Problem:
    if prefix.prefixlen == prefix.max_prefixlen:
        return Problem(
            Field.ALLOWED_IPS,
            f"{own} is this interface's own address, so nothing that is sent to it reaches the peer.",
            Level.WARNING,
            f"Give the peer an address of its own, such as {context.proposal}." if context.proposal else "",
        )
    return Problem(
        Field.ALLOWED_IPS,
        f"{prefix} includes {own}, this interface's own address, and whatever else no other peer owns there.",
        Level.WARNING,
        "On the relay, AllowedIPs is what belongs to that peer; the whole tunnel is for the peer's own file.",
    )


def _nested(prefix: Prefix, context: FormContext) -> Iterator[Problem]:
    outer = context.owners.around(prefix)
    if outer is not None:
        yield Problem(
            Field.ALLOWED_IPS,
            f"{prefix} lies in {outer[0]} of {outer[1].label}: it goes to this peer, the rest stays there.",
            Level.NOTE,
        )
    inner = context.owners.inside(prefix)
    if inner:
        first, owner = inner[0]
        yield Problem(
            Field.ALLOWED_IPS,
            f"{prefix} contains {first} of {owner.label}: that stays there, this peer gets the rest."
            if len(inner) == 1
            else f"{prefix} contains {len(inner)} prefixes of other peers, for example {first} of "
            f"{owner.label}: they stay there, this peer gets the rest.",
            Level.NOTE,
        )


def _edge(prefix: Prefix, context: FormContext) -> Iterator[Problem]:
    if prefix.prefixlen < prefix.max_prefixlen:
        return
    for subnet in context.subnets:
        edges = [subnet.network_address] + ([subnet.broadcast_address] if subnet.version == 4 else [])
        if subnet.prefixlen < subnet.max_prefixlen - 1 and prefix.network_address in edges:
            yield Problem(
                Field.ALLOWED_IPS,
                f"{prefix.network_address} is the first or last address of {subnet}, which no host can use.",
                Level.WARNING,
                f"The next free one is {context.proposal}." if context.proposal else "",
            )


def _outside(prefixes: tuple[Prefix, ...], context: FormContext) -> Iterator[Problem]:
    """On a relay each peer has an address of the tunnel; single ones elsewhere are hosts behind it."""
    inside = [prefix for prefix in prefixes if any(_overlap(prefix, subnet) for subnet in context.subnets)]
    if not context.subnets:
        return
    if not inside:
        subnets = " and ".join(map(str, context.subnets))
        yield Problem(
            Field.ALLOWED_IPS,
            f"None of these lies in the tunnel's subnet {subnets}, so the peer has no address in the tunnel.",
            Level.WARNING,
            f"Add its tunnel address, such as {context.proposal}." if context.proposal else "",
        )
        return
    for prefix in prefixes:
        subnet = next((one for one in context.subnets if one.version == prefix.version), None)
        is_single = prefix.prefixlen == prefix.max_prefixlen
        if is_single and prefix not in inside and subnet is not None:
            yield Problem(
                Field.ALLOWED_IPS,
                f"{prefix.network_address} is outside of the tunnel's subnet {subnet}.",
                Level.NOTE,
                "That is right for a host behind this peer, not for the peer itself.",
            )


def _other_interfaces(prefix: Prefix, context: FormContext) -> Iterator[Problem]:
    name = context.routed.get(prefix)
    if name is not None:
        yield Problem(
            Field.ALLOWED_IPS,
            f"A peer of {name} has {prefix} as well: a second route to it is refused, so only one of the two "
            "interfaces comes up.",
            Level.WARNING,
            "Remove it from one of them.",
        )
        return
    links = [(other.name, address.network) for other in context.interfaces for address in other.addresses]
    for link, network in (*links, *context.networks):
        if network.prefixlen and _overlap(prefix, network):
            yield Problem(
                Field.ALLOWED_IPS,
                f"{prefix} overlaps {network}, to which this host is connected through {link}.",
                Level.WARNING,
                "Use another subnet: of two routes only the more specific one is taken.",
            )
            return


def _endpoint(candidate: PeerEdit, context: FormContext) -> Iterator[Problem]:
    endpoint = candidate.endpoint
    if endpoint is None:
        return
    if endpoint == NO_ENDPOINT:
        if not context.is_relay:
            yield Problem(
                Field.ENDPOINT,
                "Without an endpoint this side cannot call the peer and waits until the peer calls.",
                Level.NOTE,
            )
        return
    numeric = endpoint.numeric()
    routed = [prefix for prefix in candidate.allowed_ips or () if prefix.prefixlen]
    around = [one for one in (*routed, *context.subnets) if numeric and numeric.address in one]
    if numeric and around:
        yield Problem(
            Field.ENDPOINT,
            f"{numeric.address} lies in {around[0]}, which goes into the tunnel that needs it to be made.",
            Level.WARNING,
            "Use the address at which the peer is reached without the tunnel.",
        )


def _keepalive(candidate: PeerEdit, context: FormContext) -> Iterator[Problem]:
    keepalive, endpoint = candidate.persistent_keepalive, candidate.endpoint
    if keepalive is None or endpoint is None:
        return
    if endpoint == NO_ENDPOINT and keepalive:
        yield Problem(
            Field.PERSISTENT_KEEPALIVE,
            "This side sends keepalives only after the peer has called, for it has no endpoint before.",
            Level.NOTE,
            f"A peer behind NAT needs PersistentKeepalive = {USUAL_KEEPALIVE} in its own file.",
        )
    elif endpoint == NO_ENDPOINT and context.is_relay:
        yield Problem(
            Field.PERSISTENT_KEEPALIVE,
            "A peer behind NAT stays within reach only when it sends keepalives itself.",
            Level.NOTE,
            f"Put PersistentKeepalive = {USUAL_KEEPALIVE} into the peer's own file; here it is not needed.",
        )
    elif endpoint != NO_ENDPOINT and not keepalive and not context.is_relay:
        yield Problem(
            Field.PERSISTENT_KEEPALIVE,
            "If this host is behind NAT, the peer cannot reach it after a short silence.",
            Level.WARNING,
            f"{USUAL_KEEPALIVE} seconds keep the way open.",
        )


def _overlap(one: Prefix, other: Prefix) -> bool:
    return one.version == other.version and one.overlaps(other)
