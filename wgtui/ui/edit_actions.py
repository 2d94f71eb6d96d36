"""The actions by which the Overview changes peers and interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from wgtui.domain.snapshot import DeviceState, PeerState
from wgtui.ui.selecting import Selecting

if TYPE_CHECKING:
    from wgtui.ui.changing_app import ChangingApp
    from wgtui.ui.editors import Editors

_OF_PEERS: Final = ("edit_peer", "switch_peer", "rotate_peer", "delete_peer", "share_peer")
_OF_INTERFACES: Final = ("add_peer", "edit_interface", "bring", "delete_interface")


class EditActions(Selecting):
    """Actions on what is open and selected, which is taken when the key is pressed."""

    def can_edit(self, action: str) -> bool:
        """Whether there is what an action is about; True for those that are none of these."""
        device = self.open_device
        needs = {
            "new_interface": True,
            "sync": device is not None and _is_up(device),
            **dict.fromkeys(_OF_INTERFACES, device is not None),
            **dict.fromkeys(_OF_PEERS, device is not None and self.selected_peer is not None),
        }
        app = cast("ChangingApp", self.app)
        if action == "share_peer" and app.options.qr is None:
            return False
        return action not in needs or (needs[action] and app.can_change)

    def action_add_peer(self) -> None:
        """Add a peer."""
        self._editors.add_peer(self._interface)

    def action_edit_peer(self) -> None:
        """Edit the selected peer."""
        self._editors.edit_peer(self._interface, self._selected.peer.public_key)

    def action_switch_peer(self) -> None:
        """Disable the selected peer, or enable it."""
        state = self._selected
        self._editors.switch_peer(self._interface, state.peer.public_key, on=not state.enabled)

    def action_rotate_peer(self) -> None:
        """Renew the selected peer's keys."""
        self._editors.rotate_peer(self._interface, self._selected.peer.public_key)

    def action_delete_peer(self) -> None:
        """Delete the selected peer."""
        self._editors.delete_peer(self._interface, self._selected.peer.public_key)

    def action_share_peer(self) -> None:
        """Share the selected peer's own file."""
        self._editors.share_peer(self._interface, self._selected.peer.public_key)

    def action_new_interface(self) -> None:
        """Make a new interface."""
        self._editors.new_interface()

    def action_edit_interface(self) -> None:
        """Edit the open interface."""
        self._editors.edit_interface(self._interface)

    def action_delete_interface(self) -> None:
        """Delete the open interface."""
        self._editors.delete_interface(self._interface)

    def action_bring(self) -> None:
        """Bring the open interface up, or take it down."""
        device = self.open_device
        self._editors.bring(self._interface, up=device is None or not _is_up(device))

    def action_sync(self) -> None:
        """Bring the open interface in line with its file."""
        self._editors.sync(self._interface)

    @property
    def _editors(self) -> Editors:
        return cast("ChangingApp", self.app).editors

    @property
    def _interface(self) -> str:
        device = self.open_device
        assert device is not None
        return device.name

    @property
    def _selected(self) -> PeerState:
        state = self.selected_peer
        assert state is not None
        return state


def _is_up(device: DeviceState) -> bool:
    """Whether there is such an interface now, as far as is known."""
    gone = device.problem is not None and device.problem.kind == "DeviceGone"
    return device.device is not None and not gone
