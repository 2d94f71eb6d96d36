"""What a relay is like, and what setup is told to make it so."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Final

from wgtui.domain.addresses import prefix_of
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.setup import Answers, ForwardingAnswers, NetworkAnswers, PeerAnswers, Role, Scenario

PORT: Final = 51877
PUBLIC: Final = ("203.0.113.10", "2001:db8:1::10")
HOME_WAN: Final = ("198.51.100.2", "2001:db8:2::2")
LAPTOP: Final = ("192.0.2.30", "2001:db8:3::30")
WEB: Final = ("198.18.7.7", "2001:db8:7::7")
"""A host in the internet, which knows the way to public addresses only."""
SECOND: Final = ("198.18.1.10", "2001:db8:4::10")
LAN_HOST: Final = ("192.168.2.5", "fd02::5")
RELAY_IN: Final = ("10.7.0.1", "fd07::1")
HOME_IN: Final = ("10.7.0.2", "fd07::2")
LAPTOP_IN: Final = ("10.7.0.3", "fd07::3")
LANS: Final = ("192.168.2.0/24", "fd02::/64")
INTERFACE: Final = "wg7"


@dataclass(frozen=True)
class Layout:
    """What may differ between healthy relays.

    Attributes:
        port: The relay's listen port.
        families: 4, 6 or both, inside the tunnel.
        outside: The family by which the relay is dialled.
        full_tunnel: Whether the laptop sends everything into the tunnel.
        preshared: Whether peers have preshared keys.
        keepalive: Of both peers, seconds; None for what setup proposes.
        masquerade: Whether the relay hides the tunnel behind its uplink.
        isolate: Whether peers are kept apart.
        mtu: Of the relay and its peers; 0 for automatic.
        subnet: Of the tunnel, IPv4, without its last number.
        extra_peers: Peers that never come.
        mss_clamp: Whether the relay fits the MSS.
    """

    port: int = PORT
    families: tuple[int, ...] = (4, 6)
    outside: int = 4
    full_tunnel: bool = False
    preshared: bool = True
    keepalive: int | None = None
    masquerade: bool = True
    isolate: bool = False
    mtu: int = 0
    subnet: str = "10.7.0"
    extra_peers: int = 0
    mss_clamp: bool = False


def answers_for(layout: Layout) -> Answers:
    """What setup is told."""

    def inside(last: int) -> tuple[InterfaceAddress, ...]:
        wanted = {4: f"{layout.subnet}.{last}/24", 6: f"fd07::{last:x}/64"}
        return tuple(ip_interface(wanted[version]) for version in layout.families)

    lans = tuple(prefix_of(LANS[(4, 6).index(version)]) for version in layout.families)
    host = PUBLIC[(4, 6).index(layout.outside)]
    everything = tuple(prefix_of({4: "0.0.0.0/0", 6: "::/0"}[version]) for version in layout.families)
    home = PeerAnswers(
        "home",
        Role.GATEWAY,
        inside(2),
        lans,
        "eth0",
        preshared=layout.preshared,
        keepalive=layout.keepalive,
    )
    laptop = PeerAnswers(
        "laptop",
        Role.ROAMING,
        inside(3),
        preshared=layout.preshared,
        reaches=everything if layout.full_tunnel else None,
        keepalive=layout.keepalive,
    )
    extra = (
        PeerAnswers(f"extra{number}", Role.ROAMING, inside(10 + number))
        for number in range(layout.extra_peers)
    )
    return Answers(
        Scenario.RELAY,
        NetworkAnswers(
            INTERFACE,
            inside(1),
            layout.port,
            EndpointConfig(host, layout.port),
            mtu=layout.mtu,
            peer_mtu=layout.mtu,
        ),
        ForwardingAnswers(
            ipv4=4 in layout.families,
            ipv6=6 in layout.families,
            relay=not layout.isolate,
            isolate=layout.isolate,
            forward=True,
            masquerade="eth0" if layout.masquerade else "",
            open_port=True,
            mss_clamp=layout.mss_clamp,
        ),
        (home, laptop, *extra),
        boot=False,
    )
