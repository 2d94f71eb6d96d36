"""Real devices of the kernel with real traffic: a relay and a peer behind it, in namespaces of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address

from tests.kernel.support import run
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

DEVICE = "wg0"


@dataclass(frozen=True)
class KernelRelay:
    """A relay and one peer, joined by a veth pair.

    Attributes:
        relay: Namespace of the relay: wg0 is 10.66.0.1/24, listens on 51820, outer address 192.0.2.1.
        peer: Namespace of the peer: wg0 is 10.66.0.2/24, outer address 192.0.2.2.
        relay_key: Public key of the relay.
        peer_key: Public key of the peer.
    """

    relay: str
    peer: str
    relay_key: PublicKey
    peer_key: PublicKey

    def in_relay(self, *command: str) -> str:
        """Run a program in the relay's namespace; returns what it printed."""
        return run("ip", "netns", "exec", self.relay, *command)

    def in_peer(self, *command: str) -> str:
        """Run a program in the peer's namespace."""
        return run("ip", "netns", "exec", self.peer, *command)

    def ping(self, count: int = 1, size: int = 56) -> None:
        """Send packets from the peer to the relay, through the tunnel; the first shakes hands."""
        arguments = ("-c", str(count), "-s", str(size), "-i", "0.2", "-W", "20", "10.66.0.1")
        self.in_peer("ping", *arguments)

    def wg_dump(self) -> str:
        """What `wg show all dump` prints on the relay."""
        return self.in_relay("wg", "show", "all", "dump")


@contextmanager
def built_relay(new_netns: Callable[[], str]) -> Iterator[KernelRelay]:
    """Build a relay and its peer. Nothing has been sent yet: there is no handshake."""
    relay, peer = new_netns(), new_netns()
    run("ip", "-n", relay, "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", peer)
    adapters = {name: KernelWireGuard(name) for name in (relay, peer)}
    try:
        for number, name in enumerate((relay, peer), 1):
            lines = (
                f"addr add 192.0.2.{number}/24 dev veth0",
                "link set veth0 up",
                f"link add {DEVICE} type wireguard",
                f"addr add 10.66.0.{number}/24 dev {DEVICE}",
                f"link set {DEVICE} up",
            )
            run("ip", "-n", name, "-batch", "-", stdin="\n".join(lines) + "\n")
            key = DeviceChange(private_key=PrivateKey(bytes([number * 8]) * 32))
            adapters[name].configure(DEVICE, key)
        relay_key, peer_key = (adapters[name].read(DEVICE).public_key for name in (relay, peer))
        assert relay_key is not None
        assert peer_key is not None
        adapters[relay].configure(DEVICE, _relay_side(peer_key))
        adapters[peer].configure(DEVICE, _peer_side(relay_key))
        yield KernelRelay(relay, peer, relay_key, peer_key)
    finally:
        for adapter in adapters.values():
            adapter.close()


_SHARED = PresharedKey(b"shared secret of relay and peer!")


def _relay_side(peer_key: PublicKey) -> DeviceChange:
    """The peer that will call, and two that never do."""
    silent = tuple(
        PeerChange(PublicKey(bytes([number]) * 32), allowed_ips=(prefix_of(f"10.66.0.{number}/32"),))
        for number in (77, 78)
    )
    caller = PeerChange(peer_key, preshared_key=_SHARED, allowed_ips=(prefix_of("10.66.0.2/32"),))
    return DeviceChange(listen_port=51820, peers=(silent[0], caller, silent[1]))


def _peer_side(relay_key: PublicKey) -> DeviceChange:
    peer = PeerChange(
        relay_key,
        preshared_key=_SHARED,
        endpoint=Endpoint(ip_address("192.0.2.1"), 51820),
        allowed_ips=(prefix_of("10.66.0.0/24"),),
    )
    return DeviceChange(peers=(peer,))
