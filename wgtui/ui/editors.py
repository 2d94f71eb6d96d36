"""From a key on the Overview to an editor or a plan: what is to be changed, and the way to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.screen import Screen

from wgtui.domain.errors import ConfigUnreadable, EditRefused, WgtuiError
from wgtui.domain.keys import PublicKey
from wgtui.domain.plan import Plan
from wgtui.domain.text import printable
from wgtui.services.changes import Changes
from wgtui.services.editing import InterfaceScene, PeerScene
from wgtui.services.interfaces import Source, find_source, plan_down, plan_sync, plan_up
from wgtui.services.sharing import SharedFile

if TYPE_CHECKING:
    from wgtui.ui.changing_app import ChangingApp

Scene = TypeVar("Scene", PeerScene, InterfaceScene, SharedFile)


class Editors:
    """Opens editors, and hands in changes that need none.

    Files are read in the thread of changes. A peer is known by its key and an interface by its name: what
    the screen shows may be another one by the time they are read.

    Args:
        app: Shows editors and reviews.
    """

    def __init__(self, app: ChangingApp) -> None:
        self._app = app

    # Peers

    def add_peer(self, interface: str) -> None:
        """Open the form of a new peer."""
        self._open(lambda changes: changes.scenes.of_peer(interface, None), self._peer_screen)

    def edit_peer(self, interface: str, key: PublicKey) -> None:
        """Open the editor of a peer."""
        self._open(lambda changes: changes.scenes.of_peer(interface, key), self._peer_screen)

    def delete_peer(self, interface: str, key: PublicKey) -> None:
        """Review the deletion of a peer."""
        self._app.changes.propose(lambda changes: changes.peers.remove(interface, key))

    def switch_peer(self, interface: str, key: PublicKey, on: bool) -> None:
        """Review enabling or disabling a peer."""
        if on:
            self._app.changes.propose(lambda changes: changes.peers.enable(interface, key))
        else:
            self._app.changes.propose(lambda changes: changes.peers.disable(interface, key))

    def rotate_peer(self, interface: str, key: PublicKey) -> None:
        """Review new keys for a peer."""
        self._app.changes.propose(partial(_rotation, interface, key))

    def share_peer(self, interface: str, key: PublicKey) -> None:
        """Show a peer's own file, to be handed over."""
        self._open(lambda changes: changes.sharing.of_peer(interface, key), self._share_screen)

    def show_added(self, interface: str, key: PublicKey, name: str, *, has_file: bool) -> None:
        """Go to a peer that was added, and tell how to hand its own file over."""
        from wgtui.ui.screens.overview import OverviewScreen

        overview = self._app.screen_stack[0]
        if isinstance(overview, OverviewScreen):
            overview.show_peer(interface, key)
        if has_file and self._app.options.qr is not None:
            label = printable(name, 48) or key.short()
            self._app.notify(f"Press h for the QR code and the file of {label}.", markup=False)

    # Interfaces

    def new_interface(self) -> None:
        """Open the form of a new interface."""
        self._open(lambda changes: changes.scenes.of_new_interface(), self._interface_screen)

    def edit_interface(self, interface: str) -> None:
        """Open the editor of an interface."""
        self._open(lambda changes: changes.scenes.of_interface(interface), self._interface_screen)

    def delete_interface(self, interface: str) -> None:
        """Review the deletion of an interface."""
        self._app.changes.propose(lambda changes: changes.interfaces.delete(interface))

    def bring(self, interface: str, up: bool) -> None:
        """Review bringing an interface up, or taking it down."""
        self._app.changes.propose(partial(_bringing_up if up else _taking_down, interface))

    def sync(self, interface: str) -> None:
        """Review what brings a running interface in line with its file."""
        self._app.changes.propose(partial(_syncing, interface))

    # Opening

    def _open(self, look: Callable[[Changes], Scene], make: Callable[[Scene], Screen[Any]]) -> None:
        """Read what an editor needs, and show it unless another screen was opened meanwhile."""
        asking = self._app.screen

        def done(result: Scene | WgtuiError) -> None:
            if self._app.screen is not asking:
                return
            if isinstance(result, WgtuiError):
                self._app.changes.show_error(result)
            else:
                self._app.push_screen(make(result))

        self._app.changes.run(look, done)

    def _peer_screen(self, scene: PeerScene) -> Screen[bool]:
        from wgtui.ui.screens.peer_add import PeerAddScreen
        from wgtui.ui.screens.peer_edit import PeerEditScreen

        if scene.peer is None:
            return PeerAddScreen(self._app.painter, scene)
        return PeerEditScreen(self._app.painter, scene, scene.peer)

    def _share_screen(self, shared: SharedFile) -> Screen[None]:
        from wgtui.ui.screens.share import ShareScreen

        assert self._app.options.qr is not None
        return ShareScreen(self._app.painter, shared, self._app.options.qr)

    def _interface_screen(self, scene: InterfaceScene) -> Screen[bool]:
        from wgtui.ui.screens.interface_edit import InterfaceScreen

        return InterfaceScreen(self._app.painter, scene)


def _rotation(interface: str, key: PublicKey, changes: Changes) -> Plan:
    """New keys; a preshared one only where there is one."""
    peer = next((one for one in changes.peers.list(interface) if one.public_key == key), None)
    if peer is None:
        raise EditRefused(f"{changes.editor.path(interface)} has no peer {key}.", hint="It was removed.")
    has_secret = peer.settings.preshared_key is not None and not peer.settings.preshared_key.is_zero
    return changes.peers.rotate(interface, key, key_pair=True, preshared_key=has_secret)


def _source(interface: str, changes: Changes) -> Source:
    return find_source(changes.host.files, interface, changes.config_dir)


def _bringing_up(interface: str, changes: Changes) -> Plan:
    return plan_up(changes.context, _source(interface, changes))


def _taking_down(interface: str, changes: Changes) -> Plan:
    """What wgtui brought up can be taken down without its file."""
    made = changes.made(interface)
    source: Source | None = None
    try:
        source = _source(interface, changes)
    except ConfigUnreadable:
        if made is None:
            raise
    return plan_down(changes.context, interface, source, made)


def _syncing(interface: str, changes: Changes) -> Plan:
    return plan_sync(changes.context, _source(interface, changes), changes.made(interface))
