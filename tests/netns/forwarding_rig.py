"""A relay between two peers and the outside, on plain links: the tunnel is a bridge by the name of wg0.

The peers have no way to each other but over the relay, which sends what comes in by wg0 out by wg0 again.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial

from tests.support.netns import ip, temporary_netns
from tests.support.waiting import eventually
from wgtui.adapters.netns import call_in_netns

LISTEN_PORT = 51820
PEERS = {"a": ("10.8.0.2", "fd08::2"), "b": ("10.8.0.3", "fd08::3")}
GATEWAYS = ("10.8.0.1", "fd08::1")
KNOWN_OUTSIDE = ("10.8.9.2", "fd08:9::2")
"""More addresses of peer a, which the outside has routes to."""

RELAY_OUTSIDE = ("203.0.113.1", "2001:db8:113::1")
OUTSIDE = ("203.0.113.2", "2001:db8:113::2")
TUNNEL_MTU = 1300


@dataclass(frozen=True)
class ForwardingRig:
    """Namespaces of the relay, its peers and the outside."""

    relay: str
    a: str
    b: str
    outside: str

    def shell(self, command: str, stdin: str = "") -> str:
        """What a command on the relay prints; it has to succeed."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.relay, "bash", "-c", command],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def passes(self) -> dict[str, tuple[bool, bool]]:
        """What passes now of each kind, of IPv4 and of IPv6, all tried at the same time."""
        kinds = {
            "relay": self.relays,
            "forward": self.forwards,
            "into": self.forwards_into,
            "port": self.has_open_port,
        }
        with ThreadPoolExecutor() as pool:
            asked = {name: [pool.submit(ask, version) for version in (4, 6)] for name, ask in kinds.items()}
            return {name: (four.result(), six.result()) for name, (four, six) in asked.items()}

    def relays(self, version: int) -> bool:
        """Whether a packet of one peer reaches the other, and the answer comes back."""
        return self._ping(self.a, PEERS["b"][version == 6])

    def forwards(self, version: int) -> bool:
        """Whether a packet of a peer reaches the outside, which has no route to the tunnel."""
        return self._ping(self.a, OUTSIDE[version == 6])

    def forwards_into(self, version: int) -> bool:
        """Whether a packet of the outside reaches a peer."""
        return self._ping(self.outside, KNOWN_OUTSIDE[version == 6])

    def has_open_port(self, version: int) -> bool:
        """Whether a datagram from the outside reaches the listen port."""
        kind = socket.AF_INET6 if version == 6 else socket.AF_INET

        def make() -> socket.socket:
            made = socket.socket(kind, socket.SOCK_DGRAM)
            if version == 6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            return made

        with call_in_netns(self.relay, make) as listening, call_in_netns(self.outside, make) as sending:
            listening.bind(("", LISTEN_PORT))
            listening.settimeout(0.4)
            for _ in range(2):
                # The first one may be what neighbour discovery waits with.
                with suppress(PermissionError, ConnectionRefusedError):
                    sending.sendto(b"initiation", (RELAY_OUTSIDE[version == 6], LISTEN_PORT))
                with suppress(TimeoutError):
                    return listening.recv(100) == b"initiation"
        return False

    def segment_size(self, version: int) -> int:
        """The largest segment that the outside may send to a peer that opened a connection to it."""
        kind = socket.AF_INET6 if version == 6 else socket.AF_INET

        def make() -> socket.socket:
            return socket.socket(kind, socket.SOCK_STREAM)

        with call_in_netns(self.outside, make) as listening, call_in_netns(self.a, make) as calling:
            listening.bind((OUTSIDE[version == 6], 8080))
            listening.listen()
            listening.settimeout(3)
            calling.settimeout(3)
            calling.connect((OUTSIDE[version == 6], 8080))
            accepted, _ = listening.accept()
            with accepted:
                return accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)

    @staticmethod
    def _ping(netns: str, address: str) -> bool:
        count = ("-c", "2", "-i", "0.1", "-W", "0.5")
        command = ["ip", "netns", "exec", netns, "ping", "-n", "-q", *count, address]
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0

    def wait_for_neighbours(self) -> None:
        """Until everybody knows the link addresses of those beside them."""
        for version in (4, 6):
            for name in PEERS:
                netns = self.a if name == "a" else self.b
                gateway = GATEWAYS[version == 6]
                eventually(f"{name} sees the relay", partial(self._ping, netns, gateway))
            outer = RELAY_OUTSIDE[version == 6]
            eventually("the outside sees the relay", partial(self._ping, self.outside, outer))


@contextmanager
def forwarding_rig() -> Iterator[ForwardingRig]:
    """Make it, with forwarding allowed and no rule of any packet filter."""
    with ExitStack() as stack:
        rig = ForwardingRig(*(stack.enter_context(temporary_netns()) for _ in range(4)))
        _add_tunnel(rig)
        _add_outside(rig)
        rig.shell(
            "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"
            " net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.wg0.send_redirects=0"
        )
        rig.wait_for_neighbours()
        yield rig


def _add_tunnel(rig: ForwardingRig) -> None:
    ip("-n", rig.relay, "link", "add", "wg0", "mtu", str(TUNNEL_MTU), "type", "bridge")
    for gateway, length in zip(GATEWAYS, (24, 64), strict=True):
        _add_address(rig.relay, "wg0", gateway, length)
    for name, netns in (("a", rig.a), ("b", rig.b)):
        link = f"to-{name}"
        ip("-n", rig.relay, "link", "add", link, "type", "veth", "peer", "name", "tun", "netns", netns)
        ip("-n", rig.relay, "link", "set", link, "master", "wg0", "up")
        ip("-n", netns, "link", "set", "tun", "up")
        command = ["ip", "netns", "exec", netns, "sysctl", "-qw", "net.ipv6.conf.all.accept_redirects=0"]
        subprocess.run(command, check=True)
        for address, gateway in zip(PEERS[name], GATEWAYS, strict=True):
            _add_address(netns, "tun", address, 128 if ":" in address else 32)
            ip("-n", netns, "route", "add", gateway, "dev", "tun")
            ip("-n", netns, "route", "add", "default", "via", gateway, "dev", "tun")
    ip("-n", rig.relay, "link", "set", "wg0", "mtu", str(TUNNEL_MTU), "up")
    for address, via in zip(KNOWN_OUTSIDE, (PEERS["a"]), strict=True):
        _add_address(rig.a, "tun", address, 128 if ":" in address else 32)
        if ":" in address:  # It is not to be the source of what the peer sends by itself.
            ip("-n", rig.a, "address", "change", f"{address}/128", "dev", "tun", "preferred_lft", "0")
        ip("-n", rig.relay, "route", "add", address, "via", via, "dev", "wg0")


def _add_outside(rig: ForwardingRig) -> None:
    ip("-n", rig.relay, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", rig.outside)
    for netns, addresses in ((rig.relay, RELAY_OUTSIDE), (rig.outside, OUTSIDE)):
        ip("-n", netns, "link", "set", "eth0", "up")
        for address in addresses:
            _add_address(netns, "eth0", address, 64 if ":" in address else 24)
    for address, via in zip(KNOWN_OUTSIDE, RELAY_OUTSIDE, strict=True):
        ip("-n", rig.outside, "route", "add", address, "via", via, "dev", "eth0")


def _add_address(netns: str, link: str, address: str, length: int) -> None:
    no_detection = ("nodad",) if ":" in address else ()
    ip("-n", netns, "address", "add", f"{address}/{length}", "dev", link, *no_detection)
