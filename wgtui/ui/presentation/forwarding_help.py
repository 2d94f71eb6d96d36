"""What help tells of the Forwarding screen."""

from __future__ import annotations

from typing import Final

from wgtui.domain.forwarding import AfterReboot, BootState, DiskState, NowState, Row, SwitchName
from wgtui.ui.presentation.cells import Cell
from wgtui.ui.presentation.forwarding import boot_mark, disk_mark, now_mark
from wgtui.ui.presentation.glyphs import Glyphs

_NOW: Final = {
    NowState.ON: "a rule or setting that does it is in force",
    NowState.OPEN: "nobody's rule does it and none is needed: nothing drops these packets",
    NowState.OFF: "it is not done",
    NowState.BLOCKED: "it is there, but somebody else drops these packets all the same",
    NowState.UNKNOWN: "it could not be told; the text says why",
}
_DISK: Final = {
    DiskState.PARTLY: "only some of the lines that it needs are in the file",
    DiskState.HAND_WRITTEN: "a command of somebody's own in the file does it",
    DiskState.ELSEWHERE: "a file that is not wgtui's sets it",
}

FORWARDING_NOTES: Final = (
    "Now is what the packet filter and the kernel do at this moment, whoever told them to.",
    "On disk is what the interface's file and the sysctl files say; Reboot is what follows from that.",
    "Packets counts what met the rules of a row since they were made; it moves by itself.",
    "Every key shows first what it would do, as sentences, commands and differences of files.",
    "What wgtui adds are PostUp and PostDown lines of plain wg-quick: they work without wgtui.",
)


def forwarding_meanings(glyphs: Glyphs) -> tuple[tuple[Cell, str], ...]:
    """The marks of the table, and what they mean."""
    lost = Row(SwitchName.RELAY, now=NowState.ON, boot=AfterReboot(BootState.OFF))
    stopped = Row(SwitchName.RELAY, now=NowState.OFF, culprit="somebody")
    return (
        *((now_mark(Row(SwitchName.RELAY, now=state), glyphs), text) for state, text in _NOW.items()),
        (now_mark(stopped, glyphs), "it is not done, and somebody drops these packets"),
        *((disk_mark(state, glyphs), text) for state, text in _DISK.items()),
        (boot_mark(lost, glyphs), "what works now is lost at the next reboot"),
    )
