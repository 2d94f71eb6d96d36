"""What each scenario needs of the host's forwarding: the answers that a wizard starts with."""

from __future__ import annotations

from collections.abc import Iterable

from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.setup.answers import ForwardingAnswers, Scenario


def usual_forwarding(
    scenario: Scenario, addresses: Iterable[InterfaceAddress], uplink: str
) -> ForwardingAnswers:
    """The forwarding that makes a scenario work.

    Args:
        scenario: Which one.
        addresses: Of the interface: families without an address are not forwarded.
        uplink: The interface to the internet, or, of a LAN gateway, to its LAN; empty where there is none.
    """
    families = {address.version for address in addresses}
    ipv4, ipv6 = 4 in families, 6 in families
    match scenario:
        case Scenario.RELAY:
            return ForwardingAnswers(ipv4, ipv6, relay=True, open_port=True)
        case Scenario.GATEWAY:
            return ForwardingAnswers(
                ipv4, ipv6, relay=True, forward=True, masquerade=uplink, open_port=True, mss_clamp=True
            )
        case Scenario.DIRECT_NATED | Scenario.JOIN:
            return ForwardingAnswers(ipv4, ipv6, forward=True, masquerade=uplink)
        case Scenario.DIRECT_PUBLIC:
            return ForwardingAnswers(open_port=True)
        case Scenario.ADOPT:
            return ForwardingAnswers()
