"""What went wrong, what was undone, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import on

from wgtui.crash_log import default_log, log_text
from wgtui.domain.errors import WgtuiError
from wgtui.domain.text import printable
from wgtui.ui.bindings import bindings_of
from wgtui.ui.changes.orders import Conflict
from wgtui.ui.commands import Command
from wgtui.ui.dialogs.base import CLOSE, Dialog
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.outcome import conflict_lines, error_lines, error_text
from wgtui.ui.widgets.button_row import ButtonRow, Choice

_GROUP = "Error"
_COPY = Command("copy-error", "copy", ("c",), "copy", "Copy the text", _GROUP, footer=True)
_WRITE = Command(
    "write-error", "write", ("w",), "write to the log", "Write it to the log", _GROUP, footer=True
)
_AGAIN = Command("look-again", "again", ("l",), "look again", "Read and plan anew", _GROUP, footer=True)


class FailureScreen(Dialog[None]):
    """An error, copyable."""

    BINDINGS = bindings_of((_COPY, _WRITE))

    def __init__(self, painter: Painter, error: WgtuiError, log_file: Path | None) -> None:
        """Show an error; its text may be written to the log."""
        title = painter.glyphs.text(printable(error.title, 200))
        super().__init__(painter, title, buttons=(Choice("close", "Close"),))
        self._error = error
        self._log_file = log_file

    def lines(self, width: int) -> Sequence[Line]:
        """What happened, and what to do."""
        return error_lines(self._error, width, self.painter.glyphs)

    def key_commands(self) -> Sequence[Command]:
        """Copy, write, close."""
        return (_COPY, _WRITE, CLOSE)

    def action_copy(self) -> None:
        """Copy, as far as the terminal lets us."""
        self.app.copy_to_clipboard(error_text(self._error))
        self.notify("Copied, where the terminal allows it. Press w to write it to the log.", markup=False)

    def action_write(self) -> None:
        """Write to the log."""
        path = self._log_file or default_log()
        try:
            log_text(error_text(self._error), path)
        except OSError as problem:
            self.notify(f"{path} cannot be written: {problem.strerror}.", severity="error", markup=False)
        else:
            self.notify(f"Written to {path}.", markup=False)

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        self.dismiss(None)


class ConflictScreen(Dialog[bool]):
    """What somebody else changed meanwhile; answers True for looking again."""

    BINDINGS = bindings_of((_AGAIN,))

    def __init__(self, painter: Painter, conflict: Conflict) -> None:
        """Show the three states of what differs."""
        title = painter.glyphs.text(printable(conflict.error.title, 200))
        super().__init__(painter, title, buttons=(Choice("again", "Look again"), Choice("close", "Close")))
        self._conflict = conflict

    def lines(self, width: int) -> Sequence[Line]:
        """As it was read, as it is now, as it was to become."""
        files = [(one.path, one.read, one.present, one.wanted) for one in self._conflict.files]
        return list(conflict_lines(self._conflict.error, files, width, self.painter.glyphs))

    def key_commands(self) -> Sequence[Command]:
        """Look again, close."""
        return (_AGAIN, CLOSE)

    def action_again(self) -> None:
        """Read the host and plan anew."""
        self.dismiss(True)

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        self.dismiss(message.name == "again")
