"""What a user names on the command line: standard input, and what `stat` says of a path."""

from __future__ import annotations

import sys
from pathlib import Path

from wgtui.adapters.config_files import LARGEST
from wgtui.domain.errors import ConfigUnreadable
from wgtui.domain.lints import FileFacts


def read_standard_input() -> bytes:
    """Read standard input to its end; raises `ConfigUnreadable` where it cannot be read or is too large."""
    try:
        data = sys.stdin.buffer.read(LARGEST + 1)
    except OSError as error:
        raise ConfigUnreadable(f"Standard input cannot be read: {error.strerror}.") from None
    if len(data) > LARGEST:
        raise ConfigUnreadable("Standard input is larger than 64 MiB, which no configuration is.")
    return data


def file_facts(path: Path) -> FileFacts | None:
    """What `stat` says of a file and its folder, links followed; None where they are closed to us."""
    try:
        return FileFacts(path.stat().st_mode, path.resolve().parent.stat().st_mode)
    except OSError:
        return None


def folder_mode(path: str) -> int | None:
    """The permission bits of the folder that a file is in, links followed; None where it is closed to us."""
    try:
        return Path(path).resolve().parent.stat().st_mode
    except OSError:
        return None
