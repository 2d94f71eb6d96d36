"""What is left to do when a host was set up: the other ends, and to see them come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wgtui.domain.text import printable
from wgtui.ui.dialogs.question import Question
from wgtui.ui.widgets.button_row import Choice

if TYPE_CHECKING:
    from wgtui.ui.changing_app import ChangingApp

_LIMIT = 600
_SHARE = "In wgtui, h on a peer shows its picture and its file: on the next screen, and in the Overview."


@dataclass(frozen=True, slots=True)
class SetupDone:
    """A setup that was applied.

    Attributes:
        interface: What was made.
        next_steps: What the operator has to do at the other ends, whole sentences.
        is_up: Whether peers can come already.
        has_files: Whether a peer has a file of its own here.
    """

    interface: str
    next_steps: tuple[str, ...]
    is_up: bool
    has_files: bool = False


def tell_what_is_left(app: ChangingApp, done: SetupDone) -> None:
    """Say what is to be done at the other ends, and then wait for them."""
    if not done.next_steps:
        if done.is_up:
            app.wait_for_handshake(done.interface)
        return
    glyphs = app.painter.glyphs
    steps = (*done.next_steps, _SHARE) if done.has_files else done.next_steps
    wait = (Choice("wait", "Wait for handshakes"),) if done.is_up else ()
    question = Question(
        app.painter,
        glyphs.text(f"{done.interface} is set up. What is left to do:"),
        [glyphs.text(printable(sentence, _LIMIT)) for sentence in steps],
        [*wait, Choice("close", "To the Overview")],
        safe="wait" if done.is_up else "close",
    )

    def answered(answer: str | None) -> None:
        if answer == "wait":
            app.wait_for_handshake(done.interface)

    app.push_screen(question, answered)
