"""The Share screen on the files of `shared_peers`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.support.shared_peers import own_file, public_key
from tests.ui.changing import Desk
from tests.ui.editing import Relay, make_relay
from tests.ui.world import StillSource, first_look, relay
from wgtui.adapters.qr_segno import SegnoQrCodes
from wgtui.services.sharing import SharedFile
from wgtui.ui.screens.share import IDLE, ShareScreen


def shared_file(name: str) -> SharedFile:
    """A peer's own file."""
    return SharedFile("wg0", name, public_key(name), own_file(name).encode())


@asynccontextmanager
async def sharing(
    name: str, size: tuple[int, int] = (80, 24), *, idle: float = IDLE, **options: Any
) -> AsyncIterator[Relay]:
    """The application with the Share screen on top."""
    app, host = make_relay(qr=SegnoQrCodes(), **options)
    async with app.run_test(size=size) as pilot:
        await first_look(pilot)
        app.push_screen(ShareScreen(app.painter, shared_file(name), SegnoQrCodes(), idle=idle))
        await pilot.pause()
        yield Relay(app, pilot, StillSource(relay()), Desk(), host)
    assert app.changes.finish(5.0)
