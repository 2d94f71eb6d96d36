"""Differences as values: the part of a change that is new, and names that others wrote."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from tests.ui.world import EVIL_STRINGS
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.config import EndpointConfig
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.drift import DriftKind, Running, boot_drift, drift_of, in_file, only_new, said_of
from wgtui.domain.host import UnitState
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse

KEY, OTHER = PublicKey(bytes([1]) * 32), PublicKey(bytes([2]) * 32)
SECRET = PresharedKey(bytes(range(32)))
ONE, TWO = prefix_of("10.0.0.1/32"), prefix_of("10.0.0.2/32")


def test_fields_that_are_known_are_left_out() -> None:
    change = DeviceChange(
        listen_port=1,
        fwmark=2,
        peers=(
            PeerChange(KEY, update_only=True, persistent_keepalive=5, preshared_key=SECRET),
            PeerChange(OTHER, update_only=True, allowed_ips=(ONE, TWO)),
        ),
    )
    known = DeviceChange(
        listen_port=1,
        peers=(
            PeerChange(KEY, update_only=True, preshared_key=SECRET),
            PeerChange(OTHER, update_only=True, allowed_ips=(TWO,)),
        ),
    )
    assert only_new(change, known) == DeviceChange(
        fwmark=2,
        peers=(
            PeerChange(KEY, update_only=True, persistent_keepalive=5),
            PeerChange(OTHER, update_only=True, allowed_ips=(ONE,)),
        ),
    )
    assert only_new(change, change).is_empty


def test_a_peer_that_comes_or_goes_is_whole() -> None:
    comes = PeerChange(KEY, preshared_key=SECRET, allowed_ips=(ONE,))
    assert only_new(DeviceChange(peers=(comes,)), DeviceChange()).peers == (comes,)
    goes = PeerChange(KEY, remove=True)
    known = DeviceChange(peers=(PeerChange(KEY, update_only=True, persistent_keepalive=5),))
    assert only_new(DeviceChange(peers=(goes,)), known).peers == (goes,)


@pytest.mark.parametrize("name", EVIL_STRINGS)
def test_names_in_sentences_are_printable(name: str) -> None:
    written = name.replace("\n", " ").encode("utf-8", "surrogatepass")
    document = parse(
        b"[Interface]\n[Peer]\n# Name = " + written + b"\nPublicKey = " + str(KEY).encode() + b"\n"
    )
    device = Device("wg0", Implementation.KERNEL, peers=(Peer(KEY, persistent_keepalive=5), Peer(OTHER)))
    for found in drift_of(said_of(document), Running(device)):
        for text in (found.text, found.file_way, found.kernel_way):
            assert text == printable(text, 1000)


def test_a_prefix_that_moved_is_a_difference_of_both_and_one_edit_ends_both() -> None:
    text = (
        f"[Interface]\n[Peer]\nPublicKey = {KEY}\nAllowedIPs = {ONE}, {TWO}\n\n"
        f"[Peer]\nPublicKey = {OTHER}\nAllowedIPs =\n"
    )
    device = Device(
        "wg0", Implementation.KERNEL, peers=(Peer(KEY, allowed_ips=(ONE,)), Peer(OTHER, allowed_ips=(TWO,)))
    )
    document = parse(text.encode())
    found = drift_of(said_of(document), Running(device))
    assert [one.kind for one in found] == [DriftKind.ALLOWED_IPS] * 2
    assert found[1].edit is not None
    assert drift_of(said_of(in_file(document, found[1].edit)), Running(device)) == ()


def test_an_endpoint_differs_only_where_the_file_names_another() -> None:
    said = EndpointConfig("192.0.2.1", 7)
    text = f"[Interface]\n[Peer]\nPublicKey = {KEY}\nEndpoint = {said}\n"
    moved = Endpoint(ip_address("192.0.2.9"), 9)
    endpoints = {said: said.numeric()}

    def kinds(peer: Peer, text: str = text) -> list[DriftKind]:
        running = Running(
            Device("wg0", Implementation.KERNEL, peers=(peer,)), now=1000.0, endpoints=endpoints
        )
        return [one.kind for one in drift_of(said_of(parse(text.encode())), running)]

    assert kinds(Peer(KEY, endpoint=said.numeric())) == []
    assert kinds(Peer(KEY, endpoint=moved)) == [DriftKind.ENDPOINT]
    assert kinds(Peer(KEY)) == [DriftKind.ENDPOINT]
    assert kinds(Peer(KEY, endpoint=moved, latest_handshake=900.0)) == []
    assert kinds(Peer(KEY, endpoint=moved, latest_handshake=100.0)) == [DriftKind.ENDPOINT]
    assert kinds(Peer(KEY, endpoint=moved), text.partition("Endpoint")[0]) == []


@pytest.mark.parametrize(
    ("up", "enabled", "kinds"),
    [
        (True, True, []),
        (False, False, []),
        (True, False, [DriftKind.NOT_AT_BOOT]),
        (False, True, [DriftKind.NOT_UP]),
    ],
)
def test_boot(up: bool, enabled: bool, kinds: list[DriftKind]) -> None:
    found = boot_drift("wg0", up=up, unit=UnitState(enabled, active=up))
    assert [one.kind for one in found] == kinds
    assert boot_drift("wg0", up=up, unit=None) == ()
