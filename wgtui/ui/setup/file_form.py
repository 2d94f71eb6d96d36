"""Taking the file that a relay made for this host: from a path, or pasted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from wgtui.domain.errors import ConfigUnreadable
from wgtui.domain.forms import Entered, Level, Problem, enter_interface_name
from wgtui.domain.text import printable
from wgtui.ui.commands import Command
from wgtui.ui.messages import RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.setup.ending import SetupDone
from wgtui.ui.setup.pages.base import read
from wgtui.ui.setup.session import SetupSession
from wgtui.ui.widgets.forms import Form, FormField, TextField, ToggleField
from wgtui.ui.widgets.forms.form import CANCEL, SUBMIT
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.paragraphs import Paragraphs

if TYPE_CHECKING:
    from wgtui.domain.plan import Plan
    from wgtui.services.changes import Changes
    from wgtui.services.transaction import Applied
    from wgtui.ui.changing_app import ChangingApp

_FILE = "file"


class _PathInput(Input):
    """A path; a paste of several lines is the file itself, and is not shown."""

    class Pasted(Message):
        """Several lines were pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text
            """All of them."""

    def _on_paste(self, event: events.Paste) -> None:
        if "\n" in event.text.strip():
            event.stop()
            event.prevent_default()
            self.post_message(self.Pasted(event.text))
        else:
            super()._on_paste(event)


class _FileField(FormField[bytes | str]):
    """A file: its path, or its bytes."""

    def __init__(self) -> None:
        super().__init__(
            _FILE,
            "The file",
            hint="Its path on this host, such as /root/home.conf; or paste all of its lines.",
        )
        self._input = _PathInput(placeholder="a path, or paste the file", compact=True, max_length=4000)
        self._pasted: bytes | None = None

    @property
    def entered(self) -> Entered[bytes | str]:
        """Bytes where it was pasted, else an absolute path."""
        if self._pasted is not None and not self._input.value:
            count = self._pasted.count(b"\n")
            note = Problem(_FILE, f"{count} lines were pasted; they hold keys and are not shown.", Level.NOTE)
            return Entered(self._pasted, (note,))
        path = self._input.value.strip()
        if not path.startswith("/"):
            text = "This has to be a whole path, from / on." if path else "There is no file yet."
            return Entered(None, (Problem(_FILE, text, hint="Type one such as /root/home.conf."),))
        return Entered(path)

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed or pasted."""
        return bool(self._input.value) or self._pasted is not None

    def make_control(self) -> Widget:
        """A line for the path."""
        return self._input

    @on(_PathInput.Pasted)
    def _file_pasted(self, event: _PathInput.Pasted) -> None:
        event.stop()
        lines = event.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        self._pasted = f"{lines}\n".encode("utf-8", "replace")
        self._input.value = ""
        self.changed()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.changed()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()


class TakeFileScreen(Screen[SetupDone]):
    """Asks for the file, and what to call its interface here."""

    AUTO_FOCUS = ""

    form = query_one(Form)

    def __init__(self, painter: Painter, session: SetupSession) -> None:
        """Propose the interface's name of the answers."""
        super().__init__(classes="form-screen")
        self.painter = painter
        self._names = session.scene.names
        filled = session.filled
        self._file = _FileField()
        self._interface = TextField(
            "name",
            "Interface",
            enter_interface_name,
            text=filled.interface.name or "",
            hint="What the interface is called on this host. At most 15 characters.",
        )
        self._start = ToggleField(
            "start", "Start now", on=True, texts=("bring the interface up", "write the file only")
        )
        self._boot = ToggleField("boot", "Start at boot", on=True, texts=("bring it up too", "leave it down"))

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        title = "Take the file that the relay made for this host"
        yield Paragraphs(self.painter, lambda width: paragraph(title, width, Tone.STRONG), id="title")
        yield Form(self.painter, self._file, self._interface, self._start, self._boot, id="form")
        keys = (SUBMIT, replace(CANCEL, label="back"))
        next_field = Command("next-field", "app.focus_next", ("tab",), "next field", "", "Form")
        yield KeyBar(self.painter, (*keys, next_field), id="keys")

    @on(Form.Changed)
    def _form_changed(self) -> None:
        name = read(self._interface)
        taken = (Problem("name", f"There is an interface {name} already.", hint="Choose another name."),)
        self.form.show_problems(taken if name in self._names else ())

    @on(Form.Submitted)
    def _form_submitted(self) -> None:
        file, name = self._file.value, self._interface.value
        boot, start = self._boot.value, self._start.value

        def plan(changes: Changes) -> Plan:
            data = file if isinstance(file, bytes) else _content(changes, file)
            return changes.setup.take(name, data, boot=boot, start=start)

        def applied(_applied: Applied) -> None:
            self.dismiss(SetupDone(name, (), start))

        cast("ChangingApp", self.app).changes.propose(plan, then=applied)

    @on(Form.Cancelled)
    def _form_cancelled(self) -> None:
        self.dismiss(None)

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.form.run_action(message.action)


def _content(changes: Changes, path: str) -> bytes:
    image = changes.host.files.read(path)
    if image is None:
        raise ConfigUnreadable(
            f"{printable(path, 200)} does not exist on this host.", hint="Copy it here first, or paste it."
        )
    return image.content
