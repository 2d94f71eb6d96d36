"""What the Forwarding screen says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from wgtui.domain.forwarding import (
    BootState,
    Decider,
    DiskState,
    ForwardingView,
    HandWritten,
    NowState,
    PathLink,
    Row,
    SwitchName,
)
from wgtui.domain.text import printable, without_keys
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone, line
from wgtui.ui.presentation.forwarding import (
    ForwardingPage,
    SwitchList,
    is_lost_at_boot,
    line_of,
    now_mark,
    switch_label,
)
from wgtui.ui.presentation.forwarding_path import marks_of, path_lines
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.units import size
from wgtui.ui.presentation.wrapping import paragraph

_LONGEST: Final = 400
_MOST_HIDDEN: Final = 12
"""Rules of one backend that are shown."""

FIX_KEY: Final = "x"
TAKE_OVER_KEY: Final = "t"

_PURPOSES: Final = {
    SwitchName.IPV4: (
        "This host passes on IPv4 packets that are not for itself. Without it nothing goes from the tunnel"
        " to another network, or from peer to peer."
    ),
    SwitchName.IPV6: (
        "This host passes on IPv6 packets that are not for itself. Without it nothing goes from the tunnel"
        " to another network, or from peer to peer."
    ),
    SwitchName.FORWARD: (
        "Lets packets pass between the tunnel and the other networks of this host: the LAN, the internet."
    ),
    SwitchName.RELAY: "Lets packets pass from one peer through this host to another.",
    SwitchName.ISOLATE: (
        "Drops packets from one peer to another: each reaches this host and what lies behind it, but no"
        " other peer."
    ),
    SwitchName.MASQUERADE: (
        "Packets out of the tunnel leave with this host's own address, so that answers find the way back"
        " where nobody there has a route to the tunnel."
    ),
    SwitchName.PORT: "Lets in what peers send to the listen port; without it no handshake arrives.",
    SwitchName.MSS: (
        "Fits the segments of TCP connections to the tunnel's MTU, for networks where large packets get"
        " lost without a word."
    ),
}

_NOW: Final = {
    NowState.OPEN: "No rule does it, and none is needed: nothing drops these packets.",
    NowState.BLOCKED: "It is on, but these packets do not pass.",
    NowState.UNKNOWN: "Whether it is on could not be told.",
}


def purpose_sentence(switch: SwitchName) -> str:
    """What a switch does, for somebody who has never heard of it."""
    return _PURPOSES[switch]


def shown(text: str, glyphs: Glyphs) -> str:
    """Text that others wrote, without keys and fit for the terminal."""
    return glyphs.text(printable(without_keys(text), _LONGEST))


# The selected row


def row_lines(view: ForwardingView, row: Row, width: int, glyphs: Glyphs) -> list[Line]:
    """What a row's switch does, why it is as it is, who decides, and the one fix."""
    label = glyphs.text(switch_label(row.switch, row.target, view.path.listen_port))
    mark = now_mark(row, glyphs)
    lines = [line((f" {label}  ", Tone.STRONG), (mark.text, mark.tone))]
    lines += _told(purpose_sentence(row.switch), width, Tone.DIM)
    lines += _told(" ".join(_now_sentences(row, glyphs)), width)
    if row.culprit:
        lines += _marked(glyphs.lost, shown(row.culprit, glyphs), width, Tone.BAD)
    if row.fix is not None:
        lines += _keyed(FIX_KEY, shown(row.fix.text, glyphs), width)
    lines += _told(" ".join(_disk_sentences(row, glyphs)), width)
    lines += _hand_line(line_of(view, row), width, glyphs)
    lines += _told(_boot_sentence(row, glyphs), width, Tone.WARN if is_lost_at_boot(row) else Tone.TEXT)
    return lines


def _now_sentences(row: Row, glyphs: Glyphs) -> Iterator[str]:
    note = shown(row.note, glyphs)
    if row.now in _NOW and (row.now is NowState.BLOCKED or not note):
        yield _NOW[row.now]
    if note:
        yield note
    if row.packets is not None:
        met = "1 packet" if row.packets == 1 else f"{row.packets:,} packets"
        yield f"Its rules met {met}, {size(row.bytes or 0)}."


