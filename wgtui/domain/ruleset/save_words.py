"""A line of `iptables-save` as words, and the words as options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_ONE_VALUE: Final = frozenset(
    [
        "-A",
        "-s",
        "-d",
        "-i",
        "-o",
        "-p",
        "-m",
        "-j",
        "-g",
        "--comment",
        "--ctstate",
        "--state",
        "--mark",
        "--dport",
        "--sport",
        "--dports",
        "--sports",
        "--ports",
        "--src-type",
        "--dst-type",
        "--icmp-type",
        "--icmpv6-type",
        "--src-range",
        "--dst-range",
        "--log-prefix",
        "--nflog-prefix",
        "--to-destination",
        "--to-source",
        "--to-ports",
        "--reject-with",
        "--set-xmark",
        "--set-mark",
        "--limit",
        "--limit-burst",
    ]
)
"""Options with one value, which may look like an option itself: `--comment -j` is written without quotes."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a rule.

    Attributes:
        name: With its dashes.
        values: What follows it.
        negated: Whether `!` stands before it.
    """

    name: str
    values: tuple[str, ...] = ()
    negated: bool = False

    @property
    def value(self) -> str:
        """The first value, or empty."""
        return self.values[0] if self.values else ""

    @property
    def text(self) -> str:
        """It as one line."""
        return " ".join((*(("!",) if self.negated else ()), self.name, *self.values))


def is_complete(line: str) -> bool:
    """Whether no quoted word of a line goes on in the next one, as a comment with a line break does."""
    if "\\" not in line:
        return line.count('"') % 2 == 0
    quoted = False
    escaped = False
    for character in line:
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
    return not quoted


def words(line: str) -> list[str]:
    r"""The words of a line.

    Words with other characters than letters, digits, `-` and `_` are in double quotes, in which `\` stands
    before `"`, `'` and `\` (iptables `libxtables/xtables.c`: `xtables_save_string`).
    """
    found: list[str] = []
    word: list[str] = []
    quoted = escaped = started = False
    for character in line:
        if escaped:
            word.append(character)
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
            started = True
        elif character in " \t\n" and not quoted:
            if started:
                found.append("".join(word))
            word, started = [], False
        else:
            word.append(character)
            started = True
    if started:
        found.append("".join(word))
    return found


def options(given: Sequence[str]) -> Iterator[Option]:
    """The options that words make; words that belong to none are left out."""
    place = 0
    negated = False
    while place < len(given):
        name = given[place]
        place += 1
        if name == "!":
            negated = True
            continue
        if not name.startswith("-"):
            continue
        start = place
        if name in _ONE_VALUE:
            place = min(place + 1, len(given))
        else:
            while place < len(given) and given[place] != "!" and not given[place].startswith("-"):
                place += 1
        yield Option(name, tuple(given[start:place]), negated)
        negated = False
