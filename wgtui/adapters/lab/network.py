"""A lab's namespaces, cables, addresses and firewall."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from wgtui.adapters.lab.commands import find_firewall, run
from wgtui.adapters.lab.firewall import Firewall
from wgtui.adapters.lab.folder import LabFolder
from wgtui.adapters.lab.topology import DEVICE, Node, Topology, Tunnel
from wgtui.adapters.netns import entered_netns
from wgtui.domain.addresses import Prefix
from wgtui.domain.errors import HostCommandFailed

_PORTS: Final = (40000, 59999)
_RANGE: Final = 8
_IPV6: Final = Path("/proc/sys/net/ipv6")
MTU: Final = 1420
"""Of every tunnel: what wg-quick takes on an uplink of 1500."""


class Network:
    """Makes the network of one lab. The calling process must be single-threaded.

    Args:
        topology: What to make.
        folder: Names the namespaces.
    """

    def __init__(self, topology: Topology, folder: LabFolder) -> None:
        self._topology = topology
        self._folder = folder
        self._dialect: Firewall | None = None
        self._first_port = _PORTS[0]

    def make(self) -> None:
        """Make namespaces and cables, give addresses, switch forwarding and NAT on."""
        netns = self._folder.netns
        lines = [f"netns add {netns(node.name)}" for node in self._topology.nodes]
        for cable in self._topology.cables:
            (one, nic), (other, other_nic) = cable.one, cable.other
            peer = f"peer name {other_nic} netns {netns(other)}"
            lines.append(f"link add {nic} netns {netns(one)} type veth {peer}")
        self._ip([], lines, "make its network namespaces and the cables between them")
        for node in self._topology.nodes:
            self._configure(node)

    def bring_up(self, node: Node, tunnel: Tunnel, routes: Sequence[Prefix]) -> None:
        """Give a node's WireGuard interface its address and routes, and let it through to the LAN."""
        lines = [
            f"addr add {tunnel.address} dev {DEVICE}",
            f"link set {DEVICE} mtu {MTU} up",
            *(f"route add {prefix} dev {DEVICE}" for prefix in routes),
        ]
        if _IPV6.exists():
            # wireguard-go's interface is a tun, which would make itself a link-local address.
            lines.insert(0, f"link set {DEVICE} addrgenmode none")
        self._ip(["-n", self._folder.netns(node.name)], lines, f"configure the tunnel of {node.name}")
        up, _ = self.hooks(tunnel)
        if up:
            self._shell(node.name, [hook.replace("%i", DEVICE) for hook in up])

    def hooks(self, tunnel: Tunnel) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What wg-quick has to run when a tunnel comes up and when it goes down."""
        if not tunnel.lan:
            return (), ()
        return self._firewall.gateway_up(tunnel.lan), self._firewall.gateway_down(tunnel.lan)

    def roam(self) -> int:
        """Make the roaming node's NAT use other source ports, at once and for the flows it knows.

        Taking the uplink down makes the kernel forget the flows masqueraded on it, as it does when a
        line is dialled anew (kernel `nf_nat_masquerade.c`, `masq_device_event`).

        Returns:
            The first port of the new range.
        """
        node = self._topology.node(self._topology.roaming)
        self._first_port += _RANGE
        if self._first_port + _RANGE > _PORTS[1]:
            self._first_port = _PORTS[0]
        options = ["-n", self._folder.netns(node.name)]
        self._ip(options, [f"link set {node.uplink} down"], "take the home router's line down")
        self._shell(node.name, self._firewall.router_ports(node.uplink, self._ports()))
        lines = [f"link set {node.uplink} up", f"route replace default via {node.gateway}"]
        self._ip(options, lines, "take the home router's line up again")
        return self._first_port

    @property
    def _firewall(self) -> Firewall:
        """The host's dialect, found out where the first node needs one."""
        if self._dialect is None:
            self._dialect = find_firewall(self._folder.netns(self._topology.host))
        return self._dialect

    def _configure(self, node: Node) -> None:
        lines = ["link set lo up"]
        for bridge, address in node.bridges:
            lines += [f"link add {bridge} type bridge", f"addr add {address} dev {bridge}"]
        for nic in node.nics:
            lines.append(f"addr add {nic.address} dev {nic.name}" if nic.address else "")
            lines.append(f"link set {nic.name} master {nic.bridge}" if nic.bridge else "")
            lines.append(f"link set {nic.name} up")
        lines += [f"link set {bridge} up" for bridge, _ in node.bridges]
        if node.gateway is not None:
            lines.append(f"route add default via {node.gateway}")
        self._ip(["-n", self._folder.netns(node.name)], lines, f"configure {node.name}")
        if node.forwards:
            self._forward(node)
        if node.uplink:
            self._shell(node.name, self._firewall.router_up(node.uplink, self._ports()))

    def _ports(self) -> tuple[int, int]:
        return self._first_port, self._first_port + _RANGE - 1

    def _ip(self, options: Sequence[str], lines: Sequence[str], what: str) -> None:
        run(["ip", *options, "-batch", "-"], input_text="\n".join([*filter(None, lines), ""]), what=what)

    def _shell(self, node: str, commands: Sequence[str]) -> None:
        with entered_netns(self._folder.netns(node)):
            script = "\n".join(("set -e", *commands))
            run(["sh", "-s"], input_text=script, what=f"set the firewall of {node}")

    def _forward(self, node: Node) -> None:
        with entered_netns(self._folder.netns(node.name)):
            try:
                Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
            except OSError as error:
                text = f"The lab could not switch IP forwarding on for {node.name}: {error.strerror}."
                hint = "In a container, /proc/sys must be writable."
                raise HostCommandFailed(text, hint=hint) from None
