"""What all commands that change the host do: show the plan, ask, apply, wait for the confirmation."""

from __future__ import annotations

import select
import signal
import sys
import termios
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wgtui.arguments.common import CONFIRM_WITHIN
from wgtui.commands.plan_text import render_plan
from wgtui.domain.errors import WgtuiError
from wgtui.domain.plan import Plan
from wgtui.domain.session import Risk
from wgtui.domain.text import printable
from wgtui.services.changes import Changes
from wgtui.services.transaction import Applied
from wgtui.streams import complain, say

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


Tell = Callable[[str], None]
"""Writes to one of the standard streams."""


def carry_out(args: Namespace, changes: Changes, plan: Plan, *, grave: bool = False, tell: Tell = say) -> int:
    """Show, ask where it is due, apply, and see to the confirmation.

    Args:
        args: With `dry_run`, `yes` and `confirm_within`.
        changes: Of the host.
        plan: What to do.
        grave: Whether to ask even where the operator's session is in no danger.
        tell: Where to say that it was done: standard output, unless that is for something else.

    Returns:
        The exit code.
    """
    return _carry_out(args, changes, plan, changes.transaction.apply, grave, tell)


def carry_out_undo(args: Namespace, changes: Changes, number: int) -> int:
    """The same for taking back an entry of the journal."""

    def undo(_plan: Plan, *, confirm_within: float | None) -> Applied:
        return changes.transaction.undo(number, confirm_within=confirm_within)

    return _carry_out(args, changes, changes.transaction.undoing(number), undo, True, say, number)


def _carry_out(
    args: Namespace,
    changes: Changes,
    plan: Plan,
    apply: Callable[..., Applied],
    grave: bool,
    tell: Tell,
    undone: int | None = None,
) -> int:
    risks = changes.risks(plan)
    if args.dry_run:
        say(render_plan(plan) + "".join(map(_risk_line, risks)))
        return 0
    if (risks or grave) and not plan.is_empty and not args.yes and sys.stdin.isatty():
        complain(render_plan(plan))
        complain("".join(map(_risk_line, risks)))
        if not _agreed():
            complain("Nothing was changed.\n")
            return 1
    within = args.confirm_within if args.confirm_within is not None else CONFIRM_WITHIN if risks else 0.0
    with signals_deferred():
        applied = apply(plan, confirm_within=within or None)
    return _report(changes, plan, applied, tell, undone)


def _risk_line(risk: Risk) -> str:
    return f"  ! {printable(risk.text, 400)}\n"


def _agreed() -> bool:
    complain("Apply this? [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _report(changes: Changes, plan: Plan, applied: Applied, tell: Tell, undone: int | None) -> int:
    title = printable(plan.title, 200)
    for note in plan.notes:
        complain(f"wgtui: {printable(note, 400)}\n")
    if applied.number is None:
        tell(f"{title}: nothing was to be done.\n")
        return 0
    number = applied.number
    if number == undone:
        tell(f"{title}: done.\n")  # It was taken back itself, without an entry that could be undone.
        return 0
    tell(f"{title}: done. Take it back with: wgtui undo {number}\n")
    if applied.deadline is None:
        return 0
    left = max(0.0, applied.deadline - time.time())
    tell(f"It is taken back by itself in {left:.0f} seconds unless you confirm it: wgtui confirm {number}\n")
    if not sys.stdin.isatty():
        return 0
    # Keys that were pressed before the change was seen to work confirm nothing.
    termios.tcflush(sys.stdin, termios.TCIFLUSH)
    complain("Press Enter to keep it. ")
    ready, _, _ = select.select([sys.stdin], [], [], left)
    if ready and sys.stdin.readline():
        changes.transaction.confirm(number)
        tell("Kept.\n")
        return 0
    raise WgtuiError(f"Nobody confirmed entry {number}, so it is taken back.")


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Let a change end, or be taken back, before a signal ends this process.

    A hook that runs is ended by the signal, so that one that hangs does not keep the operator waiting.
    """
    caught: list[int] = []
    heeded = [which for which in _SIGNALS if signal.getsignal(which) is not signal.SIG_IGN]
    before = {which: signal.signal(which, lambda number, _: caught.append(number)) for which in heeded}
    try:
        yield
        if caught:
            complain("wgtui: The signal came too late: this was done. See: wgtui journal\n")
    except WgtuiError as error:
        if caught:  # The signal is going to end this process, and nobody else will tell.
            complain(f"wgtui: {printable(str(error), 600)}\n")
        raise
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
        for number in dict.fromkeys(caught):
            signal.raise_signal(number)
