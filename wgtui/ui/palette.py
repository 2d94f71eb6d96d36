"""How tones look: one rich style each, for 24-bit and 256 colours, for 16 colours, and for none."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from rich.style import Style

from wgtui.ui.presentation.cells import Tone


class Colors(Enum):
    """How a theme's colours are meant."""

    RGB = "rgb"
    """Colours of our own, over a background of our own."""
    ANSI = "ansi"
    """The terminal's sixteen, over its own background, dark or light."""
    NONE = "none"
    """No colour, attributes only."""


_RGB_VARIABLES: Final = {
    Tone.TEXT: "text-plain",
    Tone.STRONG: "text-strong",
    Tone.DIM: "text-dim",
    Tone.FAINT: "text-faint",
    Tone.GOOD: "tone-good",
    Tone.WARN: "tone-warn",
    Tone.BAD: "tone-bad",
    Tone.QUIET: "text-dim",
    Tone.RECEIVED: "tone-received",
    Tone.SENT: "tone-sent",
    Tone.KEY: "tone-key",
    Tone.KEY_PLAIN: "tone-key",
    Tone.TITLE: "text-dim",
    Tone.TITLE_SORTED: "text-strong",
    Tone.TAB: "text-strong",
    Tone.BAR: "text-dim",
    Tone.ALERT: "text-alert",
}

_ANSI: Final = {
    Tone.STRONG: "bold",
    Tone.DIM: "dim",
    Tone.FAINT: "dim",
    Tone.GOOD: "green",
    Tone.WARN: "yellow",
    Tone.BAD: "bold red",
    Tone.QUIET: "dim",
    Tone.RECEIVED: "cyan",
    Tone.SENT: "magenta",
    Tone.KEY: "bold",
    Tone.KEY_PLAIN: "bold",
    Tone.TITLE: "dim",
    Tone.TITLE_SORTED: "bold underline",
    Tone.TAB: "bold reverse",
    Tone.BAR: "dim",
    Tone.ALERT: "bold reverse",
}

_NONE: Final = {
    **_ANSI,
    Tone.GOOD: "none",
    Tone.WARN: "bold",
    Tone.BAD: "bold",
    Tone.RECEIVED: "none",
    Tone.SENT: "none",
}

VARIABLE_DEFAULTS: Final = {
    "text-plain": "#c8d0d6",
    "text-strong": "#f2f5f7",
    "text-dim": "#8d99a3",
    "text-faint": "#4b5761",
    "text-alert": "#12181d",
    "tone-good": "#84c28f",
    "tone-warn": "#dcb467",
    "tone-bad": "#e58a80",
    "tone-received": "#6cb5cf",
    "tone-sent": "#c79fc4",
    "tone-key": "#dcb467",
    "back-screen": "#12181d",
    "back-tab": "#2a3944",
    "back-bar": "#1a232a",
    "back-cursor": "#24404f",
    "back-alert": "#dcb467",
}
"""Colours for themes that do not name them."""


class Palette:
    """Styles of all tones, on the plain background and on the cursor's row."""

    def __init__(self, colors: Colors, variables: Mapping[str, str]) -> None:
        """Make styles for a theme's CSS variables, which only `Colors.RGB` uses."""
        values = {**VARIABLE_DEFAULTS, **variables}
        self.colors = colors
        self._plain: dict[Tone, Style] = {}
        self._cursor: dict[Tone, Style] = {}
        for tone in Tone:
            plain, cursor = self._rgb(tone, values) if colors is Colors.RGB else self._terminal(tone)
            self._plain[tone], self._cursor[tone] = plain, cursor

    def style(self, tone: Tone, *, on_cursor: bool = False) -> Style:
        """The look of a tone."""
        return (self._cursor if on_cursor else self._plain)[tone]

    def _rgb(self, tone: Tone, values: Mapping[str, str]) -> tuple[Style, Style]:
        color = values[_RGB_VARIABLES[tone]]
        background = {
            Tone.TAB: "back-tab",
            Tone.BAR: "back-bar",
            Tone.KEY: "back-bar",
            Tone.ALERT: "back-alert",
        }.get(tone, "back-screen")
        bold = tone in (Tone.STRONG, Tone.TAB, Tone.KEY, Tone.ALERT, Tone.BAD)
        plain = Style(color=color, bgcolor=values[background], bold=bold or None)
        lifted = values["text-plain"] if tone in (Tone.DIM, Tone.QUIET, Tone.FAINT) else color
        cursor = Style(color=lifted, bgcolor=values["back-cursor"], bold=bold or None)
        return plain, cursor

    def _terminal(self, tone: Tone) -> tuple[Style, Style]:
        looks = _ANSI if self.colors is Colors.ANSI else _NONE
        # One look for the whole cursor row: colours turned round would make a patchwork of it.
        return Style.parse(looks.get(tone, "none")), Style(reverse=True)
