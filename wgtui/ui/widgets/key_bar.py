"""The footer: at most six keys and what they do."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from wgtui.ui.commands import Command, key_label
from wgtui.ui.messages import RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Span, Tone
from wgtui.ui.widgets.line_pane import LinePane


class KeyBar(LinePane):
    """Keys of commands; a click on one runs it."""

    BASE = Tone.BAR

    def __init__(self, painter: Painter, commands: Sequence[Command], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self._commands = tuple(commands)

        self._gap = ""

    def on_resize(self, event: events.Resize) -> None:
        """Show the keys, closer together where the line is short."""
        roomy = sum(self._width(command) + 1 for command in self._commands) <= event.size.width
        self._gap = " " if roomy else ""
        spans = []
        for command in self._commands:
            spans.append(Span(f" {key_label(command.keys[0])} ", Tone.KEY))
            spans.append(Span(f"{command.label}{self._gap}", Tone.BAR))
        self.show([tuple(spans)])

    def _width(self, command: Command) -> int:
        return len(key_label(command.keys[0])) + len(command.label) + 2

    def on_click(self, event: events.Click) -> None:
        """Run the command that was clicked."""
        event.stop()
        x = event.x
        for command in self._commands:
            width = self._width(command) + len(self._gap)
            if 0 <= x < width:
                self.post_message(RunCommand(command.action))
                return
            x -= width
