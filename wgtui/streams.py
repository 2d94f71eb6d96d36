"""The standard streams as they are found: closed, full, without a reader, or short of characters."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Final

from wgtui.domain.errors import WgtuiError

_CLOSED: Final = (("stdin", os.O_WRONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_RDWR, "w"))
"""What stands in for a closed stream: reading or writing it fails, except that complaints go nowhere."""


def prepare_streams() -> None:
    """Occupy the places of closed streams, and let none fail on a character that it does not have.

    A place left free would be taken by the next file or socket, which would then get what is printed.
    """
    for name, flags, mode in _CLOSED:
        stream = getattr(sys, name)
        if stream is None:
            nowhere = os.open(os.devnull, flags)
            setattr(sys, name, os.fdopen(nowhere, mode, encoding="utf-8", errors="replace"))
        elif mode == "w" and isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(text: str) -> None:
    """Write to standard output, at once.

    Raises:
        BrokenPipeError: Its reader is gone.
        WgtuiError: It cannot be written; the text says why.
    """
    _write(lambda: sys.stdout.write(text))


def say_bytes(data: bytes) -> None:
    """Write bytes to standard output as they are; raises as `say`."""
    sys.stdout.flush()
    _write(lambda: sys.stdout.buffer.write(data))


def _write(write: Callable[[], object]) -> None:
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        raise
    except OSError as error:
        _forget_output()
        raise WgtuiError(f"Standard output cannot be written: {error.strerror}.") from None


def complain(text: str) -> None:
    """Write to standard error; where that cannot be done there is nobody left to tell."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def _forget_output() -> None:
    """Send what is still in the buffer nowhere, or the interpreter would complain when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
