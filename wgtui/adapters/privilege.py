"""What this process is allowed to do."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_CAP_NET_ADMIN: Final = 12
"""Bit of the capability in the sets of `/proc/PID/status` (capabilities(7), linux/capability.h)."""


def has_net_admin(status: Path = Path("/proc/self/status")) -> bool:
    """Whether CAP_NET_ADMIN is in effect, which reading WireGuard devices needs.

    Args:
        status: The process's status file; where it cannot be read the answer is True, and the kernel decides.
    """
    try:
        lines = status.read_text("ascii", "replace").splitlines()
    except OSError:
        return True
    effective = next((line.split()[1] for line in lines if line.startswith("CapEff:")), "ffffffffff")
    return bool(int(effective, 16) >> _CAP_NET_ADMIN & 1)
