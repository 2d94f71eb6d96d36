"""What can be done about a server that another program made, as plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wgtui.domain.config import read_config
from wgtui.domain.editing import (
    InterfaceEdit,
    PeerEdit,
    add_peer,
    disable_peer,
    edit_interface,
    peers_of,
    rename_peer,
)
from wgtui.domain.errors import EditRefused, InvalidValue
from wgtui.domain.names import detect_origin
from wgtui.domain.plan import Plan, SetFile
from wgtui.domain.text import printable
from wgtui.domain.wgquick import Document, Patch
from wgtui.ports.keypairs import Keypairs
from wgtui.services.adopting.adoption import Adoption
from wgtui.services.adopting.report import WayOut
from wgtui.services.editing.config_editor import ConfigEditor
from wgtui.services.editing.own_files import OwnFiles


class WaysOut:
    """Plans for taking a server over.

    Args:
        editor: Opens files.
        adoption: Finds names and peers' own files.
        keypairs: Tells whose a file is.
    """

    def __init__(self, editor: ConfigEditor, adoption: Adoption, keypairs: Keypairs) -> None:
        self._editor = editor
        self._adoption = adoption
        self._own = OwnFiles(editor.context.host.files, keypairs, editor.folder)

    def plan(self, interface: str, ways: Sequence[WayOut], more: Sequence[str] = ()) -> Plan:
        """Go one or several ways at once.

        Args:
            interface: Which server.
            ways: What to do.
            more: Further folders with files of other programs.

        Raises:
            EditRefused: There is nothing to take over.
            WgtuiError: The file cannot be read, or not be edited.
        """
        opened = self._editor.open(interface)
        document, notes = opened.document, []
        steps: tuple[SetFile, ...] = ()
        if WayOut.TAKE_OVER in ways:
            document, said = _taken_over(document, opened.source.path)
            notes.append(said)
        if WayOut.SAVE_CONFIG_OFF in ways:
            document = edit_interface(document, InterfaceEdit(save_config=False))
        if WayOut.WRITE_NAMES in ways:
            document = self._named(interface, document, more)
        if WayOut.WRITE_LEFT_OUT in ways:
            document = self._with_left_out(interface, document, more)
        if WayOut.KEEP_FILES in ways:
            steps, said = self._kept(interface, more)
            notes.append(said)
        title = f"Adopt {interface}"
        return self._editor.plan(title, opened, document, *steps, notes=tuple(filter(None, notes)))

    def ending_claims(self, interface: str) -> Plan:
        """Take out all that lets a program, or `wg-quick down`, write the file anew.

        Raises:
            EditRefused: Nothing in the file does.
            WgtuiError: The file cannot be read, or not be edited.
        """
        document = self._editor.open(interface).document
        origin = detect_origin(document)
        saves = read_config(document).config.quick.save_config
        # Without either, the first one says in words why there is nothing to take out.
        ways = [WayOut.TAKE_OVER] if (origin is not None and origin.header) or not saves else []
        return self.plan(interface, [*ways, *([WayOut.SAVE_CONFIG_OFF] if saves else [])])

    def _named(self, interface: str, document: Document, more: Sequence[str]) -> Document:
        for key, name in self._adoption.names(interface, more).items():
            try:
                document = rename_peer(document, key, printable(name))
            except (EditRefused, InvalidValue):
                continue
        return document

    def _with_left_out(self, interface: str, document: Document, more: Sequence[str]) -> Document:
        for key, record in self._adoption.left_out(interface, more):
            edit = PeerEdit(
                name=printable(record.name) or None,
                public_key=key,
                preshared_key=record.preshared_key,
                allowed_ips=record.owns,
            )
            try:
                document = disable_peer(add_peer(document, edit), key)
            except InvalidValue:
                document = disable_peer(add_peer(document, replace(edit, name=None)), key)
        return document

    def _kept(self, interface: str, more: Sequence[str]) -> tuple[tuple[SetFile, ...], str]:
        """Copies of peers' own files for those of whom wgtui has none, and what is to be known of them."""
        opened = self._editor.open(interface)
        names = self._adoption.names(interface, more)
        # A key that is both live and disabled in the file is one peer.
        found = {peer.public_key: (peer, file) for peer, file in self._adoption.files(interface, more)}
        steps: dict[str, SetFile] = {}
        taken: list[str] = []
        for key, (peer, file) in found.items():
            if self._own.find(interface, peer) is not None:
                continue
            name = peer.name or names.get(key, "")
            path = self._own.path(interface, name, key)
            if path in steps or self._editor.context.host.files.read(path) is not None:
                taken.append(printable(name) or key.short())
                continue
            steps[path] = self._own.made(interface, name, key, file.content)
        without = len({peer.public_key for peer in peers_of(opened.document)}) - len(found)
        said = f"The private keys of {without} peers are not on this host." if without else ""
        if taken:
            said = f"{said} Another file stands where that of {', '.join(taken)} would.".strip()
        return tuple(steps.values()), said


def _taken_over(document: Document, path: str) -> tuple[Document, str]:
    """The file without the lines in which a program claims it, and what is still to be done."""
    origin = detect_origin(document)
    if origin is None or not origin.header:
        who = f"{origin.tool} leaves no such line." if origin else "No program claims it."
        raise EditRefused(
            f"{path} has no line that says it is written anew. {who}", hint="There is nothing to take out."
        )
    patch = Patch(document)
    for index in origin.header:
        patch.remove(index)
    said = f"This does not stop {origin.tool}: where it runs again, it writes the file anew."
    return patch.apply(), said
