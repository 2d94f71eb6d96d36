"""What an editor shows and compares with: read from the host once, when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wgtui.domain.editing import FilePeer, InterfaceEdit, interface_values, peers_of
from wgtui.domain.editing.editable import require_editable
from wgtui.domain.errors import EditRefused
from wgtui.domain.forms import FormContext
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PublicKey
from wgtui.domain.wgquick import parse
from wgtui.ports.keypairs import Keypairs
from wgtui.services.editing.config_editor import ConfigEditor, OpenFile
from wgtui.services.editing.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class PeerScene:
    """What the peer editor starts with.

    Attributes:
        interface: The peer's.
        peer: As the file has it; None for a new one.
        context: The other peers, the interface, the host.
        keypairs: Makes keys.
        relay_endpoint: Where peers call this host; None where that is not known.
    """

    interface: str
    peer: FilePeer | None
    context: FormContext
    keypairs: Keypairs
    relay_endpoint: EndpointConfig | None = None


@dataclass(frozen=True, slots=True)
class InterfaceScene:
    """What the interface editor starts with.

    Attributes:
        interface: Its name; empty for a new one.
        values: As the file has them.
        context: Its peers, the other interfaces, the host.
        keypairs: Makes keys.
    """

    interface: str
    values: InterfaceEdit
    context: FormContext
    keypairs: Keypairs


class Scenes:
    """Reads what editors start with.

    Args:
        editor: Opens the files.
        surroundings: Reads what stands around them.
        keypairs: Makes keys, for the editors.
        relay_endpoint: Where peers of an interface call this host.
    """

    def __init__(
        self,
        editor: ConfigEditor,
        surroundings: Surroundings,
        keypairs: Keypairs,
        relay_endpoint: Callable[[str], EndpointConfig | None],
    ) -> None:
        self._editor = editor
        self._relay_endpoint = relay_endpoint
        self._surroundings = surroundings
        self._keypairs = keypairs

    def of_peer(self, interface: str, key: PublicKey | None) -> PeerScene:
        """For the editor of one peer.

        Args:
            interface: Whose.
            key: Of the peer; None for a new one.

        Raises:
            EditRefused: The file has no such peer, or cannot be edited without guessing.
            ConfigUnreadable: There is no file, or it cannot be read.
            PermissionRefused: It is closed to us.
        """
        opened = self._open(interface)
        peer = None if key is None else self._peer(opened, key)
        context = self._surroundings.of(interface, opened.document, key)
        known = self._relay_endpoint(interface) if key is None else None
        return PeerScene(interface, peer, context, self._keypairs, known)

    def of_interface(self, interface: str) -> InterfaceScene:
        """For the editor of an interface; raises as `of_peer`."""
        opened = self._open(interface)
        context = self._surroundings.of(interface, opened.document)
        return InterfaceScene(interface, interface_values(opened.document), context, self._keypairs)

    def of_new_interface(self) -> InterfaceScene:
        """For a new interface."""
        document = parse(b"")
        context = self._surroundings.of("", document)
        return InterfaceScene("", interface_values(document), context, self._keypairs)

    def _open(self, interface: str) -> OpenFile:
        opened = self._editor.open(interface)
        require_editable(opened.document)
        return opened

    def _peer(self, opened: OpenFile, key: PublicKey) -> FilePeer:
        """The live peer with this key, else the disabled one."""
        service_port = self._editor.context.service_port
        found = [peer for peer in peers_of(opened.document, service_port) if peer.public_key == key]
        if not found:
            raise EditRefused(
                f"{opened.source.path} has no peer {key}.",
                hint="It was removed meanwhile, or only the running interface has it.",
            )
        return next((peer for peer in found if peer.enabled), found[0])
