"""Randomness."""

from __future__ import annotations

from typing import Protocol


class Entropy(Protocol):
    """A source of random bytes that nobody can foresee."""

    def __call__(self, count: int, /) -> bytes:
        """That many bytes."""
        ...
