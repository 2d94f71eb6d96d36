"""Databases from their bytes, with what is only in the log, against SQLite itself."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from wgtui.adapters.foreign_files import HostForeignFiles
from wgtui.adapters.sqlite_bytes import SqliteDatabases, tables_in
from wgtui.domain.errors import ConfigUnreadable

HAVING = frozenset(("text",))


def rows(database: bytes, log: bytes = b"") -> list[tuple[object, ...]]:
    (table,) = tables_in(database, log, HAVING, "x.db")
    return [tuple(row.values()) for row in table.rows]


@pytest.mark.parametrize("page_size", [512, 4096, 65536])
def test_the_log_is_put_in_as_sqlite_does(tmp_path: Path, page_size: int) -> None:
    path, dice = tmp_path / "x.db", random.Random(page_size)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute(f"PRAGMA page_size = {page_size}")
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("PRAGMA wal_autocheckpoint = 7")
    writer.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text)")
    log = Path(f"{path}-wal")
    with_log = 0
    for turn in range(60):
        action = dice.choice(("insert", "delete", "update", "vacuum" if turn % 10 == 9 else "insert"))
        if action == "insert":
            writer.executemany("INSERT INTO t (text) VALUES (?)", [("x" * dice.randrange(900),)] * 20)
        elif action == "delete":
            writer.execute("DELETE FROM t WHERE id % 3 = ?", (dice.randrange(3),))
        elif action == "update":
            writer.execute("UPDATE t SET text = ? WHERE id % 5 = 1", ("y" * dice.randrange(2000),))
        else:
            writer.execute("VACUUM")
        with_log += log.stat().st_size > 0
        expected = writer.execute("SELECT * FROM t ORDER BY id").fetchall()
        assert sorted(rows(path.read_bytes(), log.read_bytes())) == expected
    assert with_log
    writer.close()


def test_what_was_not_committed_or_is_torn_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE t (text)")
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for text in ("one", "two"):
        writer.execute("INSERT INTO t VALUES (?)", (text,))
    database, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    assert rows(database, log) == [("one",), ("two",)]
    assert rows(database, log[:-100]) == [("one",)]
    torn = bytearray(log)
    torn[-1] ^= 1
    assert rows(database, bytes(torn)) == [("one",)]
    for bad in (b"", b"x", log[:20], bytes(len(log)), b"\xff" * 5000):
        assert rows(database, bad) == []
    writer.close()


def test_nothing_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    sqlite3.connect(path).executescript("CREATE TABLE t (text); INSERT INTO t VALUES ('x');")
    before = {entry: entry.read_bytes() for entry in tmp_path.iterdir()}
    assert rows(path.read_bytes()) == [("x",)]
    assert {entry: entry.read_bytes() for entry in tmp_path.iterdir()} == before


@pytest.mark.parametrize("seed", range(40))
def test_damaged_databases_are_refused_or_read_and_nothing_else(tmp_path: Path, seed: int) -> None:
    path, dice = tmp_path / "x.db", random.Random(seed)
    writer = sqlite3.connect(path)
    writer.executescript("CREATE TABLE t (id INTEGER PRIMARY KEY, text); CREATE INDEX i ON t (text);")
    writer.executemany("INSERT INTO t (text) VALUES (?)", [("x" * 200,)] * 100)
    writer.commit()
    writer.close()
    damaged = bytearray(path.read_bytes())
    for _ in range(dice.randrange(1, 200)):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    damaged = damaged[: dice.choice((len(damaged), dice.randrange(len(damaged))))]
    try:
        tables_in(bytes(damaged), b"", HAVING, "x.db")
    except ConfigUnreadable as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("largest", [100, 10**7])
def test_a_database_on_disk_large_or_small(tmp_path: Path, largest: int) -> None:
    path = tmp_path / "a b?c%d#e.db"
    sqlite3.connect(path).executescript(
        "CREATE TABLE t (text); INSERT INTO t VALUES ('x');"
        "CREATE TABLE other (id); INSERT INTO other VALUES (1);"
    )
    reader = SqliteDatabases(HostForeignFiles(), largest)
    before = sorted(tmp_path.iterdir())
    (table,) = reader.tables(str(path), HAVING)
    assert (table.name, [dict(row) for row in table.rows]) == ("t", [{"text": "x"}])
    assert reader.tables(str(path), frozenset(("nothing",))) == ()
    assert reader.tables(f"{path}x", HAVING) == ()
    assert reader.tables(str(tmp_path), HAVING) == ()
    (tmp_path / "junk.db").write_bytes(b"x" * 1000)
    with pytest.raises(ConfigUnreadable, match=r"junk\.db"):
        reader.tables(f"{tmp_path}/junk.db", HAVING)
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "junk.db"])
