"""What this host has already."""

from __future__ import annotations

from collections.abc import Sequence

from wgtui.services.adopting.report import AdoptionReport
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.setup.adoption import adoption_lines, looking_lines
from wgtui.ui.setup.messages import Finish
from wgtui.ui.setup.pages.reading import ReadingPage
from wgtui.ui.setup.session import SetupSession


class AdoptPage(ReadingPage):
    """The interfaces of the host with their peers, and what to know before editing them."""

    def __init__(self, painter: Painter, session: SetupSession) -> None:
        """Make the page; it shows what was found as soon as that is known."""
        super().__init__(painter, session, submit="To the interfaces")
        self._report: AdoptionReport | None = None

    def lines(self, width: int) -> Sequence[Line]:
        """What was found."""
        if self._report is None:
            return looking_lines()
        return adoption_lines(self._report, width, self.painter.glyphs)

    def show_report(self, report: AdoptionReport) -> None:
        """Show what was found."""
        self._report = report
        self.text.say(self.lines)

    def action_submit(self) -> None:
        """There is nothing to ask."""
        self.post_message(Finish())
