"""How the user interface is to look and behave, decided before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wgtui.ports.clock import Clock

if TYPE_CHECKING:
    # What a port speaks of is imported with it, and the first frame does not wait for that.
    from wgtui.ports.qr import QrCodes
    from wgtui.ports.text_editor import TextEditor


@dataclass(frozen=True, slots=True)
class UiOptions:
    """Choices of one run.

    Attributes:
        clock: For ages between two snapshots.
        title: The host's name, or what is shown instead: `demo`, `lab: relay`.
        ascii: Draw with ASCII only. True by itself where the terminal's encoding is not UTF-8.
        mouse: Ask the terminal for mouse events.
        color: `none` uses no colour at all, as `NO_COLOR` does.
        interval: Seconds between looks at the host, for up to 1,000 peers.
        confirm_within: Seconds that a change which can cut the operator's session waits for its confirmation.
        log_file: Where the traceback of a crash goes; None for the state folder's `wgtui.log`.
        qr: Makes QR codes; None where nothing can be shared.
        editor: Lets the operator edit files; None where that cannot be.
    """

    clock: Clock
    title: str = ""
    ascii: bool = False
    mouse: bool = True
    color: Literal["auto", "none"] = "auto"
    interval: float = 1.0
    confirm_within: float = 60.0
    log_file: Path | None = None
    qr: QrCodes | None = None
    editor: TextEditor | None = None
