"""The looks of the whole program: our own dark and light, and the terminal's own colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.theme import Theme

from wgtui.ui.palette import VARIABLE_DEFAULTS

DARK: Final = "wgtui-dark"
LIGHT: Final = "wgtui-light"
TERMINAL: Final = "ansi-dark"
"""Textual's own theme of the terminal's sixteen colours over the terminal's background."""

THEME_CYCLE: Final = (DARK, LIGHT, TERMINAL)
"""What the theme key steps through."""

_LIGHT: Final = {
    "text-plain": "#2b3740",
    "text-strong": "#0c1419",
    "text-dim": "#5b6972",
    "text-faint": "#aab4ba",
    "text-alert": "#ffffff",
    "tone-good": "#1f7a3d",
    "tone-warn": "#8a5a00",
    "tone-bad": "#b3261e",
    "tone-received": "#0b6a88",
    "tone-sent": "#83438a",
    "tone-key": "#8a5a00",
    "back-screen": "#f6f8f9",
    "back-tab": "#d3dee4",
    "back-bar": "#e6ecef",
    "back-cursor": "#cfe3ec",
    "back-alert": "#8a5a00",
}


def _theme(name: str, values: Mapping[str, str], dark: bool) -> Theme:
    return Theme(
        name=name,
        primary=values["tone-received"],
        secondary=values["tone-sent"],
        accent=values["tone-key"],
        warning=values["tone-warn"],
        error=values["tone-bad"],
        success=values["tone-good"],
        foreground=values["text-plain"],
        background=values["back-screen"],
        surface=values["back-bar"],
        panel=values["back-tab"],
        dark=dark,
        variables=dict(values),
    )


def own_themes() -> tuple[Theme, ...]:
    """The themes to register."""
    return (_theme(DARK, VARIABLE_DEFAULTS, dark=True), _theme(LIGHT, _LIGHT, dark=False))
