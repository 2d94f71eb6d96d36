"""The peers of a draft in words: what they are called, where they are, what is missing."""

from __future__ import annotations

from itertools import islice

from wgtui.domain.errors import WgtuiError
from wgtui.domain.setup import Derived, Draft, DraftPeer, Role, Scenario, complete, derive
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.editors import joined
from wgtui.ui.presentation.glyphs import Glyphs


def derived_of(draft: Draft) -> Derived | WgtuiError:
    """What follows from a filled draft, or why nothing does yet."""
    try:
        return derive(complete(draft))
    except WgtuiError as error:
        return error


def missing_in(peer: DraftPeer, scenario: Scenario) -> str:
    """What a peer lacks, as a sentence; empty for nothing.

    Args:
        peer: As far as it was answered.
        scenario: What this host is to be.
    """
    if not peer.name:
        return "It has no name yet."
    if scenario is Scenario.JOIN and peer.public_key is None:
        return "Its public key is missing."
    if scenario.dials and (peer.endpoint is None or not peer.endpoint.host):
        return "Where this host calls it is missing."
    if peer.role is Role.GATEWAY and not peer.lans:
        return "The LAN behind it is missing."
    return ""


def peer_row(draft: Draft, number: int, derived: Derived | WgtuiError, glyphs: Glyphs, tone: Tone) -> Line:
    """One line of the list of peers.

    Args:
        draft: With the peer.
        number: The peer's place, from 0.
        derived: What follows from the draft.
        glyphs: Marks.
        tone: Of the name.
    """
    peer = draft.peers[number]
    scenario = draft.scenario or Scenario.RELAY
    dials = scenario.dials
    name = glyphs.text(printable(peer.name or "without a name", 24))
    missing = missing_in(peer, scenario)
    if missing:
        return (Span(f"{glyphs.lost} {name}", tone), Span(f"  {missing}", Tone.BAD))
    role = "" if dials else f"  {peer.role or Role.ROAMING}"
    addresses = [str(one.ip) for one in peer.addresses or ()]
    if not isinstance(derived, WgtuiError):
        addresses = [str(one.ip) for one in derived.peers[number].addresses]
    parts = [*addresses, *map(str, islice(peer.lans or (), 2))] if not dials else [str(peer.endpoint)]
    return (
        Span(f"{glyphs.active} {name}", tone),
        Span(role, Tone.DIM),
        Span("  " + joined(parts), Tone.TEXT),
    )
