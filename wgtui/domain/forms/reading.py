"""From a field's text to its value, with the grammar's refusals and remarks as problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from wgtui.domain.forms.problem import Entered, Field, Level, Problem
from wgtui.domain.grammar.finding import Note, Refused

_LEVELS: Final = {
    "port-wraps": Level.ERROR,
    "endpoint-port-zero": Level.ERROR,
    "endpoint-any": Level.ERROR,
    "endpoint-unbracketed": Level.ERROR,
    "mtu-out-of-range": Level.ERROR,
    "dns-glob": Level.ERROR,
    "dns-odd-server": Level.ERROR,
    "address-unspecified": Level.ERROR,
    "allowed-ip-signed": Level.ERROR,
    "private-key-zero": Level.ERROR,
    "allowed-ip-host-bits": Level.WARNING,
}
"""How bad in a form is what a file may have. All others are notes: the value is taken as they say."""

_Value = TypeVar("_Value")


def enter(field: Field, text: str, read: Callable[[str, Note], _Value]) -> Entered[_Value]:
    """Read a field.

    Args:
        field: Which one.
        text: As typed or pasted; whitespace around it does not count.
        read: Gives the value of a text without whitespace around it; raises `Refused`.
    """
    problems: list[Problem] = []

    def note(code: str, sentence: str, hint: str, at: int) -> None:
        problems.append(Problem(field, sentence, _LEVELS.get(code, Level.NOTE), hint))

    try:
        value = read(as_bytes(text.strip()), note)
    except Refused as error:
        return Entered(None, (Problem(field, str(error), Level.ERROR, error.hint),))
    refusals = [problem for problem in problems if problem.severity is Level.ERROR]
    return Entered(None, (refusals[0],)) if refusals else Entered(value, tuple(problems))


def as_bytes(text: str) -> str:
    """Text as the grammar takes it: one character for each byte of its UTF-8 form."""
    return text.encode("utf-8", "replace").decode("latin-1")


def as_text(value: str) -> str:
    """The other way round."""
    return value.encode("latin-1").decode("utf-8", "replace")
