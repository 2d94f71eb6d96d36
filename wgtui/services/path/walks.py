"""Path walks over a real host, and the plans that mend what they find."""

from __future__ import annotations

from dataclasses import replace

from wgtui.domain.config import read_config
from wgtui.domain.device import Device
from wgtui.domain.editing import FilePeer, PeerEdit, peers_of
from wgtui.domain.errors import WgtuiError
from wgtui.domain.fixes import (
    AllowFix,
    ByHand,
    FarAllowFix,
    Fix,
    MtuFix,
    SettingFix,
    SwitchFix,
    SyncFix,
)
from wgtui.domain.keys import PublicKey
from wgtui.domain.path import PathDevice, PathPeer, Spot, Walk, spot_of, version_of, walk
from wgtui.domain.path.far_file import far_side
from wgtui.domain.plan import Plan, SetSysctl
from wgtui.domain.ruleset.reading import RulesetReading
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse
from wgtui.ports.clock import Clock
from wgtui.services.changes import Changes
from wgtui.services.interfaces import find_source, plan_sync
from wgtui.services.path.host_view import KernelView
from wgtui.services.path.offers import settled
from wgtui.services.path.restoring import plan_mtu


class PathWalks:
    """Walks paths through one host. Belongs to the thread of its ports.

    Args:
        changes: All services of the host.
        clock: For the ages of handshakes.
    """

    def __init__(self, changes: Changes, clock: Clock) -> None:
        self._changes = changes
        self._clock = clock

    def walk(self, interface: str, origin: str, target: str) -> Walk:
        """Whether one end reaches the other, by the state of this moment. Nothing is changed or sent.

        Args:
            interface: Whose peers can be named.
            origin: A peer's name or the start of its key, an address, `host` or `internet`.
            target: Likewise.

        Raises:
            PathRefused: An end does not exist.
            WgtuiError: The host cannot be read.
        """
        reading = self._changes.packet_filter.read()
        view = self._view(self._devices(), reading)
        version = version_of(origin, target, view, interface)
        start, end = (spot_of(text, view, interface, version) for text in (origin, target))
        found = walk(self._view(self._with_files(view.devices, start, end), reading), start, end)
        return settled(found, self._changes)

    def plan(self, fix: Fix) -> Plan | None:
        """The plan that mends what was found; None for what has to be done by hand.

        Raises:
            WgtuiError: It cannot be planned.
        """
        changes = self._changes
        match fix:
            case SwitchFix(interface=name, switch=switch, on=on, target=target):
                return changes.forwarding.switch(name, switch, on, target)
            case AllowFix(interface=name, key=key, prefix=prefix):
                peer = self._file_peer(name, key)
                allowed = (*peer.settings.allowed_ips, prefix)
                return changes.peers.edit(name, key, PeerEdit(allowed_ips=allowed))
            case FarAllowFix(interface=name, key=key, prefix=prefix):
                return changes.peers.widen_own_file(name, key, prefix)
            case SyncFix(interface=name):
                source = find_source(changes.host.files, name, changes.config_dir)
                return plan_sync(changes.context, source, changes.made(name))
            case SettingFix(name=name, value=value):
                before = changes.host.sysctls.read(name) or ""
                return Plan(f"Set {name} to {value}", (SetSysctl(name, before, value),))
            case MtuFix(interface=name, mtu=mtu):
                return plan_mtu(changes, name, mtu)
            case ByHand():
                return None

    def _view(self, devices: tuple[PathDevice, ...], reading: RulesetReading) -> KernelView:
        host = self._changes.host
        return KernelView(
            host.network,
            host.sysctls,
            reading,
            self._changes.links.all(),
            devices,
            self._clock.now,
        )

    def _devices(self) -> tuple[PathDevice, ...]:
        host = self._changes.host
        found = []
        for name in host.wireguard.names():
            link = host.network.link(name)
            if link is not None:
                device = host.wireguard.read(name)
                names = {peer.public_key: printable(peer.name, 60) for peer in self._file_peers(name)}
                peers = tuple(_peer(device, names))
                found.append(PathDevice(name, link.addresses, link.mtu, peers))
        return tuple(found)

    def _file_peers(self, interface: str) -> tuple[FilePeer, ...]:
        try:
            return peers_of(parse(self._changes.configs.read(interface)))
        except WgtuiError:
            return ()

    def _file_peer(self, interface: str, key: PublicKey) -> FilePeer:
        return self._changes.peers.find(interface, str(key))

    def _with_files(self, devices: tuple[PathDevice, ...], *spots: Spot) -> tuple[PathDevice, ...]:
        """The same with what the files of the peers at the two ends say."""
        wanted = {(spot.device, spot.key) for spot in spots if spot.key is not None}
        return tuple(
            replace(
                device,
                peers=tuple(
                    self._with_file(device.name, peer) if (device.name, peer.key) in wanted else peer
                    for peer in device.peers
                ),
            )
            for device in devices
        )

    def _with_file(self, interface: str, peer: PathPeer) -> PathPeer:
        try:
            content = self._changes.sharing.of_peer(interface, peer.key).content
        except WgtuiError:
            return peer
        own = read_config(parse(self._changes.configs.read(interface))).config.private_key
        key = None if own is None else self._changes.keypairs.public_key(own)
        return replace(peer, far=far_side(parse(content), key))


def _peer(device: Device, names: dict[PublicKey, str]) -> list[PathPeer]:
    return [
        PathPeer(
            peer.public_key,
            names.get(peer.public_key) or peer.public_key.short(),
            peer.allowed_ips,
            peer.endpoint,
            peer.latest_handshake,
            peer.persistent_keepalive,
        )
        for peer in device.peers
    ]
