"""Files of other programs: looked at, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a database.

    Attributes:
        name: As the database has it.
        rows: Values by column, which may hold keys and so are left out of its `repr`. Values are strings,
            bytes, numbers or None.
    """

    name: str
    rows: tuple[Mapping[str, object], ...] = field(repr=False)


class ForeignFiles(Protocol):
    """Reads files that somebody else wrote. Symbolic links are followed; nothing here ever waits."""

    def names(self, folder: str) -> tuple[str, ...]:
        """Names of what stands in a folder, sorted; empty where there is none or it is closed to us.

        Of a folder with very many, only the first ten thousand.
        """
        ...

    def read(self, path: str, most: int) -> bytes | None:
        """A regular file's bytes, or None where there is none.

        Args:
            path: Absolute.
            most: The size in bytes above which a file is not what it should be.

        Raises:
            ConfigUnreadable: It is no regular file, too large, or cannot be read; the text says which.
            PermissionRefused: It is closed to us.
        """
        ...


class Databases(Protocol):
    """Reads SQLite databases that another program may have open, without touching them."""

    def tables(self, path: str, having: frozenset[str]) -> tuple[Table, ...]:
        """The tables with one of the wanted columns, of each the first ten thousand rows.

        What is still in the log beside the database counts as well.

        Args:
            path: Absolute.
            having: Names of columns.

        Returns:
            The tables; none where there is no such file.

        Raises:
            ConfigUnreadable: This is no database that can be read; the text says which and why.
            PermissionRefused: It is closed to us.
        """
        ...
