"""The files of peers whose keys wgtui generated: `<config-dir>/peers/<interface>/<name>.conf`.

Where `<config-dir>/peers` is wg-friendly-peer-names' list of names, the folder is `peers.d`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import read_config
from wgtui.domain.editing import FilePeer, InterfaceEdit, PeerEdit, edit_interface, edit_peer, peers_of
from wgtui.domain.errors import EditRefused, WgtuiError
from wgtui.domain.host import FileImage
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.plan import SetFile
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse
from wgtui.ports.files import Files
from wgtui.ports.keypairs import Keypairs
from wgtui.services.adopting.client_files import FoundClientFile

_PLAIN: Final = re.compile(r"[A-Za-z0-9_+=][A-Za-z0-9_.+=-]{0,59}", re.ASCII)
"""Names that stand for themselves as names of files."""


class OwnFiles:
    """Finds, makes and changes peers' own files.

    Args:
        files: Reads them.
        keypairs: Tells whose a private key is: a file is a peer's only when its key is.
        config_dir: The folder of interfaces' files.
    """

    def __init__(self, files: Files, keypairs: Keypairs, config_dir: str) -> None:
        self._files = files
        self._keypairs = keypairs
        self._folder = config_dir

    def path(self, interface: str, name: str, key: PublicKey) -> str:
        """Where the file of a peer is or would be; a name that no file should have gives way to the key."""
        file = name if _PLAIN.fullmatch(name) else f"peer-{bytes(key)[:6].hex()}"
        return f"{self.folder(interface)}/{file}.conf"

    def folder(self, interface: str) -> str:
        """The folder of the files of an interface's peers."""
        return f"{self._folder}/{self._kept_in}/{interface}"

    @cached_property
    def _kept_in(self) -> str:
        try:
            return "peers" if self._files.read(f"{self._folder}/peers") is None else "peers.d"
        except WgtuiError:
            # The folder itself is no file that can be read.
            return "peers"

    def find(self, interface: str, peer: FilePeer) -> tuple[str, FileImage] | None:
        """The path and the bytes of a peer's file, None where it has none here."""
        path = self.path(interface, peer.name, peer.public_key)
        image = self._files.read(path)
        if image is None:
            return None
        private_key = read_config(parse(image.content)).config.private_key
        is_its = private_key is not None and self._keypairs.public_key(private_key) == peer.public_key
        return (path, image) if is_its else None

    def made(self, interface: str, name: str, key: PublicKey, content: bytes) -> SetFile:
        """The step that writes a new peer's file.

        Raises:
            EditRefused: Another file stands in its place.
        """
        path = self.path(interface, name, key)
        if self._files.read(path) is not None:
            raise EditRefused(f"{path} exists already.", hint="Give the peer another name.")
        return SetFile(path, None, FileImage(content))

    def removed(self, interface: str, peer: FilePeer) -> tuple[SetFile, ...]:
        """The step that removes a peer's file; none where it has none."""
        found = self.find(interface, peer)
        return (SetFile(found[0], found[1], None),) if found else ()

    def edited(self, interface: str, peer: FilePeer, edit: PeerEdit) -> tuple[SetFile, ...]:
        """The steps that follow an edit: another name, another preshared key; none without a file.

        Raises:
            EditRefused: Another file stands in its place.
        """
        found = self.find(interface, peer)
        if found is None:
            return ()
        path, image = found
        content = _rekeyed(image.content, None, edit.preshared_key)
        name = peer.name if edit.name is None else edit.name
        if self.path(interface, name, peer.public_key) != path:
            return self.made(interface, name, peer.public_key, content), SetFile(path, image, None)
        return (SetFile(path, image, replace(image, content=content)),) if content != image.content else ()

    def rekeyed(
        self,
        interface: str,
        peer: FilePeer,
        private_key: PrivateKey | None,
        preshared_key: PresharedKey | None,
    ) -> tuple[SetFile, ...]:
        """The step that puts new keys into a peer's file.

        Raises:
            EditRefused: There is no such file, so the other side would never learn them.
        """
        found = self.find(interface, peer)
        if found is None:
            raise EditRefused(
                f"The private key of {peer.name or peer.public_key.short()} is not on this host, so its keys "
                "cannot be renewed from here.",
                hint="Make a new key pair on the peer, and give its public key with: wgtui peer edit.",
            )
        path, image = found
        content = _rekeyed(image.content, private_key, preshared_key)
        return (SetFile(path, image, replace(image, content=content)),)

    def rekeyed_copy(
        self,
        interface: str,
        name: str,
        key: PublicKey,
        found: FoundClientFile,
        private_key: PrivateKey | None,
        preshared_key: PresharedKey | None,
    ) -> SetFile:
        """The step that writes a file of wgtui's own from another program's, with new keys.

        Args:
            interface: The relay's.
            name: Of the peer.
            key: The public key that it will have.
            found: What the other program's files give.
            private_key: The new one; None for the old.
            preshared_key: Likewise.

        Raises:
            EditRefused: Another file stands in its place.
        """
        return self.made(interface, name, key, _rekeyed(found.content, private_key, preshared_key))

    def widened(self, interface: str, peer: FilePeer, prefix: Prefix) -> SetFile:
        """The step that lets a peer's file reach one more prefix.

        Raises:
            EditRefused: There is no such file here, or it does not have one peer to reach it through.
        """
        found = self.find(interface, peer)
        relays = peers_of(parse(found[1].content)) if found else ()
        if found is None or len(relays) != 1:
            raise EditRefused(
                f"The own file of {printable(peer.name) or peer.public_key.short()} is not on this host.",
                hint=f"Add {prefix} to AllowedIPs in it, on the peer itself.",
            )
        path, image = found
        allowed = (*relays[0].settings.allowed_ips, prefix)
        changed = edit_peer(parse(image.content), relays[0].public_key, PeerEdit(allowed_ips=allowed))
        return SetFile(path, image, replace(image, content=bytes(changed)))


def _rekeyed(data: bytes, private_key: PrivateKey | None, preshared_key: PresharedKey | None) -> bytes:
    """A peer's file with other keys; None leaves what it has."""
    document = parse(data)
    if private_key is not None:
        document = edit_interface(document, InterfaceEdit(private_key=private_key))
    for relay in peers_of(document) if preshared_key is not None else ():
        document = edit_peer(document, relay.public_key, PeerEdit(preshared_key=preshared_key))
    return bytes(document)
