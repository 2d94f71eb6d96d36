"""A file for an interface that runs without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wgtui.domain.device import Device
from wgtui.domain.drift.peers import peer_edit
from wgtui.domain.editing import InterfaceEdit, add_peer, new_interface
from wgtui.domain.errors import DeviceGone, EditRefused
from wgtui.domain.host import FileImage
from wgtui.domain.network import PROTOCOL_KERNEL
from wgtui.domain.plan import Plan, SetFile
from wgtui.domain.tunnel import TableWord, connected_prefixes, default_families, tunnel_routes
from wgtui.domain.wgquick import Document, parse
from wgtui.services.editing import ConfigEditor
from wgtui.services.interfaces import PlannerContext, Source, accepted_config
from wgtui.services.interfaces.facts import mtu_for


def plan_adopting(editor: ConfigEditor, interface: str) -> Plan:
    """Write the file that makes an interface as it is: keys, port, addresses, peers, all of it.

    Raises:
        DeviceGone: It is not up.
        EditRefused: It has a file.
        WgtuiError: The host cannot be read.
    """
    context, path = editor.context, editor.path(interface)
    if context.host.files.read(path) is not None:
        raise EditRefused(f"{interface} has the file {path} already.", hint="Look at what differs from it.")
    if interface not in context.host.wireguard.names():
        raise DeviceGone(f"{interface} is not up, so there is nothing to write.")
    device = context.host.wireguard.read(interface)
    edit, notes = _interface_edit(context, device)
    content = b"".join(_lines(edit, device))
    accepted_config(context, Source(interface, path, content))
    return Plan(
        f"Write a file of {interface} from what runs", (SetFile(path, None, FileImage(content)),), notes
    )


def _lines(edit: InterfaceEdit, device: Device) -> Iterator[bytes]:
    yield bytes(new_interface(edit))
    empty: Document = parse(b"")
    for peer in device.peers:
        yield b"\n"
        yield bytes(add_peer(empty, replace(peer_edit(peer), public_key=peer.public_key)))


def _interface_edit(context: PlannerContext, device: Device) -> tuple[InterfaceEdit, tuple[str, ...]]:
    network, name = context.host.network, device.name
    link = network.link(name)
    if link is None:
        raise DeviceGone(f"{name} vanished.")
    addresses = [address for address in network.addresses(name) if not address.kernel_made]
    endpoints = [peer.endpoint for peer in device.peers if peer.endpoint is not None]
    prefixes = [prefix for peer in device.peers for prefix in peer.allowed_ips]
    routes = [route for route in network.routes(link=name) if route.protocol != PROTOCOL_KERNEL]
    wanted = tunnel_routes(prefixes, name, TableWord.AUTO, connected_prefixes(addresses))
    has_none = bool(wanted or default_families(prefixes, TableWord.AUTO)) and not routes
    tables = {route.table for route in routes if not route.destination.prefixlen}
    edit = InterfaceEdit(
        private_key=device.private_key,
        addresses=tuple(address.interface for address in addresses),
        listen_port=device.listen_port,
        mtu=0 if link.mtu == mtu_for(context, endpoints) else link.mtu,
        table=TableWord.OFF.value if has_none else None,
        fwmark=None if device.fwmark in tables else device.fwmark,
    )
    note = "No allowed IP has a route now, so the file says Table = off and leaves it at that."
    return edit, (note,) if has_none else ()
