"""Everything about one peer, as lines for a pane of a given size."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from wgtui.domain.activity import REJECT_AFTER, REKEY_AFTER, handshake_age
from wgtui.domain.snapshot import EndpointSighting, PeerState, Sample
from wgtui.domain.verdict import Verdict
from wgtui.domain.verdict.judgement import Grade, Judgement
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone, line
from wgtui.ui.presentation.glyphs import UTF8, Glyphs
from wgtui.ui.presentation.judgement import judged_sentence, judgement_tone, reasons, says_more
from wgtui.ui.presentation.peer_columns import display_name, verdict_mark, verdict_on
from wgtui.ui.presentation.plot import bucketed, two_way_plot
from wgtui.ui.presentation.units import age, age_in_words, rate, size

PLOT_STEP: Final = 2
"""Polls that share one column of the plot."""

_LABEL: Final = 12

_WIDE: Final = 60
_TALL: Final = 30
_CAUSES_BESIDE: Final = 2
"""Causes in a pane beside the table."""
_CAUSES_LARGE: Final = 4
"""Causes in a pane that has the screen to itself."""

_RATE_AND_TOTAL: Final = 21
"""Cells of an arrow, a rate and a total, with a space before each."""


@dataclass(frozen=True, slots=True)
class PeerView:
    """One peer at one moment.

    Attributes:
        state: The peer.
        now: Unix seconds.
        number: The snapshot's number, which aligns the plot's columns.
        interval: Seconds between polls, for the plot's span.
        samples: Its past, oldest first.
        scale: What a full column of the plot means, in bytes a second.
        glyphs: The marks.
        judgement: Of the peer; None while there is none yet.
    """

    state: PeerState
    now: float
    number: int = 0
    interval: float = 1.0
    samples: Sequence[Sample] = ()
    scale: float = 1024.0
    glyphs: Glyphs = field(default=UTF8)
    judgement: Judgement | None = None

    @property
    def age(self) -> float | None:
        """Seconds since the latest handshake, None for never."""
        return handshake_age(self.state.peer.latest_handshake, self.now)

    @property
    def verdict(self) -> Verdict:
        """What is the matter with it."""
        return verdict_on(self.state, self.now)

    def scaled(self, scale: float) -> PeerView:
        """The same with another scale."""
        return replace(self, scale=scale)


def verdict_sentence(view: PeerView) -> str:
    """The verdict in words."""
    judgement = view.judgement
    if judgement is not None and judgement.grade is not Grade.FINE and view.state.enabled:
        return judged_sentence(judgement, view.verdict, view.glyphs)
    ago = age_in_words(view.age or 0.0)
    if view.verdict is Verdict.DISABLED:
        return "Disabled: it is in the file as comments, and has no part in the tunnel. Press t to enable it."
    if view.verdict is Verdict.WAITING:
        return "Waiting: it has no endpoint, the other side must speak first."
    if view.verdict is Verdict.NEVER:
        return "Never: no handshake has completed since this peer was set up."
    if view.verdict is Verdict.IDLE:
        return f"Idle: the latest handshake was {ago} ago. Normal without traffic."
    if view.verdict is Verdict.AGEING:
        return f"Ageing: the latest handshake was {ago} ago. Whoever sends next renews it."
    return f"Active: the latest handshake was {ago} ago."


def detail_title(view: PeerView, width: int) -> Line:
    """The rule above a pane, with the peer's name in it."""
    rule = view.glyphs.rule
    name = display_name(view.state, view.glyphs)
    tail = rule * max(0, width - len(name) - 4)
    return (Span(f"{rule} ", Tone.FAINT), Span(name, Tone.STRONG), Span(f" {tail}{rule}", Tone.FAINT))


