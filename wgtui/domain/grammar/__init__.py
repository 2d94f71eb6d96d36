"""The values of a wg-quick file, as `wg`, `wg-quick` and `ip` read them."""

from __future__ import annotations

from wgtui.domain.grammar.allowed_ips import AllowedIp, parse_allowed_ips
from wgtui.domain.grammar.endpoint import EndpointConfig, parse_endpoint
from wgtui.domain.grammar.finding import Finding, Findings, Note, Refused, Severity, no_note, quote
from wgtui.domain.grammar.quick import (
    parse_address,
    parse_dns,
    parse_mtu,
    parse_save_config,
    parse_table,
    split_list,
)
from wgtui.domain.grammar.scalars import (
    ServicePort,
    no_services,
    parse_fwmark,
    parse_keepalive,
    parse_listen_port,
    parse_port,
    parse_preshared_key,
    parse_private_key,
    parse_public_key,
)

__all__ = [
    "AllowedIp",
    "EndpointConfig",
    "Finding",
    "Findings",
    "Note",
    "Refused",
    "ServicePort",
    "Severity",
    "no_note",
    "no_services",
    "parse_address",
    "parse_allowed_ips",
    "parse_dns",
    "parse_endpoint",
    "parse_fwmark",
    "parse_keepalive",
    "parse_listen_port",
    "parse_mtu",
    "parse_port",
    "parse_preshared_key",
    "parse_private_key",
    "parse_public_key",
    "parse_save_config",
    "parse_table",
    "quote",
    "split_list",
]
