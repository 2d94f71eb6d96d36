"""Reads one interface for the doctor: its file, what runs, and everything around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from wgtui.domain.addresses import Address, Endpoint
from wgtui.domain.config import EndpointConfig, InterfaceConfig, read_config
from wgtui.domain.device import Device
from wgtui.domain.doctor import InterfaceFacts, OwnFile, Underlay
from wgtui.domain.editing import FilePeer, peers_of
from wgtui.domain.errors import DeviceGone
from wgtui.domain.host import FileImage
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.path.far_file import far_side
from wgtui.domain.text import printable
from wgtui.domain.tunnel import PathMtu
from wgtui.domain.wgquick import Document, parse
from wgtui.ports.links import Link
from wgtui.services.changes import Changes
from wgtui.services.check import CheckReport, check
from wgtui.services.doctor.attempts import Attempts
from wgtui.services.drift.comparing import Comparison, compare
from wgtui.services.editing.own_files import OwnFiles
from wgtui.services.interfaces import Source
from wgtui.services.interfaces.facts import look_up, own_key
from wgtui.services.interfaces.units import unit_of

_EVERYBODY = 0o007
_NOTHING = Comparison(False)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was read."""

    image: FileImage
    document: Document
    report: CheckReport


class InterfaceReader:
    """Reads interfaces.

    Args:
        changes: All services of the host.
        attempts: Keeps what could not be read.
        folder_mode: Tells who can enter folders.
        now: Unix seconds.
        links: All links.
    """

    def __init__(
        self,
        changes: Changes,
        attempts: Attempts,
        folder_mode: Callable[[str], int | None],
        now: float,
        links: tuple[Link, ...],
    ) -> None:
        self._changes = changes
        self._attempts = attempts
        self._folder_mode = folder_mode
        self._now = now
        self._links = {link.name: link for link in links}

    def read_briefly(self, name: str) -> InterfaceFacts:
        """File and device only."""
        file = self._file(name)
        return InterfaceFacts(
            name,
            self._changes.editor.path(name),
            file.report.config if file is not None else None,
            device=self._device(name),
        )

    def read(self, name: str) -> InterfaceFacts:
        """Everything."""
        changes, read = self._changes, self._attempts.read
        path, file, device = changes.editor.path(name), self._file(name), self._device(name)
        config = file.report.config if file is not None else None
        peers = peers_of(file.document) if file is not None else ()
        compared = read("drift", lambda: self._compare(name, path, file), _NOTHING, name)
        link = self._links.get(name)
        return InterfaceFacts(
            name=name,
            path=path,
            config=config,
            peers=config.peers(own_key(changes.context, config)) if config is not None else (),
            problems=file.report.findings if file is not None else (),
            is_open=file is not None and self._is_open(path, file.image),
            names={peer.public_key: printable(peer.name, 60) for peer in peers if peer.name.strip()},
            device=device,
            mtu=link.mtu if link is not None and device is not None else 0,
            is_link_up=link is None or link.up,
            unit=read("its unit", lambda: self._changes.host.units.state(unit_of(name)), None, name),
            differences=compared.differences,
            notes=compared.notes,
            forwarding=read("forwarding", lambda: changes.forwarding.view(name), None, name),
            underlays=read("ways to its peers", lambda: self._underlays(device), {}, name),
            missing_names=read("names of endpoints", lambda: self._missing(config), frozenset(), name),
            own_files=tuple(
                read("peers' own files", lambda: list(self._own_files(name, config, peers)), [], name)
            ),
        )

    def _file(self, name: str) -> _File | None:
        path = self._changes.editor.path(name)
        image = self._attempts.read(f"{name}.conf", lambda: self._image(path), None, name)
        if image is None:
            return None
        context = self._changes.context
        report = check(
            image.content, path, service_port=context.service_port, public_key_of=context.public_key_of
        )
        return _File(image, parse(image.content), report)

    def _image(self, path: str) -> FileImage | None:
        return self._changes.host.files.read(path)

    def _device(self, name: str) -> Device | None:
        def read() -> Device | None:
            try:
                return self._changes.host.wireguard.read(name)
            except DeviceGone:
                return None

        return self._attempts.read("the device", read, None, name)

    def _is_open(self, path: str, image: FileImage) -> bool:
        """Whether every user can read it: the folder may keep them out. As `wg-quick` judges it."""
        folder = self._folder_mode(path)
        return folder is not None and bool(image.mode & folder & _EVERYBODY)

    def _compare(self, name: str, path: str, file: _File | None) -> Comparison:
        if file is None:
            return _NOTHING
        changes = self._changes
        source = Source(name, path, file.image.content)
        return compare(changes.context, source, changes.made(name), self._now, file.document)

    def _underlays(self, device: Device | None) -> Mapping[Endpoint, Underlay]:
        if device is None:
            return {}
        known: dict[Address, Underlay | None] = {}
        found: dict[Endpoint, Underlay] = {}
        for peer in device.peers:
            endpoint = peer.endpoint
            if endpoint is None or endpoint.scope_id:
                continue
            if endpoint.address not in known:
                known[endpoint.address] = self._underlay(endpoint.address, device.fwmark)
            underlay = known[endpoint.address]
            if underlay is not None:
                found[endpoint] = underlay
        return found

    def _underlay(self, address: Address, mark: int) -> Underlay | None:
        route = self._changes.host.network.route_to(address, mark=mark)
        link = self._links.get(route.link) if route is not None else None
        if route is None or link is None or link.name == "lo":
            return None
        return Underlay(link.name, PathMtu(link.mtu, route.mtu, route.mtu_locked))

    def _missing(self, config: InterfaceConfig | None) -> frozenset[EndpointConfig]:
        if config is None:
            return frozenset()
        found = look_up(self._changes.context, config.peers())
        return frozenset(name for name, endpoint in found.items() if endpoint is None)

    def _own_files(
        self, name: str, config: InterfaceConfig | None, peers: tuple[FilePeer, ...]
    ) -> Iterator[OwnFile]:
        if config is None:
            return
        changes = self._changes
        own = OwnFiles(changes.host.files, changes.keypairs, changes.editor.folder)
        folder = f"{changes.editor.folder}/peers"
        kept = set(changes.host.files.names(f"{folder}/{name}"))
        kept |= set(changes.host.files.names(f"{folder}.d/{name}"))
        key = config.private_key
        relay = None if key is None or key.is_zero else changes.keypairs.public_key(key)
        for peer in peers:
            path = own.path(name, peer.name, peer.public_key)
            if not peer.enabled or path.rpartition("/")[2] not in kept:
                continue
            image = changes.host.files.read(path)
            if image is not None:
                yield self._own_file(path, image, peer, relay)

    def _own_file(self, path: str, image: FileImage, peer: FilePeer, relay: PublicKey | None) -> OwnFile:
        document = parse(image.content)
        config = read_config(document).config
        private = config.private_key
        blocks = config.peers()
        meant = [one for one in blocks if one.public_key == relay] or list(blocks)[:1]
        secret = meant[0].preshared_key if meant else None
        return OwnFile(
            peer.public_key,
            path,
            private is not None and self._changes.keypairs.public_key(private) == peer.public_key,
            relay is None or any(one.public_key == relay for one in blocks),
            _plain(secret) == _plain(peer.settings.preshared_key),
            meant[0].endpoint if meant else None,
            self._is_open(path, image),
            far_side(document, relay, config),
        )


def _plain(secret: PresharedKey | None) -> PresharedKey | None:
    return None if secret is None or secret.is_zero else secret