def ruler(view: PeerView, width: int) -> list[Line]:
    """The handshake's age on the protocol's timers: a track from 0 to 180 s, and its legend.

    Up to 120 s the key is fresh; then whoever sends renews it; from 180 s on it is refused.
    """
    glyphs = view.glyphs
    track = max(12, width)
    rekey = round((track - 1) * REKEY_AFTER / REJECT_AFTER)
    cells = [glyphs.track] * rekey + [glyphs.tick] + [glyphs.track_late] * (track - rekey - 2) + [glyphs.tick]
    tones = [Tone.FAINT] * track
    seconds = view.age
    if seconds is not None:
        at = min(track - 1, round((track - 1) * seconds / REJECT_AFTER))
        tone = verdict_mark(view.verdict, glyphs).tone
        if seconds <= REJECT_AFTER:
            tones[:at] = [tone] * at
        cells[at] = glyphs.marker if seconds <= REJECT_AFTER else glyphs.beyond
        tones[at] = tone
    return [_runs(cells, tones), _ruler_legend(track, rekey)]


def _runs(cells: list[str], tones: list[Tone]) -> Line:
    spans: list[Span] = []
    for cell, tone in zip(cells, tones, strict=True):
        if spans and spans[-1].tone is tone:
            spans[-1] = Span(spans[-1].text + cell, tone)
        else:
            spans.append(Span(cell, tone))
    return tuple(spans)


def _ruler_legend(track: int, rekey: int) -> Line:
    """The timers, each ending under its tick."""
    text = "0" + "120 rekey".rjust(rekey)
    end = "180 reject" if track - len(text) > 10 else "180"
    return ((Span(text + end.rjust(track - len(text)), Tone.DIM)),)


def _field(label: str, values: Sequence[str], tone: Tone = Tone.TEXT) -> list[Line]:
    """Lines with a label before the first."""
    return [
        (Span((label if index == 0 else "").ljust(_LABEL), Tone.DIM), Span(value, tone))
        for index, value in enumerate(values)
    ]


def wrapped(words: Sequence[str], width: int, separator: str = ", ") -> list[str]:
    """Break a list of words over lines without cutting any of them, unless one alone is too long."""
    lines: list[str] = []
    for index, word in enumerate(words):
        piece = word + (separator.rstrip() if index + 1 < len(words) else "")
        if lines and len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += " " + piece
        else:
            lines += textwrap.wrap(piece, max(8, width)) or [""]
    return lines


def endpoint_moves(view: PeerView) -> list[tuple[str, str]]:
    """When the peer moved, and from where, newest move first."""
    return [(_ago(view, after), f"from {_place(before)}") for after, before in pairwise(view.state.endpoints)]


def _ago(view: PeerView, sighting: EndpointSighting) -> str:
    return f"{age(max(0.0, view.now - sighting.since))} ago"


def _place(sighting: EndpointSighting) -> str:
    return str(sighting.endpoint) if sighting.endpoint else "no endpoint"


def _history_lines(view: PeerView, room: int) -> list[Line]:
    lines: list[Line] = []
    for when, origin in endpoint_moves(view):
        lines += _field(f"  {when}", textwrap.wrap(origin, room), Tone.DIM)
    return lines


def _keepalive(view: PeerView) -> str:
    seconds = view.state.peer.persistent_keepalive
    return f"every {seconds} s" if seconds else "off"


def _preshared(view: PeerView) -> str:
    return "yes" if view.state.peer.preshared_key is not None else "no"


def _keepalive_lines(view: PeerView, width: int) -> list[Line]:
    keepalive = line(("Keepalive".ljust(_LABEL), Tone.DIM), _keepalive(view).ljust(16))
    preshared = line(("Preshared".ljust(_LABEL), Tone.DIM), _preshared(view))
    return [keepalive + preshared] if width >= 60 else [keepalive, preshared]


def _allowed(view: PeerView) -> list[str]:
    return [str(prefix) for prefix in view.state.peer.allowed_ips] or ["none: it can send nothing"]


