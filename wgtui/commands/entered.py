"""Values from the command line, read and judged as the forms do it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forms import Entered, Level, Problem
from wgtui.streams import complain

_Value = TypeVar("_Value")


def value_of(entered: Entered[_Value]) -> _Value:
    """The value; raises `WgtuiError` where the text is refused."""
    judge(entered.problems)
    assert entered.value is not None
    return entered.value


def judge(problems: Iterable[Problem]) -> None:
    """Tell of what is only remarkable, and raise `WgtuiError` for the first error."""
    for problem in problems:
        if problem.severity is Level.ERROR:
            raise WgtuiError(problem.text, hint=problem.hint)
        complain(f"wgtui: {problem.text} {problem.hint}".rstrip() + "\n")
