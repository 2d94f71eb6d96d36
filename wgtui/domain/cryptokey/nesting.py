"""How prefixes of several owners share the addresses: the longest prefix that holds an address has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from wgtui.domain.addresses import Prefix
from wgtui.domain.cryptokey.prefixes import BITS

Who = TypeVar("Who")

RIVALS_NAMED: Final = 4
"""How many of the prefixes that take from one are remembered; all are counted."""


@dataclass(frozen=True, slots=True)
class Share(Generic[Who]):
    """What one prefix leaves to its owner.

    Attributes:
        size: Addresses in the prefix.
        own: Those among them whose longest prefix is of the same owner.
        rivals: The first few longer prefixes of other owners, by address.
        rival_count: How many there are.
    """

    size: int
    own: int
    rivals: tuple[tuple[Prefix, Who], ...]
    rival_count: int


class _Node(Generic[Who]):
    __slots__ = (
        "exclusive",
        "family",
        "last",
        "own",
        "parent",
        "prefix",
        "rival_count",
        "rivals",
        "size",
        "who",
    )

    def __init__(self, prefix: Prefix, first: int, who: Who, parent: _Node[Who] | None) -> None:
        self.prefix = prefix
        self.who = who
        self.parent = parent
        self.family = prefix.version
        self.size = 1 << (BITS[prefix.version] - prefix.prefixlen)
        self.last = first + self.size - 1
        self.exclusive = self.size
        self.own = 0
        self.rivals: list[tuple[Prefix, Who]] = []
        self.rival_count = 0


def shares(items: Sequence[tuple[Prefix, Who]]) -> list[Share[Who]]:
    """The share of every item, in the order given.

    Args:
        items: Different prefixes with their owners.
    """
    order = sorted(
        range(len(items)),
        key=lambda at: (items[at][0].version, int(items[at][0].network_address), items[at][0].prefixlen),
    )
    nodes: dict[int, _Node[Who]] = {}
    around: _Node[Who] | None = None
    for at in order:
        prefix, who = items[at]
        first = int(prefix.network_address)
        while around is not None and (around.family != prefix.version or around.last < first):
            around = around.parent
        around = nodes[at] = _Node(prefix, first, who, around)
    for node in nodes.values():
        if node.parent is not None:
            node.parent.exclusive -= node.size
    for node in nodes.values():
        _give(node)
    return [
        Share(node.size, node.own, tuple(node.rivals), node.rival_count)
        for node in (nodes[at] for at in range(len(items)))
    ]


def _give(node: _Node[Who]) -> None:
    """Count the addresses that no longer prefix holds, for all around them that have the same owner."""
    around: _Node[Who] | None = node
    while around is not None:
        if around.who == node.who:
            around.own += node.exclusive
        else:
            around.rival_count += 1
            if len(around.rivals) < RIVALS_NAMED:
                around.rivals.append((node.prefix, node.who))
        around = around.parent