def plot_samples(view: PeerView, width: int) -> list[Sample]:
    """The past in columns that do not slide."""
    received = bucketed([sample.rx for sample in view.samples], view.number, PLOT_STEP, width)
    sent = bucketed([sample.tx for sample in view.samples], view.number, PLOT_STEP, width)
    return [Sample(rx, tx) for rx, tx in zip(received, sent, strict=True)]


def _transfer_lines(view: PeerView, width: int) -> list[Line]:
    """Rates and totals, on one line where it is wide enough."""
    glyphs, state = view.glyphs, view.state
    received = (
        Span(f"{glyphs.received} {rate(state.rate.rx):>9}", Tone.RECEIVED),
        Span(f"   {size(state.rx_total):>7} received", Tone.DIM),
    )
    sent = (
        Span(f"{glyphs.sent} {rate(state.rate.tx):>9}", Tone.SENT),
        Span(f"   {size(state.tx_total):>7} sent", Tone.DIM),
    )
    return [(*received, Span("     "), *sent)] if width >= 70 else [received, sent]


def _plot(view: PeerView, width: int, rows: int) -> list[Line]:
    # Whole seconds: the measured interval trembles, and the label must not.
    span = age(width * PLOT_STEP * max(1, round(view.interval)))
    label = f"full height = {rate(view.scale)}"
    head = line(("Transfer".ljust(_LABEL), Tone.DIM), (label, Tone.DIM))
    samples = plot_samples(view, width)
    foot = f"{span} ago"
    legend = (Span(foot + "now".rjust(max(0, width - len(foot))), Tone.DIM),)
    return [head, *two_way_plot(samples, width, rows, view.scale, view.glyphs), legend]


