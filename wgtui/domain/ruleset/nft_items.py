"""The values that rules of `nft -j` compare with (libnftables-json(5))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Json = object
"""Anything that JSON can say."""

CATCH_ALL: Final = "*"
"""The element of a set or map that stands for all that no other element holds."""


def as_object(value: Json) -> Mapping[str, Json]:
    """A JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> Sequence[Json]:
    """A JSON array, an empty one for anything else."""
    return value if isinstance(value, list) else ()


def as_text(value: Json) -> str:
    """A JSON string, an empty one for anything else."""
    return value if isinstance(value, str) else ""


def as_number(value: Json) -> int | None:
    """A JSON integer, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Span:
    """A value or a range of values.

    Attributes:
        first: As JSON has it.
        last: The same again for a single value.
        prefix: Length of a prefix of addresses; None where it is none.
    """

    first: str | int
    last: str | int
    prefix: int | None = None


@dataclass
class Named:
    """What a table's rules refer to by name.

    Attributes:
        sets: Elements of sets, by name.
        maps: Elements of verdict maps, by name.
        counters: Packets and bytes of counters, by name.
        chains: Names of chains.
    """

    sets: dict[str, Sequence[Json]] = field(default_factory=dict)
    maps: dict[str, Sequence[Json]] = field(default_factory=dict)
    counters: dict[str, tuple[int, int]] = field(default_factory=dict)
    chains: set[str] = field(default_factory=set)


def span(value: Json) -> Span | None:
    """A value that is no set, None where it is not understood."""
    value = unwrapped(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, str | int):
        return Span(value, value)
    held = as_object(value)
    if "prefix" in held:
        prefix = as_object(held["prefix"])
        address, length = prefix.get("addr"), as_number(prefix.get("len"))
        return Span(address, address, length) if isinstance(address, str) and length is not None else None
    ends = as_list(held.get("range"))
    if len(ends) == 2:
        first, last = ends
        if isinstance(first, str | int) and isinstance(last, str | int):
            return Span(first, last)
    return None


def elements(value: Json, named: Named) -> Sequence[Json] | None:
    """The alternatives on the right side of a comparison, None for a set that is not known."""
    if isinstance(value, str) and value.startswith("@"):
        return named.sets.get(value[1:])
    if isinstance(value, list):
        return value
    held = as_object(value)
    return as_list(held["set"]) if "set" in held else (value,)


def unwrapped(value: Json) -> Json:
    """An element of a set without what is kept beside it (timeout, comment, counter)."""
    held = as_object(value)
    return as_object(held["elem"]).get("val") if "elem" in held else value


def parts(value: Json) -> Sequence[Json]:
    """The parts of a concatenated value; of any other, itself."""
    held = as_object(unwrapped(value))
    return as_list(held["concat"]) if "concat" in held else (unwrapped(value),)