def _disk_sentences(row: Row, glyphs: Glyphs) -> Iterator[str]:
    where, content = shown(row.disk.where, glyphs), shown(row.disk.line, glyphs)
    match row.disk.state:
        case DiskState.ON:
            yield f"On disk: {where} has it." if where else "On disk: it is there."
        case DiskState.PARTLY:
            yield f"On disk: only some of its lines are there, from {where} on."
        case DiskState.HAND_WRITTEN:
            yield f"On disk: a command of somebody's own does it, {where}: {content}"
        case DiskState.ELSEWHERE:
            yield f"On disk: {where} sets it: {content}"
        case DiskState.OFF:
            yield f"On disk: {where} turns it off: {content}" if where else "On disk: no file has it."
        case DiskState.UNKNOWN:
            yield "On disk: the file could not be read."


def _hand_line(found: HandWritten | None, width: int, glyphs: Glyphs) -> list[Line]:
    if found is None:
        return []
    where = shown(found.where, glyphs)
    if found.can_be_taken_over:
        text = f"Put wgtui's own lines in the place of {where}; you see the difference first."
        return _keyed(TAKE_OVER_KEY, text, width)
    return _told(f"{where} cannot be taken over: {shown(found.reason, glyphs)}", width, Tone.DIM)


def _boot_sentence(row: Row, glyphs: Glyphs) -> str:
    reason = shown(row.boot.reason, glyphs)
    state = {
        BootState.ON: "it is on again.",
        BootState.OPEN: "nothing stands in the way.",
        BootState.OFF: "it is off.",
        BootState.UNKNOWN: "not known.",
    }[row.boot.state]
    return f"After a reboot: {state} {reason}".rstrip()


# What is around it


def path_section(view: ForwardingView, width: int, glyphs: Glyphs) -> list[Line]:
    """The drawing of the path under its heading."""
    heading = line((" The way of packets", Tone.TITLE), _legend(glyphs))
    return [heading, *path_lines(view.interface, view.path, marks_of(view), width, glyphs)]


def _legend(glyphs: Glyphs) -> tuple[str, Tone]:
    return f"   {glyphs.active} pass  {glyphs.lost} stop", Tone.FAINT


def around_lines(view: ForwardingView, width: int, glyphs: Glyphs) -> list[Line]:
    """Who else decides, which packet filter is in force and why, hidden rules, hand-written lines."""
    lines: list[Line] = []
    for title, content in (
        ("Who else decides", _decider_lines(view.deciders, width, glyphs)),
        ("The packet filter", _backend_lines(view, width, glyphs)),
        ("Commands of somebody's own", _own_command_lines(view, width, glyphs)),
    ):
        if content:
            lines += [NO_LINE, line((f" {title}", Tone.TITLE)), *content]
    return lines


def problem_lines(page: ForwardingPage, width: int, glyphs: Glyphs) -> list[Line]:
    """What could not be read."""
    texts = list(page.view.problems) if page.view is not None else []
    if page.problem is not None:
        texts = [f"{page.problem.text} {page.problem.hint}"]
    return [one for text in texts for one in _marked(glyphs.lost, shown(text, glyphs), width, Tone.BAD)]


def _decider_lines(deciders: Sequence[Decider], width: int, glyphs: Glyphs) -> list[Line]:
    lines: list[Line] = []
    for one in deciders:
        tone = Tone.BAD if one.drops else Tone.TEXT
        mark = glyphs.lost if one.drops else glyphs.active
        who, text = shown(one.who, glyphs), shown(one.text, glyphs)
        told = text if text.startswith(who) else f"{who}: {text}"
        fate = (
            "Packets are lost there." if one.drops else "It would drop packets, but wgtui's rules come first."
        )
        lines += _marked(mark, f"{told} {fate}", width, tone)
    return lines


