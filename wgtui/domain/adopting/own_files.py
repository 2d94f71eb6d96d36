"""Files of peers and of keys, whoever wrote them."""

from __future__ import annotations

import re
from typing import Final

from wgtui.domain.adopting.records import ClientRecord, OwnSide, ServerRecord, Told
from wgtui.domain.adopting.values import (
    dns_from,
    endpoint_from,
    integer_from,
    key_from,
    mtu_from,
    name_from,
    prefixes_from,
)
from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.wgquick import parse

NYR: Final = "wireguard-install by Nyr"

_ASSIGNMENT: Final = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_KEY_FILE: Final = 200
"""Bytes; a file with one key is not larger, whatever stands around it."""


def read_client_file(tool: str, path: str, data: bytes) -> Told:
    """A peer's own wg-quick file. One without a private key, or that calls nobody, tells nothing.

    wgtui's own are peers' files even where nobody knows yet where the relay is called.
    """
    config = read_config(parse(data)).config
    calls = tool == "wgtui" or any(block.endpoint is not None for block in config.blocks)
    if config.private_key is None or config.private_key.is_zero or not calls:
        return Told()
    record = ClientRecord(
        tool, path, _stem(path, tool), private_key=config.private_key, side=side_of(config), content=data
    )
    return Told((record,))


def side_of(config: InterfaceConfig, relay: PublicKey | None = None) -> OwnSide:
    """What a peer's own file says.

    Args:
        config: The file.
        relay: Which of its peers is the relay; None for all of them.
    """
    peers = [peer for peer in config.peers() if relay in (None, peer.public_key)]
    endpoints = [peer.endpoint for peer in peers if peer.endpoint is not None]
    return OwnSide(
        config.quick.addresses,
        config.quick.dns_servers,
        config.quick.dns_search,
        config.quick.mtu or 0,
        tuple(dict.fromkeys(prefix for peer in peers for prefix in peer.allowed_ips)),
        endpoints[0] if endpoints else None,
        max((peer.persistent_keepalive for peer in peers), default=None),
    )


def read_key_file(tool: str, path: str, data: bytes) -> Told:
    """A file that holds a private key and nothing else, as `wg genkey > FILE` makes it."""
    key = key_from(PrivateKey, data) if len(data) <= _KEY_FILE else None
    return Told((ClientRecord(tool, path, _stem(path, tool), private_key=key),) if key else ())


def read_settings(tool: str, path: str, data: bytes) -> Told:
    """Shell assignments: PiVPN's `setupVars.conf` and angristan's `params`. Nothing in them is executed."""
    values: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        match = _ASSIGNMENT.fullmatch(line.strip())
        if match:
            values[match[1]] = match[2].strip().strip("\"'")
    is_pivpn = "pivpnHOST" in values or "pivpnPORT" in values
    names = _PIVPN if is_pivpn else _ANGRISTAN
    host, port, interface, dns1, dns2, allowed, mtu = (values.get(name) for name in names)
    servers, search = dns_from(dns1, dns2)
    side = OwnSide(
        dns_servers=servers,
        dns_search=search,
        mtu=mtu_from(mtu),
        reaches=prefixes_from(allowed),
        endpoint=endpoint_from(host.strip("[]") if host else None, integer_from(port, 65535)),
    )
    key = None if is_pivpn else key_from(PrivateKey, values.get("SERVER_PRIV_KEY"))
    if side == OwnSide() and key is None:
        return Told()
    return Told(servers=(ServerRecord(tool, path, interface or "", key, side),))


_PIVPN: Final = (
    "pivpnHOST",
    "pivpnPORT",
    "pivpnDEV",
    "pivpnDNS1",
    "pivpnDNS2",
    "ALLOWED_IPS",
    "pivpnMTU",
)
_ANGRISTAN: Final = (
    "SERVER_PUB_IP",
    "SERVER_PORT",
    "SERVER_WG_NIC",
    "CLIENT_DNS_1",
    "CLIENT_DNS_2",
    "ALLOWED_IPS",
    "MTU",
)


def read_index(tool: str, path: str, data: bytes) -> Told:
    """PiVPN's `clients.txt`: lines `NAME PUBLIC_KEY EPOCH ADDRESS`."""
    names: list[tuple[PublicKey, str]] = []
    for line in data.decode("utf-8", "replace").splitlines():
        name, _, rest = line.partition(" ")
        key = key_from(PublicKey, rest.split(" ")[0])
        if key is not None and name_from(name):
            names.append((key, name_from(name)))
    return Told(names=tuple(names), path=path)


_ENDPOINT: Final = re.compile(rb"#\s*ENDPOINT\s+(\S+)\s*")


def read_header(interface: str, path: str, data: bytes) -> Told:
    """What a server's own file tells of its peers' files in comments.

    Nyr's script keeps the relay's address in `# ENDPOINT host`. WireGuard Portal keeps its peers' private
    keys in `# -WGP- PrivateKey: KEY`.
    """
    found = (_ENDPOINT.fullmatch(raw.strip()) for raw in data.split(b"\n")[:20])
    hosts = (endpoint_from(match[1].decode("utf-8", "replace")) for match in found if match)
    servers = tuple(
        ServerRecord(NYR, path, interface, None, OwnSide(endpoint=endpoint)) for endpoint in hosts if endpoint
    )
    clients = tuple(
        ClientRecord("WireGuard Portal", path, private_key=key)
        for match in _PORTAL_KEY.finditer(data)
        if (key := key_from(PrivateKey, match[1])) is not None
    )
    return Told(clients, servers)


_PORTAL_KEY: Final = re.compile(rb"^#\s*-WGP- PrivateKey:[ \t]*([A-Za-z0-9+/]{43}=)\s*$", re.MULTILINE)


def _stem(path: str, tool: str) -> str:
    """A peer's name after its file, without what tools put around it."""
    name = path.rpartition("/")[2]
    for ending in (".conf", ".key", ".priv", "_priv", "_privatekey", "_private"):
        name = name.removesuffix(ending)
    for start in ("privatekey-peer_", "privatekey-", "wgclient_", "peer_"):
        name = name.removeprefix(start)
    if tool == "wireguard-install by angristan":
        name = name.partition("-client-")[2] or name
    return name
