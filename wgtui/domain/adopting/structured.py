"""What panels keep in JSON, TOML and databases."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from wgtui.domain.adopting.records import ClientRecord, OwnSide, ServerRecord, Told
from wgtui.domain.adopting.values import (
    addresses_from,
    dns_from,
    endpoint_from,
    flag_from,
    keepalive_from,
    key_from,
    mtu_from,
    name_from,
    prefixes_from,
)
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

WG_EASY: Final = "wg-easy"
WIREGUARD_UI: Final = "wireguard-ui"
WG_GEN_WEB: Final = "wg-gen-web"
WG_DASHBOARD: Final = "WGDashboard"
WG_COMMANDER: Final = "WG Commander"

Row = Mapping[str, object]


def read_json(tool: str, path: str, data: bytes) -> Told:
    """A JSON file of wg-easy up to v14, wireguard-ui or wg-gen-web, told apart by its shape."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return Told(problem=f"{path} is not JSON that can be read.")
    if not isinstance(found, dict):
        return Told()
    server, clients = found.get("server"), found.get("clients")
    if isinstance(server, dict) and isinstance(clients, dict):
        return _wg_easy(path, server, [one for one in clients.values() if isinstance(one, dict)])
    if "allocated_ips" in found:
        return _wireguard_ui_client(path, found)
    if "privateKey" in found and "enable" in found:
        return _wg_gen_web_client(path, found)
    return _server_settings(tool, path, found)


def _wg_easy(path: str, server: Row, clients: list[dict[str, Any]]) -> Told:
    records = tuple(
        ClientRecord(
            WG_EASY,
            path,
            name_from(client.get("name")),
            key_from(PrivateKey, client.get("privateKey")),
            key_from(PublicKey, client.get("publicKey")),
            key_from(PresharedKey, client.get("preSharedKey")),
            flag_from(client.get("enabled")),
            OwnSide(addresses=addresses_from(f"{client.get('address')}/24")),
            owns=prefixes_from(client.get("address")),
        )
        for client in clients
    )
    key = key_from(PrivateKey, server.get("privateKey"))
    # Where its clients call it stands in the environment of the container only.
    return Told(records, (ServerRecord(WG_EASY, path, "", key),))


def _wireguard_ui_client(path: str, client: Row) -> Told:
    record = ClientRecord(
        WIREGUARD_UI,
        path,
        name_from(client.get("name")),
        key_from(PrivateKey, client.get("private_key")),
        key_from(PublicKey, client.get("public_key")),
        key_from(PresharedKey, client.get("preshared_key")),
        flag_from(client.get("enabled")),
        OwnSide(
            addresses=addresses_from(client.get("allocated_ips")),
            reaches=prefixes_from(client.get("allowed_ips")),
        ),
        owns=prefixes_from(client.get("allocated_ips"), client.get("extra_allowed_ips")),
    )
    return Told((record,))


def _wg_gen_web_client(path: str, client: Row) -> Told:
    record = ClientRecord(
        WG_GEN_WEB,
        path,
        name_from(client.get("name")),
        key_from(PrivateKey, client.get("privateKey")),
        key_from(PublicKey, client.get("publicKey")),
        key_from(PresharedKey, client.get("presharedKey")),
        flag_from(client.get("enable")),
        OwnSide(
            addresses=addresses_from(client.get("address")), reaches=prefixes_from(client.get("allowedIPs"))
        ),
        owns=prefixes_from(client.get("address")),
    )
    return Told((record,))


def _server_settings(tool: str, path: str, found: Row) -> Told:
    """wireguard-ui's `global_settings.json` and `keypair.json`, wg-gen-web's `server.json`."""
    servers, search = dns_from(found.get("dns_servers"), found.get("dns"))
    side = OwnSide(
        dns_servers=servers,
        dns_search=search,
        mtu=mtu_from(found.get("mtu")),
        reaches=prefixes_from(found.get("allowedips")),
        endpoint=endpoint_from(found.get("endpoint_address") or found.get("endpoint")),
        keepalive=keepalive_from(found.get("persistent_keepalive", found.get("persistentKeepalive"))),
    )
    key = key_from(PrivateKey, found.get("private_key") or found.get("privateKey"))
    told = side != OwnSide() or key is not None
    return Told(servers=(ServerRecord(tool, path, "", key, side),)) if told else Told()


