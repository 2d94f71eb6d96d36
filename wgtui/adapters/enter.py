"""Run a command in a network namespace, with a `/run` of its own.

Usage: enter.py PARENT-PID NETNS RUN-FOLDER COMMAND...

A private `/run` keeps the sockets of a namespace's userspace devices apart from the host's, for wireguard-go
and `wg` have `/var/run/wireguard` built in. The command dies with the process that started it. This file is
run by its path, so that it loads nothing but these modules.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_CLONE_NEWNS = 0x00020000
_CLONE_NEWNET = 0x40000000
_MS_BIND = 0x1000
_MS_SLAVE_ALL = 0x80000 | 0x4000
_PR_SET_PDEATHSIG = 1


def _check(result: int, what: str) -> None:
    if result != 0:
        sys.exit(f"{what}: {os.strerror(ctypes.get_errno())}")


def main(arguments: list[str]) -> None:
    """Enter and become the command."""
    parent, netns, run_folder, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    if os.getppid() != int(parent):
        sys.exit("the process that wanted this command has ended")
    descriptor = os.open(netns, os.O_RDONLY)
    _check(libc.setns(descriptor, _CLONE_NEWNET), f"network namespace {netns}")
    os.close(descriptor)
    _check(libc.unshare(_CLONE_NEWNS), "mount namespace")
    # A slave, not private: when the host unmounts a namespace, our copy of that mount goes too.
    _check(libc.mount(b"none", b"/", None, _MS_SLAVE_ALL, None), "mount propagation")
    run = os.path.realpath("/var/run").encode()
    _check(libc.mount(run_folder.encode(), run, None, _MS_BIND, None), f"mounting over {run.decode()}")
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
