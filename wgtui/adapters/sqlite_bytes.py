"""SQLite databases from their bytes; implements `wgtui.ports.foreign_files.Databases`.

A database that another program has open is read without touching it: opening it in place would take locks,
and beside one in WAL mode it would make files. So its bytes are read, those of the log are put in as SQLite
itself would do it (https://www.sqlite.org/fileformat2.html, "The Write-Ahead Log"), and the whole is opened
in memory. One that is too large for that is opened in place as immutable, without locks and without its log.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from wgtui.adapters.foreign_files import HostForeignFiles
from wgtui.domain.errors import ConfigUnreadable
from wgtui.ports.foreign_files import Table

if TYPE_CHECKING:
    import sqlite3

_MAGIC: Final = b"SQLite format 3\0"
_MOST_ROWS: Final = 10_000
_MOST_TABLES: Final = 200
_MOST_STEPS: Final = 200
"""Thousands of steps of SQLite's machine for all that is asked: a second or so."""

_LOG_HEADER: Final = 32
_FRAME_HEADER: Final = 24


class SqliteDatabases:
    """Databases on disk.

    Args:
        files: Reads them.
        largest: Bytes of a database that is read into memory.
    """

    def __init__(self, files: HostForeignFiles, largest: int = 64 * 1024 * 1024) -> None:
        self._files = files
        self._largest = largest

    def tables(self, path: str, having: frozenset[str]) -> tuple[Table, ...]:
        """The tables with one of the columns; see the port."""
        size = self._files.size(path)
        if size is None:
            return ()
        if size > self._largest:
            return tables_in_place(path, having)
        log_size = self._files.size(f"{path}-wal") or 0
        log = self._files.read(f"{path}-wal", self._largest) if log_size <= self._largest else None
        return tables_in(self._files.read(path, self._largest) or b"", log or b"", having, path)


def tables_in(database: bytes, log: bytes, having: frozenset[str], path: str) -> tuple[Table, ...]:
    """The tables of a database that is given as its bytes, and its log likewise; for errors see the port."""
    import sqlite3

    if not database.startswith(_MAGIC) or len(database) < 512:
        raise ConfigUnreadable(f"{path} is not an SQLite database.")
    connection = sqlite3.connect(":memory:")
    with _errors_told(path), closing(connection):
        connection.deserialize(_in_memory(_merged(database, log)))
        return tuple(_tables(connection, having))


def tables_in_place(path: str, having: frozenset[str]) -> tuple[Table, ...]:
    """The tables of a large database; what is only in its log does not count."""
    import sqlite3
    from urllib.parse import quote

    with _errors_told(path):
        uri = f"file:{quote(path)}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return tuple(_tables(connection, having))


@contextmanager
def _errors_told(path: str) -> Iterator[None]:
    import sqlite3

    try:
        yield
    except (sqlite3.Error, OverflowError, MemoryError, ValueError) as error:
        text = f"{path} is a database that cannot be read ({type(error).__name__})."
        raise ConfigUnreadable(text) from None


def _tables(connection: sqlite3.Connection, having: frozenset[str]) -> Iterator[Table]:
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    steps = iter(range(_MOST_STEPS * 100))
    connection.set_progress_handler(lambda: next(steps, None) is None, 10_000)
    asked = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' LIMIT ?",
        (_MOST_TABLES,),
    )
    for (name,) in asked.fetchall():
        quoted = '"' + str(name).replace('"', '""') + '"'
        rows = connection.execute(f"SELECT * FROM {quoted} LIMIT {_MOST_ROWS}")
        columns = [column[0] for column in rows.description]
        if having.isdisjoint(columns):
            continue
        yield Table(str(name), tuple(dict(zip(columns, row, strict=True)) for row in rows))


def _in_memory(database: bytes) -> bytes:
    """The database with the mark of WAL mode taken out: there is no log in memory."""
    return database[:18] + b"\1\1" + database[20:]


def _merged(database: bytes, log: bytes) -> bytes:
    """The database with all that the log committed; a log that does not fit is passed over."""
    if len(log) < _LOG_HEADER:
        return database
    magic, _, size, _, salt1, salt2, sum1, sum2 = struct.unpack(">8I", log[:_LOG_HEADER])
    if magic not in (0x377F0682, 0x377F0683) or size < 512 or size > 65536:
        return database
    order = ">" if magic & 1 else "<"
    if _checksum(log[:24], (0, 0), order) != (sum1, sum2):
        return database
    merged, waiting, sums = bytearray(database), {}, (sum1, sum2)
    for at in range(_LOG_HEADER, len(log) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        page, pages, *salts, frame1, frame2 = struct.unpack(">6I", log[at : at + _FRAME_HEADER])
        content = log[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
        sums = _checksum(content, _checksum(log[at : at + 8], sums, order), order)
        if salts != [salt1, salt2] or sums != (frame1, frame2) or not page:
            break
        waiting[page] = content
        if pages:
            _put(merged, waiting, pages * size, size)
            waiting = {}
    return bytes(merged)


def _put(merged: bytearray, pages: dict[int, bytes], length: int, size: int) -> None:
    """Write the pages of one transaction, after which the database has a length in bytes."""
    if length > max(len(merged), max(pages) * size):
        return
    del merged[length:]
    for page, content in pages.items():
        end = page * size
        if end <= length:
            merged.extend(bytes(max(0, end - len(merged))))
            merged[end - size : end] = content


def _checksum(data: bytes, start: tuple[int, int], order: str) -> tuple[int, int]:
    one, two = start
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two
