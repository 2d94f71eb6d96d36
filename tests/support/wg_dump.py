"""`wg show all dump` as the oracle for what wgtui says of the same devices.

The kernel tier imports this too, in a machine in which every import is slow.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wgtui.domain.device import Device, Peer


@dataclass(frozen=True, slots=True)
class DumpedPeer:
    """One peer line of the dump (wg(8), "dump")."""

    public_key: str
    preshared_key: str | None
    endpoint: str | None
    allowed_ips: tuple[str, ...]
    latest_handshake: int
    rx_bytes: int
    tx_bytes: int
    persistent_keepalive: int


@dataclass(frozen=True, slots=True)
class DumpedDevice:
    """One interface line of the dump with its peers, in the dump's order."""

    name: str
    private_key: str | None
    public_key: str | None
    listen_port: int
    fwmark: int
    peers: dict[str, DumpedPeer]


def dump(prefix: Sequence[str] = ()) -> dict[str, DumpedDevice]:
    """Run `wg show all dump`, with a command such as `ip netns exec NAME` before it."""
    done = subprocess.run([*prefix, "wg", "show", "all", "dump"], capture_output=True, text=True, check=True)
    return parse(done.stdout)


def parse(text: str) -> dict[str, DumpedDevice]:
    """Read the dump: five fields make an interface, nine a peer."""
    devices: dict[str, DumpedDevice] = {}
    for line in text.splitlines():
        name, *fields = line.split("\t")
        if len(fields) == 4:
            private, public, port, mark = fields
            devices[name] = DumpedDevice(
                name, _some(private), _some(public), int(port), 0 if mark == "off" else int(mark, 16), {}
            )
        else:
            devices[name].peers[fields[0]] = _peer(fields)
    return devices


def _peer(fields: list[str]) -> DumpedPeer:
    key, preshared, endpoint, allowed, handshake, rx, tx, keepalive = fields
    return DumpedPeer(
        key,
        _some(preshared),
        _some(endpoint),
        tuple(allowed.split(",")) if _some(allowed) else (),
        int(handshake),
        int(rx),
        int(tx),
        0 if keepalive == "off" else int(keepalive),
    )


def told(device: Device) -> DumpedDevice:
    """What `wg` would print of a device that we read (`src/show.c` of wireguard-tools, `dump_print`)."""
    return DumpedDevice(
        device.name,
        device.private_key.reveal() if device.private_key else None,
        str(device.public_key) if device.public_key else None,
        device.listen_port,
        device.fwmark,
        {str(peer.public_key): _told_peer(peer) for peer in device.peers},
    )


def _told_peer(peer: Peer) -> DumpedPeer:
    return DumpedPeer(
        str(peer.public_key),
        peer.preshared_key.reveal() if peer.preshared_key else None,
        str(peer.endpoint) if peer.endpoint else None,
        tuple(map(str, peer.allowed_ips)),
        int(peer.latest_handshake or 0),
        peer.rx_bytes,
        peer.tx_bytes,
        peer.persistent_keepalive,
    )


def assert_same(ours: DumpedDevice, theirs: DumpedDevice) -> None:
    """Both say the same, and of the same peers in the same order."""
    assert list(ours.peers) == list(theirs.peers)
    assert ours == theirs


def _some(text: str) -> str | None:
    return None if text == "(none)" else text


def assert_status_agrees(
    status: dict[str, Any], before: dict[str, DumpedDevice], after: dict[str, DumpedDevice]
) -> None:
    """Hold `wgtui status --json --show-keys` against dumps taken right before and right after it.

    Settings must be equal; counters and handshakes, which move meanwhile, must lie between the two.
    """
    devices = {device["name"]: device for device in status["devices"] if device["up"]}
    assert set(devices) == set(before)
    for name, device in devices.items():
        early, late = before[name], after[name]
        assert device["private_key"] == early.private_key
        assert device["public_key"] == early.public_key
        assert (device["listen_port"], device["fwmark"]) == (early.listen_port, early.fwmark)
        assert {peer["public_key"] for peer in device["peers"]} == set(early.peers)
        for peer in device["peers"]:
            _assert_peer_agrees(peer, early.peers[peer["public_key"]], late.peers[peer["public_key"]])


def _assert_peer_agrees(peer: dict[str, Any], early: DumpedPeer, late: DumpedPeer) -> None:
    assert peer["preshared_key"] == early.preshared_key
    assert peer["endpoint"] in (early.endpoint, late.endpoint)
    assert tuple(peer["allowed_ips"]) == early.allowed_ips
    assert peer["persistent_keepalive"] == early.persistent_keepalive
    assert early.latest_handshake <= (peer["latest_handshake"] or 0) <= late.latest_handshake
    assert early.rx_bytes <= peer["rx_bytes"] <= late.rx_bytes
    assert early.tx_bytes <= peer["tx_bytes"] <= late.tx_bytes
