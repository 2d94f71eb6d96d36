"""Waiting in tests: for keys to be handled, and for what threads and timers bring.

Textual's pilot takes a process for idle that used no processor for a moment, which on a busy machine is one
that got none. Here the messages themselves are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any
from unittest.mock import patch

from textual.message_pump import MessagePump
from textual.pilot import Pilot

from wgtui.ui.app import WgtuiApp

_PATIENCE = 10.0
"""Seconds after which what does not come to rest is left to `until`."""

_DEADLINE = 20.0
"""Seconds that something may take on a machine that is busy with other tests."""


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after the other, each when the last one has had its effect."""

    async def handled(*_: float) -> None:
        await settle(pilot)

    with patch("textual.app.wait_for_idle", handled):
        await pilot.app._press_keys(keys)
    await settle(pilot)


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until every message was handled, and all of it is painted. Threads and timers may go on."""
    end = monotonic() + _PATIENCE
    while await pilot._wait_for_screen():
        if not pilot.app._running or not pilot.app.screen_stack:
            return
        pilot.app.screen._on_timer_update()
        if _is_settled(pilot.app) or monotonic() > end:
            return


async def until(
    pilot: Pilot[Any], done: Callable[[], bool], complaint: Callable[[], str] = lambda: "it never came"
) -> None:
    """Wait until something holds, and is painted."""
    end = monotonic() + _DEADLINE
    while not done():
        assert monotonic() < end, complaint()
        await pilot.pause(0.01)
    await settle(pilot)


def _is_settled(app: Any) -> bool:
    is_painted = not (app.screen._callbacks or app.screen._layout_required or app.screen._dirty_widgets)
    is_handled = not isinstance(app, WgtuiApp) or app._key_line.is_free
    return is_painted and is_handled and all(map(_is_at_rest, _pumps(app)))


def _pumps(app: Any) -> Iterator[MessagePump]:
    yield app
    for screen in app.screen_stack:
        yield from screen.walk_children(with_self=True)


def _is_at_rest(pump: MessagePump) -> bool:
    """Whether it has begun, and has nothing left to do."""
    return pump._closing or (pump._is_mounted and not (pump._next_callbacks or pump.message_queue_size))
