"""Commands in a terminal, where a change is agreed to before and kept after."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Sequence

from tests.netns.operator_rig import Operator, environment


def type_in_terminal(operator: Operator, words: Sequence[str], answers: dict[str, str]) -> tuple[int, str]:
    """A command in a terminal of its own.

    Args:
        operator: Who types it.
        words: The command.
        answers: What is typed when something is asked, by the end of the question.

    Returns:
        The exit code, and what stood on the screen.
    """
    ours, theirs = pty.openpty()
    left, screen = dict(answers), ""
    with subprocess.Popen(
        operator.command(*words), stdin=theirs, stdout=theirs, stderr=theirs, env=environment()
    ) as process:
        os.close(theirs)
        while piece := _read(ours):
            screen += piece.decode()
            for question in [question for question in left if question in screen]:
                os.write(ours, left.pop(question).encode())
    os.close(ours)
    return process.returncode, screen


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""  # The other side is closed.


def states(operator: Operator) -> list[str]:
    """How the entries of the journal stand, the newest first."""
    return [entry["state"] for entry in json.loads(operator.type("journal", "--json"))["entries"]]


def test_enter_keeps_the_change(operator: Operator) -> None:
    waits = ("up", "wg7", "--confirm-within", "60")
    code, screen = type_in_terminal(operator, waits, {"Press Enter to keep it. ": "\n"})
    assert (code, states(operator)) == (0, ["applied"])
    assert "Kept." in screen


def test_keys_of_before_keep_nothing(operator: Operator) -> None:
    removal = ("peer", "remove", "wg7", "bob", "--confirm-within", "2")
    code, screen = type_in_terminal(operator, removal, {"[y/N] ": "y\n\n\n"})
    assert code == 1
    assert "Nobody confirmed entry 1" in screen


def test_nothing_is_done_without_agreement(operator: Operator) -> None:
    before = operator.state()
    for answer in ("n\n", "\n", "\x04"):
        code, screen = type_in_terminal(operator, ("peer", "remove", "wg7", "bob"), {"[y/N] ": answer})
        assert code == 1
        assert "Nothing was changed." in screen
    assert (operator.state(), states(operator)) == (before, [])
