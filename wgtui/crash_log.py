"""The log of what should not have happened."""

from __future__ import annotations

import os
from pathlib import Path


def default_log() -> Path:
    """Where an ordinary user's log is (XDG Base Directory Specification)."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "wgtui" / "wgtui.log"


def log_error(error: BaseException, path: Path) -> None:
    """Append an error's traceback to a log that only its owner can read; never values of variables.

    Raises:
        OSError: It cannot be written.
    """
    import traceback

    log_text("".join(traceback.format_exception(error)), path)


def log_text(text: str, path: Path) -> None:
    """Append a text; raises `OSError` where it cannot be written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as log:
        log.write(text)
