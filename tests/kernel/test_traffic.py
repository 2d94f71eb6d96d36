from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.kernel.relay import DEVICE, KernelRelay
from tests.kernel.support import until
from tests.support.wg_dump import parse, told
from wgtui.adapters.links import RtnlLinks
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.domain.addresses import prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Peer


@pytest.fixture
def relay(kernel_relay: KernelRelay) -> KernelRelay:
    return kernel_relay


@pytest.fixture
def wireguard(relay: KernelRelay) -> Iterator[KernelWireGuard]:
    adapter = KernelWireGuard(relay.relay)
    yield adapter
    adapter.close()


def caller(wireguard: KernelWireGuard, relay: KernelRelay) -> Peer:
    found = wireguard.read(DEVICE).peer(relay.peer_key)
    assert found is not None
    return found


def test_handshake_endpoint_and_counters_agree_with_wg(
    relay: KernelRelay, wireguard: KernelWireGuard
) -> None:
    before = caller(wireguard, relay)
    assert (before.latest_handshake, before.endpoint, before.rx_bytes) == (None, None, 0)
    started = time.time()
    relay.ping(3, 1000)
    until(lambda: told(wireguard.read(DEVICE)) == parse(relay.wg_dump())[DEVICE])
    after = caller(wireguard, relay)
    assert after.latest_handshake is not None
    assert started - 1 <= after.latest_handshake <= time.time() + 1
    assert str(after.endpoint).startswith("192.0.2.2:")
    assert after.rx_bytes > 3000
    assert after.tx_bytes > 3000
    assert after.allowed_ips is before.allowed_ips


def test_silent_peers_stay_the_same_objects_under_traffic(
    relay: KernelRelay, wireguard: KernelWireGuard
) -> None:
    relay.ping()
    before = wireguard.read(DEVICE).peers
    relay.ping(2)
    after = wireguard.read(DEVICE).peers
    assert [new is old for new, old in zip(after, before, strict=True)] == [True, False, True]


def test_a_change_to_another_peer_leaves_the_session_alone(
    relay: KernelRelay, wireguard: KernelWireGuard
) -> None:
    relay.ping()
    before = caller(wireguard, relay).latest_handshake
    silent = wireguard.read(DEVICE).peers[0]
    private = wireguard.read(DEVICE).private_key
    change = PeerChange(
        silent.public_key,
        persistent_keepalive=25,
        removed_allowed_ips=silent.allowed_ips,
        allowed_ips=(prefix_of("10.66.1.0/24"),),
    )
    wireguard.configure(DEVICE, DeviceChange(private_key=private, listen_port=51820, peers=(change,)))
    relay.ping(2)
    assert caller(wireguard, relay).latest_handshake == before


def test_a_peer_that_loses_one_allowed_ip_keeps_its_session(
    relay: KernelRelay, wireguard: KernelWireGuard
) -> None:
    more = (prefix_of("10.77.0.0/24"), prefix_of("10.78.0.0/24"))
    wireguard.configure(DEVICE, DeviceChange(peers=(PeerChange(relay.peer_key, allowed_ips=more),)))
    relay.ping()
    before = caller(wireguard, relay)
    removal = PeerChange(relay.peer_key, removed_allowed_ips=more[:1])
    wireguard.configure(DEVICE, DeviceChange(peers=(removal,)))
    relay.ping(2)
    after = caller(wireguard, relay)
    assert after.latest_handshake == before.latest_handshake
    assert after.allowed_ips == (prefix_of("10.66.0.2/32"), more[1])


def test_the_links_counters_move_with_the_tunnel(relay: KernelRelay) -> None:
    links = RtnlLinks(relay.relay)
    before = next(link for link in links.all() if link.name == DEVICE)
    assert (before.kind, before.up, before.mtu) == ("wireguard", True, 1420)
    relay.ping(2, 1000)
    after = next(link for link in links.all() if link.name == DEVICE)
    assert after.rx_bytes - before.rx_bytes >= 2 * 1028
    assert str(after.addresses[0]) == "10.66.0.1/24"
    links.close()
