"""The peer table's contents: which peers, in which order, and which one is selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wgtui.domain.keys import PublicKey
from wgtui.domain.names import name_order
from wgtui.domain.snapshot import PeerState
from wgtui.ui.presentation.peer_columns import COLUMN_BY_NAME
from wgtui.ui.presentation.row_list import RowList


class PeerList(RowList[PeerState]):
    """Peers; the selected one is known by its public key."""

    def __init__(self) -> None:
        """Start empty, sorted by state."""
        super().__init__("state")
        self._peers: Sequence[PeerState] = ()
        self._now = 0.0
        self._keys: list[PublicKey] = []
        self._names: list[str] = []
        self._by_name: list[int] = []
        self._haystacks: dict[PublicKey, tuple[object, object, str, str]] = {}

    def update(self, peers: Sequence[PeerState], now: float) -> None:
        """Take new states at a time in Unix seconds."""
        self._peers, self._now = peers, now
        self.total = len(peers)
        keys = [state.peer.public_key for state in peers]
        names = [state.name for state in peers]
        if keys != self._keys or names != self._names:
            self._rank(keys, names)
        self._arrange()

    def _rank(self, keys: list[PublicKey], names: list[str]) -> None:
        """Order peers by name. When names come at last, the first row is selected, unless somebody chose."""
        named, self._keys, self._names = any(self._names), keys, names
        orders = [name_order(name, key) for name, key in zip(names, keys, strict=True)]
        self._by_name = sorted(range(len(keys)), key=orders.__getitem__)
        if self._haystacks:
            self._haystacks = {key: self._haystacks[key] for key in keys if key in self._haystacks}
        if any(names) and not (named or self._chosen):
            self._wanted, self.cursor = None, 0

    def _arrange(self) -> None:
        peers = self._peers
        rows = [peers[place] for place in self._by_name]
        words = self.filter.casefold().split()
        if words:
            rows = [state for state in rows if self._matches(state, words)]
        now = self._now
        if self.sort_name == "name":
            if self.descending:
                rows.reverse()
        else:
            order = COLUMN_BY_NAME[self.sort_name].order
            keyed: list[tuple[Any, int]] = [(order(state, now), rank) for rank, state in enumerate(rows)]
            # Ties stay in the order of names whichever way the column is sorted.
            keyed.sort(key=lambda item: item[0], reverse=self.descending)
            rows = [rows[rank] for _, rank in keyed]
        self.rows = rows
        self._find()

    def _identity(self, row: PeerState) -> PublicKey:
        return row.peer.public_key

    def _matches(self, state: PeerState, words: list[str]) -> bool:
        peer = state.peer
        known = self._haystacks.get(peer.public_key)
        if (
            known is None
            or known[0] is not peer.allowed_ips
            or known[1] != peer.endpoint
            or known[2] != state.name
        ):
            text = " ".join(
                (state.name, str(peer.public_key), str(peer.endpoint or ""), *map(str, peer.allowed_ips))
            )
            known = (peer.allowed_ips, peer.endpoint, state.name, text.casefold())
            self._haystacks[peer.public_key] = known
        return all(word in known[3] for word in words)
