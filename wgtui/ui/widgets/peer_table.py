"""The table of a device's peers."""

from __future__ import annotations

from wgtui.domain.snapshot import PeerState
from wgtui.ui.presentation.cells import Cell
from wgtui.ui.presentation.columns import PlacedColumn
from wgtui.ui.presentation.peer_columns import RowContext, lay_out, table_cell
from wgtui.ui.widgets.row_table import RowTable


class PeerTable(RowTable[PeerState, RowContext]):
    """The peers of the open device."""

    HELP = "The peers of the open interface. Click a title to sort, a row to select it."

    def _lay_out(self, width: int) -> tuple[PlacedColumn[PeerState, RowContext], ...]:
        return lay_out(width)

    def _cell(self, placed: PlacedColumn[PeerState, RowContext], row: PeerState, context: RowContext) -> Cell:
        return table_cell(placed.column, row, context, placed.width)
