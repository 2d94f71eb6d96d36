"""What the form of one of the first peers says beside its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forms import Problem
from wgtui.domain.setup import DerivedPeer, Draft, DraftPeer, Role, complete, derive
from wgtui.domain.setup.examine import examine
from wgtui.ui.presentation.editors import joined

HINTS: Final = {
    "name": "What lists call it, and its own file: such as phone, or home.",
    "public_key": "Paste it: 44 characters that end with =. Its private key stays where it is.",
    "addresses": "In the tunnel. Empty takes the next free ones.",
    "lans": "The networks behind it, separated by commas. On this host they belong to that peer.",
    "lan_interface": "How the peer calls its interface to that LAN, on which it masquerades.",
    "preshared": "A second secret of both sides, against what quantum computers may read one day.",
    "preshared_key": "A second secret of both sides, where the other side has one already.",
    "behind_nat": "Behind NAT a packet every 25 seconds keeps the way open; homes and phones are.",
    "keepalive": "Seconds between those packets; empty takes 25 behind NAT, and none elsewhere.",
    "reaches": "The allowed IPs in its own file: all that it wants to reach through this host.",
    "endpoint": "Where this host calls it: its public name or address, and its listen port.",
    "also": "What is reached through it besides the tunnel, such as LANs behind its other peers.",
}
"""One sentence or two a field."""


def missing_problems(draft: Draft, number: int) -> Iterator[Problem]:
    """What a peer still lacks; to be said when it is taken, not while it is being typed.

    Args:
        draft: Filled, with the peer as far as it can be read.
        number: The peer's place, from 0.
    """
    peer = draft.peers[number]
    dials = draft.scenario is not None and draft.scenario.dials
    if not peer.name:
        yield Problem("name", "A peer has a name.", hint="Type one.")
    if dials and (peer.endpoint is None or not peer.endpoint.host):
        yield Problem("endpoint", "This host has to know where to call it.", hint="Type its name or address.")
    if not dials and peer.role is Role.GATEWAY and not peer.lans:
        yield Problem("lans", "A LAN gateway has a LAN behind it.", hint="Type its prefix.")


def peer_problems(draft: Draft, number: int) -> Iterator[Problem]:
    """Remarks beside the fields of a peer, among the others; those that are not complete are left out.

    It is put last, for of two that collide the later one is told of.
    """
    own = draft.peers[number]
    others = [one for place, one in enumerate(draft.peers) if one.name and place != number]
    peers = (*others, own if own.name else replace(own, name="this peer"))
    try:
        answers = complete(replace(draft, peers=peers))
    except WgtuiError:
        return
    prefix = f"peers[{len(peers)}]."
    for problem in examine(answers):
        field = problem.field.removeprefix(prefix)
        if problem.field.startswith(prefix) and (field != "lans" or own.lans):
            yield replace(problem, field=field)


def derived_peer(draft: Draft, number: int) -> DerivedPeer | None:
    """What follows for a peer; None where nothing does yet."""
    try:
        answers = complete(
            replace(draft, peers=tuple(one if one.name else replace(one, name="-") for one in draft.peers))
        )
        return derive(answers).peers[number]
    except WgtuiError:
        return None


def derived_texts(peer: DerivedPeer | None) -> tuple[str, str]:
    """What empty fields stand for: its addresses, and what it reaches."""
    if peer is None:
        return "the next free ones", "what follows from its role"
    return joined(peer.addresses), joined(peer.reaches)


def new_peer(*, dials: bool) -> DraftPeer:
    """A peer of which nothing is known yet."""
    return DraftPeer(role=Role.PLAIN if dials else Role.ROAMING)
