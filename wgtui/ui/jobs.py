"""Job control: whether somebody would bring this program back after it was stopped."""

from __future__ import annotations

import os
from pathlib import Path


def has_job_control() -> bool:
    """Whether a shell watches over our process group, and would notice that it stopped.

    Behind `ssh -t HOST wgtui`, as the command of a tmux pane and in a container there is none: a group whose
    members' parents are all in the group itself or in other sessions is orphaned (POSIX.1-2017, 3.264), and
    a stop would be the end of the session.
    """
    group, session = os.getpgrp(), os.getsid(0)
    parent = os.getppid()
    try:
        while os.getsid(parent) == session:
            if os.getpgid(parent) != group:
                return True
            parent = _parent_of(parent)
    except (OSError, ValueError, IndexError):
        return False
    return False


def _parent_of(process: int) -> int:
    """The parent, from `/proc/PID/stat` (proc(5)): behind the name in parentheses come state and parent."""
    stat = Path(f"/proc/{process}/stat").read_bytes()
    return int(stat.rpartition(b")")[2].split()[1])
