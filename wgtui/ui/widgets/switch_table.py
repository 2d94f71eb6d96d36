"""The table of the Forwarding screen."""

from __future__ import annotations

from textual.geometry import Size

from wgtui.domain.forwarding import Row
from wgtui.ui.presentation.columns import PlacedColumn
from wgtui.ui.presentation.forwarding import SwitchContext, lay_out
from wgtui.ui.presentation.row_list import RowList
from wgtui.ui.widgets.row_table import RowTable


class SwitchTable(RowTable[Row, SwitchContext]):
    """A switch a row: now, on disk, after a reboot. With `height: auto` it takes what it needs."""

    HELP = "The switches of forwarding and NAT. Click a row to select it, twice to turn it."

    def _lay_out(self, width: int) -> tuple[PlacedColumn[Row, SwitchContext], ...]:
        return lay_out(width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The title line and all rows."""
        return 1 + max(1, len(self._rows))

    def update_rows(self, listed: RowList[Row], context: SwitchContext) -> None:
        """Show the rows as they are now, with room for all."""
        before = len(self._rows)
        super().update_rows(listed, context)
        if len(self._rows) != before:
            self.refresh(layout=True)
