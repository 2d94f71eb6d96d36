"""`Endpoint`, as `wg` splits it and `getaddrinfo` reads its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Final

from wgtui.domain.addresses import Address, Endpoint
from wgtui.domain.grammar.finding import Note, Refused, no_note, quote
from wgtui.domain.grammar.hosts import aton, is_host_name, pton4, pton6
from wgtui.domain.grammar.scalars import ServicePort, no_services, parse_port, wrapped_port

_SCOPE_NUMBER: Final = re.compile(r"[0-9]{1,10}", re.ASCII)

_EXAMPLES: Final = "Write it like 192.0.2.1:51820, [2001:db8::1]:51820 or vpn.example.com:51820."


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """An endpoint as a file has it: its host may still have to be looked up.

    Attributes:
        host: Without brackets; an address in any spelling, possibly with `%scope`, or a name.
        port: 0 to 65535.
    """

    host: str
    port: int

    def numeric(self) -> Endpoint | None:
        """The endpoint when no resolver is needed: neither a name nor a scope by interface name."""
        host, _, scope = self.host.partition("%")
        address: Address | None = pton6(host) if ":" in host else aton(host)
        if address is None or (scope and not _SCOPE_NUMBER.fullmatch(scope)):
            return None
        return Endpoint(address, self.port, int(scope or 0))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_endpoint(
    text: str, service_port: ServicePort = no_services, note: Note = no_note
) -> EndpointConfig:
    """Read `Endpoint`.

    Args:
        text: The value, whitespace and comment removed.
        service_port: Looks up UDP service names.
        note: Told of what is accepted but dangerous.

    Returns:
        Host and port. A host name is taken on its spelling: whether it resolves is the network's to say.

    Raises:
        Refused: `wg` would not take it.
    """
    host, port_text, port_at = _split(text)
    any_port = port_text == "*" and host != "*"
    number = 0 if any_port else _port(port_text, service_port, port_at)
    _check_host(host, text, note)
    port = wrapped_port(number, note, port_at)
    if port == 0 and number == 0:
        note(
            "endpoint-port-zero", "Port 0 cannot be sent to.", "Write the other side's listen port.", port_at
        )
    return EndpointConfig(host, port)


def _split(text: str) -> tuple[str, str, int]:
    """Host, port, and where the port starts."""
    if text.startswith("["):
        end = text.find("]")
        if end < 0:
            raise Refused("bad-endpoint", "This endpoint has a [ without a ].", _EXAMPLES)
        if text[end + 1 : end + 2] != ":" or len(text) == end + 2:
            raise Refused("endpoint-without-port", "This endpoint has no port behind the ].", _EXAMPLES, end)
        return text[1:end], text[end + 2 :], end + 2
    host, colon, port = text.rpartition(":")
    if not colon or not port:
        raise Refused("endpoint-without-port", f"The endpoint {quote(text)} has no port.", _EXAMPLES)
    return host, port, len(host) + 1


def _port(text: str, service_port: ServicePort, at: int) -> int:
    try:
        return parse_port(text, service_port)
    except Refused as error:
        raise Refused(error.code, str(error), error.hint, at) from None


def _check_host(host: str, text: str, note: Note) -> None:
    if not host:
        raise Refused("bad-endpoint", "This endpoint has no host.", _EXAMPLES)
    if host == "*":
        note(
            "endpoint-any", "The host * stands for this machine itself.", "Write the other side's address.", 0
        )
    elif ":" in host or "%" in host:
        _check_v6(host, text, note)
    elif aton(host) is not None:
        if pton4(host) is None:
            note(
                "endpoint-legacy-ipv4",
                f"{quote(host)} is an old spelling of {aton(host)}.",
                f"Write {aton(host)}.",
                0,
            )
    elif not is_host_name(host):
        raise Refused("bad-endpoint", f"{quote(host)} is neither an address nor a host name.", _EXAMPLES)


def _check_v6(host: str, text: str, note: Note) -> None:
    address_text, percent, scope = host.partition("%")
    address = pton6(address_text)
    if address is None:
        raise Refused("bad-endpoint", f"{quote(host)} is not an IPv6 address.", _EXAMPLES)
    if percent and not _is_scope(address, scope):
        raise Refused("bad-endpoint", f"{quote(host)} has a scope that its address cannot have.", _EXAMPLES)
    if not text.startswith("["):
        note(
            "endpoint-unbracketed",
            "An IPv6 address without brackets: what follows the last colon is taken as the port.",
            f"Write [{host}]: and then the port.",
            0,
        )


def _is_scope(address: IPv6Address, scope: str) -> bool:
    """Link-local addresses take an interface's name; all others only a number (glibc)."""
    if _SCOPE_NUMBER.fullmatch(scope):
        return int(scope) <= 0xFFFFFFFF
    link_local_group = address.is_multicast and address.packed[1] & 0x0F == 2
    return bool(scope) and (address.is_link_local or link_local_group)
