"""Readers of the wizard's fields that are kinder than those of the editors."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, ip_interface

from wgtui.domain.forms import (
    Entered,
    Level,
    Problem,
    enter_addresses,
    enter_dns,
    enter_endpoint,
)
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.hosts import pton6
from wgtui.domain.grammar.quick import InterfaceAddress

Addresses = tuple[InterfaceAddress, ...]


def own_addresses(field: str, version: int) -> Callable[[str], Entered[Addresses]]:
    """A reader of this host's own addresses in one family; of a subnet, it takes the first address.

    Args:
        field: Name of the field.
        version: 4 or 6.
    """

    def read(text: str) -> Entered[Addresses]:
        entered = enter_addresses(text)
        problems = [Problem(field, one.text, one.severity, one.hint) for one in entered.problems]
        if entered.value is None:
            return Entered(None, tuple(problems))
        if any(address.version != version for address in entered.value):
            hint = (
                "IPv6 has a field of its own below." if version == 4 else "IPv4 has a field of its own above."
            )
            return Entered(None, (Problem(field, f"This takes IPv{version} addresses only.", hint=hint),))
        found = []
        for address in entered.value:
            own = _first_of_subnet(address)
            if own != address:
                problems.append(Problem(field, f"This host gets {own.ip} of {own.network}.", Level.NOTE))
            found.append(own)
        return Entered(tuple(found), tuple(problems))

    return read


def endpoint_with(port: Callable[[], int]) -> Callable[[str], Entered[EndpointConfig]]:
    """A reader of endpoints that adds the port where only a name or an address is typed.

    Args:
        port: The listen port at the moment; 0 where there is none.
    """

    def read(text: str) -> Entered[EndpointConfig]:
        typed = text.strip()
        usual = port()
        if typed and usual:
            if isinstance(pton6(typed.strip("[]")), IPv6Address):
                return enter_endpoint(f"[{typed.strip('[]')}]:{usual}")
            if ":" not in typed:
                return enter_endpoint(f"{typed}:{usual}")
        return enter_endpoint(typed)

    return read


def endpoint_text(endpoint: EndpointConfig | None) -> str:
    """An endpoint as the text of a field; empty for none."""
    return str(endpoint) if endpoint is not None and endpoint.host else ""


def dns_list(text: str) -> Entered[tuple[str, ...]]:
    """Servers and search domains in one list, as the answers have them."""
    entered = enter_dns(text)
    value = None if entered.value is None else (*entered.value[0], *entered.value[1])
    return Entered(value, entered.problems)


def _first_of_subnet(address: InterfaceAddress) -> InterfaceAddress:
    network = address.network
    if address.ip == network.network_address and network.prefixlen < network.max_prefixlen - 1:
        return ip_interface(f"{network.network_address + 1}/{network.prefixlen}")
    return address
