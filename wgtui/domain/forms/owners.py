"""Who owns which prefix, asked while somebody types."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from wgtui.domain.addresses import Prefix
from wgtui.domain.keys import PublicKey
from wgtui.domain.text import printable


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another peer of the same interface.

    Attributes:
        public_key: Its identity.
        name: As the file has it; may be empty.
        allowed_ips: What it owns.
        enabled: Whether it is not switched off in the file.
        in_file: False for one that only the running interface has.
    """

    public_key: PublicKey
    name: str = ""
    allowed_ips: tuple[Prefix, ...] = ()
    enabled: bool = True
    in_file: bool = True

    @property
    def label(self) -> str:
        """Its name, made printable and short; the start of its key where it has none."""
        return printable(self.name, 32) if self.name else f"the peer {self.public_key.short()}"


Owned = tuple[Prefix, Neighbour]
"""A prefix and its owner."""

_Key = tuple[int, int, int]


class PrefixOwners:
    """The prefixes of many peers. Each question takes a time that hardly depends on their number."""

    def __init__(self, peers: Iterable[Neighbour]) -> None:
        """Index peers; of those that name the same prefix, the last one that is enabled owns it."""
        in_order = sorted(peers, key=lambda peer: peer.enabled)
        self._owned: dict[_Key, Owned] = {
            _key(prefix): (prefix, peer) for peer in in_order for prefix in peer.allowed_ips
        }
        self._keys = sorted(self._owned)

    def owner(self, prefix: Prefix) -> Neighbour | None:
        """Who has exactly this prefix."""
        found = self._owned.get(_key(prefix))
        return found[1] if found else None

    def around(self, prefix: Prefix) -> Owned | None:
        """The longest prefix that contains this one and is neither it nor a default route."""
        number, bits = int(prefix.network_address), prefix.max_prefixlen
        for length in range(prefix.prefixlen - 1, 0, -1):
            shift = bits - length
            found = self._owned.get((prefix.version, number >> shift << shift, length))
            if found:
                return found
        return None

    def inside(self, prefix: Prefix) -> tuple[Owned, ...]:
        """The prefixes that this one contains, without itself, in numerical order."""
        version, end = prefix.version, int(prefix.broadcast_address)
        first = bisect_left(self._keys, (version, int(prefix.network_address), prefix.prefixlen + 1))
        last = bisect_left(self._keys, (version, end + 1, 0))
        return tuple(self._owned[key] for key in self._keys[first:last])


def _key(prefix: Prefix) -> _Key:
    return prefix.version, int(prefix.network_address), prefix.prefixlen
