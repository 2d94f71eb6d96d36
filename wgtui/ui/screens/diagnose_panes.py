"""The panes of the Diagnose screen, and the cursor in the list of findings."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.getters import query_one
from textual.reactive import var
from textual.screen import Screen

from wgtui.domain.doctor import DoctorFinding
from wgtui.ui.changing_app import ChangingApp
from wgtui.ui.commands import APP_COMMANDS, footer_commands
from wgtui.ui.diagnose_commands import DOCTOR_KEYS, PATH_KEYS
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Tone, line
from wgtui.ui.presentation.diagnose import (
    DoctorPage,
    doctor_summary,
    finding_line,
    finding_lines,
    head_line,
    problem_lines,
    status_text,
)
from wgtui.ui.presentation.path_walk import PathPage, ends_line, path_status, walk_lines
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_list import LineList
from wgtui.ui.widgets.line_pane import LinePane
from wgtui.ui.widgets.page import Page


class _Bar(LinePane):
    BASE = Tone.BAR


class DiagnosePanes(Screen[None]):
    """Shows what was found, and a path."""

    head = query_one("#head", LinePane)
    summary = query_one("#summary", LinePane)
    findings = query_one("#findings", LineList)
    words = query_one("#words", Page)
    walk = query_one("#walk", Page)
    status = query_one("#status", _Bar)

    is_path: var[bool] = var(False, toggle_class="-path")
    """Whether the path is open, and not the doctor."""

    large_words: var[bool] = var(False, toggle_class="-detail")
    """Whether the text takes the list's place."""

    def __init__(self, painter: Painter, host: str, path: PathPage) -> None:
        """Make the screen; `host` is its name."""
        super().__init__()
        self._painter = painter
        self._host = host
        self.report: DoctorPage | None = None
        """What the doctor found; None while it looks."""
        self.path = path
        """The path that is shown."""
        self._said: object = None

    def compose(self) -> ComposeResult:
        """Lay out from top to bottom."""
        painter = self._painter
        yield LinePane(painter, id="head")
        yield LinePane(painter, id="summary")
        with Container(id="doctor"):
            yield LineList(painter, id="findings")
            yield Page(painter, id="words")
        yield Page(painter, id="walk")
        yield _Bar(painter, id="status")
        for name, keys in (("doctor-keys", DOCTOR_KEYS), ("path-keys", PATH_KEYS)):
            yield KeyBar(painter, (*keys, *footer_commands(APP_COMMANDS)), id=name)

    @property
    def selected(self) -> DoctorFinding | None:
        """The finding under the cursor."""
        found = self.report.findings if self.report is not None else ()
        return found[self.findings.cursor] if self.findings.cursor < len(found) else None

    def take_report(self, page: DoctorPage) -> None:
        """Show another examination; the cursor stays at the first finding until it was moved."""
        first = self.report is None
        self.report = page
        if first:
            self.findings.move_to(0)
        self._show()

    def take_path(self, page: PathPage) -> None:
        """Show another path, or the same one walked."""
        self.path = page
        self._show()

    # Showing

    def on_resize(self, _event: events.Resize) -> None:
        """Write for the new width."""
        self._said = None
        self.call_after_refresh(self._show)

    @property
    def _can_change(self) -> bool:
        app: ChangingApp = self.app  # type: ignore[assignment]
        return app.can_change

    def _show(self) -> None:
        """Bring every pane up to date."""
        glyphs = self._painter.glyphs
        self.head.show([head_line(self._host, self.is_path, glyphs)])
        if self.is_path:
            self.summary.show([ends_line(self.path, glyphs)])
            self._show_walk()
            self.status.show([line((path_status(self.path), Tone.BAR))])
            return
        self.summary.show([doctor_summary(self.report)])
        found = self.report.findings if self.report is not None else ()
        self.findings.show(len(found), self._finding_line)
        self._show_words()

    def _show_walk(self) -> None:
        page, glyphs, can = self.path, self._painter.glyphs, self._can_change
        same = (page.origin, page.target, page.walk is None) == self._said
        self._said = (page.origin, page.target, page.walk is None)
        self.walk.say(lambda width: walk_lines(page, width, glyphs, can_change=can), keep_place=same)

    def _show_words(self) -> None:
        page, one, glyphs, can = self.report, self.selected, self._painter.glyphs, self._can_change
        self.status.show([line((status_text(page, self.findings.cursor), Tone.BAR))])
        if page is not None and page.problem is not None:
            error = page.problem
            self.words.say(lambda width: problem_lines(error, width, glyphs))
        elif one is None:
            self.words.say(lambda _width: ())
        else:
            self.words.say(
                lambda width: finding_lines(one, width, glyphs, can_change=can), keep_place=one == self._said
            )
            self._said = one

    def _finding_line(self, index: int) -> Line:
        assert self.report is not None
        here = index == self.findings.cursor
        return finding_line(self.report.findings[index], self._painter.glyphs, here=here)

    # The cursor

    @on(LineList.Moved)
    def _moved(self, message: LineList.Moved) -> None:
        self._move_to(message.index)

    def _move_to(self, index: int) -> None:
        self.findings.move_to(index)
        self._show()

    def action_move(self, step: int) -> None:
        """Move the cursor, or scroll what is large."""
        if self.is_path:
            self.walk.scroll_lines(step)
        elif self.large_words:
            self.words.scroll_lines(step)
        else:
            self._move_to(self.findings.cursor + step)

    def action_page(self, step: int) -> None:
        """Move by pages."""
        if self.is_path:
            self.walk.scroll_page(step)
        elif self.large_words:
            self.words.scroll_page(step)
        else:
            self._move_to(self.findings.cursor + step * max(1, self.findings.page - 1))

    def action_first(self) -> None:
        """Go to the start."""
        if self.is_path:
            self.walk.scroll_page(-1000)
        else:
            self._move_to(0)

    def action_last(self) -> None:
        """Go to the end."""
        if self.is_path:
            self.walk.scroll_page(1000)
        else:
            self._move_to(self.findings.count - 1)

    def action_detail(self) -> None:
        """Show the text large, or go back."""
        self.large_words = not self.large_words and self.selected is not None and not self.is_path

    def action_back(self) -> None:
        """Leave the large text, else the screen."""
        if self.large_words:
            self.large_words = False
        else:
            self.dismiss()
