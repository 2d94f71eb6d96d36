"""The journal on disk, `STATE-DIR/journal/000012.jsonl`; implements `wgtui.ports.journal.JournalStore`."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from wgtui.adapters.files import make_private_folder, sync_folder, write_whole
from wgtui.domain.errors import JournalProblem, PermissionRefused, WgtuiError
from wgtui.ports.journal import Record

_FILE_NAME: Final = re.compile(r"([0-9]{6,12})\.jsonl", re.ASCII)


class JournalFiles:
    """Entries as files of one JSON object a line. Whoever writes holds the host's lock.

    Args:
        state_dir: Folder of wgtui's own files; made when it is first needed.
    """

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "journal"

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all entries, rising."""
        with state_refusals(self._folder, "read"):
            try:
                names = [entry.name for entry in self._folder.iterdir()]
            except FileNotFoundError:
                return ()
        return tuple(sorted(int(match[1]) for match in map(_FILE_NAME.fullmatch, names) if match))

    def read(self, number: int) -> tuple[Record, ...]:
        """The records of an entry, without a last one that a crash cut short."""
        path = self._path(number)
        with state_refusals(path, "read"):
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                raise _no_entry(number) from None
        # What follows the last line's end was being written when the power went.
        return tuple(_record(path, line) for line in data[: _end(data)].splitlines())

    def create(self, records: Sequence[Record]) -> int:
        """Make a new entry, on disk before this returns; returns its number."""
        with state_refusals(self._folder, "written"):
            make_state_folder(self._folder)
        number = max(self.numbers(), default=0) + 1
        path = self._path(number)
        draft = self._folder / f".new-{secrets.token_hex(8)}"
        with state_refusals(path, "written"):
            try:
                descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
                with os.fdopen(descriptor, "wb", buffering=0):
                    write_whole(descriptor, b"".join(map(_line, records)))
                    os.fchmod(descriptor, 0o600)
                    os.fsync(descriptor)
                draft.rename(path)
                sync_folder(self._folder)
            except OSError:
                with suppress(OSError):
                    draft.unlink()
                raise
        return number

    def append(self, number: int, record: Record) -> None:
        """Add a record to an entry, on disk before this returns."""
        path = self._path(number)
        with state_refusals(path, "written"):
            try:
                descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
            except FileNotFoundError:
                raise _no_entry(number) from None
            with os.fdopen(descriptor, "r+b", buffering=0) as file:
                end = _end(file.read())
                os.ftruncate(descriptor, end)
                try:
                    write_whole(descriptor, _line(record))
                    os.fsync(descriptor)
                except OSError:
                    with suppress(OSError):
                        os.ftruncate(descriptor, end)
                    raise

    def remove(self, number: int) -> None:
        """Remove an entry with the keys in it; one that is not there is no error."""
        path = self._path(number)
        with state_refusals(path, "removed"), suppress(FileNotFoundError):
            path.unlink()

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06d}.jsonl"


def make_state_folder(folder: Path) -> None:
    """Make a folder of wgtui's own, and those on the way to it, closed to others; raises `OSError`."""
    if not folder.is_dir():
        make_state_folder(folder.parent)
        with suppress(FileExistsError):
            make_private_folder(folder)


@contextmanager
def state_refusals(path: Path, done: str) -> Iterator[None]:
    """Turn errors of the system into errors of the port.

    Args:
        path: What is worked on.
        done: What should have happened to it: "read", "written", "removed".
    """
    try:
        yield
    except PermissionError as error:
        raise PermissionRefused(
            f"{path} may not be {done}: {error.strerror}.", hint="Run wgtui as root."
        ) from None
    except OSError as error:
        hint = "Free some space, or choose another folder with --state-dir." if done == "written" else ""
        raise JournalProblem(f"{path} could not be {done}: {error.strerror}.", hint=hint) from None


def _end(data: bytes) -> int:
    """Where the last whole line ends."""
    return data.rfind(b"\n") + 1


def _line(record: Record) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"


def _record(path: Path, line: bytes) -> Record:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise JournalProblem(f"{path} is damaged: it has a line that is no record.")
    return record


def _no_entry(number: int) -> WgtuiError:
    return JournalProblem(
        f"There is no entry {number} in the journal.", hint="List the entries with: wgtui journal"
    )
