"""Keys for the setup wizard, typed in tmux by somebody who reads the screen before the next one."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.support.tmux import Tmux

_MOST_FIELDS = 40


class Wizard:
    """The wizard in a window of tmux.

    Args:
        tmux: The window.
    """

    def __init__(self, tmux: Tmux) -> None:
        self.tmux = tmux

    def start(self, *words: str) -> None:
        """Type `wgtui` in the shell."""
        self.tmux.type(" ".join(("wgtui", *words)))
        self.tmux.press("Enter")

    def on_page(self, number: int, of: int = 6) -> str:
        """Wait for a page; returns the window's text."""
        return self.tmux.wait_for(f"Setup, {number} of {of}:")

    def next_page(self, number: int, of: int = 6) -> None:
        """Go on from a page to the one after it."""
        self.on_page(number, of)
        self.tmux.press("C-n")
        self.on_page(number + 1, of)

    def page_before(self, number: int) -> str:
        """Go back to a page; returns the window's text."""
        self.tmux.press("C-o")
        return self.on_page(number)

    def focus(self, label: str) -> None:
        """Go to a field by its label, with as many tabs as it takes."""
        for _ in range(_MOST_FIELDS):
            here = _focused(self.tmux.text)
            if here.startswith(label):
                return
            # From the buttons, which bear no mark, to the first field.
            self.tmux.press("Tab")
            self.tmux.wait_for(_differs(here))
        raise AssertionError(f"no field {label}\n{self.tmux.text}")

    def fill(self, label: str, value: str) -> None:
        """Type a value in place of what a field holds."""
        self.focus(label)
        self.tmux.press("End", "C-u")
        self.tmux.type(value)
        self.tmux.wait_for(lambda text: re.sub(r"\s+", " ", _focused(text)).strip() == f"{label} {value}")

    def switch_on(self, label: str) -> None:
        """Switch a field on that is off."""
        self.focus(label)
        self.tmux.press("Space")
        self.tmux.wait_for(lambda text: "[x]" in _focused(text))

    def add_peer(self, number: int, role: str, **fields: str) -> None:
        """Add a peer on the page of peers.

        Args:
            number: Its place, from 1.
            role: As the form has it.
            fields: Values by labels, in which `_` stands for a blank.
        """
        self.on_page(5)
        self.open_form(f"Peer {number} of {number}")
        self.choose_role(role)
        for label, value in fields.items():
            self.fill(label.replace("_", " "), value)
        self.tmux.press("C-s")
        self.tmux.wait_for(f"{fields['Name']}  {role}")

    def open_form(self, title: str) -> None:
        """Open the form of a new peer, and wait until it has the focus: a tab before that goes too far."""
        self.tmux.press("a")
        self.tmux.wait_for(lambda text: title in text and _focused(text))

    def choose_role(self, role: str) -> None:
        """Choose a role in the form of a peer."""
        self.focus("Role")
        for _ in range(3):
            here = self.tmux.text
            if f"(●) {role}" in _focused(here):
                return
            self.tmux.press("Right")
            self.tmux.wait_for(_differs(_focused(here)))
        raise AssertionError(f"no role {role}\n{self.tmux.text}")


def _focused(text: str) -> str:
    """The line of the field that has the focus, without its mark; empty for none."""
    return next((line[1:] for line in text.splitlines() if line.startswith("▌")), "")


def _differs(line: str) -> Callable[[str], bool]:
    return lambda text: _focused(text) != line
