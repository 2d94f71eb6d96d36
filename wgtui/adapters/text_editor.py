"""Runs `$VISUAL`, `$EDITOR` or what there is, on a private copy, in memory where the host has that."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from wgtui.domain.errors import EditorFailed
from wgtui.domain.text import printable

_FALLBACKS: Final = ("sensible-editor", "editor", "nano", "vi")
_MEMORY: Final = Path("/dev/shm")
_LARGEST: Final = 64 * 1024 * 1024
_HINT: Final = "Set EDITOR to a program that edits the file it is given, such as: EDITOR=nano wgtui."


class ProgramEditor:
    """Runs a program in the foreground of this terminal.

    Args:
        environ: Where `VISUAL` and `EDITOR` are looked up, in this order.
        folder: Where the folder with the copy is made; None for memory, else the host's own choice.
    """

    def __init__(self, environ: Mapping[str, str], folder: Path | None = None) -> None:
        self._environ = environ
        self._folder = folder or (_MEMORY if os.access(_MEMORY, os.W_OK | os.X_OK) else None)

    def edit(self, content: bytes, name: str) -> bytes:
        """Have a text edited; raises `EditorFailed`."""
        command = self._command()
        try:
            with _private_folder(self._folder) as folder:
                path = folder / name
                _write(path, content)
                self._run(command, path)
                return _read(path)
        except OSError as error:
            raise EditorFailed(f"The copy to edit cannot be made or read: {error.strerror}.") from None

    def _command(self) -> list[str]:
        for variable in ("VISUAL", "EDITOR"):
            text = self._environ.get(variable, "").strip()
            if text:
                try:
                    return shlex.split(text)
                except ValueError:
                    raise EditorFailed(
                        f"{variable} is not a command: {printable(text, 100)}.", hint=_HINT
                    ) from None
        found = next((path for name in _FALLBACKS if (path := shutil.which(name))), None)
        if found is None:
            raise EditorFailed("This host has none of the usual editors.", hint=_HINT)
        return [found]

    def _run(self, command: list[str], path: Path) -> None:
        shown = printable(command[0], 100)
        try:
            with _left_to_the_editor():
                status = subprocess.call([*command, str(path)], env={**self._environ})
        except OSError as error:
            raise EditorFailed(f"{shown} cannot be run: {error.strerror}.", hint=_HINT) from None
        if status < 0:
            raise EditorFailed(f"{shown} was ended by {_signal_name(-status)}. Nothing was changed.")
        if status:
            raise EditorFailed(f"{shown} ended with status {status}. Nothing was changed.")


@contextmanager
def _private_folder(parent: Path | None) -> Iterator[Path]:
    """A folder that only its owner can open (`mkdtemp` makes it with mode 0700), removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="wgtui-edit-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _left_to_the_editor() -> Iterator[None]:
    """Keys that send signals are meant for the editor, which shares the terminal with this process.

    They are caught, not ignored: what is ignored would be ignored by the editor as well.
    """
    numbers = (signal.SIGINT, signal.SIGQUIT)
    kept = {number: signal.signal(number, lambda *_: None) for number in numbers}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _read(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise EditorFailed("The editor removed its copy of the file. Nothing was changed.")
    if path.stat().st_size > _LARGEST:
        raise EditorFailed("The edited file is larger than 64 MiB, which no configuration is.")
    return path.read_bytes()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