def _backend_lines(view: ForwardingView, width: int, glyphs: Glyphs) -> list[Line]:
    lines = _told(shown(" ".join(view.backend), glyphs), width) if view.backend else []
    for hidden in view.hidden:
        count = len(hidden.lines)
        what = "1 rule" if count == 1 else f"{count:,} rules"
        be = "is" if count == 1 else "are"
        text = (
            f"{what} of {shown(hidden.backend, glyphs)} {be} in force too, which this host's iptables does"
            f" not show. See: {shown(hidden.program, glyphs)}"
        )
        lines += _marked(glyphs.lost, text, width, Tone.WARN)
        for rule in hidden.lines[:_MOST_HIDDEN]:
            lines += paragraph(shown(rule, glyphs), width, Tone.DIM, first=(Span("     "),))
        if count > _MOST_HIDDEN:
            lines += paragraph(f"and {count - _MOST_HIDDEN:,} more", width, Tone.DIM, first=(Span("     "),))
    return lines


def _own_command_lines(view: ForwardingView, width: int, glyphs: Glyphs) -> list[Line]:
    lines: list[Line] = []
    for one in view.hand_written:
        does = ", ".join(switch_label(switch, target) for switch, target in one.switches)
        told = f"is: {does}" if does else "not one of the switches"
        lines += _told(f"{shown(one.where, glyphs)} ({glyphs.text(told)})", width)
        lines += paragraph(shown(one.line, glyphs), width, Tone.DIM, first=(Span("     "),))
    return lines


# The whole screen


def missing_words(page: ForwardingPage, glyphs: Glyphs) -> tuple[str, list[str]]:
    """A title and what to do, where nothing of an interface could be read."""
    problem = page.problem
    if problem is None:
        return "Forwarding and NAT", []
    return glyphs.text(problem.title), [shown(text, glyphs) for text in (problem.text, problem.hint) if text]


def status_line(view: ForwardingView | None, listed: SwitchList, glyphs: Glyphs) -> Line:
    """Which screen this is, where the cursor is, and what is out of order."""
    start = line((" Forwarding & NAT", Tone.BAR))
    if view is None:
        return start
    blocked = sum(1 for row in view.rows if row.culprit)
    lost = sum(1 for row in view.rows if is_lost_at_boot(row))
    parts = []
    if not view.is_up:
        parts.append(f" {glyphs.dot} {shown(view.interface, glyphs)} is not up")
    if blocked:
        parts.append(f" {glyphs.dot} {glyphs.lost} {blocked} blocked")
    if lost:
        parts.append(f" {glyphs.dot} {glyphs.differs} {lost} lost at reboot")
    parts.append(f" {glyphs.dot} switch {listed.cursor + 1} of {len(listed.rows)}")
    return (*start, *(Span(part, Tone.BAR) for part in parts))


# Choosing


def masquerade_sentences(interface: str) -> list[str]:
    """What to know before an interface is chosen."""
    name = printable(interface, 15)
    text = (
        f"Packets out of {name} that leave by it take this host's address there. For the internet that is"
        " the uplink, for a LAN without a route back it is the interface of that LAN."
    )
    return [text]


def link_line(link: PathLink, glyphs: Glyphs) -> Line:
    """An interface to choose."""
    networks = ", ".join(map(str, link.networks))
    kind = "uplink  " if link.is_uplink else ""
    return line(
        (f"  {glyphs.text(printable(link.name, 15)):<16}", Tone.STRONG),
        (kind, Tone.GOOD),
        (networks, Tone.DIM),
    )


def no_link_text(has_links: bool) -> str:
    """Why there is no interface to choose."""
    if has_links:
        return "Every other interface of this host masquerades already."
    return "This host has no other interface that is up and has an address."


def refusal(found: HandWritten, glyphs: Glyphs) -> str:
    """Why a command cannot be taken over."""
    return f"{shown(found.where, glyphs)} cannot be taken over: {shown(found.reason, glyphs)}"


# Lines


def _told(text: str, width: int, tone: Tone = Tone.TEXT) -> list[Line]:
    return paragraph(text, width, tone, first=(Span(" "),)) if text else []


def _marked(mark: str, text: str, width: int, tone: Tone) -> list[Line]:
    return paragraph(text, width, tone, first=(Span(f" {mark} ", tone),))


def _keyed(key: str, text: str, width: int) -> list[Line]:
    return paragraph(text, width, Tone.STRONG, first=(Span(f" {key} ", Tone.KEY_PLAIN),))
