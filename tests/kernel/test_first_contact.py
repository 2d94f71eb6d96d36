"""What the kernel's own WireGuard does with handshakes, as it is seen at the port and said in words."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial

import pytest

from tests.kernel.relay import DEVICE, KernelRelay
from tests.kernel.support import until
from wgtui.adapters.clock import SystemClock
from wgtui.adapters.initiation_nacl import NaclInitiations
from wgtui.adapters.port_watch import open_port_watch
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.first_contact import Cause, Contact, Reason, Stage
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.services.first_contact import FirstContact, PortObserver
from wgtui.services.monitor import Monitor


class Watched:
    """A relay of the kernel's, and what is said of its peer."""

    def __init__(self, relay: KernelRelay) -> None:
        self.relay = relay
        self.peer = KernelWireGuard(relay.peer)
        self._monitor = Monitor(KernelWireGuard(relay.relay), SystemClock())
        observer = PortObserver(partial(open_port_watch, netns=relay.relay), NaclInitiations(), SystemClock())
        self.service = FirstContact(observer, SystemClock())
        self.contact()

    def contact(self) -> Contact:
        """The contact with the peer that calls."""
        found = self.service.look(self._monitor.take(), DEVICE).contact(self.relay.peer_key)
        assert found is not None
        return found

    def call(self) -> None:
        """Have the peer send something, whether or not it is answered."""
        command = ["ip", "netns", "exec", self.relay.peer, "ping", "-c", "1", "-W", "1", "10.66.0.1"]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)

    def settles_at(self, reason: Reason) -> Contact:
        """Wait for a reason."""
        until(lambda: self.contact().finding.reason is reason)
        return self.contact()

    def close(self) -> None:
        self.service.close()
        self.peer.close()
        self._monitor.close()


@pytest.fixture
def watched(kernel_relay: KernelRelay) -> Iterator[Watched]:
    made = Watched(kernel_relay)
    yield made
    made.close()


def test_nothing_then_a_handshake_then_data(watched: Watched) -> None:
    assert watched.contact().finding.reason is Reason.NOTHING_ARRIVES
    watched.relay.ping()
    contact = watched.settles_at(Reason.BOTH_WAYS)
    assert contact.stage is Stage.TALKING
    assert str(contact.endpoint).startswith("192.0.2.2:")


def test_another_preshared_key(watched: Watched) -> None:
    other = PeerChange(
        watched.relay.relay_key, preshared_key=PresharedKey(b"another secret of only the peer.")
    )
    watched.peer.configure(DEVICE, DeviceChange(peers=(other,)))
    watched.call()
    contact = watched.settles_at(Reason.ANSWER_NOT_TAKEN)
    assert (contact.stage, contact.finding.causes[0]) == (Stage.CALLING, Cause.PRESHARED_KEY)


def test_another_key_of_the_relay(watched: Watched) -> None:
    relay = watched.peer.read(DEVICE).peers[0]
    wrong = PeerChange(PublicKey(b"w" * 32), endpoint=relay.endpoint, allowed_ips=relay.allowed_ips)
    watched.peer.configure(DEVICE, DeviceChange(replace_peers=True, peers=(wrong,)))
    watched.call()
    assert watched.settles_at(Reason.OTHER_KEY).finding.causes[0] is Cause.WRONG_PUBLIC_KEY_THERE


def test_calls_that_the_packet_filter_drops(watched: Watched) -> None:
    rule = ("-p", "udp", "--dport", "51820", "-j", "DROP")
    watched.relay.in_relay("iptables", "-A", "INPUT", *rule)
    watched.call()
    assert watched.settles_at(Reason.NOT_LET_IN).finding.causes[0] is Cause.PACKET_FILTER
