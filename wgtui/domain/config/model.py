"""The values of a file."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.config.merge import merge_peers
from wgtui.domain.config.peers import PeerBlock, PeerConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import PrivateKey, PublicKey


@dataclass(frozen=True, slots=True)
class QuickSettings:
    """The keys that only `wg-quick` knows.

    Attributes:
        addresses: Of the link, in order.
        dns_servers: Handed to resolvconf.
        dns_search: Search domains; without a server they have no effect.
        mtu: Bytes; None for automatic.
        table: As written; empty for automatic.
        pre_up: Shell commands, in order, with `%i` for the interface.
        post_up: Likewise.
        pre_down: Likewise.
        post_down: Likewise.
        save_config: Whether `wg-quick down` overwrites the file with the device's state.
    """

    addresses: tuple[InterfaceAddress, ...] = ()
    dns_servers: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    mtu: int | None = None
    table: str = ""
    pre_up: tuple[str, ...] = ()
    post_up: tuple[str, ...] = ()
    pre_down: tuple[str, ...] = ()
    post_down: tuple[str, ...] = ()
    save_config: bool = False


EMPTY_QUICK = QuickSettings()
"""A file without any of them."""


@dataclass(frozen=True, slots=True)
class InterfaceConfig:
    """What a file says about an interface.

    Attributes:
        private_key: As written, unclamped if so; all zero for "remove"; None when the file has none.
        listen_port: 0 for "the system picks"; None when the file has none.
        fwmark: 0 for off; None when the file has none.
        blocks: Every `[Peer]` with a public key, in the file's order.
        quick: The keys of `wg-quick`.
    """

    private_key: PrivateKey | None = None
    listen_port: int | None = None
    fwmark: int | None = None
    blocks: tuple[PeerBlock, ...] = ()
    quick: QuickSettings = EMPTY_QUICK

    def peers(self, own_key: PublicKey | None = None) -> tuple[PeerConfig, ...]:
        """The peers that a device has once the file is set on it, in the order of their first blocks.

        Args:
            own_key: The interface's own public key, when it is known: a peer with that key is ignored
                by every implementation, allowed IPs and all.
        """
        return merge_peers(self.blocks, own_key)
