"""The automatic MTU: what the paths to the peers' endpoints leave for packets within the tunnel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

OVERHEAD: Final = 80
"""Bytes that IPv6, UDP and WireGuard's own header and tag take of each packet."""

DEFAULT_MTU: Final = 1420
"""The MTU of a new device, kernel's or userspace, before anybody sets it."""

_UNKNOWN: Final = 1500


@dataclass(frozen=True, slots=True)
class PathMtu:
    """What the kernel says of one path.

    Attributes:
        link: MTU of the link that it leaves by, in bytes.
        route: MTU that its route sets or that was discovered, 0 for none.
        locked: Whether path MTU discovery may not change the route's; `wg-quick` then passes over it.
    """

    link: int
    route: int = 0
    locked: bool = False

    @property
    def usable(self) -> int:
        """The MTU that counts."""
        return self.route if self.route and not self.locked else self.link


def automatic_mtu(paths: Iterable[PathMtu], default: PathMtu | None) -> int:
    """The MTU of a tunnel whose file names none, in bytes; neither floor nor ceiling.

    Args:
        paths: To the endpoints of all peers that can be reached.
        default: The host's IPv4 default route, which counts only where there is no path.
    """
    found = min((path.usable for path in paths), default=0)
    if not found and default is not None:
        found = default.usable
    return (found or _UNKNOWN) - OVERHEAD
