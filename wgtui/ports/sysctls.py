"""Settings of the kernel below /proc/sys."""

from __future__ import annotations

from typing import Protocol


class Sysctls(Protocol):
    """Reads and writes settings by dotted name, such as `net.ipv4.ip_forward`.

    In names with an interface, its dots are written as slashes, as sysctl(8) does.
    """

    def read(self, name: str) -> str | None:
        """The value without white space around it, None where this kernel has no such setting."""
        ...

    def write(self, name: str, value: str) -> None:
        """Set a value; raises `WgtuiError` or `PermissionRefused`."""
        ...
