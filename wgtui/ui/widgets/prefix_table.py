"""The table of the Allowed IPs map."""

from __future__ import annotations

from wgtui.ui.presentation.allowed_ips import MapRow, lay_out
from wgtui.ui.presentation.columns import PlacedColumn
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.widgets.row_table import RowTable


class PrefixTable(RowTable[MapRow, Glyphs]):
    """Every prefix of every peer, then the peers that have none."""

    HELP = "Every prefix on the interfaces of this host. Click a title to sort, a row to select it."

    def _lay_out(self, width: int) -> tuple[PlacedColumn[MapRow, Glyphs], ...]:
        return lay_out(width)
