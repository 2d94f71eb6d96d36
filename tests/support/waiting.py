"""Waiting for what cannot be waited for in any better way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

import pytest

Result = TypeVar("Result")

_PAUSE: Final = 0.02


def eventually(
    what: str | Callable[[], str], condition: Callable[[], Result], seconds: float = 10.0
) -> Result:
    """Wait until a condition gives something true, and return that.

    Args:
        what: Stands in the failure's text, or makes it then.
        condition: Asked every few hundredths of a second.
        seconds: The deadline.
    """
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > deadline:
            text = what if isinstance(what, str) else what()
            pytest.fail(f"not within {seconds:g} seconds: {text} (last: {result!r})")
        time.sleep(_PAUSE)
    return result
