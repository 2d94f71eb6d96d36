"""A peer's own wg-quick file, where wgtui generated its keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.editing import InterfaceEdit, PeerEdit, add_peer, edit_interface
from wgtui.domain.forwarding import HookLines, RuleFacts, Switches, hook_lines, place_portably, rules_of
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.wgquick import parse

KEEPALIVE: Final = 25
"""Seconds that keep the mapping of almost every NAT open."""

NO_HOOKS: Final = HookLines()

_ANY_NAME: Final = "wg0"
"""Stands for the interface at the other end, which is called after the file there; hooks have `%i`."""

_FORWARD_IPV4: Final = "grep -qx 1 /proc/sys/net/ipv4/ip_forward || sysctl -q -w net.ipv4.ip_forward=1"
_FORWARD_IPV6: Final = (
    "grep -qx 1 /proc/sys/net/ipv6/conf/all/forwarding || { "
    'for f in /proc/sys/net/ipv6/conf/*/accept_ra; do ! grep -qx 1 "$f" || echo 2 > "$f"; done; '
    "sysctl -q -w net.ipv6.conf.all.forwarding=1; }"
)
"""A host that forwards takes router advertisements, and so a default route, only with accept_ra = 2."""

SWITCHING_ON: Final = {_FORWARD_IPV4: 4, _FORWARD_IPV6: 6}
"""Commands of hooks that let a gateway forward, where it does not yet, and the IP version each is for."""


@dataclass(frozen=True, slots=True)
class PeerSide:
    """What a peer's own file says besides keys, addresses and what it reaches.

    Attributes:
        keepalive: Seconds, 0 for off.
        listen_port: UDP port that it listens on; 0 where it only dials.
        dns_servers: Addresses, in order.
        dns_search: Search domains.
        mtu: Bytes, 0 for automatic.
        hooks: Commands of a peer that leads to a LAN; phones and the apps of other systems refuse files
            with any.
    """

    keepalive: int = KEEPALIVE
    listen_port: int = 0
    dns_servers: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    mtu: int = 0
    hooks: HookLines = NO_HOOKS


USUAL_SIDE: Final = PeerSide()
"""Of a phone or a laptop."""


def peer_file(
    *,
    private_key: PrivateKey,
    addresses: tuple[InterfaceAddress, ...],
    relay_key: PublicKey,
    relay_name: str,
    preshared_key: PresharedKey | None,
    reaches: Iterable[Prefix],
    endpoint: EndpointConfig | None,
    side: PeerSide = USUAL_SIDE,
) -> bytes:
    """The file with which the peer dials the relay, or is dialled by it.

    Without hooks only keys that all official apps take stand in it.

    Args:
        private_key: The peer's.
        addresses: Its own in the tunnel.
        relay_key: The relay's public key.
        relay_name: One line of text.
        preshared_key: None for none.
        reaches: What the peer wants to reach through the relay.
        endpoint: Where the relay is called; None leaves a comment in its place, unless the peer listens.
        side: What else it says.
    """
    document = edit_interface(
        parse(b"[Interface]\n"),
        InterfaceEdit(
            private_key=private_key,
            addresses=addresses,
            listen_port=side.listen_port,
            dns_servers=side.dns_servers,
            dns_search=side.dns_search,
            mtu=side.mtu,
            post_up=side.hooks.post_up,
            post_down=side.hooks.post_down,
        ),
    )
    relay = PeerEdit(
        name=relay_name,
        public_key=relay_key,
        preshared_key=preshared_key,
        allowed_ips=tuple(reaches),
        endpoint=endpoint,
        persistent_keepalive=side.keepalive,
    )
    text = bytes(add_peer(document, relay))
    return text if endpoint or side.listen_port else text + b"# Endpoint = ADDRESS:PORT of the relay\n"


def gateway_hooks(lan_interface: str, versions: Iterable[int], sources: tuple[Prefix, ...]) -> HookLines:
    """What a LAN gateway has to run: it forwards, and hides what comes out of the tunnel behind its address.

    The commands work with iptables or nftables, whichever the gateway has, and may run twice.

    Args:
        lan_interface: The gateway's interface to its LAN; empty to forward without masquerade.
        versions: IP versions of the tunnel.
        sources: What can come out of the tunnel at the gateway.
    """
    families = frozenset(versions)
    forwarding = ((4, _FORWARD_IPV4), (6, _FORWARD_IPV6))
    switches = Switches(forward=True, masquerade=(lan_interface,) if lan_interface else ())
    rules = rules_of(switches, RuleFacts(_ANY_NAME, families=families, sources=sources))
    settings = HookLines(tuple(command for version, command in forwarding if version in families))
    return settings + hook_lines(place_portably(rules, sources), _ANY_NAME)


def listener_hooks(listen_port: int) -> HookLines:
    """What lets a peer be dialled through its own packet filter."""
    rules = rules_of(Switches(port=True), RuleFacts(_ANY_NAME, listen_port))
    return hook_lines(place_portably(rules, ()), _ANY_NAME)
