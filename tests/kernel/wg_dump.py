"""`wg show all dump`, the oracle, in the same words as `Device`."""

from __future__ import annotations

from dataclasses import dataclass

from tests.kernel.support import run
from wgtui.domain.device import Device, Peer
from wgtui.ports.wireguard import WireGuard


@dataclass(frozen=True)
class DumpedDevice:
    """One device: its line and its peers' lines, split at the tabs, without the device's name."""

    own: tuple[str, ...]
    peers: tuple[tuple[str, ...], ...]


def parse(text: str) -> dict[str, DumpedDevice]:
    """Read `wg show all dump`; devices are those lines that have five fields, peers those with nine."""
    own: dict[str, tuple[str, ...]] = {}
    peers: dict[str, list[tuple[str, ...]]] = {}
    for line in text.splitlines():
        name, *fields = line.split("\t")
        if len(fields) == 4:
            own[name] = tuple(fields)
        else:
            peers.setdefault(name, []).append(tuple(fields))
    return {name: DumpedDevice(fields, tuple(peers.get(name, ()))) for name, fields in own.items()}


def told(device: Device) -> DumpedDevice:
    """What `wg` would print of a device that we read (`src/show.c` of wireguard-tools, `dump_print`)."""
    own = (
        device.private_key.reveal() if device.private_key else "(none)",
        str(device.public_key) if device.public_key else "(none)",
        str(device.listen_port),
        f"0x{device.fwmark:x}" if device.fwmark else "off",
    )
    return DumpedDevice(own, tuple(map(_peer, device.peers)))


def _peer(peer: Peer) -> tuple[str, ...]:
    return (
        str(peer.public_key),
        peer.preshared_key.reveal() if peer.preshared_key else "(none)",
        str(peer.endpoint) if peer.endpoint else "(none)",
        ",".join(map(str, peer.allowed_ips)) or "(none)",
        str(int(peer.latest_handshake or 0)),
        str(peer.rx_bytes),
        str(peer.tx_bytes),
        str(peer.persistent_keepalive) if peer.persistent_keepalive else "off",
    )


def agree(wireguard: WireGuard, netns: str) -> None:
    """What we read and what `wg` prints is the same, in the same order."""
    dumped = parse(run("ip", "netns", "exec", netns, "wg", "show", "all", "dump"))
    assert wireguard.names() == tuple(sorted(dumped))
    for name, device in dumped.items():
        assert told(wireguard.read(name)) == device
