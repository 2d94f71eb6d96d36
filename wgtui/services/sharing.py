"""Handing over peers' own files: finding them, writing them elsewhere, forgetting them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import Final

from wgtui.domain.config import read_config
from wgtui.domain.editing import FilePeer
from wgtui.domain.errors import FileRefused, NothingToShare
from wgtui.domain.host import FileImage
from wgtui.domain.journal import EntryState
from wgtui.domain.keys import PublicKey
from wgtui.domain.plan import Plan, SetFile
from wgtui.domain.sharing import compact_file
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse
from wgtui.ports.keypairs import Keypairs
from wgtui.ports.qr import QrCodes
from wgtui.services.adopting.client_files import NO_ENDPOINT, ClientFiles, FoundClientFile
from wgtui.services.editing import ConfigEditor, PeerPlans
from wgtui.services.editing.own_files import OwnFiles
from wgtui.services.journal import Journal

_LOOKED_BACK: Final = 200
"""Entries of the journal that are looked at for a file that was forgotten."""

_IN_THE_JOURNAL: Final = (
    "The journal of wgtui keeps the file, so that this can be undone: whoever can read the journal, "
    "root alone, can still read the private key."
)


class Kind(Enum):
    """As what a file is handed over; the value is the usual ending of its name."""

    CONF = ".conf"
    PNG = ".png"
    SVG = ".svg"


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A peer's own file, to be handed over.

    Attributes:
        interface: Of this host, whose peer it is.
        name: Of the peer, as the interface's file has it; may be empty.
        public_key: The peer's.
        content: The file as it is. It holds the peer's private key.
        enabled: Whether the peer is switched on.
        found_in: Another program's file in which its private key was found, not made printable; empty for
            wgtui's own file.
        said: What the operator has to know of a file that was found so, in whole sentences; printable.
    """

    interface: str
    name: str
    public_key: PublicKey
    content: bytes = field(repr=False)
    enabled: bool = True
    found_in: str = ""
    said: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What to call the peer; printable."""
        return printable(self.name) or self.public_key.short()

    def rendered(self, kind: Kind, codes: QrCodes) -> bytes:
        """The file itself, or a picture of its QR code; raises `NothingToShare`."""
        if kind is Kind.CONF:
            return self.content
        text = compact_file(self.content).text
        return codes.png(text) if kind is Kind.PNG else codes.svg(text)


class Sharing:
    """Finds peers' own files, and what became of them.

    Args:
        editor: Opens interfaces' files.
        keypairs: Tells whose a private key is.
        journal: Remembers files that were forgotten.
        clients: Finds the files of peers that another program made.
    """

    def __init__(
        self, editor: ConfigEditor, keypairs: Keypairs, journal: Journal, clients: ClientFiles | None = None
    ) -> None:
        self._files = editor.context.host.files
        self._keypairs = keypairs
        self._journal = journal
        self._peers = PeerPlans(editor, keypairs, clients)
        self._own = OwnFiles(self._files, keypairs, editor.folder)

    def find(self, interface: str, which: str) -> SharedFile:
        """The own file of the peer that is named so, or whose public key starts so.

        Raises:
            EditRefused: There is no such peer, or there are several.
            NothingToShare: It has no file here; the text says why, and what to do.
        """
        peer = self._peers.find(interface, which)
        found = self._own.find(interface, peer)
        if found is not None:
            return SharedFile(interface, peer.name, peer.public_key, found[1].content, peer.enabled)
        foreign = self._peers.foreign_file(interface, peer)
        if foreign is None:
            raise self._nothing(interface, peer)
        return SharedFile(
            interface,
            peer.name,
            peer.public_key,
            foreign.content,
            peer.enabled,
            foreign.path,
            _said_of(foreign),
        )

    def of_peer(self, interface: str, key: PublicKey) -> SharedFile:
        """The own file of the peer with this key; raises as `find`."""
        return self.find(interface, str(key))

    def forgetting(self, interface: str, key: PublicKey) -> Plan:
        """The plan that deletes a peer's own file; raises as `find`."""
        peer = self._peers.find(interface, str(key))
        found = self._own.find(interface, peer)
        foreign = None if found else self._peers.foreign_file(interface, peer)
        if foreign is not None:
            path = printable(foreign.path, 300)
            raise NothingToShare(
                f"The private key of {_label(peer)} is in {path}, which is not wgtui's.",
                hint="Delete it there, with the program that made it.",
            )
        if found is None:
            raise self._nothing(interface, peer)
        label = _label(peer)
        return Plan(
            f"Forget the own file of {label} on {interface}",
            (SetFile(*found, None),),
            notes=(
                f"{label} goes on working. Its keys can then not be shown or renewed from here.",
                _IN_THE_JOURNAL,
            ),
        )

    def save(self, path: str, content: bytes, *, overwrite: bool = False, otherwise: str = "") -> None:
        """Write a file for the operator, readable for its owner alone.

        It is no change of the host that could be undone: the journal would keep one more copy of the key.

        Args:
            path: Where.
            content: What.
            overwrite: Whether a file that is there may be replaced.
            otherwise: What to do where it may not, as the hint of the error.

        Raises:
            FileRefused: It exists and is not to be overwritten, or it cannot be written.
            PermissionRefused: The folder is closed to us.
        """
        if not overwrite and self._files.read(path) is not None:
            text = f"{printable(path, 300)} exists already, so nothing was written."
            raise FileRefused(text, hint=otherwise or "Give another name.")
        self._files.write(path, FileImage(content, 0o600))

    def _nothing(self, interface: str, peer: FilePeer) -> NothingToShare:
        """Why a peer has no file here."""
        label, path = _label(peer), self._own.path(interface, peer.name, peer.public_key)
        if self._files.read(path) is not None:
            return NothingToShare(
                f"{path} is not the file of {label}: its private key belongs to another public key.",
                hint="Move it away, or give the peer the public key of that file.",
            )
        number = self._forgotten(path, peer.public_key)
        if number is not None:
            return NothingToShare(
                f"The own file of {label} was deleted here by change {number}.",
                hint=f"Bring it back with: wgtui undo {number}. Or remove the peer and add it anew.",
            )
        return NothingToShare(
            f"{label} keeps its private key to itself, so there is no file of it here to share.",
            hint="For one with new keys, remove the peer and add it anew without a public key.",
        )

    def _forgotten(self, path: str, key: PublicKey) -> int | None:
        """The change that deleted a peer's file last."""
        for entry in islice(self._journal.entries(), _LOOKED_BACK):
            steps = entry.plan.steps if entry.state is EntryState.APPLIED else ()
            for step in steps:
                if isinstance(step, SetFile) and step.path == path and step.before and step.after is None:
                    return entry.number if self._is_of(step.before.content, key) else None
        return None

    def _is_of(self, content: bytes, key: PublicKey) -> bool:
        private_key = read_config(parse(content)).config.private_key
        return private_key is not None and self._keypairs.public_key(private_key) == key


def _said_of(foreign: FoundClientFile) -> tuple[str, ...]:
    path = printable(foreign.path, 300)
    made = f"Only its private key was found, in {path}: the rest of the file was put together."
    # That it has no endpoint is said of every file that is shared.
    remarks = (remark for remark in foreign.remarks if remark != NO_ENDPOINT)
    return (*(() if foreign.is_whole else (made,)), *remarks)


def _label(peer: FilePeer) -> str:
    return printable(peer.name) or peer.public_key.short()
