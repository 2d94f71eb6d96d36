"""What to change in a file. `None` leaves a field as it is; an empty or zero value clears it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, TypeVar

from wgtui.domain.addresses import Prefix
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import KEY_BYTES, PresharedKey, PrivateKey, PublicKey

NO_ENDPOINT: Final = EndpointConfig("", 0)
"""Clears the endpoint in the file. The device keeps the one it has: no protocol element removes it."""

NO_PRESHARED_KEY: Final = PresharedKey(bytes(KEY_BYTES))
"""Clears the preshared key."""

NO_PRIVATE_KEY: Final = PrivateKey(bytes(KEY_BYTES))
"""Clears the private key."""


@dataclass(frozen=True, slots=True)
class PeerEdit:
    """A change to one peer of a file, or a new peer.

    Attributes:
        name: One line of text; empty for none.
        public_key: Another key for the same peer. Cannot be cleared.
        preshared_key: `NO_PRESHARED_KEY` clears it.
        allowed_ips: The whole list.
        endpoint: `NO_ENDPOINT` clears it.
        persistent_keepalive: Seconds, 0 for off.
    """

    name: str | None = None
    public_key: PublicKey | None = None
    preshared_key: PresharedKey | None = None
    allowed_ips: tuple[Prefix, ...] | None = None
    endpoint: EndpointConfig | None = None
    persistent_keepalive: int | None = None


@dataclass(frozen=True, slots=True)
class InterfaceEdit:
    """A change to the `[Interface]` of a file, or a new file.

    Attributes:
        private_key: `NO_PRIVATE_KEY` clears it.
        addresses: The whole list, in order.
        listen_port: 0 for "the system picks".
        mtu: Bytes, 0 for automatic.
        dns_servers: Addresses, in order.
        dns_search: Search domains, in order.
        table: Empty for automatic.
        fwmark: 0 for off.
        pre_up: Shell commands in order, one line each; bytes that are not UTF-8 as lone surrogates.
        post_up: Likewise.
        pre_down: Likewise.
        post_down: Likewise.
        save_config: Whether `wg-quick down` overwrites the file.
    """

    private_key: PrivateKey | None = None
    addresses: tuple[InterfaceAddress, ...] | None = None
    listen_port: int | None = None
    mtu: int | None = None
    dns_servers: tuple[str, ...] | None = None
    dns_search: tuple[str, ...] | None = None
    table: str | None = None
    fwmark: int | None = None
    pre_up: tuple[str, ...] | None = None
    post_up: tuple[str, ...] | None = None
    pre_down: tuple[str, ...] | None = None
    post_down: tuple[str, ...] | None = None
    save_config: bool | None = None


_Edit = TypeVar("_Edit", PeerEdit, InterfaceEdit)


def only_changes(before: _Edit, after: _Edit) -> _Edit:
    """The fields of `after` that differ from `before`; all others are None.

    A form that was opened with all values edits no more than what was changed in it.
    """
    values = {field.name: getattr(after, field.name) for field in fields(after)}
    changed = {name: value for name, value in values.items() if value != getattr(before, name)}
    return type(after)(**changed)
