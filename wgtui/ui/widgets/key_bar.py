"""The footer: some keys and what they do."""

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
        self._all = tuple(commands)
        self._commands = self._all
        self._gap = ""

    def on_resize(self) -> None:
        """Show the keys that fit the new width."""
        self.fit()

    def fit(self) -> None:
        """Show the keys, closer together where the line is short, and fewer where it is too short."""
        self._commands = self._fitting(self.size.width)
        roomy = sum(self._width(command) + 1 for command in self._commands) <= self.size.width
        self._gap = " " if roomy else ""
        spans = []
        for command in self._commands:
            spans.append(Span(f" {key_label(command.keys[0])} ", Tone.KEY))
            spans.append(Span(f"{command.label}{self._gap}", Tone.BAR))
        self.show([tuple(spans)])

    def _fitting(self, width: int) -> tuple[Command, ...]:
        """All commands, or without those behind the first one: the last ones are help and the way out."""
        commands = self._all
        while len(commands) > 3 and sum(map(self._width, commands)) > width:
            commands = (commands[0], *commands[2:])
        return commands

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
