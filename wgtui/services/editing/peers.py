"""Adding, changing, switching and removing peers, each as one plan for the file and for what runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import read_config
from wgtui.domain.editing import (
    FilePeer,
    PeerEdit,
    add_peer,
    disable_peer,
    edit_peer,
    enable_peer,
    peers_of,
    remove_peer,
    take_prefixes,
)
from wgtui.domain.errors import EditRefused
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.peer_file import USUAL_SIDE, PeerSide, peer_file
from wgtui.domain.plan import Plan, SetFile
from wgtui.domain.text import printable
from wgtui.domain.wgquick import Document
from wgtui.ports.keypairs import Keypairs
from wgtui.services.adopting.client_files import ClientFiles, FoundClientFile
from wgtui.services.editing.config_editor import ConfigEditor, OpenFile
from wgtui.services.editing.own_files import OwnFiles
from wgtui.services.editing.relay_endpoint import relay_endpoint
from wgtui.services.interfaces import accepted_config


@dataclass(frozen=True, slots=True)
class NewPeer:
    """A peer whose keys are generated here.

    Attributes:
        edit: What the relay's file says of it, without keys.
        addresses: The peer's own in the tunnel.
        reaches: What it wants to reach through the relay.
        endpoint: Where it calls the relay; None where that is not known yet.
        with_preshared_key: Whether to generate a preshared key as well.
        preshared_key: One that is there already; None for none.
        side: What else its own file says.
    """

    edit: PeerEdit
    addresses: tuple[InterfaceAddress, ...]
    reaches: tuple[Prefix, ...]
    endpoint: EndpointConfig | None = None
    with_preshared_key: bool = False
    preshared_key: PresharedKey | None = None
    side: PeerSide = USUAL_SIDE


class PeerPlans:
    """Plans for the peers of files.

    Args:
        editor: Opens the files.
        keypairs: Generates and derives keys.
        clients: Finds the files of peers that somebody else made; None where there are none to find.
    """

    def __init__(self, editor: ConfigEditor, keypairs: Keypairs, clients: ClientFiles | None = None) -> None:
        self._editor = editor
        self._keypairs = keypairs
        self._clients = clients
        self._own = OwnFiles(editor.context.host.files, keypairs, editor.folder)

    def list(self, interface: str) -> tuple[FilePeer, ...]:
        """All peers of a file, disabled ones too, in its order."""
        return self._peers(self._editor.open(interface).document)

    def find(self, interface: str, which: str) -> FilePeer:
        """The peer that is named so, or whose public key starts so.

        Raises:
            EditRefused: There is none, or several.
        """
        peers = self.list(interface)
        found = [peer for peer in peers if which in (peer.name, str(peer.public_key))]
        if not found and len(which) >= 4:
            found = [peer for peer in peers if str(peer.public_key).startswith(which)]
        shown = printable(which)
        if not found:
            raise EditRefused(
                f"{interface} has no peer {shown}.", hint=f"See its peers with: wgtui peer list {interface}."
            )
        if len({peer.public_key for peer in found}) > 1:
            raise EditRefused(
                f"{interface} has {len(found)} peers {shown}.",
                hint="Give the public key of the one that is meant.",
            )
        return next((peer for peer in found if peer.enabled), found[0])

    def own_file(self, interface: str, peer: FilePeer) -> bytes | None:
        """The peer's own file: wgtui's, else what another program's files give; None for neither."""
        found = self._own.find(interface, peer)
        if found:
            return found[1].content
        foreign = self.foreign_file(interface, peer)
        return foreign.content if foreign else None

    def foreign_file(self, interface: str, peer: FilePeer) -> FoundClientFile | None:
        """The peer's own file as another program's files give it, None where they do not."""
        if self._clients is None:
            return None
        return self._clients.of(interface, self._editor.open(interface).document, peer)

    def relay_endpoint(self, interface: str) -> EndpointConfig | None:
        """Where peers of an interface call this host; None where that is not known here."""
        host = self._editor.context.host
        config = read_config(self._editor.open(interface).document).config
        return relay_endpoint(host.files, self._own.folder(interface), host.network, config.listen_port)

    def add(self, interface: str, edit: PeerEdit) -> Plan:
        """Add a peer that keeps its private key; `edit` has its public key."""
        return self._added(self._editor.open(interface), edit)

    def add_new(self, interface: str, new: NewPeer) -> Plan:
        """Add a peer whose keys are generated now, and write its own file.

        Raises:
            EditRefused: The interface has no private key, so no peer could call it.
        """
        opened = self._editor.open(interface)
        relay = accepted_config(self._editor.context, opened.source).private_key
        if relay is None or relay.is_zero:
            raise EditRefused(
                f"{interface} has no private key in its file, so its peers cannot know its public key.",
                hint="Give it one first.",
            )
        private_key = self._keypairs.generate_private_key()
        preshared_key = new.preshared_key
        if new.with_preshared_key:
            preshared_key = self._keypairs.generate_preshared_key()
        key = self._keypairs.public_key(private_key)
        content = peer_file(
            private_key=private_key,
            addresses=new.addresses,
            relay_key=self._keypairs.public_key(relay),
            relay_name=interface,
            preshared_key=preshared_key,
            reaches=new.reaches,
            endpoint=new.endpoint,
            side=new.side,
        )
        own = self._own.made(interface, new.edit.name or "", key, content)
        return self._added(opened, replace(new.edit, public_key=key, preshared_key=preshared_key), own)

    def edit(self, interface: str, key: PublicKey, edit: PeerEdit) -> Plan:
        """Change a peer. A prefix that it gets is taken out of the list of whoever had it.

        Its own file, where wgtui has it, follows in name and preshared key.
        """
        opened = self._editor.open(interface)
        peer = self._peer(opened, key)
        changed = edit_peer(opened.document, key, edit)
        if edit.allowed_ips and peer.enabled:
            changed = take_prefixes(changed, edit.public_key or key, edit.allowed_ips)
        own = self._own.edited(interface, peer, edit)
        notes = (_waits(peer, interface),) if own and edit.preshared_key is not None else ()
        title = f"Change the peer {_label(peer)} of {interface}"
        return self._editor.plan(title, opened, changed, *own, notes=notes)

    def widen_own_file(self, interface: str, key: PublicKey, prefix: Prefix) -> Plan:
        """Let the peer's own file reach one more prefix; raises `EditRefused` where it is not here."""
        peer = self._peer(self._editor.open(interface), key)
        return Plan(
            f"Let the own file of {_label(peer)} reach {prefix}",
            (self._own.widened(interface, peer, prefix),),
            (f"{_label(peer)} reaches it once it has its new file.",),
        )

    def remove(self, interface: str, key: PublicKey) -> Plan:
        """Remove a peer, and the file of its own that wgtui made."""
        opened = self._editor.open(interface)
        peer = self._peer(opened, key)
        own = self._own.removed(interface, peer)
        title = f"Remove the peer {_label(peer)} from {interface}"
        return self._editor.plan(title, opened, remove_peer(opened.document, key), *own)

    def disable(self, interface: str, key: PublicKey) -> Plan:
        """Switch a peer off; it stays in the file, as comments."""
        return self._switched("Disable", interface, key, disable_peer)

    def enable(self, interface: str, key: PublicKey) -> Plan:
        """Switch a disabled peer on."""
        return self._switched("Enable", interface, key, enable_peer)

    def rotate(self, interface: str, key: PublicKey, *, key_pair: bool, preshared_key: bool) -> Plan:
        """Renew a peer's keys, here and in its own file; raises `EditRefused` where it has none here.

        A file that another program made stays as it is: the new keys go into one of wgtui's own.
        """
        opened = self._editor.open(interface)
        peer = self._peer(opened, key)
        private = self._keypairs.generate_private_key() if key_pair else None
        secret = self._keypairs.generate_preshared_key() if preshared_key else None
        public = self._keypairs.public_key(private) if private is not None else None
        own, notes = self._renewed(interface, peer, public or key, private, secret)
        edit = PeerEdit(public_key=public, preshared_key=secret)
        return self._editor.plan(
            f"Renew the keys of {_label(peer)} on {interface}",
            opened,
            edit_peer(opened.document, key, edit),
            *own,
            notes=(_waits(peer, interface), *notes),
        )

    def _renewed(
        self,
        interface: str,
        peer: FilePeer,
        key: PublicKey,
        private: PrivateKey | None,
        secret: PresharedKey | None,
    ) -> tuple[tuple[SetFile, ...], tuple[str, ...]]:
        """The step that puts new keys into a peer's file, or into a copy of another program's."""
        found = None if self._own.find(interface, peer) else self.foreign_file(interface, peer)
        if found is None:
            return self._own.rekeyed(interface, peer, private, secret), ()
        step = self._own.rekeyed_copy(interface, peer.name, key, found, private, secret)
        old = f"{printable(found.path, 300)} keeps the old keys; the new ones are in {step.path}."
        return (step,), (old,)

    def _added(self, opened: OpenFile, edit: PeerEdit, *own: SetFile) -> Plan:
        document = add_peer(opened.document, edit)
        assert edit.public_key is not None
        document = take_prefixes(document, edit.public_key, edit.allowed_ips or ())
        name = printable(edit.name or edit.public_key.short())
        return self._editor.plan(f"Add the peer {name} to {opened.interface}", opened, document, *own)

    def _switched(
        self, verb: str, interface: str, key: PublicKey, switch: Callable[[Document, PublicKey], Document]
    ) -> Plan:
        opened = self._editor.open(interface)
        peer = self._peer(opened, key)
        title = f"{verb} the peer {_label(peer)} of {interface}"
        return self._editor.plan(title, opened, switch(opened.document, key))

    def _peers(self, document: Document) -> tuple[FilePeer, ...]:
        return peers_of(document, self._editor.context.service_port)

    def _peer(self, opened: OpenFile, key: PublicKey) -> FilePeer:
        """The live peer with this key, else the disabled one."""
        found = [peer for peer in self._peers(opened.document) if peer.public_key == key]
        if not found:
            raise EditRefused(f"{opened.source.path} has no peer {key}.", hint="It may have been removed.")
        return next((peer for peer in found if peer.enabled), found[0])


def _waits(peer: FilePeer, interface: str) -> str:
    return f"{_label(peer)} cannot talk to {interface} until it has its new file."


def _label(peer: FilePeer) -> str:
    return printable(peer.name) or peer.public_key.short()
