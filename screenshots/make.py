"""Makes the pictures of this folder: the real UI, on the lab's relay, after some traffic.

Usage, as root, from the project's root: `.cache/venv/bin/python screenshots/make.py`, with the environment
that `tests/run` makes. Needs `rsvg-convert` and a monospaced font with box drawing, such as DejaVu Sans Mono
(Debian: librsvg2-bin, fonts-dejavu-core).
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import monotonic

from textual.pilot import Pilot

from wgtui import wiring
from wgtui.adapters import lab
from wgtui.adapters.clock import SystemClock
from wgtui.commands.screen import makers_of
from wgtui.ui.app import WgtuiApp
from wgtui.ui.options import UiOptions

FOLDER = Path(__file__).resolve().parent
SIZES = ((80, 24), (120, 36))
FONT = "DejaVu Sans Mono"
ROAMED_BY = 100.0
"""Seconds until the gateway's endpoint must have moved at least once."""


def main() -> None:
    """Build the lab once and picture it at every size."""
    with lab.start("relay", progress=lambda text: print(text, file=sys.stderr)) as handle:
        host = wiring.Host(handle.config_dir, handle.netns, handle.socket_dir, handle.state_dir)
        asyncio.run(picture_all(host, handle))


async def picture_all(host: wiring.Host, handle: lab.LabHandle) -> None:
    """One run of the app for all sizes, so that each picture shows a filled history."""
    options = UiOptions(clock=SystemClock(), title="lab: relay")
    app = WgtuiApp(partial(wiring.monitor, host), options=options, makers=makers_of(host))
    async with app.run_test(size=SIZES[-1]) as pilot:
        deadline = monotonic() + ROAMED_BY
        while monotonic() < deadline and not has_roamed(app):
            await pilot.pause(1.0)
        await pilot.pause(20.0)
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            await pilot.pause(2.0)
            write_png(app.export_screenshot(title="wgtui"), FOLDER / f"overview-{width}x{height}.png")
        # The plan that disables the selected peer is only looked at.
        await pilot.resize_terminal(*SIZES[0])
        await pilot.press("t")
        await pilot.pause(3.0)
        write_png(app.export_screenshot(title="wgtui"), FOLDER / "review-80x24.png")
        await pilot.press("escape")
        await pilot.pause(0.5)
        await picture_path(app, pilot, handle)


async def picture_path(app: WgtuiApp, pilot: Pilot[None], handle: lab.LabHandle) -> None:
    """The path from the laptop into the home's LAN, on a relay that was told not to forward."""
    handle.run("relay", ["sysctl", "-qw", "net.ipv4.ip_forward=0"])
    await pilot.press("o")
    await pilot.pause(2.0)
    await pilot.press("tab")
    for key, end in (("f", "laptop"), ("t", "192.168.2.5")):
        await pilot.press(key)
        await pilot.pause(0.5)
        await pilot.press(*end, "enter")
        await pilot.pause(1.5)
    write_png(app.export_screenshot(title="wgtui"), FOLDER / "path-80x24.png")


def has_roamed(app: WgtuiApp) -> bool:
    """Whether some peer was seen at two endpoints."""
    snapshot = app.snapshot
    return snapshot is not None and any(
        len(peer.endpoints) > 1 for device in snapshot.devices for peer in device.peers
    )


def write_png(svg: str, target: Path) -> None:
    """Render with a local font: the drawing names one on a server."""
    svg = re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", FONT).replace("<text ", '<text xml:space="preserve" ')
    with tempfile.NamedTemporaryFile("w", suffix=".svg", encoding="utf-8") as drawing:
        drawing.write(svg)
        drawing.flush()
        subprocess.run(["rsvg-convert", "--zoom=1.2", "-o", str(target), drawing.name], check=True)
    print(target.name, file=sys.stderr)


if __name__ == "__main__":
    main()
