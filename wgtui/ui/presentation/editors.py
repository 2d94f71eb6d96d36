"""The words of the editors, and texts that stay what they were unless they are changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final, TypeVar

from wgtui.domain.forms import Entered
from wgtui.domain.text import printable

ALLOWED_IPS_RULE: Final = "On the relay, allowed IPs are what belongs to this peer."
"""The rule, where it is edited."""

_LINE: Final = 4000
"""The most characters of one line of a field."""

Value = TypeVar("Value")
Read = Callable[[str], Entered[Value]]
"""Turns what is typed into a value."""


class Role(Enum):
    """What a new peer is to be."""

    ROAMING = "roaming device"
    GATEWAY = "LAN gateway"
    PLAIN = "plain"


ROLE_HINTS: Final = {
    Role.ROAMING: "A phone or a laptop: it calls this relay from anywhere and has one address in the tunnel.",
    Role.GATEWAY: "A router: besides its address in the tunnel, the networks behind it belong to it.",
    Role.PLAIN: "Any other peer: all of its fields by hand.",
}
"""A sentence about each role."""


class KeyOrigin(Enum):
    """Where the keys of a new peer come from."""

    MADE = "made here"
    PASTED = "its own"


KEY_HINTS: Final = {
    KeyOrigin.MADE: "Its keys are made here, and its own file is written, for you to hand over.",
    KeyOrigin.PASTED: "It keeps its private key: paste the public one.",
}
"""A sentence about each origin."""


def shown(text: str) -> str:
    """A value of a file as one line of a field: whatever it holds, it can be printed."""
    return printable(text, _LINE)


def kept(text: str, value: Value, read: Read[Value]) -> Read[Value]:
    """A reader that gives the very value it began with while nothing is typed.

    Files hold what no form would take, such as a name with control characters: it does not stand in the way
    of other changes, and is not changed by them.

    Args:
        text: What the field shows at first.
        value: What that stands for.
        read: For everything else.
    """

    def reader(typed: str) -> Entered[Value]:
        return Entered(value) if typed == text else read(typed)

    return reader


def kept_lines(values: Iterable[str], read: Read[tuple[str, ...]]) -> Read[tuple[str, ...]]:
    """The same for values with a line each: lines that are not touched stand for their values.

    Args:
        values: One a line.
        read: Reads any other line.
    """
    before = {shown(value): value for value in values}

    def reader(typed: str) -> Entered[tuple[str, ...]]:
        lines = typed.split("\n")
        entered: list[Entered[tuple[str, ...]]] = [
            Entered((before[line],)) if line in before else read(line) for line in lines
        ]
        refused = next((one for one in entered if one.value is None), None)
        if refused is not None:
            return refused
        problems = dict.fromkeys(problem for one in entered for problem in one.problems)
        return Entered(tuple(value for one in entered for value in one.value or ()), tuple(problems))

    return reader


def joined(values: Iterable[object]) -> str:
    """A list as the text of a field."""
    return ", ".join(map(str, values))
