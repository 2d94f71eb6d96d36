"""The form of one of the first peers: its role first, and no more fields than that needs."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.getters import query_one
from textual.screen import Screen

from wgtui.ui.commands import APP_COMMANDS, Command
from wgtui.ui.dialogs.question import Question
from wgtui.ui.messages import RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone
from wgtui.ui.presentation.setup.peer_words import new_peer
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.setup.peer_fields import PeerFields
from wgtui.ui.setup.session import SetupSession
from wgtui.ui.widgets.button_row import Choice
from wgtui.ui.widgets.forms import Form
from wgtui.ui.widgets.forms.form import CANCEL, SUBMIT
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.paragraphs import Paragraphs

_KEYS = (
    replace(SUBMIT, label="done", help="Take the peer"),
    replace(CANCEL, label="cancel"),
    Command("next-field", "app.focus_next", ("tab",), "next field", "", "Form"),
    replace(next(one for one in APP_COMMANDS if one.name == "help"), keys=("f1",)),
)


class SetupPeerScreen(Screen[bool]):
    """One peer of the answers. What is typed is kept at once, so that a dropped session loses nothing."""

    AUTO_FOCUS = ""

    form = query_one(Form)

    def __init__(self, painter: Painter, session: SetupSession, number: int) -> None:
        """Edit the peer at a place, from 0; behind the last, make one."""
        super().__init__(classes="form-screen")
        self.painter = painter
        self.session = session
        self.number = number
        peers = session.draft.peers
        self._before = peers[number] if number < len(peers) else None
        if self._before is None:
            session.put_peer(number, new_peer(dials=session.scenario.dials))
        else:
            session.put_peer(number, self._before)
        self._is_taken = False
        self._fields = PeerFields(painter, session, number)

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        count = len(self.session.draft.peers)
        text = (
            "The public side that this host calls"
            if self.session.scenario.dials
            else (f"Peer {self.number + 1} of {count}")
        )
        yield Paragraphs(self.painter, lambda width: paragraph(text, width, Tone.STRONG), id="title")
        yield Form(self.painter, *self._fields.all, submit="Done", id="form")
        yield KeyBar(self.painter, _KEYS, id="keys")

    def on_mount(self) -> None:
        """Show what the role needs."""
        self._arrange()

    @on(Form.Changed)
    def _form_changed(self) -> None:
        self.session.put_peer(self.number, self._fields.peer())
        self._arrange()

    @on(Form.Submitted)
    def _form_submitted(self) -> None:
        self._is_taken = True
        self._arrange()
        if any(field.is_refused for field in self.form.fields):
            # To the first one that is.
            self.form.action_submit()
            return
        self.session.put_peer(self.number, self._fields.peer(), is_open=False)
        self.dismiss(True)

    @on(Form.Cancelled)
    def _form_cancelled(self, message: Form.Cancelled) -> None:
        if not message.touched:
            self._take_back()
            return
        question = Question(
            self.painter,
            "Leave this peer?",
            ["What was typed here is dropped; the peer stays as it was before."]
            if self._before
            else ["What was typed here is dropped; the peer is not added."],
            [Choice("stay", "Stay"), Choice("leave", "Leave")],
            safe="stay",
        )
        self.app.push_screen(question, lambda answer: self._take_back() if answer == "leave" else None)

    def _take_back(self) -> None:
        peers = [*self.session.draft.peers]
        peers[self.number : self.number + 1] = [self._before] if self._before else []
        self.session.put_peers(tuple(peers))
        self.dismiss(False)

    def _arrange(self) -> None:
        self._fields.arrange()
        self.form.show_problems(self._fields.problems(is_taken=self._is_taken))

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.form.run_action(message.action)
