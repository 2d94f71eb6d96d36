"""Which rows of the map are shown, and in which order."""

from __future__ import annotations

from wgtui.domain.cryptokey import Owner
from wgtui.ui.presentation.allowed_ips import COLUMN_BY_NAME, MapPage, MapRow
from wgtui.ui.presentation.row_list import RowList
from wgtui.ui.presentation.table_state import TableState


class MapList(RowList[MapRow]):
    """Prefixes, then the peers that own nothing, whichever way the prefixes are sorted."""

    def __init__(self) -> None:
        """Start empty, sorted by prefix."""
        super().__init__("prefix")
        self._all: tuple[MapRow, ...] = ()

    def take(self, page: MapPage) -> None:
        """Take the rows of a new map."""
        self._all = page.rows
        self.total = len(page.rows)
        self._arrange()

    def table_state(self, *, editing: bool) -> TableState:
        """What the status line tells; `editing` while the filter is typed."""
        return TableState(
            shown=len(self.rows),
            total=self.total,
            position=self.cursor + 1 if self.rows else 0,
            filter=self.filter,
            editing=editing,
            sort_title=COLUMN_BY_NAME[self.sort_name].title,
            descending=self.descending,
            one="row",
            many="rows",
        )

    def select_owner(self, owner: Owner) -> None:
        """Select the row of a prefix that a peer owns."""
        self.select((owner.device, owner.key, str(owner.prefix)))

    def _identity(self, row: MapRow) -> object:
        return row.device, row.key, row.prefix

    def _arrange(self) -> None:
        words = self.filter.casefold().split()
        rows = [row for row in self._all if all(word in row.search for word in words)]
        order = COLUMN_BY_NAME[self.sort_name].order
        prefixes = [row for row in rows if row.claim is not None]
        prefixes.sort(key=lambda row: order(row, 0.0), reverse=self.descending)
        self.rows = prefixes + [row for row in rows if row.claim is None]
        self._find()
