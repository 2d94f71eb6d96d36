"""A tab for each device, and the facts of the open one."""

from __future__ import annotations

from textual import events

from wgtui.domain.snapshot import Snapshot
from wgtui.ui.messages import OpenDevice
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.devices import Tab, facts_line, tabs
from wgtui.ui.widgets.line_pane import LinePane


class DeviceTabs(LinePane):
    """One line of tabs; below it, where there is room, the open device's addresses and the host's name."""

    HELP = "The WireGuard interfaces of this host. Click one to see its peers."

    _tabs: tuple[Tab, ...] = ()
    _shown: tuple[Snapshot, float, str, str] | None = None

    def show_devices(self, snapshot: Snapshot, now: float, opened: str, title: str) -> None:
        """Show all devices of a snapshot, with `opened` as the open one."""
        self._shown = (snapshot, now, opened, title)
        glyphs, width = self._painter.glyphs, self.size.width
        self._tabs = tuple(tabs(snapshot, now, opened, width, glyphs))
        line: Line = tuple(span for tab in self._tabs for span in tab.spans)
        state = snapshot.device(opened)
        self.show([line, facts_line(state, title, width, glyphs)])

    def on_resize(self, event: events.Resize) -> None:
        """Choose what fits the new width."""
        if self._shown is not None:
            self.show_devices(*self._shown)

    def on_click(self, event: events.Click) -> None:
        """Open the device whose tab was clicked."""
        event.stop()
        x = event.x
        for tab in self._tabs:
            if event.y == 0 and 0 <= x < tab.width:
                self.post_message(OpenDevice(tab.name))
                return
            x -= tab.width
