"""Keys one after the other: the next one when the last one has had its effect.

Over a slow link keys arrive in bursts. Textual hands each of them at once to whatever has the focus at that
moment, so that what is typed behind a tab or an enter would still go to the field before, or be taken for a
command of the screen before.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import cached_property
from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.dom import DOMNode

_ROUNDS: Final = 4
"""Ways of a message from the focus up to the application: a key's, those of what it made, the new focus's.

The last one waits for the screen to be laid out: the order of the focus follows from where widgets are.
"""

_LOOK_EVERY: Final = 0.1
"""Seconds between two looks whether a message was lost with its widget."""

_PATIENCE: Final = 30
"""Looks after which a widget that does not answer is no longer waited for."""


class KeyHandled(Message):
    """Goes the way of a key, behind it."""

    def __init__(self, turn: int) -> None:
        super().__init__()
        self.turn = turn
        """Which way of which key it follows."""


class KeyLine:
    """Holds keys back while one is being handled. All methods are of the UI's thread.

    Args:
        app: Whose keys they are; it hands in what it is told of by `KeyHandled`.
    """

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._waiting: deque[events.Key] = deque()
        self._turn = 0
        self._rounds = 0
        self._typed_into: DOMNode | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def is_free(self) -> bool:
        """Whether no key is being handled or waits."""
        return not (self._rounds or self._waiting)

    def admits(self, key: events.Key) -> bool:
        """Whether a key may be handled now; else it is kept, and comes out of `next_key`."""
        if self._rounds:
            self._waiting.append(key)
        return not self._rounds

    def follow(self, key: events.Key) -> None:
        """A key was handed to the focus."""
        self._rounds = _ROUNDS
        focused = self._app.focused
        self._typed_into = focused if key.is_printable and isinstance(focused, Input) else None
        self._send()

    def next_key(self, message: KeyHandled) -> events.Key | None:
        """What came back: the key to be handled now, if any."""
        if message.turn != self._turn or not self._rounds:
            return None
        self._rounds -= 1
        if self._typed_into is not None and self._typed_into is self._app.focused:
            # A letter that moved nothing; texts that are pasted as keys come fast.
            self._rounds = 0
        if self._rounds:
            self._send()
            return None
        self._stop_alarm()
        return self._waiting.popleft() if self._waiting else None

    def _send(self) -> None:
        self._turn += 1
        self._stop_alarm()
        message, screen = KeyHandled(self._turn), self._app.screen
        target = self._app.focused or screen
        if self._rounds > 1:
            is_sent = target.post_message(message)
        else:
            target, is_sent = screen, screen.call_after_refresh(self._app.post_message, message)
        if is_sent:
            self._set_alarm(target, _PATIENCE)
        else:
            self._app.post_message(message)

    def _set_alarm(self, target: DOMNode, looks: int) -> None:
        loop = asyncio.get_running_loop()
        self._alarm = loop.call_later(_LOOK_EVERY, self._look, target, looks)

    def _look(self, target: DOMNode, looks: int) -> None:
        """A widget that is busy answers in the end; one that was removed never does."""
        if looks and target.is_attached and target.is_running:
            self._set_alarm(target, looks - 1)
        else:
            self._app.post_message(KeyHandled(self._turn))

    def _stop_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None


class AppWithKeyLine(App[None]):
    """Hands keys to the focus one after the other."""

    leaving: int | None = None
    """The exit code with which it is about to end."""

    @cached_property
    def _key_line(self) -> KeyLine:
        return KeyLine(self)

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; input that waits behind the order to leave is dropped, and keys wait in line."""
        if self.leaving is not None and isinstance(event, events.InputEvent):
            return
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._key_line.admits(event):
            await self._handle_key(event)

    async def _handle_key(self, key: events.Key) -> None:
        await super().on_event(key)
        self._key_line.follow(key)

    @on(KeyHandled)
    async def _key_handled(self, message: KeyHandled) -> None:
        key = self._key_line.next_key(message)
        if key is not None and self.leaving is None:
            await self._handle_key(key)
