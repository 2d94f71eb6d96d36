"""The help page, made from the commands and the marks that the screens use."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import groupby

from wgtui.domain.cryptokey import Standing
from wgtui.domain.doctor import Severity
from wgtui.domain.first_contact import Stage
from wgtui.domain.journal import EntryState
from wgtui.domain.path import HopState
from wgtui.domain.setup.preflight import FindingLevel
from wgtui.domain.verdict import Verdict
from wgtui.ui.commands import (
    ALL_COMMANDS,
    ALLOWED_IPS_COMMANDS,
    APP_COMMANDS,
    JOURNAL_COMMANDS,
    SETUP_COMMANDS,
    Command,
    key_label,
)
from wgtui.ui.config_commands import CONFIG_COMMANDS
from wgtui.ui.diagnose_commands import DIAGNOSE_COMMANDS
from wgtui.ui.forwarding_commands import FORWARDING_COMMANDS
from wgtui.ui.presentation.allowed_ips import standing_mark
from wgtui.ui.presentation.allowed_ips_words import RULE
from wgtui.ui.presentation.cells import NO_LINE, Cell, Line, Span, Tone, line
from wgtui.ui.presentation.config_page import Mark, mark_span
from wgtui.ui.presentation.diagnose import severity_mark
from wgtui.ui.presentation.forwarding_help import FORWARDING_NOTES, forwarding_meanings
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.journal import state_mark
from wgtui.ui.presentation.path_walk import state_mark as hop_mark
from wgtui.ui.presentation.peer_columns import verdict_mark
from wgtui.ui.presentation.setup.reading import finding_mark
from wgtui.ui.presentation.waiting import stage_mark
from wgtui.ui.share_commands import SHARE_COMMANDS
from wgtui.ui.waiting_commands import WAITING_COMMANDS

_MEANINGS = {
    Verdict.ACTIVE: "the latest handshake is at most 2 minutes old",
    Verdict.AGEING: "2 to 3 minutes old: the session works, whoever sends next renews it",
    Verdict.IDLE: "older than 3 minutes: normal without traffic, WireGuard is silent then",
    Verdict.NEVER: "no handshake since the peer was set up",
    Verdict.WAITING: "no endpoint is known: the other side must speak first",
    Verdict.DISABLED: "switched off in the file: it has no part in the tunnel until you enable it",
}

_STANDINGS = (
    (Standing.OWNED, "owned", "what is sent there goes to this peer, and it may send from there"),
    (Standing.PARTLY, "part to ...", "longer prefixes of other peers take some of it"),
    (Standing.SHADOWED, "shadowed by", "other peers get all of it"),
    (Standing.PART_ROUTED, "part routed", "routes lead only parts of it into the interface"),
    (Standing.ELSEWHERE, "goes to ...", "the kernel's route leads it to another link"),
    (Standing.NO_ROUTE, "no route", "the peer may send from it, but nothing is sent there"),
    (Standing.REFUSED, "refused", "a blackhole, unreachable or prohibit route"),
    (Standing.LOST, "lost to ...", "the file names it here, and another peer has it"),
    (Standing.NOT_SET, "not set", "only the file has it: it was not applied"),
    (None, "owns nothing", "the peer has no prefix: it can neither send nor receive"),
)

_MAP_NOTES = (
    RULE,
    "The kernel's route picks the interface of a packet, the longest allowed IP there picks the peer.",
    "A packet that comes from a peer is dropped unless the peer owns the address it comes from.",
    "Routes are those for packets of this host itself, read every few seconds; f5 reads them now.",
)


_ENTRY_STATES = {
    EntryState.APPLIED: "done, and can be undone",
    EntryState.WAITING: "done, and taken back by itself unless you confirm it",
    EntryState.UNDONE: "another entry took it back, on somebody's order",
    EntryState.REVERTED: "it failed, was cut off or was not confirmed; nothing of it is left",
    EntryState.PARTLY_REVERTED: "some of it could not be taken back: the entry says what",
    EntryState.UNFINISHED: "it was cut off, or is being done by somebody else at this moment",
}

_JOURNAL_NOTES = (
    "Every change is written down before its first step, with all that it replaces.",
    "Undo shows first what it would do. It refuses where the host is not as the entry left it.",
    "What can cut your own session waits for your confirmation, and is taken back without it.",
)


_CONFIG_MARKS = {
    Mark.ERROR: ("error", "wg or wg-quick refuses the file because of this line"),
    Mark.LINT: ("warning", "they take it, but it is probably not what was meant"),
    Mark.DIFFERS: ("differs", "the interface that runs is not as this line says"),
}

_CONFIG_NOTES = (
    "Private and preshared keys are hidden. The text beside a mark is shown below the file.",
    "Keep the file's: what runs is changed, and nothing else. Keep the kernel's: one place of the file is.",
    "A peer that is heard from elsewhere has moved: roaming is no difference.",
    "Your editor gets a private copy. Nothing is written before the file was checked and you said so.",
)


_SHARE_NOTES = (
    "The file holds the peer's private key: whoever has seen the code can be that peer.",
    "The code leaves out comments and what the official apps refuse; the text, copies and files have it all.",
    "The code is drawn as large as the window allows, black on white whatever the colours are.",
    "The ending of the path that you type decides what is saved: .png and .svg are pictures of the code.",
    "Nothing stays on the screen or in wgtui when you leave. After 5 minutes without a key it is hidden.",
)


_STAGES = {
    Stage.WAITING: "nothing was heard of it",
    Stage.CALLING: "handshake messages are on their way, and none has led to a handshake",
    Stage.SHOOK: "there was a handshake; no data with content came yet",
    Stage.TALKING: "data with content comes",
    Stage.OFF: "it is disabled, or the interface is down",
}

_WAITING_NOTES = (
    "Packets are counted where they reach this host, before its packet filter: one that is dropped is seen.",
    "A call says whose key it was made with and what time it is there, to the host that it was made for.",
    "What arrives nowhere near this host cannot be told apart from what was never sent.",
    "Nothing is stored, and no content is read. The port is watched only while this screen is open.",
)


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """What help tells of one screen.

    Attributes:
        commands: Its keys, in order, those of the application included.
        meanings: Marks, and what they mean.
        notes: How to read the screen.
    """

    commands: tuple[Command, ...]
    meanings: tuple[tuple[Cell, str], ...]
    notes: tuple[str, ...]


def overview_help(glyphs: Glyphs) -> HelpTopic:
    """Of the Overview."""
    meanings = tuple((verdict_mark(verdict, glyphs), text) for verdict, text in _MEANINGS.items())
    return HelpTopic(ALL_COMMANDS, meanings, _notes(glyphs))


def allowed_ips_help(glyphs: Glyphs) -> HelpTopic:
    """Of the Allowed IPs map."""
    meanings = tuple((standing_mark(standing, words, glyphs), text) for standing, words, text in _STANDINGS)
    return HelpTopic(ALLOWED_IPS_COMMANDS + APP_COMMANDS, meanings, _MAP_NOTES)


def journal_help(glyphs: Glyphs) -> HelpTopic:
    """Of the Changes screen."""
    meanings = tuple((state_mark(state, glyphs), text) for state, text in _ENTRY_STATES.items())
    return HelpTopic(JOURNAL_COMMANDS + APP_COMMANDS, meanings, _JOURNAL_NOTES)


def config_help(glyphs: Glyphs) -> HelpTopic:
    """Of the Config screen."""
    meanings = tuple(
        (Cell(f"{mark_span(mark, glyphs).text} {word}", mark_span(mark, glyphs).tone), text)
        for mark, (word, text) in _CONFIG_MARKS.items()
    )
    return HelpTopic(CONFIG_COMMANDS + APP_COMMANDS, meanings, _CONFIG_NOTES)


def forwarding_help(glyphs: Glyphs) -> HelpTopic:
    """Of the Forwarding screen."""
    return HelpTopic(FORWARDING_COMMANDS + APP_COMMANDS, forwarding_meanings(glyphs), FORWARDING_NOTES)


def share_help(_glyphs: Glyphs) -> HelpTopic:
    """Of the Share screen, whose `c` copies: what the same key does elsewhere is not told."""
    others = tuple(command for command in APP_COMMANDS if command.name != "changes")
    return HelpTopic(SHARE_COMMANDS + others, (), _SHARE_NOTES)


def waiting_help(glyphs: Glyphs) -> HelpTopic:
    """Of the screen that waits for handshakes."""
    meanings = tuple((stage_mark(stage, glyphs), text) for stage, text in _STAGES.items())
    return HelpTopic(WAITING_COMMANDS + APP_COMMANDS, meanings, _WAITING_NOTES)


_DIAGNOSE_NOTES = (
    "The doctor's list has the most likely cause of trouble first. Nothing is sent, and nothing changed.",
    "A path is read off this host: routes as the kernel answers them, rules, keys, and files that it has.",
    "What another machine does shows only there: such stations are unsure. A ping tells more.",
    "For others to help you: wgtui doctor --report prints all of it without keys and public addresses.",
)


def diagnose_help(glyphs: Glyphs) -> HelpTopic:
    """Of the Diagnose screen."""
    found = tuple((severity_mark(one, glyphs), text) for one, text in _SEVERITIES.items())
    stations = tuple((hop_mark(one, glyphs), text) for one, text in _STATIONS.items())
    return HelpTopic(DIAGNOSE_COMMANDS + APP_COMMANDS, (*found, *stations), _DIAGNOSE_NOTES)


_SEVERITIES = {
    Severity.ERROR: "something does not work",
    Severity.WARNING: "something may not work, or not for long",
    Severity.NOTE: "good to know; nothing is wrong",
    Severity.OK: "as it should be",
}

_STATIONS = {
    HopState.OK: "the packet gets past this station",
    HopState.DOUBT: "it cannot be told from here, or may be otherwise",
    HopState.BROKEN: "the packet is lost here",
}


_FINDINGS = {
    FindingLevel.BLOCKING: "it cannot be set up like this: do what stands below it first",
    FindingLevel.WARNING: "something will not work, or not for long",
    FindingLevel.NOTICE: "good to know",
    FindingLevel.GOOD: "as it should be",
}

_SETUP_NOTES = (
    "Every answer is kept as soon as it is typed: after a dropped session the setup goes on where it was.",
    "Nothing is written to this host before you have seen every file and every command, and said so.",
    "What is grey in a field is what an empty one stands for.",
    "On this host, allowed IPs are what belongs to a peer; in its own file, all that it wants to reach.",
)


def setup_help(glyphs: Glyphs) -> HelpTopic:
    """Of the setup wizard."""
    meanings = tuple((finding_mark(level, glyphs), text) for level, text in _FINDINGS.items())
    return HelpTopic(SETUP_COMMANDS + APP_COMMANDS, meanings, _SETUP_NOTES)


def help_lines(topic: HelpTopic, width: int) -> list[Line]:
    """Keys by group, then what words and marks mean, wrapped to a width in cells."""
    lines: list[Line] = [NO_LINE]
    for group, commands in groupby(topic.commands, key=lambda command: command.group):
        lines.append(line((group, Tone.STRONG)))
        digits = False
        for command in commands:
            if command.name.startswith("device-"):
                if not digits:
                    lines += _entry("1 ... 9", "Open an interface by its number", width)
                digits = True
                continue
            lines += _entry(", ".join(map(key_label, command.keys)), command.help, width)
        lines.append(NO_LINE)
    if topic.meanings:
        lines.append(line(("States", Tone.STRONG)))
    for mark, meaning in topic.meanings:
        lines += _entry(mark.text, meaning, width, mark.tone)
    if topic.meanings:
        lines.append(NO_LINE)
    lines.append(line(("Reading the screen", Tone.STRONG)))
    for text in topic.notes:
        lines += [line("  ", row) for row in textwrap.wrap(text, width - 2)]
    lines.append(NO_LINE)
    return lines


def _entry(label: str, text: str, width: int, tone: Tone = Tone.KEY_PLAIN) -> list[Line]:
    column = 18
    rows = textwrap.wrap(text, max(16, width - column - 2))
    first = line("  ", (label.ljust(column), tone), rows[0])
    return [first, *((Span(" " * (column + 2)), Span(row)) for row in rows[1:])]


def _notes(glyphs: Glyphs) -> tuple[str, ...]:
    return (
        f"Traffic is seen from this host: {glyphs.received} received, {glyphs.sent} sent.",
        "Bars and plots start at zero. The plot of a peer prints what its full height means.",
        "The ruler of the latest handshake ends at 180 s, when the session key is refused.",
        "From 120 s on, whoever sends first makes a new one.",
        "A click on a column's title sorts by it; another one turns the order round.",
    )
