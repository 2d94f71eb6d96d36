"""Runs the application in a terminal, from an orderly start to an orderly end."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from wgtui.crash_log import default_log, log_error

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp

_SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
_WRITER: Final = "textual-output"
"""Name of Textual's thread that writes to the terminal."""

_FINISHING: Final = 0.5
"""Seconds that a change may go on after the screen is gone before that is told."""

HUNG_UP: Final = 128 + signal.SIGHUP
"""The exit code when the terminal is gone."""


def run(app: WgtuiApp) -> int:
    """Run the application in this terminal.

    SIGHUP, SIGTERM and SIGINT end it in order, and so does a terminal that hangs up while SIGHUP is ignored.

    Returns:
        The exit code: 0, 1 after a crash or without a terminal, 128 plus the number of a signal.
    """
    if not (os.isatty(0) and os.isatty(2)):
        _say("the screen needs a terminal on stdin and stderr. Over SSH: ssh -t HOST wgtui.")
        return 1
    try:
        with _signals(app.leave):
            _watch_for_hangup(app)
            app.run(mouse=app.options.mouse)
    finally:
        app.poller.stop()
        _finish_changes(app)
    if app.leaving == HUNG_UP:
        _abandon_terminal()
    if app.leaving is not None:
        if any(thread.name == _WRITER and thread.is_alive() for thread in threading.enumerate()):
            # The terminal takes no output, and the writer holds stderr, for which the interpreter would wait.
            os._exit(app.leaving)
        return app.leaving
    if app.crash is not None:
        _report(app.crash, app.options.log_file)
        return 1
    return app.return_code or 0


def _finish_changes(app: WgtuiApp) -> None:
    """A change that was begun is finished or taken back before the program ends, whatever ends it."""
    terminal_is_there = app.leaving is None
    if not app.finish_changes(_FINISHING):
        if terminal_is_there:
            _say("a change is under way: waiting until it is done or taken back.")
        app.finish_changes()
    waiting = app.waiting_change
    if waiting is not None and terminal_is_there:
        _say(
            f"change {waiting} still waits for its confirmation."
            f" Keep it with: wgtui confirm {waiting}. Otherwise it is taken back by itself."
        )


@contextmanager
def _signals(leave: Callable[[int], None]) -> Iterator[None]:
    """Signals end the application while it runs.

    Plain handlers rather than the event loop's: they run even while the loop waits for a terminal.
    """

    def on_signal(number: int, _frame: FrameType | None) -> None:
        leave(128 + number)

    before: dict[signal.Signals, Any] = {}
    for number in _SIGNALS:
        # A hang-up that the parent chose to ignore (nohup) is noticed at the terminal itself.
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch_for_hangup(app: WgtuiApp) -> None:
    """End the application when its terminal hangs up: a thread that sleeps until the kernel says so."""

    def wait() -> None:
        poll = select.poll()
        poll.register(0, 0)
        while not poll.poll():
            continue
        app.terminal_lost()
        app.leave(HUNG_UP)

    threading.Thread(target=wait, name="wgtui-hangup", daemon=True).start()


def _abandon_terminal() -> None:
    """Point the standard streams at nothing: flushing them to a dead terminal would fail at exit."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _report(error: Exception, log_file: Path | None) -> None:
    """Say that the program failed and where to read more; never values of variables, which may be keys."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    _say(
        f"an unexpected error ended the screen ({type(error).__name__} at {place})."
        " The tunnels run on; what was changed stands in: wgtui journal."
    )
    path = log_file or default_log()
    try:
        log_error(error, path)
    except OSError as problem:
        _say(f"the details could not be written to {path}: {problem.strerror}.")
    else:
        _say(f"the details are in {path}. Please report them.")


def _say(sentence: str) -> None:
    sys.stderr.write(f"wgtui: {sentence}\n")
