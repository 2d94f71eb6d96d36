"""A relay and one peer on a link of their own, and the service that watches the first handshake."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from tests.netns.support import UserspaceHost, userspace_host
from tests.support.netns import ip
from tests.support.waiting import eventually
from wgtui.adapters.clock import SystemClock
from wgtui.adapters.forward_rules import HostForwardRules
from wgtui.adapters.initiation_nacl import NaclInitiations
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.links import RtnlLinks
from wgtui.adapters.network import RtnlNetwork
from wgtui.adapters.packet_filter import HostPacketFilter
from wgtui.adapters.port_watch import open_port_watch
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.first_contact import Contact, Reason
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.services.first_contact import ContactView, FirstContact, PortObserver, Surroundings
from wgtui.services.monitor import Monitor

PORT = 51877
RELAY, PEER = "10.9.0.1", "10.9.0.2"
RELAY6, PEER6 = "fd09::1", "fd09::2"
_KEYS = NaclKeypairs()


def keypair() -> tuple[PrivateKey, PublicKey]:
    private = _KEYS.generate_private_key()
    return private, _KEYS.public_key(private)


@dataclass
class ContactRig:
    """The relay `10.7.0.1` listens; its peer `10.7.0.2` calls when it is told to."""

    relay: UserspaceHost
    peer: UserspaceHost
    relay_key: tuple[PrivateKey, PublicKey] = field(default_factory=keypair)
    peer_key: tuple[PrivateKey, PublicKey] = field(default_factory=keypair)

    def __post_init__(self) -> None:
        self.monitor = Monitor(self.relay.wireguard, SystemClock(), links=RtnlLinks(self.relay.netns))
        observer = PortObserver(
            partial(open_port_watch, netns=self.relay.netns), NaclInitiations(), SystemClock()
        )
        surroundings = Surroundings(
            RtnlNetwork(self.relay.netns),
            HostPacketFilter(self.relay.netns),
            HostForwardRules(self.relay.netns),
        )
        self.service = FirstContact(observer, SystemClock(), surroundings)

    def close(self) -> None:
        self.service.close()
        self.monitor.close()

    def start_relay(self, *peers: PeerChange) -> None:
        """Bring the relay up, and have it watched."""
        self._start(self.relay, "10.7.0.1/24", self.relay_key[0], PORT, *peers)
        self.look()

    def start_peer(self, relay: PeerChange, *, private: PrivateKey | None = None) -> None:
        """Bring the peer up."""
        self._start(self.peer, "10.7.0.2/24", private or self.peer_key[0], 51900, relay)

    def of_relay(
        self,
        *,
        key: PublicKey | None = None,
        psk: PresharedKey | None = None,
        at: Endpoint | None = None,
        keepalive: int | None = None,
    ) -> PeerChange:
        """The relay as the peer knows it."""
        return PeerChange(
            key or self.relay_key[1],
            endpoint=at or Endpoint(ip_address(RELAY), PORT),
            allowed_ips=(prefix_of("10.7.0.1/32"),),
            preshared_key=psk,
            persistent_keepalive=keepalive,
        )

    def of_peer(
        self, *, key: PublicKey | None = None, psk: PresharedKey | None = None, at: Endpoint | None = None
    ) -> PeerChange:
        """The peer as the relay knows it."""
        return PeerChange(
            key or self.peer_key[1], allowed_ips=(prefix_of("10.7.0.2/32"),), preshared_key=psk, endpoint=at
        )

    def _start(
        self, host: UserspaceHost, address: str, private: PrivateKey, port: int, *peers: PeerChange
    ) -> None:
        host.devices.create("wg0")
        host.wireguard.configure(
            "wg0", DeviceChange(private_key=private, listen_port=port, peers=tuple(peers))
        )
        host.run("ip", "address", "add", address, "dev", "wg0")
        host.run("ip", "link", "set", "wg0", "up")

    def look(self) -> ContactView:
        """One look of the service."""
        return self.service.look(self.monitor.take(), "wg0")

    def contact(self) -> Contact:
        """The contact with the only peer."""
        (found,) = self.look().contacts
        return found

    def call(self) -> None:
        """Have the peer send something, which makes it call."""
        self._ping(self.peer, "10.7.0.1")

    def call_from_relay(self) -> None:
        """Have the relay send something."""
        self._ping(self.relay, "10.7.0.2")

    def _ping(self, host: UserspaceHost, address: str) -> None:
        command = host.command("ping", "-n", "-c", "1", "-W", "1", address)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    def settles_at(self, reason: Reason, *, seconds: float = 20.0) -> Contact:
        """Wait for a reason; what is under way or not seen yet may stand before it, nothing else."""
        passing = {Reason.NOTHING_ARRIVES, Reason.IN_PROGRESS, Reason.NOT_CALLED, reason}
        met: list[Reason] = []

        def is_there() -> Contact | None:
            contact = self.contact()
            met.append(contact.finding.reason)
            return contact if contact.finding.reason is reason else None

        contact = eventually(f"{reason}, not {met[-1:]}", is_there, seconds)
        assert contact is not None
        assert set(met) <= passing, f"a wrong reason stood there before: {set(met) - passing}"
        return contact

    def stays(self, contact: Contact, looks: int) -> None:
        """Nothing else is said while looking on."""
        for _ in range(looks):
            assert self.contact().finding == contact.finding


@contextmanager
def contact_rig() -> Iterator[ContactRig]:
    """Make a rig and remove it."""
    with userspace_host() as relay, userspace_host() as peer:
        ip("-n", relay.netns, "link", "add", "eth0", "type", "veth", "peer", "name", "eth1")
        ip("-n", relay.netns, "link", "set", "eth1", "netns", peer.netns)
        for host, link, addresses in (
            (relay, "eth0", (f"{RELAY}/24", f"{RELAY6}/64")),
            (peer, "eth1", (f"{PEER}/24", f"{PEER6}/64")),
        ):
            for address in addresses:
                host.run("ip", "address", "add", address, "dev", link, "nodad")
            host.run("ip", "link", "set", link, "up")
            host.run("ip", "link", "set", "lo", "up")
        rig = ContactRig(relay, peer)
        try:
            yield rig
        finally:
            rig.close()


def drop_in_packet_filter(host: UserspaceHost, rule: str) -> None:
    """Drop what a rule matches where it would be delivered to this host."""
    host.run("nft", "add table inet t")
    host.run("nft", "add chain inet t i { type filter hook input priority 0; }")
    host.run("nft", f"add rule inet t i {rule} drop")


def has_nft() -> bool:
    """Whether the host has the program."""
    return any(Path(folder, "nft").exists() for folder in ("/usr/sbin", "/sbin", "/usr/bin"))
