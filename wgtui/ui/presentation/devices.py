"""Devices as tabs, as one line of facts, and what is said when one cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wgtui.domain.activity import activity_of
from wgtui.domain.snapshot import DeviceState, Problem, Snapshot
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import Cell, Line, Span, Tone, line, plain
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.units import age_in_words, rate

_REFUSED: Final = "PermissionRefused"
_GONE: Final = "DeviceGone"


def device_mark(state: DeviceState, glyphs: Glyphs) -> Cell:
    """The glyph and the word of a device's state."""
    if state.problem is not None:
        word = {_REFUSED: "no permission", _GONE: "gone"}.get(state.problem.kind, "unreadable")
        return Cell(f"{glyphs.lost} {word}", Tone.BAD)
    if state.device is None or state.link_up is False:
        return Cell(f"{glyphs.down} down", Tone.WARN)
    return Cell(f"{glyphs.up} up", Tone.GOOD)


def active_count(state: DeviceState, now: float) -> int:
    """How many peers have a valid session."""
    return sum(activity_of(peer.peer.latest_handshake, now).is_active for peer in state.peers)


@dataclass(frozen=True, slots=True)
class Tab:
    """One device's tab: its line, and which device it opens."""

    name: str
    spans: Line

    @property
    def width(self) -> int:
        """Cells, for text without wide characters: interface names that have them are printed escaped."""
        return sum(len(span.text) for span in self.spans)


def tab(state: DeviceState, active: int, detail: int, is_open: bool, glyphs: Glyphs) -> Tab:
    """A device's tab.

    Args:
        state: The device.
        active: How many of its peers have a valid session.
        detail: 0 name and mark, 1 adds active/total, 2 adds the listen port, 3 adds rates.
        is_open: Whether its peers are on the screen.
        glyphs: The marks.
    """
    mark = device_mark(state, glyphs)
    name = device_name(state.name)
    spans = [Span(f" {name} ", Tone.TAB if is_open else Tone.DIM), Span(f" {mark.text}", mark.tone)]
    if state.problem is not None or state.device is None:
        detail = 0
    if detail >= 2 and state.device and state.device.listen_port:
        spans.append(Span(f"  port {state.device.listen_port}", Tone.TEXT if is_open else Tone.DIM))
    if detail >= 1:
        words = " active" if detail >= 2 else ""
        count = f"  {active}/{len(state.peers)}{words}"
        spans.append(Span(count, Tone.TEXT if is_open else Tone.DIM))
    if detail >= 3:
        spans.append(Span(f"  {glyphs.received} {rate(state.rate.rx):<9}", Tone.RECEIVED))
        spans.append(Span(f" {glyphs.sent} {rate(state.rate.tx):<9}", Tone.SENT))
    spans.append(Span(" "))
    return Tab(state.name, tuple(spans))


def tabs(snapshot: Snapshot, now: float, opened: str, width: int, glyphs: Glyphs) -> list[Tab]:
    """Tabs of all devices, as detailed as the width allows, the open one always first to be so.

    When even the shortest do not fit, the open one and its neighbours are kept and a mark says where the
    others are; such marks are tabs of the neighbour device.
    """
    counts = [active_count(state, now) for state in snapshot.devices]
    for open_detail, other_detail in ((3, 3), (3, 2), (3, 1), (2, 1), (2, 0), (1, 0), (0, 0)):
        made = [
            tab(
                state,
                active,
                open_detail if state.name == opened else other_detail,
                state.name == opened,
                glyphs,
            )
            for state, active in zip(snapshot.devices, counts, strict=True)
        ]
        if sum(one.width for one in made) <= width:
            return made
    return _around(made, opened, width, glyphs) if snapshot.devices else []


def _around(made: list[Tab], opened: str, width: int, glyphs: Glyphs) -> list[Tab]:
    first = last = next((index for index, one in enumerate(made) if one.name == opened), 0)
    room = width - made[first].width - 4
    while True:
        if last + 1 < len(made) and made[last + 1].width <= room:
            last += 1
            room -= made[last].width
        elif first > 0 and made[first - 1].width <= room:
            first -= 1
            room -= made[first].width
        else:
            break
    shown = made[first : last + 1]
    if first > 0:
        shown.insert(0, Tab(made[first - 1].name, (Span(f"{glyphs.more_left} ", Tone.KEY),)))
    if last + 1 < len(made):
        shown.append(Tab(made[last + 1].name, (Span(f" {glyphs.more_right}", Tone.KEY),)))
    return shown


def device_name(name: str) -> str:
    """An interface name as it may be shown, ASCII only so that its width is its length."""
    return printable(name, 16).encode("ascii", "replace").decode("ascii")


def device_facts(state: DeviceState, glyphs: Glyphs) -> Line:
    """Addresses, MTU and implementation of the open device in one line."""
    facts = [glyphs.text(printable(", ".join(map(str, state.addresses[:4])), 96))] if state.addresses else []
    if state.mtu:
        facts.append(f"MTU {state.mtu}")
    if state.device is not None:
        facts.append(state.device.implementation.value)
        if state.device.fwmark:
            facts.append(f"fwmark 0x{state.device.fwmark:x}")
    return line(" ", (f" {glyphs.dot} ".join(facts), Tone.DIM)) if facts else ()


def facts_line(state: DeviceState | None, title: str, width: int, glyphs: Glyphs) -> Line:
    """The open device's facts, and at the right end what is looked at: a host's name or the like."""
    facts = device_facts(state, glyphs) if state is not None else ()
    room = width - len(plain(facts)) - 1
    shown = glyphs.text(printable(title, 40))
    return (*facts, Span(shown.rjust(room), Tone.DIM)) if len(shown) + 2 <= room else facts


def device_notice(state: DeviceState, now: float, glyphs: Glyphs) -> list[str]:
    """Sentences above the table when a device is not as it should be; empty when all is well."""
    problem = state.problem
    if problem is not None:
        sentences = problem_sentences(problem, glyphs)
        if state.peers:
            old = age_in_words(max(0.0, now - state.read_at))
            sentences.append(f"The peers below are as they were {old} ago.")
        return sentences
    return [*_condition(state), *claim_sentences(state)]


def _condition(state: DeviceState) -> list[str]:
    name = device_name(state.name)
    if state.device is None:
        return [f"{name} is down. Its file is there: b brings it up, as `wg-quick up {name}` does."]
    if state.link_up is False:
        return [f"{name} is down: no packet passes. `ip link set {name} up` brings it up."]
    if not state.peers:
        return [f"{name} has no peers yet."]
    return []


def claim_sentences(state: DeviceState) -> list[str]:
    """Who else writes the file, so that edits would be lost, and where the ways out are told."""
    name = device_name(state.name)
    way = f"See: wgtui adopt {name}."
    if state.claims.rewritten_by:
        return [f"{state.claims.rewritten_by} writes this file anew: edits would be lost. {way}"]
    if state.claims.save_config:
        return [f"SaveConfig: taking {name} down drops names and comments. {way}"]
    return []


def problem_sentences(problem: Problem, glyphs: Glyphs) -> list[str]:
    """What happened, and what to do about it."""
    texts = (printable(problem.text, 400), printable(problem.hint, 400))
    return [glyphs.text(text) for text in texts if text]
