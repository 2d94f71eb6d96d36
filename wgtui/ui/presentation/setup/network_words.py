"""What there is to say about this host's end of the tunnel, on this host."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from wgtui.domain.addresses import Prefix
from wgtui.domain.forms import Level, Problem
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.reach import Reach, reach_of, reach_words
from wgtui.domain.setup import Scenario
from wgtui.domain.text import printable
from wgtui.ui.presentation.setup.fields import Addresses


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The page's values; None for what cannot be read yet.

    Attributes:
        scenario: What the host is to be.
        name: Of the interface; empty where it cannot be read.
        ipv4: Addresses.
        ipv6: Addresses.
        listen_port: 0 lets the system pick.
        endpoint: None for none.
        lans: Behind this host.
    """

    scenario: Scenario
    name: str
    ipv4: Addresses | None
    ipv6: Addresses | None
    listen_port: int | None
    endpoint: EndpointConfig | None
    lans: tuple[Prefix, ...] | None


def network_problems(
    view: NetworkView,
    names: Collection[str],
    udp_ports: Collection[int],
    taken: Sequence[tuple[str, Prefix]],
) -> tuple[Problem, ...]:
    """Remarks beside the fields.

    Args:
        view: The page's values.
        names: Interfaces and links that exist.
        udp_ports: Ports that are bound.
        taken: Prefixes that this host has or routes, by what has them.
    """
    return (
        *_name(view, names),
        *_addresses(view, taken),
        *_port(view, udp_ports),
        *_endpoint(view),
        *_lans(view),
    )


def _name(view: NetworkView, names: Collection[str]) -> Iterator[Problem]:
    if view.name in names:
        yield Problem("name", f"There is an interface {view.name} already.", hint="Choose another name.")


def _addresses(view: NetworkView, taken: Sequence[tuple[str, Prefix]]) -> Iterator[Problem]:
    if view.ipv4 == () and view.ipv6 == ():
        yield Problem(
            "ipv4", "This host needs an address in the tunnel.", hint="Enter one such as 10.66.0.1/24."
        )
    for field, addresses in (("ipv4", view.ipv4), ("ipv6", view.ipv6)):
        for address in addresses or ():
            network: Prefix = address.network
            if network.prefixlen == network.max_prefixlen and not view.scenario.dials:
                length = 24 if network.version == 4 else 64
                yield Problem(
                    field,
                    f"{address} leaves no room for peers.",
                    hint=f"Add the length of the subnet, such as {address.ip}/{length}.",
                )
            other = next(
                (
                    (owner, prefix)
                    for owner, prefix in taken
                    if prefix.version == network.version and prefix.prefixlen and prefix.overlaps(network)
                ),
                None,
            )
            if other is not None:
                yield Problem(
                    field,
                    f"{network} overlaps {other[1]}, which {printable(other[0], 30)} has on this host.",
                    Level.WARNING,
                    "Choose another subnet: of two routes only the more specific one is taken.",
                )


def _port(view: NetworkView, udp_ports: Collection[int]) -> Iterator[Problem]:
    if view.listen_port and view.listen_port in udp_ports:
        yield Problem(
            "listen_port",
            f"A program on this host has UDP port {view.listen_port} already.",
            hint="Choose another.",
        )
    if view.listen_port == 0 and not view.scenario.dials:
        yield Problem("listen_port", "Peers need a port to call.", hint="51820 is usual.")


def _endpoint(view: NetworkView) -> Iterator[Problem]:
    if view.scenario.dials:
        return
    if view.endpoint is None:
        yield Problem(
            "endpoint",
            "Without an endpoint the peers' files do not say where to call.",
            Level.WARNING,
            "Enter the public name or address of this host.",
        )
        return
    numeric = view.endpoint.numeric()
    if numeric is not None:
        text, hint = reach_words(numeric.address, view.endpoint.port)
        is_public = reach_of(numeric.address) is Reach.PUBLIC
        yield Problem("endpoint", text, Level.NOTE if is_public else Level.WARNING, hint)
    if view.listen_port and view.endpoint.port != view.listen_port:
        yield Problem(
            "endpoint",
            f"Peers call port {view.endpoint.port}, and this host listens on {view.listen_port}.",
            Level.NOTE,
            "Something in between has to pass the one on to the other.",
        )


def _lans(view: NetworkView) -> Iterator[Problem]:
    if view.lans == () and view.scenario.dials:
        yield Problem(
            "lans",
            "Without a LAN the other side reaches this host only.",
            Level.WARNING,
            "Enter the LAN that is to be reached, such as 192.168.1.0/24.",
        )
