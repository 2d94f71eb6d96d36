"""`Table`: whether routes are made, and into which table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from wgtui.domain.grammar.finding import Refused, quote
from wgtui.domain.grammar.quick import table_number

_LINE: Final = re.compile(r"\s*(0x[0-9A-Fa-f]+|[0-9]+)\s+([^\s#]+)", re.ASCII)


class TableWord(Enum):
    """The values of `Table` that are no table."""

    OFF = "off"
    """No routes at all."""

    AUTO = "auto"
    """The main table, and the default-route procedure for prefixes of length 0."""


TableChoice = TableWord | int
"""What `Table` says: a word, or the number of the table that takes every route."""


def parse_rt_tables(text: str) -> dict[str, int]:
    """The names of a file of iproute2's `rt_tables`; lines that it would not take are passed over."""
    found = (_LINE.match(line) for line in text.splitlines())
    return {match[2]: int(match[1], 0 if match[1].startswith("0x") else 10) for match in found if match}


def table_choice(text: str, names: Mapping[str, int]) -> TableChoice:
    """What the text of `Table` says. The words are taken in lower case only, as in bash's comparison.

    Args:
        text: As written; empty for automatic.
        names: Numbers by name, of the host's `rt_tables`.

    Raises:
        Refused: It is a name that this host does not know.
    """
    if text in ("", TableWord.AUTO.value):
        return TableWord.AUTO
    if text == TableWord.OFF.value:
        return TableWord.OFF
    number = names.get(text, table_number(text))
    if number is None:
        raise Refused(
            "unknown-table",
            f"This host knows no routing table {quote(text)}.",
            "Write its number, or give the name a number in /etc/iproute2/rt_tables.",
        )
    return number
