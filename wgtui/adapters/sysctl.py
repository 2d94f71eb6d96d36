"""Settings of the kernel below /proc/sys; implements `wgtui.ports.sysctls.Sysctls`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from wgtui.adapters.netns import call_in_netns
from wgtui.domain.errors import PermissionRefused, WgtuiError

ROOT: Final = Path("/proc/sys")

_TO_PATH: Final = str.maketrans("./", "/.")
"""sysctl(8): the dots of an interface's name are written as slashes."""


class ProcSysctls:
    """Reads and writes settings by dotted name.

    Args:
        netns: Network namespace whose settings below `net` are meant, None for this process's own. The
            kernel goes by the thread that opens the file.
    """

    def __init__(self, netns: str | None = None) -> None:
        self._netns = netns

    def read(self, name: str) -> str | None:
        """The value without white space around it, None where this kernel has no such setting."""
        path = _path(name)
        if path is None:
            return None
        try:
            return call_in_netns(self._netns, path.read_bytes).decode("ascii", "replace").strip()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise _refused(name, "read", error) from None

    def write(self, name: str, value: str) -> None:
        """Set a value; raises `WgtuiError` or `PermissionRefused`."""
        path = _path(name)
        if path is None:
            raise _absent(name)

        def put() -> None:
            descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
            try:
                # The kernel takes a value in one call or not at all.
                os.write(descriptor, value.encode() + b"\n")
            finally:
                os.close(descriptor)

        try:
            call_in_netns(self._netns, put)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise _absent(name) from None
        except OSError as error:
            raise _refused(name, f"set to {value}", error) from None


def _path(name: str) -> Path | None:
    """The file of a setting; None for a name that could lead elsewhere."""
    parts = name.translate(_TO_PATH).split("/")
    if "\0" in name or any(part in ("", ".", "..") for part in parts):
        return None
    return ROOT.joinpath(*parts)


def _absent(name: str) -> WgtuiError:
    return WgtuiError(f"This kernel has no setting {name}.", hint="List the settings with: sysctl -a")


def _refused(name: str, done: str, error: OSError) -> WgtuiError:
    start = f"The kernel's setting {name} could not be {done}"
    if isinstance(error, PermissionError):
        return PermissionRefused(f"{start}.", hint="Run wgtui as root.")
    return WgtuiError(f"{start}: {error.strerror}.")
