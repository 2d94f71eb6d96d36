"""The real folder of wg-quick files, read-only."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Final

from wgtui.domain.errors import ConfigUnreadable, PermissionRefused
from wgtui.ports.config_store import FileVersion

_FILE_NAME: Final = re.compile(r"([a-zA-Z0-9_=+.-]{1,15})\.conf", re.ASCII)
"""As `wg-quick` takes them; it has no other rule for interface names."""

LARGEST: Final = 64 * 1024 * 1024
"""Bytes; a larger file is no configuration."""


class ConfigFiles:
    """`ConfigStore` over a folder, `/etc/wireguard` as a rule."""

    def __init__(self, config_dir: Path) -> None:
        """Read from `config_dir`, which need not exist."""
        self._folder = config_dir

    def names(self) -> tuple[str, ...]:
        """Interface names that have a file, sorted; empty when the folder is missing or closed to us."""
        try:
            entries = [entry.name for entry in self._folder.iterdir()]
        except OSError:
            return ()
        found = (match[1] for match in map(_FILE_NAME.fullmatch, entries) if match)
        return tuple(sorted(name for name in found if self.version(name) is not None))

    def version(self, name: str) -> FileVersion | None:
        """The file's version, or None when there is none or it is closed to us."""
        return _version(self._file(name))

    def read(self, name: str) -> bytes:
        """The file's bytes; raises `ConfigUnreadable` or `PermissionRefused`."""
        return read_config_file(self._file(name))

    def path(self, name: str) -> str:
        """Where the file is or would be."""
        return str(self._file(name))

    def read_names_file(self) -> bytes | None:
        """The file `peers` of the folder, or None when there is none or it is closed to us."""
        try:
            return read_config_file(self._names_file())
        except (ConfigUnreadable, PermissionRefused):
            return None

    def names_file_version(self) -> FileVersion | None:
        """The version of the file `peers`, or None when there is none or it is closed to us."""
        return _version(self._names_file())

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.conf"

    def _names_file(self) -> Path:
        return self._folder / "peers"


def _version(path: Path) -> FileVersion | None:
    try:
        facts = path.stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(facts.st_mode):
        return None
    return FileVersion(facts.st_ino, facts.st_size, facts.st_mtime_ns)


def read_config_file(path: Path) -> bytes:
    """Read a regular file whole.

    Raises:
        PermissionRefused: It is closed to us.
        ConfigUnreadable: It is missing, too large or not a regular file; the text says which.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise ConfigUnreadable(f"{path} is not a regular file.")
        if facts.st_size > LARGEST:
            raise ConfigUnreadable(f"{path} is larger than 64 MiB, which no configuration is.")
        return path.read_bytes()
    except PermissionError:
        raise PermissionRefused(f"{path} is not readable for this user.", hint="Run wgtui as root.") from None
    except FileNotFoundError:
        raise ConfigUnreadable(f"{path} does not exist.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
        raise ConfigUnreadable(f"{path} cannot be read: {reason}.") from None
