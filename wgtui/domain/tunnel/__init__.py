"""How packets find their way into a tunnel: routes, rules, MTU and addresses as `wg-quick` sets them.

The behaviour is that of wireguard-tools 1.0.20260223, `src/wg-quick/linux.bash`.
"""

from __future__ import annotations

from wgtui.domain.tunnel.addresses import (
    address_changes,
    link_address,
    link_addresses,
    loses_all_ipv4,
)
from wgtui.domain.tunnel.defaults import (
    FIRST_TABLE,
    SRC_VALID_MARK,
    RulePair,
    default_rules,
    free_table,
    has_default_tunnel,
    rule_pairs,
)
from wgtui.domain.tunnel.mtu import DEFAULT_MTU, OVERHEAD, PathMtu, automatic_mtu
from wgtui.domain.tunnel.routes import (
    connected_prefixes,
    covers,
    default_families,
    route_order,
    tunnel_routes,
)
from wgtui.domain.tunnel.tables import TableChoice, TableWord, parse_rt_tables, table_choice

__all__ = [
    "DEFAULT_MTU",
    "FIRST_TABLE",
    "OVERHEAD",
    "SRC_VALID_MARK",
    "PathMtu",
    "RulePair",
    "TableChoice",
    "TableWord",
    "address_changes",
    "automatic_mtu",
    "connected_prefixes",
    "covers",
    "default_families",
    "default_rules",
    "free_table",
    "has_default_tunnel",
    "link_address",
    "link_addresses",
    "loses_all_ipv4",
    "parse_rt_tables",
    "route_order",
    "rule_pairs",
    "table_choice",
    "tunnel_routes",
]
