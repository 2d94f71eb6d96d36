"""Allowed IPs: every prefix, who owns it, who takes it away, which route serves it, who gets a packet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.getters import query_one

from wgtui.domain.addresses import Address
from wgtui.domain.cryptokey import Delivery
from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import Snapshot
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import ALLOWED_IPS_COMMANDS, APP_COMMANDS, footer_commands
from wgtui.ui.explaining import Explaining
from wgtui.ui.host_worker import HostWorker
from wgtui.ui.map_reader import MapReader
from wgtui.ui.messages import (
    FilterClosed,
    FilterTyped,
    MapTaken,
    PacketAnswered,
    QuestionClosed,
    QuestionTyped,
    RunCommand,
)
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.allowed_ips import MapPage
from wgtui.ui.presentation.allowed_ips_list import MapList
from wgtui.ui.presentation.allowed_ips_words import (
    RULE,
    head_line,
    problem_sentences,
    reading_sentences,
    row_sentences,
)
from wgtui.ui.presentation.cells import Tone
from wgtui.ui.presentation.help import allowed_ips_help
from wgtui.ui.presentation.packet_words import answer_sentences, link_local_sentences, not_an_address
from wgtui.ui.presentation.prose import Sentence, run_on
from wgtui.ui.screens.table_screen import TableScreen
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_pane import LinePane
from wgtui.ui.widgets.paragraphs import Paragraphs
from wgtui.ui.widgets.prefix_table import PrefixTable
from wgtui.ui.widgets.question_line import QuestionLine
from wgtui.ui.widgets.status_line import StatusLine
from wgtui.ui.widgets.typing_line import TypingLine

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp

_STARTS_AN_ADDRESS = frozenset("0123456789:")


class AllowedIpsScreen(Explaining, TableScreen):
    """The map. It reads nothing itself: the worker's thread does, and posts what it found."""

    BINDINGS = bindings_of(ALLOWED_IPS_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""
    commands = ALLOWED_IPS_COMMANDS
    help_topic = staticmethod(allowed_ips_help)

    head = query_one("#head", LinePane)
    problem = query_one("#problem", Paragraphs)
    table = query_one("#prefixes", PrefixTable)
    detail = query_one("#detail", Paragraphs)
    question = query_one("#question", QuestionLine)
    answer = query_one("#answer", Paragraphs)
    status = query_one("#status", StatusLine)

    def __init__(self, painter: Painter, title: str, worker: HostWorker[MapReader]) -> None:
        """Make the screen; `title` names the host, `worker` reads it."""
        super().__init__()
        self._painter = painter
        self._host = title
        self._worker = worker
        self._page: MapPage | None = None
        self._typing: TypingLine | None = None
        self._asked: Address | None = None
        self._answered: Delivery | None = None
        self.rows = MapList()

    def compose(self) -> ComposeResult:
        """Lay out the panes from top to bottom."""
        painter = self._painter
        yield LinePane(painter, id="head")
        yield Paragraphs(painter, partial(run_on, [Sentence(RULE, Tone.DIM)]), id="rule")
        yield Paragraphs(painter, id="problem")
        yield PrefixTable(painter, id="prefixes")
        yield Paragraphs(painter, partial(run_on, reading_sentences()), vanishes=False, id="detail")
        yield QuestionLine(painter, id="question")
        yield Paragraphs(painter, id="answer")
        yield StatusLine(painter, id="status")
        yield KeyBar(painter, footer_commands((*ALLOWED_IPS_COMMANDS, *APP_COMMANDS)), id="keys")

    def on_mount(self) -> None:
        """Follow the application's snapshots."""
        self.watch(self.app, "snapshot", self._take_snapshot)

    def on_resize(self) -> None:
        """Write the first line for the new width."""
        self._show_head()

    # The map

    def _take_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._worker.submit("map", partial(self._look, snapshot, False))

    def look_again(self) -> None:
        """Read the routes now."""
        app: WgtuiApp = self.app  # type: ignore[assignment]
        if app.snapshot is not None:
            self._worker.submit("map", partial(self._look, app.snapshot, True))

    def _look(self, snapshot: Snapshot, fresh: bool, reader: MapReader) -> None:
        """Runs in the worker's thread."""
        self.post_message(MapTaken(reader.look(snapshot, fresh=fresh)))

    @on(MapTaken)
    def _map_taken(self, message: MapTaken) -> None:
        if message.page is self._page:
            return
        self._page = message.page
        self.rows.take(message.page)
        _say(self.problem, problem_sentences(message.page.view.problem, self._painter.glyphs))
        self._show_head()
        self._show_rows()
        self._ask()

    def _show_head(self) -> None:
        if self._page is not None:
            glyphs, width = self._painter.glyphs, self.app.size.width
            self.head.show([head_line(self._page, self._host, width, glyphs)])

    def _show_rows(self) -> None:
        """The panes that depend on the table's order and cursor."""
        if self._page is None:
            return
        glyphs, selected = self._painter.glyphs, self.rows.selected
        self.table.update_rows(self.rows, glyphs)
        names = self._page.view.names
        _say(self.detail, [] if selected is None else row_sentences(selected, names, glyphs))
        self._show_status()

    def _show_status(self) -> None:
        self.status.show_state(self.rows.table_state(editing=self._typing is self.status))

    @property
    def listed(self) -> MapList:
        """The rows as the table has them."""
        return self.rows

    @property
    def asked_about(self) -> tuple[str, PublicKey, str] | None:
        """The peer of the selected prefix."""
        row = self.rows.selected
        return None if row is None else (row.device, row.key, row.name)

    @property
    def row_table(self) -> PrefixTable:
        """The table."""
        return self.table

    # What is typed

    def action_filter(self) -> None:
        """Type a filter."""
        self._typing = self.status
        # At once: keys of the same burst must not meet the screen's own bindings.
        self.set_focus(self.status)
        self._show_status()

    def action_ask(self, first: str = "") -> None:
        """Type an address, beginning with what was typed already."""
        self._typing = self.question
        self.set_focus(self.question)
        self.question.edit(first)

    def on_key(self, event: events.Key) -> None:
        """Type on: keys of one burst reach the screen before a binding could move the focus."""
        if self._typing is not None:
            self._typing.on_key(event)
        elif event.character is not None and event.character in _STARTS_AN_ADDRESS:
            self.action_ask(event.character)
        elif event.key in ("slash", "w"):
            self.action_filter() if event.key == "slash" else self.action_ask()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted while nothing is typed is an address."""
        if self._typing is None:
            event.stop()
            self.action_ask((event.text.splitlines() or [""])[0])

    @on(FilterTyped)
    def _filter_typed(self, message: FilterTyped) -> None:
        self.rows.filter_by(message.text)
        self._show_rows()

    @on(FilterClosed)
    def _filter_closed(self, message: FilterClosed) -> None:
        if self._typing is self.status:
            self._end_typing()
            if not message.keep:
                self.rows.filter_by("")
            self._show_rows()

    def _end_typing(self) -> None:
        self._typing = None
        self.set_focus(None)

    # Who gets a packet

    @on(QuestionTyped)
    def _question_typed(self, message: QuestionTyped) -> None:
        self._asked = self._answered = None
        text = message.text.strip()
        try:
            address = ip_address(text)
        except ValueError:
            _say(self.answer, [])
            return
        if isinstance(address, IPv6Address) and address.is_link_local:
            _say(self.answer, link_local_sentences(str(address)))
            return
        self._asked = address
        self._ask()

    def _ask(self) -> None:
        if self._asked is not None:
            self._worker.submit("packet", partial(self._find_out, self._asked))

    def _find_out(self, address: Address, reader: MapReader) -> None:
        """Runs in the worker's thread."""
        self.post_message(PacketAnswered(reader.ask(address)))

    @on(PacketAnswered)
    def _packet_answered(self, message: PacketAnswered) -> None:
        delivery = message.answer.delivery
        if delivery.address == self._asked:
            if delivery.owner is not None and delivery != self._answered:
                self.rows.select_owner(delivery.owner)
                self._show_rows()
            self._answered = delivery
            _say(self.answer, answer_sentences(message.answer, self._painter.glyphs))

    @on(QuestionClosed)
    def _question_closed(self, message: QuestionClosed) -> None:
        if self._typing is self.question:
            self._end_typing()
            text = self.question.close(message.keep)
            if not text:
                self._forget_question()
            elif not self.answer.display:
                _say(self.answer, not_an_address(text, self._painter.glyphs))

    def _forget_question(self) -> None:
        self._asked = self._answered = None
        self.question.close(False)
        _say(self.answer, [])

    # The rest

    def action_back(self) -> None:
        """Clear the answer, else the filter, else leave."""
        if self.answer.display:
            self._forget_question()
        elif self.rows.filter:
            self.rows.filter_by("")
            self._show_rows()
        else:
            self.dismiss()

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)


def _say(pane: Paragraphs, sentences: Sequence[Sentence]) -> None:
    pane.say(partial(run_on, sentences))
