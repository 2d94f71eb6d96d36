"""From the operator's own editor to a plan: nothing is written before it was checked, shown and agreed to."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import SuspendNotSupported
from textual.screen import Screen

from wgtui.domain.errors import FileChanged, WgtuiError
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse
from wgtui.ports.text_editor import TextEditor
from wgtui.services.editing import OpenFile
from wgtui.ui.changes.orders import Conflict, FileConflict
from wgtui.ui.config_reader import ConfigReader
from wgtui.ui.dialogs.failure import ConflictScreen
from wgtui.ui.dialogs.question import Question
from wgtui.ui.dialogs.refused import RefusedScreen
from wgtui.ui.host_worker import HostWorker
from wgtui.ui.messages import ConfigExamined
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.config_page import Examined
from wgtui.ui.widgets.button_row import Choice

if TYPE_CHECKING:
    from wgtui.domain.plan import Plan
    from wgtui.services.changes import Changes
    from wgtui.ui.app import WgtuiApp


class ExternalEdit:
    """Has one file edited, again and again until it is good, applied or given up.

    Args:
        screen: Where it was asked for.
        painter: Draws dialogs.
        worker: Checks what comes back.
    """

    def __init__(self, screen: Screen[None], painter: Painter, worker: HostWorker[ConfigReader]) -> None:
        self._screen = screen
        self._painter = painter
        self._worker = worker
        self._draft: Examined | None = None
        """What was edited and not applied."""

    @property
    def _app(self) -> WgtuiApp:
        return cast("WgtuiApp", self._screen.app)

    def begin(self, opened: OpenFile) -> None:
        """Open the editor; asks first where an earlier edit was not applied."""
        draft = self._draft
        if draft is None or draft.opened.interface != opened.interface:
            self._edit(opened, opened.source.data)
            return

        def answered(answer: str | None) -> None:
            if answer == "on":
                self._edit(draft.opened, draft.edited)
            elif answer == "over":
                self._draft = None
                self._edit(opened, opened.source.data)

        sentences = ["You edited this file before, and did not apply that. It is kept until you leave."]
        buttons = (Choice("on", "Go on with it"), Choice("over", "Start over"))
        question = Question(self._painter, "Go on with your edit?", sentences, buttons, safe="on")
        self._app.push_screen(question, answered)

    def examined(self, found: Examined) -> None:
        """Show what is wrong with what was edited, or the plan."""
        self._draft = found
        if not found.report.ok:
            screen = RefusedScreen(self._painter, found.report)
            self._app.push_screen(screen, partial(self._refused, found))
        elif not found.opened.image.same_as(found.present):
            conflict = ConflictScreen(self._painter, _conflict(found))
            self._app.push_screen(conflict, partial(self._changed, found))
        else:
            self._app.changes.propose(partial(_plan, found), lambda _applied: self._forget())

    def _edit(self, opened: OpenFile, text: bytes) -> None:
        editor = self._app.options.editor
        if editor is None:
            self._app.notify("There is no editor here.", severity="warning", markup=False)
            return
        try:
            with self._app.terminal_lent():
                # What is raised in here would leave the terminal to the editor.
                outcome = _outcome(editor, text, f"{opened.interface}.conf")
        except SuspendNotSupported:
            self._app.notify("An editor cannot be opened in this terminal.", severity="error", markup=False)
            return
        if isinstance(outcome, WgtuiError):
            self._app.changes.show_error(outcome)
        else:
            self._edited(opened, outcome)

    def _edited(self, opened: OpenFile, edited: bytes) -> None:
        if edited == opened.source.data:
            self._forget()
            self._app.notify("The file was not edited, so there is nothing to apply.", markup=False)
            return

        def examine(reader: ConfigReader) -> None:
            self._screen.post_message(ConfigExamined(reader.examine(opened, edited)))

        self._worker.submit("examine", examine)

    def _refused(self, found: Examined, again: bool | None) -> None:
        if again:
            self._edit(found.opened, found.edited)
        elif again is not None:
            self._forget()

    def _changed(self, found: Examined, again: bool | None) -> None:
        """Having seen what others changed, the operator edits on top of it."""
        if again and found.present is not None:
            present = found.present
            source = replace(found.opened.source, data=present.content)
            self._edit(OpenFile(source, present, parse(present.content)), found.edited)

    def _forget(self) -> None:
        self._draft = None


def _outcome(editor: TextEditor, text: bytes, name: str) -> bytes | WgtuiError:
    try:
        return editor.edit(text, name)
    except WgtuiError as error:
        return error


def _plan(found: Examined, changes: Changes) -> Plan:
    title = f"Change the file of {found.opened.interface}"
    return changes.editor.plan(title, found.opened, parse(found.edited))


def _conflict(found: Examined) -> Conflict:
    path = found.opened.source.path
    error = FileChanged(
        f"{printable(path, 200)} was changed by somebody else while you edited it.",
        hint="Look again to edit your version once more, knowing theirs. Nothing was written.",
    )
    wanted = replace(found.opened.image, content=found.edited)
    return Conflict(error, (FileConflict(path, found.opened.image, found.present, wanted),))
