"""What is said about a QR code."""

from __future__ import annotations

from wgtui.domain.sharing.compact import Compact
from wgtui.domain.sharing.ladder import Fit

FOR_ROUTERS = (
    "This file runs commands (PostUp ...), as a LAN gateway's does. Phones and the apps refuse such a file: "
    "copy the file itself to the gateway. The QR code leaves the commands out."
)
"""Said of files with hooks."""

NO_ENDPOINT = (
    "The file does not say where to call this host, so the peer cannot begin: write an Endpoint into it."
)
"""Said of files without an endpoint."""

DENSE = (
    "Older fonts lack these small blocks. If you see boxes or question marks, enlarge the window or save "
    "a picture."
)
"""Said of sextants."""


def left_out_sentence(compact: Compact) -> str:
    """What the QR code has not; empty where it has everything."""
    return f"Left out of the QR code: {', '.join(compact.left_out)}." if compact.left_out else ""


def remarks(compact: Compact) -> tuple[str, ...]:
    """What the operator must know before the code is scanned."""
    found = ((FOR_ROUTERS, compact.has_hooks), (NO_ENDPOINT, not compact.has_endpoint))
    return tuple(sentence for sentence, holds in found if holds)


def too_small_sentence(need: Fit, columns: int, rows: int, *, around: int = 0) -> str:
    """What the terminal lacks.

    Args:
        need: The smallest size of the code.
        columns: Of the terminal.
        rows: Of the terminal.
        around: Rows of the terminal that the code cannot have.
    """
    down = need.rows + around
    if need.columns <= columns:
        return f"The QR code needs {down} rows, you have {rows}."
    if down <= rows:
        return f"The QR code needs {need.columns} columns, you have {columns}."
    return f"The QR code needs {need.columns} columns and {down} rows, you have {columns} and {rows}."


def too_small_ways(*, ascii_only: bool) -> tuple[str, ...]:
    """What can be done about it, short."""
    blocks = (
        ("use a UTF-8 terminal without --ascii, which takes a quarter of the room",) if ascii_only else ()
    )
    return (
        "make the font of the terminal smaller, or its window larger",
        *blocks,
        "write a picture: PNG or SVG",
        "hand over the file itself",
    )
