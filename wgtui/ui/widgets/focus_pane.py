"""A pane that keys go to."""

from __future__ import annotations

from abc import abstractmethod

from wgtui.ui.widgets.line_pane import LinePane


class FocusPane(LinePane, can_focus=True):
    """Draws itself anew when the focus comes or goes, and for every size."""

    @abstractmethod
    def draw(self) -> None:
        """Show lines that fit size and focus."""

    def on_mount(self) -> None:
        """Draw."""
        self.draw()

    def fit(self) -> None:
        """Draw to the width."""
        self.draw()

    def on_resize(self) -> None:
        """Draw to the new width."""
        self.fit()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw marked, or calmly."""
        super().watch_has_focus(has_focus)
        self.draw()
