"""Files of other programs, read-only; implements `wgtui.ports.foreign_files.ForeignFiles`."""

from __future__ import annotations

import os
import stat
from itertools import islice
from pathlib import Path
from typing import Final

from wgtui.domain.errors import ConfigUnreadable, PermissionRefused

MOST_NAMES: Final = 10_000
"""Entries of a folder that are looked at."""


class HostForeignFiles:
    """The real files."""

    def names(self, folder: str) -> tuple[str, ...]:
        """Names in a folder; see the port."""
        try:
            with os.scandir(folder) as entries:
                return tuple(sorted(entry.name for entry in islice(entries, MOST_NAMES)))
        except (OSError, ValueError):
            return ()

    def size(self, path: str) -> int | None:
        """A file's size in bytes; None where there is none, or no regular one."""
        try:
            facts = Path(path).stat()
        except (OSError, ValueError):
            return None
        return facts.st_size if stat.S_ISREG(facts.st_mode) else None

    def read(self, path: str, most: int) -> bytes | None:
        """A regular file's bytes; see the port. A pipe or a device is never waited for."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            raise _unreadable(path, error) from None
        try:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise ConfigUnreadable(f"{path} is not a regular file.")
            if facts.st_size > most:
                raise ConfigUnreadable(f"{path} is larger than {most // 1024} KiB, so it is passed over.")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                # A file that grows meanwhile is cut, not followed.
                return file.read(most)
        except OSError as error:
            raise _unreadable(path, error) from None
        finally:
            os.close(descriptor)


def _unreadable(path: str, error: OSError | ValueError) -> ConfigUnreadable | PermissionRefused:
    if isinstance(error, PermissionError):
        return PermissionRefused(f"{path} is not readable for this user.", hint="Run wgtui as root.")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
    return ConfigUnreadable(f"{path} cannot be read: {reason}.")


def home_folders(sudo_user: str) -> tuple[str, ...]:
    """Where scripts leave their clients' files: the homes of root, of who called sudo, and of all others.

    Args:
        sudo_user: Whom `SUDO_USER` names; empty for nobody.
    """
    import pwd

    names = ["root", *([sudo_user] if sudo_user else [])]
    found: dict[str, None] = {}
    for name in names:
        try:
            found[pwd.getpwnam(name).pw_dir] = None
        except KeyError:
            continue
    homes = Path("/home")
    found |= dict.fromkeys(f"{homes}/{name}" for name in HostForeignFiles().names(str(homes)))
    return tuple(found)
