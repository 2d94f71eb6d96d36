"""The folder of wg-quick files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FileVersion:
    """What tells two states of a file apart without reading it."""

    inode: int
    size: int
    modified_ns: int


class ConfigStore(Protocol):
    """Reads wg-quick files, `<config-dir>/<interface>.conf`."""

    def names(self) -> tuple[str, ...]:
        """Interface names that have a file, sorted; empty when the folder is missing or closed to us."""
        ...

    def version(self, name: str) -> FileVersion | None:
        """The file's version, or None when there is none or it is closed to us."""
        ...

    def read(self, name: str) -> bytes:
        """The file's bytes.

        Raises:
            ConfigUnreadable: It does not exist or cannot be read; the text says which file and why.
            PermissionRefused: It is closed to us.
        """
        ...

    def path(self, name: str) -> str:
        """Where the file is or would be, for messages."""
        ...

    def read_names_file(self) -> bytes | None:
        """The file `peers` of the folder (lines `PUBLIC_KEY:NAME`), or None when there is none."""
        ...

    def names_file_version(self) -> FileVersion | None:
        """The version of the file `peers`, or None when there is none or it is closed to us."""
        ...
