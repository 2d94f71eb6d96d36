"""Textual's terminal driver, made safe against what terminals do: vanish, stall, and say things unasked."""

from __future__ import annotations

import os
import re
import select
import signal
import time
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Full
from typing import Final

from textual._parser import ParseError
from textual._xterm_parser import FOCUSIN, FOCUSOUT, XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from wgtui.ui.input_filter import ESC, InputFilter
from wgtui.ui.jobs import has_job_control

_PATIENCE: Final = 0.4
"""Seconds that all writing together may still take once the program is leaving."""

_LOOK_UP: Final = 0.1
"""Seconds after which the input thread looks whether it should end."""

_STALL: Final = 1.0
"""Seconds of silence after which the end of a sequence is no longer waited for."""

_MOUSE: Final = re.compile(r"\x1b\[<\d+;\d+;\d+[Mm]")
_ANSWER: Final = re.compile(r"\x1b\[\?2026;\d\$y")
"""The answer to the only question that is asked: whether output can be synchronized."""

_CURSOR: Final = re.compile(r"\x1b\[\d+;\d+R")


class SteadyParser(XTermParser):
    """Makes messages of keys and of wanted reports; as shipped, an unknown report becomes keys."""

    def __init__(self, *, mouse: bool) -> None:
        """Start; reports of the mouse are wanted if `mouse`."""
        super().__init__()
        self._mouse = mouse
        self._filter = InputFilter(self._is_wanted)
        self._fed_at = 0.0

    def feed(self, data: str) -> Iterable[Message]:
        """Take in what was read."""
        self._fed_at = time.monotonic()
        for piece in self._filter.feed(data):
            yield from super().feed(piece)

    def tick(self) -> Iterable[Message]:
        """Let time pass: an ESC that nothing followed was the key."""
        yield from super().tick()
        if self._filter.is_waiting:
            silence = time.monotonic() - self._fed_at
            is_key = self._filter.is_escape and silence >= ESCAPE_DELAY
            if is_key or silence >= _STALL:
                self._filter.forget()
            if is_key:
                yield Key("escape", ESC)

    def _is_wanted(self, sequence: str) -> bool:
        if sequence in (FOCUSIN, FOCUSOUT) or _ANSWER.fullmatch(sequence):
            return True
        if _MOUSE.fullmatch(sequence):
            return self._mouse
        try:
            return not _CURSOR.fullmatch(sequence) and any(self._sequence_to_key_events(sequence))
        except (ValueError, OverflowError):
            # The number of a character that does not exist.
            return False


class SteadyDriver(LinuxDriver):
    """Never waits for a terminal that will not answer.

    As shipped, writing blocks the whole program once thirty updates queue up, for good when the writer's
    thread has died of a closed terminal; and leaving waits for that thread.
    """

    _deadline: float | None = None
    _is_lending = False

    @property
    def can_suspend(self) -> bool:
        """Whether somebody could continue us; otherwise ctrl+z does nothing. To lend nobody is needed."""
        return self._is_lending or has_job_control()

    @contextmanager
    def lending(self) -> Iterator[None]:
        """The terminal is lent to a program that we wait for."""
        self._is_lending = True
        try:
            yield
        finally:
            self._is_lending = False

    def _sigtstp_application(self, *_: object) -> None:
        """Stop the whole job, as the terminal does: a script that runs us must stop with us."""
        if not self.can_suspend:
            return
        if self._auto_restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
        os.killpg(os.getpgrp(), signal.SIGSTOP)

    def hurry(self) -> None:
        """The program is leaving: give up on output that the terminal does not take soon."""
        if self._deadline is None:
            self._deadline = time.monotonic() + _PATIENCE

    def write(self, data: str) -> None:
        """Queue data for the terminal, or drop it where nobody will read it."""
        thread = self._writer_thread
        while thread is not None and thread.is_alive() and not self._is_late():
            try:
                thread._queue.put(data, timeout=0.1)
            except Full:
                continue
            return

    def close(self) -> None:
        """End the writer's thread, unless it hangs in a write."""
        thread = self._writer_thread
        if thread is None or not thread.is_alive():
            return
        if self._deadline is None:
            super().close()
            return
        try:
            thread._queue.put_nowait(None)
        except Full:
            return
        thread.join(max(0.1, self._deadline - time.monotonic()))

    def stop_input(self) -> None:
        """Let the input thread end by itself: at the end of its file it would spin."""
        self.exit_event.set()

    def run_input_thread(self) -> None:
        """Read until the end. Bytes that are no text are passed over.

        As shipped, the first such byte ends the reading, and with it the program or its ears; and at the
        end of the file it spins.
        """
        parser = SteadyParser(mouse=self._mouse)
        decode = getincrementaldecoder("utf-8")("ignore").decode
        poll = select.poll()
        poll.register(self.fileno, select.POLLIN)
        while not self.exit_event.is_set():
            if poll.poll(_LOOK_UP * 1000):
                data = os.read(self.fileno, 4096)
                if not data:
                    return
                for message in parser.feed(decode(data)):
                    self.process_message(message)
            for message in parser.tick():
                self.process_message(message)

    def _run_input_thread(self) -> None:
        """Read until the end, whatever the parser meets."""
        while not self.exit_event.is_set():
            try:
                self.run_input_thread()
            except (ValueError, ParseError):
                continue
            except (OSError, EOFError):
                return
            return

    def _query_in_band_window_resize(self) -> None:
        """Leave it at SIGWINCH: with sizes in band Textual counts the mouse in pixels, and leaves that on."""

    def _is_late(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline
