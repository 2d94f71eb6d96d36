"""The pane about the selected peer."""

from __future__ import annotations

from textual import events

from wgtui.domain.snapshot import PeerState, Snapshot
from wgtui.domain.verdict.judgement import Judgement
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.peer_detail import (
    PLOT_STEP,
    PeerView,
    compact_detail,
    full_detail,
    plot_samples,
)
from wgtui.ui.presentation.units import steady_ceiling
from wgtui.ui.widgets.line_pane import LinePane

_FULL_HEIGHT = 16
"""From this many lines on the pane shows everything, below it the compact form."""


class PeerDetail(LinePane):
    """Verdict, handshake ruler, transfer plot, endpoint history and facts of one peer."""

    HELP = "The selected peer: what to make of it, its handshake on the protocol's timers, its transfer."

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self._subject: tuple[PeerState, Snapshot, str, float] | None = None
        self._judgement: Judgement | None = None
        self._scale = 0.0
        self._all: list[Line] = []
        self._offset = 0

    def show_peer(
        self,
        state: PeerState | None,
        snapshot: Snapshot,
        device: str,
        now: float,
        judgement: Judgement | None = None,
    ) -> None:
        """Show a peer of a device, or nothing.

        Args:
            state: The peer.
            snapshot: The look that it is of.
            device: Its device.
            now: Unix seconds.
            judgement: Of the peer; None while there is none yet.
        """
        self._judgement = judgement
        before = self._subject[0].peer.public_key if self._subject else None
        if state is None:
            self._subject = None
            self._all = []
            self.show([])
            return
        if before != state.peer.public_key:
            self._scale, self._offset = 0.0, 0
        self._subject = (state, snapshot, device, now)
        self._compose_lines()

    def scroll_lines(self, count: int) -> None:
        """Scroll down by `count` lines, up when negative, as far as there is something."""
        self._offset = max(0, min(self._offset + count, len(self._all) - self.size.height))
        self._show_part()

    def on_resize(self, event: events.Resize) -> None:
        """Fill the new size."""
        if self._subject is not None:
            self._compose_lines()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.scroll_lines(2)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.scroll_lines(-2)

    def _compose_lines(self) -> None:
        width, height = self.size
        if self._subject is None or not height:
            return
        state, snapshot, device, now = self._subject
        samples = snapshot.histories.recent(device, state.peer.public_key, width * PLOT_STEP)
        view = PeerView(
            state=state,
            now=now,
            number=snapshot.number,
            interval=snapshot.interval,
            samples=samples,
            glyphs=self._painter.glyphs,
            judgement=self._judgement,
        )
        shown = plot_samples(view, width)
        peak = max((max(sample.rx, sample.tx) for sample in shown), default=0.0)
        self._scale = steady_ceiling(peak, self._scale)
        view = view.scaled(self._scale)
        build = full_detail if height >= _FULL_HEIGHT else compact_detail
        self._all = build(view, width, height)
        self._offset = max(0, min(self._offset, len(self._all) - height))
        self._show_part()

    def _show_part(self) -> None:
        """The title stays while the rest scrolls under it."""
        rest = self._all[1 + self._offset :]
        self.show([*self._all[:1], *rest][: self.size.height])
