"""What the terminal can show, from its environment."""

from __future__ import annotations

from collections.abc import Mapping

from wgtui.ui.palette import Colors


def terminal_colors(environ: Mapping[str, str], choice: str = "auto") -> Colors:
    """Which colours to start with.

    Args:
        environ: The process's environment.
        choice: `none` for no colour whatever the environment says.

    Returns:
        `NONE` when asked for, for `NO_COLOR` and for dumb terminals; `RGB` for terminals that announce 24
        bits or 256 colours; else the sixteen colours, where our own would collapse into one another.
    """
    term = environ.get("TERM", "").lower()
    if choice == "none" or environ.get("NO_COLOR") or term == "dumb":
        return Colors.NONE
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return Colors.RGB
    return Colors.RGB if term.endswith(("-256color", "-direct", "-kitty")) else Colors.ANSI


def is_utf8(encoding: str | None) -> bool:
    """Whether a stream's encoding can show more than ASCII; Textual writes to stderr in its encoding."""
    return (encoding or "").lower().replace("-", "").replace("_", "") in ("utf8", "utf8sig", "cp65001")
