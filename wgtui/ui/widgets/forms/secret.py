"""A private or preshared key: made, pasted or removed, never shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic

from rich.text import Text
from textual import events, on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from wgtui.domain.forms import Entered, Level, Problem
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command, key_label
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.widgets.focus_pane import FocusPane
from wgtui.ui.widgets.forms.base import FormField, Value, painter_of

_GROUP = "Key"
_GENERATE = Command("secret-generate", "make", ("g",), "generate", "Make a new key", _GROUP)
_PASTE = Command("secret-paste", "type", ("p",), "paste", "Paste or type a key; it is not shown", _GROUP)
_REMOVE = Command("secret-remove", "remove", ("x", "delete"), "remove", "Remove the key", _GROUP)
_KEEP = Command("secret-keep", "keep", ("k",), "keep", "Leave it as it was", _GROUP)
_ENTER = Command("secret-enter", "leave", ("enter",), "enter", "The next field", _GROUP)
_COMMANDS = (_GENERATE, _PASTE, _REMOVE, _KEEP, _ENTER)


@dataclass(frozen=True, slots=True)
class SecretEdit(Generic[Value]):
    """What is to become of a secret.

    Attributes:
        keep: Leave it as it is.
        secret: The new one; None to have none.
    """

    keep: bool = True
    secret: Value | None = None


class _MaskedInput(Input):
    """Shows a mark for each character, and gives nothing to the clipboard."""

    @property
    def _value(self) -> Text:
        # Textual's own marks are dots, which an ASCII terminal does not have.
        return Text("*" * len(self.value), no_wrap=True, overflow="ignore", end="")

    def action_copy(self) -> None:
        """Nothing: a secret is not copied."""

    def action_cut(self) -> None:
        """Nothing: a secret is not copied."""


class _Secret(FocusPane):
    """Says how things stand, and which keys change that."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(_COMMANDS)]

    class Ordered(Message):
        """A key was pressed."""

        def __init__(self, order: str, text: str = "") -> None:
            super().__init__()
            self.order = order
            """`make`, `type`, `remove`, `keep` or `paste`."""
            self.text = text
            """What was pasted."""

    def __init__(self, painter: Painter) -> None:
        super().__init__(painter)
        self._state = ""
        self._offered: tuple[Command, ...] = ()

    def tell(self, state: str, offered: tuple[Command, ...]) -> None:
        """Show a state in words, and commands."""
        self._state, self._offered = state, offered
        self.draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what is offered can be done."""
        return action == "leave" or any(command.action == action for command in self._offered)

    def action_make(self) -> None:
        """Make a new one."""
        self.post_message(self.Ordered("make"))

    def action_type(self) -> None:
        """Paste or type one."""
        self.post_message(self.Ordered("type"))

    def action_remove(self) -> None:
        """Have none."""
        self.post_message(self.Ordered("remove"))

    def action_keep(self) -> None:
        """Leave it as it was."""
        self.post_message(self.Ordered("keep"))

    def action_leave(self) -> None:
        """Go to the next field."""
        self.screen.focus_next()

    def on_paste(self, event: events.Paste) -> None:
        """Take what the terminal pastes."""
        event.stop()
        self.post_message(self.Ordered("paste", event.text))

    def draw(self) -> None:
        """Show what there is to choose."""
        line: Line = (Span(self._state, Tone.ALERT if self.has_focus else Tone.STRONG),)
        for command in self._offered:
            tone = Tone.KEY_PLAIN if self.has_focus else Tone.DIM
            line = (*line, Span(f"  {key_label(command.keys[0])}", tone), Span(f" {command.label}", Tone.DIM))
        self.show([line])


class SecretField(FormField[SecretEdit[Value]]):
    """A secret that can be made, pasted or removed; it is never shown and never in an input that copies."""

    def __init__(
        self,
        name: str,
        label: str,
        read: Callable[[str], Entered[Value]],
        *,
        generate: Callable[[], Value] | None = None,
        is_set: bool = False,
        removable: bool = True,
        describe: Callable[[Value], str] = lambda _: "",
        hint: str = "",
    ) -> None:
        """Make a field.

        Args:
            name: Identity within the form.
            label: One to three words.
            read: Reads a pasted key, or says why not, without quoting it.
            generate: Makes a new one; None where that is not offered.
            is_set: Whether there is one already.
            removable: Whether there may be none.
            describe: A sentence about a new one that may be shown, such as the public key that belongs to it.
            hint: Sentences shown while the field has the focus.
        """
        super().__init__(name, label, hint=hint)
        self._reader = read
        self._generate = generate
        self._is_set = is_set
        self._removable = removable
        self._describe = describe
        self._edit: SecretEdit[Value] = SecretEdit()
        self._origin = ""
        self._refused: tuple[Problem, ...] = ()
        self._pane: _Secret | None = None
        self._entry = _MaskedInput(password=True, compact=True, placeholder="paste or type, enter takes it")
        self._entry.display = False

    @property
    def entered(self) -> Entered[SecretEdit[Value]]:
        """What is to become of it; nothing where what was pasted is no key."""
        if self._refused:
            return Entered(None, self._refused)
        secret = self._edit.secret
        text = "" if secret is None else self._describe(secret)
        return Entered(self._edit, (Problem(self.name or "", text, Level.NOTE),) if text else ())

    @property
    def is_changed(self) -> bool:
        """Whether it is not kept."""
        return not self._edit.keep

    def make_control(self) -> Widget:
        """The state in words, and an input that appears for pasting."""
        self._pane = _Secret(painter_of(self))
        return Vertical(self._pane, self._entry, classes="control")

    def on_mount(self) -> None:
        """Say how things stand."""
        self._tell()

    def enter(self) -> None:
        """Take the focus."""
        if self._pane is not None:
            self._pane.focus()

    @on(_Secret.Ordered)
    def _ordered(self, message: _Secret.Ordered) -> None:
        message.stop()
        match message.order:
            case "make" if self._generate is not None:
                self._take(SecretEdit(keep=False, secret=self._generate()), "generated")
            case "remove":
                self._take(SecretEdit(keep=False), "removed")
            case "keep":
                self._take(SecretEdit(), "")
            case "paste":
                self._read(message.text)
            case _:
                self._open_entry(True)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value
        self._open_entry(False)
        if text.strip():
            self._read(text)

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        event.stop()

    def on_key(self, event: events.Key) -> None:
        """Escape leaves the input without taking what is in it."""
        if event.key == "escape" and self._entry.display:
            event.stop()
            event.prevent_default()
            self._open_entry(False)

    def _open_entry(self, show: bool) -> None:
        self._entry.value = ""
        self._entry.display = show
        if self._pane is not None:
            self._pane.display = not show
            (self._entry if show else self._pane).focus()

    def _read(self, text: str) -> None:
        entered = self._reader(text)
        if entered.ok:
            self._take(SecretEdit(keep=False, secret=entered.value), "pasted")
            return
        self._refused = entered.problems
        self._tell()
        self.changed()
        self.complain()

    def _take(self, edit: SecretEdit[Value], origin: str) -> None:
        self._edit, self._origin, self._refused = edit, origin, ()
        self._tell()
        self.changed()

    def _tell(self) -> None:
        if self._pane is None:
            return
        exists = self._is_set if self._edit.keep else self._edit.secret is not None
        state = "set, not shown" if exists else "none"
        if self._origin and exists:
            state = f"new, {self._origin}, not shown"
        offered = [
            *([_GENERATE] if self._generate is not None else []),
            _PASTE,
            *([_REMOVE] if exists and self._removable else []),
            *([_KEEP] if self._refused or not self._edit.keep else []),
        ]
        self._pane.tell(state, tuple(offered))
