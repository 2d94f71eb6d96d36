"""What screens with one table of rows have in common: its cursor and its order."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from textual import on
from textual.screen import Screen

from wgtui.ui.messages import SelectRow, SortBy
from wgtui.ui.presentation.row_list import RowList
from wgtui.ui.widgets.row_table import RowTable


class TableScreen(Screen[None]):
    """A screen around a table."""

    @property
    @abstractmethod
    def listed(self) -> RowList[Any]:
        """The rows as the table has them."""

    @property
    @abstractmethod
    def row_table(self) -> RowTable[Any, Any]:
        """The table."""

    @abstractmethod
    def _show_rows(self) -> None:
        """Bring the panes that depend on the table's order and cursor up to date."""

    # The cursor

    @on(SelectRow)
    def _select_row(self, message: SelectRow) -> None:
        self._move_to(message.index)

    def _move_to(self, index: int) -> None:
        self.listed.move_to(index)
        self._show_rows()

    def action_move(self, step: int) -> None:
        """Move the cursor by rows."""
        self._move_to(self.listed.cursor + step)

    def action_page(self, step: int) -> None:
        """Move the cursor by pages."""
        self._move_to(self.listed.cursor + step * max(1, self.row_table.page - 1))

    def action_first(self) -> None:
        """Select the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """Select the last row."""
        self._move_to(len(self.listed.rows) - 1)

    # Order

    @on(SortBy)
    def _sort_by(self, message: SortBy) -> None:
        listed = self.listed
        if message.column == listed.sort_name:
            self.action_reverse()
            return
        columns = {placed.column.name: placed.column for placed in self.row_table.columns}
        if message.column in columns:
            listed.sort_by(message.column, columns[message.column].descending)
            self._show_rows()

    def action_sort_next(self, step: int = 1) -> None:
        """Sort by the next visible column, or the previous one for -1."""
        names = [placed.column.name for placed in self.row_table.columns]
        if names:
            current = self.listed.sort_name
            at = names.index(current) if current in names else -step
            self._sort_by(SortBy(names[(at + step) % len(names)]))

    def action_sort_previous(self) -> None:
        """Sort by the previous visible column."""
        self.action_sort_next(-1)

    def action_reverse(self) -> None:
        """Turn the order round."""
        listed = self.listed
        listed.sort_by(listed.sort_name, not listed.descending)
        self._show_rows()
