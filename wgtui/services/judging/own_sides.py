"""What peers' own files say, where wgtui generated their keys."""

from __future__ import annotations

from wgtui.domain.config import PeerConfig, read_config
from wgtui.domain.device import Device
from wgtui.domain.editing import FilePeer
from wgtui.domain.errors import WgtuiError
from wgtui.domain.snapshot import PeerState
from wgtui.domain.verdict.evidence import OwnFile
from wgtui.domain.wgquick import parse
from wgtui.ports.files import Files
from wgtui.ports.keypairs import Keypairs
from wgtui.services.editing.own_files import OwnFiles


class OwnSides:
    """Reads peers' own files.

    Args:
        files: Reads them.
        keypairs: Tells whose a private key is.
        config_dir: Folder of the interfaces' files.
    """

    def __init__(self, files: Files, keypairs: Keypairs, config_dir: str) -> None:
        self._own = OwnFiles(files, keypairs, config_dir)

    def read(self, interface: str, peer: PeerState, device: Device | None) -> OwnFile | None:
        """A peer's; None where it is not here, or does not say who this host is. Never raises."""
        key = peer.peer.public_key
        try:
            found = self._own.find(interface, FilePeer(key, peer.name, True, (), PeerConfig(key)))
        except WgtuiError:
            return None
        if found is None:
            return None
        config = read_config(parse(found[1].content)).config
        relays = config.peers()
        ours = device.public_key if device else None
        meant = next((one for one in relays if one.public_key == ours), None)
        other = meant or (relays[0] if len(relays) == 1 else None)
        if other is None:
            return None
        return OwnFile(
            other.endpoint,
            other.persistent_keepalive,
            meant is not None or ours is None,
            None if meant is None else meant.preshared_key == peer.peer.preshared_key,
            config.listen_port or 0,
            tuple(address.ip for address in config.quick.addresses),
        )
