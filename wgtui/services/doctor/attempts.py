"""Reads that may fail: what could not be read is told, and the examination goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from wgtui.domain.doctor import DoctorFinding, Severity
from wgtui.domain.errors import WgtuiError
from wgtui.domain.text import printable

Value = TypeVar("Value")


class Attempts:
    """Keeps what could not be read, as findings."""

    def __init__(self) -> None:
        self.failed: list[DoctorFinding] = []
        """One a failure; equal ones once."""

    def read(self, what: str, read: Callable[[], Value], otherwise: Value, interface: str = "") -> Value:
        """What is read, or the other value where that fails.

        Args:
            what: Names it in a sentence: `the routes`.
            read: Reads it.
            otherwise: Stands in its place.
            interface: Whose it is.
        """
        try:
            return read()
        except WgtuiError as error:
            self._keep(f"{what[0].upper()}{what[1:]} could not be read. {error.text}", error.hint, interface)
        except Exception as error:
            text = f"Looking at {what} failed inside wgtui ({type(error).__name__})."
            self._keep(text, "This is a bug: please report it.", interface)
        return otherwise

    def _keep(self, text: str, command: str, interface: str) -> None:
        found = DoctorFinding(
            "not-read",
            Severity.WARNING,
            printable(text, 600),
            "What depends on it was not examined.",
            interface,
            certain=False,
            command=printable(command, 300),
        )
        if found not in self.failed:
            self.failed.append(found)