def full_detail(view: PeerView, width: int, height: int) -> list[Line]:
    """All about the peer, for a pane as wide as `width` and `height` lines high.

    The plot takes what the rest leaves, two to five lines for each direction; gaps go first where room is
    short. The lines may still be more than `height`: the pane scrolls.
    """
    if not view.state.enabled:
        return _disabled_detail(view, width)
    inner = max(20, width - 2)
    mark = verdict_mark(view.verdict, view.glyphs)
    sentence = textwrap.wrap(verdict_sentence(view), inner - 2)
    track, legend = ruler(view, inner - _LABEL)
    told = view.judgement
    first = Span(f"{mark.text[0]} ", judgement_tone(told) if told and told.grade.is_alarm else mark.tone)
    head = [
        (first, Span(sentence[0])),
        *((Span(f"  {text}"),) for text in sentence[1:]),
        *_reasons(view, inner, _CAUSES_BESIDE if width < _WIDE or height < _TALL else _CAUSES_LARGE),
        NO_LINE,
        (Span("Handshake".ljust(_LABEL), Tone.DIM), *track),
        (Span(" " * _LABEL), *legend),
        NO_LINE,
    ]
    tail = [*_transfer_lines(view, inner), NO_LINE, *_facts(view, inner)]
    spare = height - 1 - len(head) - len(tail) - 3
    lines = [*head, *_plot(view, inner, max(2, min(5, spare // 2))), *tail]
    if len(lines) >= height:
        lines = [one for one in lines if one]
    return [detail_title(view, width), *((Span(" "), *content) for content in lines)]


def _reasons(view: PeerView, width: int, most: int) -> list[Line]:
    """The causes and what is offered, where there is more to say than the sentence."""
    told = view.judgement
    if told is None or not says_more(told):
        return []
    return [((Span("  "), *content)) for content in reasons(told, width - 2, view.glyphs, most=most)]


def _disabled_detail(view: PeerView, width: int) -> list[Line]:
    """A peer of which only the file tells."""
    peer, inner = view.state.peer, max(20, width - 2)
    prefixes = [str(prefix) for prefix in peer.allowed_ips] or ["none"]
    lines = [
        *(line(text) for text in textwrap.wrap(verdict_sentence(view), inner)),
        *_field("Allowed IPs", wrapped(prefixes, inner - _LABEL)),
        *_field("Public key", textwrap.wrap(str(peer.public_key), inner - _LABEL)),
    ]
    return [detail_title(view, width), *((Span(" "), *content) for content in lines)]


def _facts(view: PeerView, width: int) -> list[Line]:
    peer = view.state.peer
    room = width - _LABEL
    endpoint = str(peer.endpoint) if peer.endpoint else "none known"
    return [
        *_field("Endpoint", wrapped([endpoint], room)),
        *_history_lines(view, room),
        *_field("Allowed IPs", wrapped(_allowed(view), room)),
        *_keepalive_lines(view, width),
        *_field("Public key", textwrap.wrap(str(peer.public_key), room)),
    ]


def compact_detail(view: PeerView, width: int, height: int) -> list[Line]:
    """The peer in few lines: verdict, ruler beside a small plot, endpoint, allowed IPs, the rest."""
    if not view.state.enabled:
        return _disabled_detail(view, width)[:height]
    inner = width - 2
    left = min(40, (inner - 3) // 2)
    right = inner - left - 3
    glyphs, state = view.glyphs, view.state
    plot_width = max(0, right - _RATE_AND_TOTAL)
    plot = two_way_plot(plot_samples(view, plot_width), plot_width, 1, view.scale, glyphs)
    rates = (
        f" {glyphs.received} {rate(state.rate.rx):>9} {size(state.rx_total):>8}",
        f" {glyphs.sent} {rate(state.rate.tx):>9} {size(state.tx_total):>8}",
    )
    track, legend = ruler(view, left)
    peer = state.peer
    moves = endpoint_moves(view)
    endpoint = str(peer.endpoint) if peer.endpoint else "none known"
    told = view.judgement
    if told is not None and told.grade is not Grade.FINE:
        return _compact_reasons(view, width, height)
    lines = [
        detail_title(view, width),
        line(verdict_sentence(view)),
        (*track, Span("   "), *plot[0], Span(rates[0], Tone.RECEIVED)),
        (*legend, Span("   "), *plot[2], Span(rates[1], Tone.SENT)),
        line(
            ("Endpoint".ljust(_LABEL), Tone.DIM),
            endpoint,
            (f"   moved {moves[0][0]} {moves[0][1]}" if moves else "", Tone.DIM),
        ),
        _clipped("Allowed IPs", _allowed(view), inner),
        line(
            ("Keepalive".ljust(_LABEL), Tone.DIM),
            _keepalive(view),
            ("   Preshared key ", Tone.DIM),
            _preshared(view),
            ("   Key ", Tone.DIM),
            str(peer.public_key) if inner >= 78 else peer.public_key.short(12) + glyphs.ellipsis,
        ),
    ]
    keep = lines[:height]
    return [keep[0], *[(Span(" "), *content) for content in keep[1:]]]


def _compact_reasons(view: PeerView, width: int, height: int) -> list[Line]:
    """Why something does not work takes the place of ruler and plot, which would say that nothing does."""
    peer, inner = view.state.peer, width - 2
    lines = [
        *(line(text) for text in textwrap.wrap(verdict_sentence(view), inner)),
        *_reasons(view, inner, 1),
        line(("Endpoint".ljust(_LABEL), Tone.DIM), str(peer.endpoint or "none known")),
        _clipped("Allowed IPs", _allowed(view), inner),
    ]
    return [detail_title(view, width), *((Span(" "), *content) for content in lines[: height - 1])]


def _clipped(label: str, words: list[str], width: int) -> Line:
    """A labelled list on one line that says how many did not fit."""
    room = width - _LABEL
    for shown in range(len(words), 0, -1):
        text = ", ".join(words[:shown]) + (f" and {len(words) - shown} more" if shown < len(words) else "")
        if len(text) <= room:
            break
    return line((label.ljust(_LABEL), Tone.DIM), text)
