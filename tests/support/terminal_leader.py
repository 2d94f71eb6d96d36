"""The session leader behind `Terminal`: what an interactive shell does for the program in its foreground.

    python -I -S terminal_leader.py TTY REPORTS ORDERS OPTIONS PROGRAM [ARGUMENT ...]

It makes the terminal its controlling one and runs the program as the foreground process group with standard
streams on it. Reports are lines of JSON on the descriptor `REPORTS`: `{"pid", "at"}`, then any number of
`{"stopped": SIGNAL}`, then `{"status", "cpu", "at"}` (`at` in monotonic seconds). An order is one byte on
`ORDERS`: `f` continues a stopped program in the foreground; the end of the orders ends everything.
`OPTIONS` is JSON: `ignore` are signal numbers that the program inherits as ignored, `null` are
descriptors of the program that are `/dev/null` in place of the terminal.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import sys
import termios
import time

DONE = b"[terminal: back at the prompt]"
"""Written to the terminal when the program has ended: everything of the program stands before it."""

_OURS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTOU, signal.SIGTTIN)


def main(tty: str, reports: int, orders: int, options: dict[str, list[int]], argv: list[str]) -> None:
    """Lead the session until the orders end."""
    os.setsid()
    terminal = os.open(tty, os.O_RDWR)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for number in _OURS:
        signal.signal(number, signal.SIG_IGN)
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker)
    at = time.monotonic()
    child = os.fork()
    if child == 0:
        _become(terminal, options, argv)
    _take_foreground(terminal, child)
    _report(reports, pid=child, at=at)
    running = True
    while True:
        ready, _, _ = select.select([wake, orders], [], [])
        if wake in ready:
            os.read(wake, 4096)
            running = running and _running(terminal, child, reports)
        if orders in ready:
            order = os.read(orders, 1)
            if order == b"f" and running:
                _take_foreground(terminal, child)
                os.killpg(child, signal.SIGCONT)
            elif not order:
                if running:
                    os.killpg(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                return


def _become(terminal: int, options: dict[str, list[int]], argv: list[str]) -> None:
    """Turn this process into the program."""
    try:
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpid())
        for number in _OURS:
            ignored = number in options["ignore"]
            signal.signal(number, signal.SIG_IGN if ignored else signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null if descriptor in options["null"] else terminal, descriptor)
        os.closerange(3, 1024)
        os.execvp(argv[0], argv)
    finally:
        os._exit(127)


def _take_foreground(terminal: int, group: int) -> None:
    # The child did it already and is gone, or the terminal is.
    with contextlib.suppress(OSError):
        os.tcsetpgrp(terminal, group)


def _running(terminal: int, child: int, reports: int) -> bool:
    """Report what became of the program; whether it goes on."""
    pid, status, usage = os.wait4(child, os.WNOHANG | os.WUNTRACED)
    if pid == 0:
        return True
    at = time.monotonic()
    _take_foreground(terminal, os.getpid())
    if os.WIFSTOPPED(status):
        _report(reports, stopped=os.WSTOPSIG(status))
        return True
    _report(reports, status=os.waitstatus_to_exitcode(status), cpu=usage.ru_utime + usage.ru_stime, at=at)
    with contextlib.suppress(OSError):  # It may be hung up.
        os.write(terminal, b"\n" + DONE + b"\n")
    return False


def _report(descriptor: int, **facts: float) -> None:
    os.write(descriptor, json.dumps(facts).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4]), sys.argv[5:])
