"""The first peers: a list to which peers are added, each by a form of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forms import Entered, Level, Problem
from wgtui.domain.setup import Draft, DraftPeer
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone, line
from wgtui.ui.presentation.setup.examined import problems_of
from wgtui.ui.presentation.setup.peers import derived_of, missing_in, peer_row
from wgtui.ui.presentation.setup.words import RULE
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.setup.messages import EditPeer
from wgtui.ui.setup.pages.base import SetupForm
from wgtui.ui.setup.session import SetupSession
from wgtui.ui.widgets.button_row import Choice
from wgtui.ui.widgets.focus_pane import FocusPane
from wgtui.ui.widgets.forms import FormField
from wgtui.ui.widgets.forms.base import painter_of
from wgtui.ui.widgets.paragraphs import Paragraphs

_GROUP = "Peers"
_COMMANDS = (
    Command("peers-up", "choose(-1)", ("up", "k"), "up", "The peer above", _GROUP),
    Command("peers-down", "choose(1)", ("down", "j"), "down", "The peer below", _GROUP),
    Command("peers-add", "add", ("a",), "add", "Add a peer", _GROUP),
    Command("peers-edit", "edit", ("enter", "e"), "edit", "Edit the peer under the cursor", _GROUP),
    Command("peers-delete", "delete", ("d", "delete"), "delete", "Take the peer out of the list", _GROUP),
)
_NONE = "none yet: a adds one"


class _PeerList(FocusPane):
    """One peer a line."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(_COMMANDS)]

    class Ordered(Message):
        """A key was pressed that concerns the peer under the cursor, or a new one."""

        def __init__(self, order: str, number: int) -> None:
            super().__init__()
            self.order = order
            """`edit` or `delete`."""
            self.number = number
            """The peer's place, from 0; behind the last for a new one."""

    def __init__(self, painter: Painter, draft: Draft) -> None:
        super().__init__(painter, classes="control peers")
        self._draft = draft
        self._derived = derived_of(draft)
        self.cursor = 0

    def show_peers(self, draft: Draft) -> None:
        """Show other peers."""
        self._draft, self._derived = draft, derived_of(draft)
        self.cursor = max(0, min(self.cursor, len(draft.peers) - 1))
        self.styles.height = max(1, len(draft.peers))
        self.draw()

    def action_choose(self, step: int) -> None:
        """Move the cursor; at an end it stays."""
        self.cursor = max(0, min(self.cursor + step, len(self._draft.peers) - 1))
        self.draw()
        self._keep_in_view()

    def action_add(self) -> None:
        """Add a peer."""
        self.post_message(self.Ordered("edit", len(self._draft.peers)))

    def action_edit(self) -> None:
        """Edit the peer under the cursor; without any, add one."""
        self.post_message(self.Ordered("edit", self.cursor if self._draft.peers else 0))

    def action_delete(self) -> None:
        """Take the peer under the cursor out."""
        if self._draft.peers:
            self.post_message(self.Ordered("delete", self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor there; on it, edit."""
        event.stop()
        if event.y < len(self._draft.peers):
            if event.y == self.cursor:
                self.action_edit()
            self.cursor = event.y
            self.draw()

    def draw(self) -> None:
        """All peers, the one under the cursor marked."""
        glyphs, draft = self._painter.glyphs, self._draft
        if not draft.peers:
            self.show([line((_NONE, Tone.ALERT if self.has_focus else Tone.DIM))])
            return
        rows = []
        for number in range(len(draft.peers)):
            here = number == self.cursor
            tone = (Tone.ALERT if self.has_focus else Tone.STRONG) if here else Tone.TEXT
            rows.append(peer_row(draft, number, self._derived, glyphs, tone))
        self.show(rows)

    def _keep_in_view(self) -> None:
        row = self.virtual_region_with_margin.y + self.cursor
        body = self.screen.query(".form-body").first()
        body.scroll_to_region(Region(0, row, 1, 1), animate=False)


class _PeersField(FormField[tuple[DraftPeer, ...]]):
    """The list as a field of a form."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            "peers",
            "",
            hint="a adds a peer, enter edits the one under the cursor, d takes it out of the list.",
        )
        self.draft = draft
        self._list: _PeerList | None = None

    @property
    def entered(self) -> Entered[tuple[DraftPeer, ...]]:
        """The peers."""
        return Entered(self.draft.peers)

    @property
    def is_changed(self) -> bool:
        """They are in the answers as soon as they are typed."""
        return False

    def show_draft(self, draft: Draft) -> None:
        """Show other peers."""
        self.draft = draft
        if self._list is not None:
            self._list.show_peers(draft)

    def make_control(self) -> Widget:
        """The list."""
        self._list = _PeerList(painter_of(self), self.draft)
        return self._list


class PeersPage(SetupForm):
    """The list of peers."""

    def __init__(self, painter: Painter, session: SetupSession) -> None:
        """Show the peers of the answers."""
        self._field = _PeersField(session.filled)
        text = RULE
        if session.scenario.dials:
            text = "Add the public side that this host calls, and where it is called."
        super().__init__(
            painter,
            session,
            Paragraphs(
                painter, lambda width: paragraph(painter.glyphs.text(text), width, Tone.DIM), classes="intro"
            ),
            self._field,
            more=(Choice("add", "Add a peer"),),
        )

    def answer(self, changed: Mapping[str, FormField[Any]]) -> None:
        """The forms of the peers have put them into the answers."""

    def show_needed(self) -> None:
        """Show the peers as they are now."""
        self._field.show_draft(self.session.filled)

    def pressed(self, name: str) -> None:
        """Add a peer."""
        self.post_message(EditPeer(len(self.session.draft.peers)))

    def look(self) -> None:
        """The peers may be others now."""
        self.show_needed()
        self.show_problems(self.problems())

    def problems(self) -> Iterable[Problem]:
        """What keeps the peers from being set up."""
        draft, scenario = self.session.filled, self.session.scenario
        if scenario.dials and len(draft.peers) != 1:
            hint = "Press d on all others." if draft.peers else "Press a to add it."
            yield Problem("peers", "This host calls exactly one peer.", hint=hint)
            return
        elif not draft.peers:
            yield Problem(
                "peers", "Without a peer there is nobody to talk to; more can be added later.", Level.NOTE
            )
        if any(missing_in(peer, scenario) for peer in draft.peers):
            yield Problem("peers", "Some are not complete.", hint="Press enter on them.")
            return
        yield from (replace(one, field="peers") for one in problems_of(draft, "peers"))
        derived = derived_of(draft)
        if isinstance(derived, WgtuiError):
            yield Problem("peers", str(derived), hint=derived.hint)

    @on(_PeerList.Ordered)
    def _ordered(self, message: _PeerList.Ordered) -> None:
        message.stop()
        if message.order == "edit":
            self.post_message(EditPeer(message.number))
            return
        peers = [*self.session.draft.peers]
        del peers[message.number]
        self.session.put_peers(tuple(peers))
        self.look()
