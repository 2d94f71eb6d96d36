"""What a lab is made of: nodes, cables and tunnels, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Final

DEVICE: Final = "wg0"
"""Name of every node's WireGuard interface; each node has a network namespace of its own."""


@dataclass(frozen=True, slots=True)
class Nic:
    """An end of a cable, with its address.

    Attributes:
        name: Interface name.
        address: None for a port of the node's bridge.
        bridge: Name of the bridge it is a port of; empty for none.
    """

    name: str
    address: IPv4Interface | None = None
    bridge: str = ""


@dataclass(frozen=True, slots=True)
class TunnelPeer:
    """A peer in a node's wg-quick file.

    Attributes:
        node: The node behind it, whose public key it is.
        name: What its `# Name =` comment says.
        allowed_ips: In the file's order.
        endpoint: `address:port` to call, None when it calls us.
        persistent_keepalive: Seconds, 0 for none.
        preshared: Whether the two share a preshared key.
    """

    node: str
    name: str
    allowed_ips: tuple[IPv4Network, ...]
    endpoint: tuple[IPv4Address, int] | None = None
    persistent_keepalive: int = 0
    preshared: bool = False


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A node's WireGuard interface.

    Attributes:
        address: Of the interface.
        listen_port: 0 lets the system pick.
        peers: In the file's order.
        lan: Interface towards a LAN whose hosts peers shall reach by masquerade; empty for none.
    """

    address: IPv4Interface
    peers: tuple[TunnelPeer, ...]
    listen_port: int = 0
    lan: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A machine, played by a network namespace.

    Attributes:
        name: Short, as part of the namespace's name.
        role: A few words for the operator.
        nics: Its ends of cables.
        bridges: Bridges in it, with their addresses.
        gateway: Next hop of its default route.
        forwards: Whether it forwards IPv4.
        uplink: Interface on which it masquerades what it forwards, as a home router does.
        tunnel: Its WireGuard interface.
    """

    name: str
    role: str
    nics: tuple[Nic, ...]
    bridges: tuple[tuple[str, IPv4Interface], ...] = ()
    gateway: IPv4Address | None = None
    forwards: bool = False
    uplink: str = ""
    tunnel: Tunnel | None = None


@dataclass(frozen=True, slots=True)
class Cable:
    """Two interfaces joined: `(node, interface)` each."""

    one: tuple[str, str]
    other: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """Traffic that one node makes: arguments of `traffic.py`."""

    node: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topology:
    """A whole scenario.

    Attributes:
        title: What it shows, one sentence.
        host: The node on which the UI runs.
        nodes: All nodes.
        cables: All cables.
        jobs: The traffic, in the order in which it is started.
        roaming: The node whose NAT changes its source port now and then; empty for none.
        caller: The node that handshakes with `host` by itself once it is up; empty when none does.
    """

    title: str
    host: str
    nodes: tuple[Node, ...]
    cables: tuple[Cable, ...]
    jobs: tuple[Job, ...] = ()
    roaming: str = ""
    caller: str = ""

    def node(self, name: str) -> Node:
        """The node with this name.

        Raises:
            KeyError: There is none.
        """
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(name)

    @property
    def tunnels(self) -> tuple[tuple[Node, Tunnel], ...]:
        """The nodes that have a tunnel, with it."""
        return tuple((node, node.tunnel) for node in self.nodes if node.tunnel is not None)
