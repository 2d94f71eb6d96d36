"""`SaveConfig`: a file brought up to date with a running interface, without losing what the file is.

Unlike `wg-quick save`, which writes a new file, this changes what differs. Comments, names, order, host names
and DNS servers stay, and so do disabled peers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig, InterfaceConfig, PeerConfig
from wgtui.domain.device import Device, Peer
from wgtui.domain.editing import (
    NO_PRESHARED_KEY,
    InterfaceEdit,
    PeerEdit,
    add_peer,
    edit_interface,
    edit_peer,
    enable_peer,
    find_peer,
    remove_peer,
)
from wgtui.domain.grammar.quick import SMALLEST_MTU_FOR_IPV6, InterfaceAddress
from wgtui.domain.keys import PublicKey
from wgtui.domain.wgquick import Document


@dataclass(frozen=True, slots=True)
class Running:
    """A running interface.

    Attributes:
        device: What WireGuard reports.
        addresses: Of its link, without those that the kernel or hooks gave it.
        mtu: Of its link, in bytes.
        automatic_marks: Those that a default route may have set.
    """

    device: Device
    addresses: Sequence[InterfaceAddress]
    mtu: int
    automatic_marks: Collection[int] = ()


def brought_up_to_date(
    document: Document,
    config: InterfaceConfig,
    running: Running,
    endpoints: Mapping[EndpointConfig, Endpoint | None],
) -> Document:
    """The file with what the interface has now.

    Args:
        document: The file.
        config: What it says.
        running: The interface.
        endpoints: The file's endpoints, looked up. A name stays while it leads to the peer's endpoint, or
            to nowhere.

    Raises:
        EditRefused: The file cannot be edited without guessing.
        InvalidValue: A value does not fit into a line.
    """
    document = edit_interface(document, _interface_edit(config, running))
    own_key = running.device.public_key
    said = {peer.public_key: peer for peer in config.peers(own_key)}
    present = {peer.public_key: peer for peer in running.device.peers}
    for key in said.keys() - present.keys():
        document = remove_peer(document, key)
    for key, peer in present.items():
        if key in said:
            edit = _peer_edit(said[key], peer, endpoints)
            document = document if edit == PeerEdit() else edit_peer(document, key, edit)
        else:
            document = _with_peer(document, key, peer)
    return document


def _interface_edit(config: InterfaceConfig, running: Running) -> InterfaceEdit:
    device, quick = running.device, config.quick
    key = config.private_key.clamped() if config.private_key else None
    # Where the file has no key, a hook sets it, and keeps it elsewhere for a reason.
    same_key = key is None or device.private_key is None or key == device.private_key
    mark = config.fwmark or 0
    same_mark = device.fwmark == mark or (not mark and device.fwmark in running.automatic_marks)
    addresses = _addresses(quick.addresses, running)
    return InterfaceEdit(
        private_key=None if same_key else device.private_key,
        listen_port=device.listen_port if device.listen_port not in (0, config.listen_port) else None,
        fwmark=None if same_mark else device.fwmark,
        addresses=None if set(addresses) == set(quick.addresses) else addresses,
        mtu=None if quick.mtu in (None, running.mtu) else running.mtu,
    )


def _addresses(said: Sequence[InterfaceAddress], running: Running) -> tuple[InterfaceAddress, ...]:
    """The addresses for the file: those of it that stay, then new ones."""
    has_ipv6 = running.mtu >= SMALLEST_MTU_FOR_IPV6
    kept = (
        address
        for address in said
        if address in running.addresses or not int(address.ip) or (address.version == 6 and not has_ipv6)
    )
    return tuple(dict.fromkeys((*kept, *running.addresses)))


def _peer_edit(said: PeerConfig, peer: Peer, endpoints: Mapping[EndpointConfig, Endpoint | None]) -> PeerEdit:
    same_secret = said.preshared_key == peer.preshared_key
    same_prefixes = set(said.allowed_ips) == set(peer.allowed_ips)
    same_interval = said.persistent_keepalive == peer.persistent_keepalive
    found = endpoints.get(said.endpoint) if said.endpoint else None
    stays = peer.endpoint is None or found == peer.endpoint or (said.endpoint is not None and found is None)
    return PeerEdit(
        preshared_key=None if same_secret else peer.preshared_key or NO_PRESHARED_KEY,
        allowed_ips=None if same_prefixes else peer.allowed_ips,
        endpoint=None if stays else _written(peer.endpoint),
        persistent_keepalive=None if same_interval else peer.persistent_keepalive,
    )


def _with_peer(document: Document, key: PublicKey, peer: Peer) -> Document:
    edit = PeerEdit(
        preshared_key=peer.preshared_key or NO_PRESHARED_KEY,
        allowed_ips=peer.allowed_ips,
        endpoint=_written(peer.endpoint),
        persistent_keepalive=peer.persistent_keepalive,
    )
    if find_peer(document, key) is None:
        return add_peer(document, replace(edit, public_key=key))
    return edit_peer(enable_peer(document, key), key, edit)


def _written(endpoint: Endpoint | None) -> EndpointConfig | None:
    if endpoint is None:
        return None
    scope = f"%{endpoint.scope_id}" if endpoint.scope_id else ""
    return EndpointConfig(f"{endpoint.address}{scope}", endpoint.port)