def read_commander(interface: str, path: str, data: bytes) -> Told:
    """A TOML file of WG Commander: `0001-server.toml`, or one peer's `NNNN-NAME.toml`."""
    try:
        found = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return Told(problem=f"{path} is not TOML that can be read.")
    key = key_from(PrivateKey, found.get("PrivateKey"))
    name = path.rpartition("/")[2].removesuffix(".toml").partition("-")[2]
    if "ListenPort" not in found:
        side = OwnSide(reaches=prefixes_from(found.get("ClientRoute")))
        public_key = key_from(PublicKey, found.get("PublicKey"))
        record = ClientRecord(WG_COMMANDER, path, name, key, public_key, side=side, interface=interface)
        return Told((record,))
    servers, search = dns_from(found.get("ClientDNS"))
    side = OwnSide(
        dns_servers=servers,
        dns_search=search,
        reaches=prefixes_from(found.get("ClientRoute")),
        endpoint=endpoint_from(found.get("ClientServerEndpoint"), found.get("ListenPort")),
        keepalive=keepalive_from(found.get("ClientPersistentKeepalive")),
    )
    return Told(servers=(ServerRecord(WG_COMMANDER, path, interface, key, side),))


_EASY_TABLES: Final = ("clients_table", "interfaces_table", "user_configs_table")
COLUMNS: Final = frozenset(("private_key", "default_allowed_ips"))
"""Of the tables that are of interest, each has one of these."""

_RESTRICTED: Final = "_restrict_access"
_DASHBOARD_COLUMNS: Final = {"id", "private_key", "endpoint_allowed_ip"}


def read_tables(path: str, tables: Mapping[str, Iterable[Row]]) -> Told:
    """The tables of `wg-easy.db` (v15) or of `wgdashboard.db`, told apart by their names and columns.

    wg-easy has one table of clients, one of interfaces and one of what clients are given. WGDashboard has a
    table for each interface and, for peers that are switched off, another that ends with
    `_restrict_access`.
    """
    if _EASY_TABLES[0] in tables:
        return _easy_tables(path, *(tuple(tables.get(name, ())) for name in _EASY_TABLES))
    clients: list[ClientRecord] = []
    servers: list[ServerRecord] = []
    for name, rows in tables.items():
        found = list(_dashboard_rows(path, name, rows))
        clients += found
        if found and not name.endswith(_RESTRICTED):
            servers.append(ServerRecord(WG_DASHBOARD, path, name))
    return Told(tuple(clients), tuple(servers))


def _easy_tables(
    path: str, clients: Iterable[Row], interfaces: Iterable[Row], configs: Iterable[Row]
) -> Told:
    given = {row.get("id"): row for row in configs}
    servers = []
    for row in interfaces:
        config = given.get(row.get("name"), {})
        dns_servers, search = dns_from(config.get("default_dns"))
        side = OwnSide(
            dns_servers=dns_servers,
            dns_search=search,
            mtu=mtu_from(config.get("default_mtu")),
            reaches=prefixes_from(config.get("default_allowed_ips")),
            endpoint=endpoint_from(config.get("host"), config.get("port")),
            keepalive=keepalive_from(config.get("default_persistent_keepalive")),
        )
        interface = name_from(row.get("name"))
        key = key_from(PrivateKey, row.get("private_key"))
        servers.append(ServerRecord(WG_EASY, path, interface, key, side))
    records = tuple(_easy_client(path, row) for row in clients)
    return Told(records, tuple(servers))


def _easy_client(path: str, row: Row) -> ClientRecord:
    servers, search = dns_from(row.get("dns"))
    side = OwnSide(
        addresses_from(row.get("ipv4_address"), row.get("ipv6_address")),
        servers,
        search,
        mtu_from(row.get("mtu")),
        prefixes_from(row.get("allowed_ips")),
        endpoint_from(row.get("server_endpoint")),
        keepalive_from(row.get("persistent_keepalive")),
    )
    return ClientRecord(
        WG_EASY,
        path,
        name_from(row.get("name")),
        key_from(PrivateKey, row.get("private_key")),
        key_from(PublicKey, row.get("public_key")),
        key_from(PresharedKey, row.get("pre_shared_key")),
        flag_from(row.get("enabled")),
        side,
        owns=prefixes_from(row.get("ipv4_address"), row.get("ipv6_address"), row.get("server_allowed_ips")),
    )


def _dashboard_rows(path: str, table: str, rows: Iterable[Row]) -> Iterator[ClientRecord]:
    enabled = not table.endswith(_RESTRICTED)
    for row in rows:
        if not row.keys() >= _DASHBOARD_COLUMNS:
            return
        servers, search = dns_from(row.get("DNS"))
        side = OwnSide(
            addresses_from(row.get("allowed_ip")),
            servers,
            search,
            mtu_from(row.get("mtu")),
            prefixes_from(row.get("endpoint_allowed_ip")),
            endpoint_from(row.get("remote_endpoint")),
            keepalive_from(row.get("keepalive")),
        )
        yield ClientRecord(
            WG_DASHBOARD,
            path,
            name_from(row.get("name")),
            key_from(PrivateKey, row.get("private_key")),
            key_from(PublicKey, row.get("id")),
            key_from(PresharedKey, row.get("preshared_key")),
            enabled,
            side,
            interface=table.removesuffix(_RESTRICTED),
            owns=prefixes_from(row.get("allowed_ip")),
        )
