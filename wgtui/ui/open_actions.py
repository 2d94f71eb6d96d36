"""The actions by which the Overview opens the other screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from wgtui.ui.presentation.path_ends import end_of
from wgtui.ui.selecting import Selecting

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp


class OpenActions(Selecting):
    """Opens what there is to see of the open interface and the selected peer."""

    def can_open(self, action: str) -> bool:
        """Whether there is what an action shows, and who reads it; True for those that are none of these."""
        app, device = self._reading_app, self.open_device
        can_diagnose = app.diagnose_worker is not None
        offered = {
            "forget": device is not None and device.problem is not None,
            "wait": app.contact_worker is not None and device is not None,
            "diagnose": can_diagnose,
            "path": can_diagnose and self.selected_peer is not None,
        }
        return offered.get(action, True)

    def action_forget(self) -> None:
        """Forget the open device, which is gone."""
        if self.open_device is not None:
            self._reading_app.dismiss(self.open_device.name)

    def action_config(self) -> None:
        """Show the open interface's file."""
        if self.open_device is not None:
            self._reading_app.show_config(self.open_device.name)

    def action_wait(self) -> None:
        """Wait for handshakes of the open interface."""
        selected = self.selected_peer
        if self.open_device is not None:
            key = selected.peer.public_key if selected is not None else None
            self._reading_app.wait_for_handshake(self.open_device.name, key)

    def action_forwarding(self) -> None:
        """Show the open interface's forwarding and NAT."""
        if self.open_device is not None:
            self._reading_app.show_forwarding(self.open_device.name)

    def action_diagnose(self) -> None:
        """Examine the host."""
        name = self.open_device.name if self.open_device is not None else ""
        self._reading_app.show_diagnosis(name, end_of(self.selected_peer))

    def action_path(self) -> None:
        """Ask whom the selected peer is to reach, and walk there."""
        if self.open_device is not None:
            self._reading_app.show_diagnosis(self.open_device.name, end_of(self.selected_peer), asks=True)

    @property
    def _reading_app(self) -> WgtuiApp:
        return cast("WgtuiApp", self.app)
