"""Prefixes looked up by what contains them and by what they contain."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeVar

from wgtui.domain.addresses import Address, Prefix

Value = TypeVar("Value")

BITS: Final = {4: 32, 6: 128}
"""Bits of an address, by family."""

_LONGER: Final = 129


class PrefixMap(Generic[Value]):
    """Values by prefix, of both families, built once.

    A look-up costs one dictionary access for each prefix length that occurs, of which there are few.
    """

    def __init__(self, items: Iterable[tuple[Prefix, Value]]) -> None:
        """Hold the items; of two with the same prefix the later one stays."""
        self._tables: dict[int, dict[int, dict[int, tuple[Prefix, Value]]]] = {4: {}, 6: {}}
        for prefix, value in items:
            length, first = prefix.prefixlen, int(prefix.network_address)
            table = self._tables[prefix.version].setdefault(length, {})
            table[first >> (BITS[prefix.version] - length)] = (prefix, value)
        self._lengths = {family: sorted(tables, reverse=True) for family, tables in self._tables.items()}
        self._sorted: dict[int, list[tuple[int, int]]] = {}

    def covering(self, prefix: Prefix) -> Iterator[tuple[Prefix, Value]]:
        """What contains the whole prefix, itself included, longest first."""
        family, own = prefix.version, prefix.prefixlen
        first, bits, tables = int(prefix.network_address), BITS[prefix.version], self._tables[prefix.version]
        for length in self._lengths[family]:
            if length <= own:
                found = tables[length].get(first >> (bits - length))
                if found is not None:
                    yield found

    def longest(self, prefix: Prefix) -> tuple[Prefix, Value] | None:
        """The longest of `covering`."""
        return next(self.covering(prefix), None)

    def holding(self, address: Address) -> Iterator[tuple[Prefix, Value]]:
        """What contains an address, longest first."""
        first, bits, tables = int(address), BITS[address.version], self._tables[address.version]
        for length in self._lengths[address.version]:
            found = tables[length].get(first >> (bits - length))
            if found is not None:
                yield found

    def get(self, prefix: Prefix) -> Value | None:
        """The value at exactly this prefix."""
        table = self._tables[prefix.version].get(prefix.prefixlen, {})
        shift = BITS[prefix.version] - prefix.prefixlen
        found = table.get(int(prefix.network_address) >> shift)
        return None if found is None else found[1]

    def inside(self, prefix: Prefix) -> Iterator[tuple[Prefix, Value]]:
        """What the prefix contains, itself left out, by address and length."""
        family, own = prefix.version, prefix.prefixlen
        bits, first = BITS[family], int(prefix.network_address)
        if own == bits:
            return
        last = first + (1 << (bits - own)) - 1
        order = self._order(family)
        start = bisect_left(order, (first, own + 1))
        stop = bisect_right(order, (last, _LONGER))
        for place in range(start, stop):
            at, length = order[place]
            yield self._tables[family][length][at >> (bits - length)]

    def items(self) -> Iterator[tuple[Prefix, Value]]:
        """Everything, by family, address and length."""
        for family in (4, 6):
            for at, length in self._order(family):
                yield self._tables[family][length][at >> (BITS[family] - length)]

    def _order(self, family: int) -> list[tuple[int, int]]:
        order = self._sorted.get(family)
        if order is None:
            bits = BITS[family]
            order = self._sorted[family] = sorted(
                (key << (bits - length), length)
                for length, table in self._tables[family].items()
                for key in table
            )
        return order
