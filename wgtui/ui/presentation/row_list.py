"""A table's contents: which rows, in which order, and which one is selected."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

Row = TypeVar("Row")


class RowList(ABC, Generic[Row]):
    """Rows filtered, sorted, and with one selected by its identity.

    The selection belongs to what the row is about, not to its place: it survives sorting, filtering, and
    the row's going and coming back. While the wanted row is not there, the place it stood at is selected.
    """

    def __init__(self, sort_name: str) -> None:
        """Start empty, sorted by a column."""
        self.rows: list[Row] = []
        self.total = 0
        self.cursor = 0
        self.sort_name = sort_name
        self.descending = False
        self.filter = ""
        self._wanted: object = None
        self._chosen = False
        """Whether somebody selected a row, as opposed to the first one standing in."""

    @property
    def selected(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def sort_by(self, name: str, descending: bool) -> None:
        """Sort by a column."""
        self.sort_name, self.descending = name, descending
        self._arrange()

    def filter_by(self, text: str) -> None:
        """Keep the rows that contain every word of the text, case ignored; empty keeps all."""
        self.filter = text
        self._arrange()

    def move_to(self, index: int) -> None:
        """Select a row, the nearest one when there are fewer."""
        self._chosen = True
        self.cursor = max(0, min(index, len(self.rows) - 1))
        self._wanted = self._identity(self.rows[self.cursor]) if self.rows else None

    def select(self, identity: object) -> None:
        """Want a row selected by what it is about, now or as soon as it is there."""
        self._wanted, self._chosen = identity, True
        self._find()

    @abstractmethod
    def _identity(self, row: Row) -> object:
        """What a row is about, the same in every look."""

    @abstractmethod
    def _arrange(self) -> None:
        """Set `rows` by filter and order, then `_find`."""

    def _find(self) -> None:
        """Put the cursor on the wanted row."""
        if self._wanted is not None:
            if self.cursor < len(self.rows) and self._identity(self.rows[self.cursor]) == self._wanted:
                return
            for index, row in enumerate(self.rows):
                if self._identity(row) == self._wanted:
                    self.cursor = index
                    return
        self.cursor = max(0, min(self.cursor, len(self.rows) - 1))
        if self._wanted is None and self.rows:
            self._wanted = self._identity(self.rows[self.cursor])
