"""`wgtui` without a command: the full-screen UI, on this host or on the demo."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from platform import node

from wgtui import wiring
from wgtui.adapters.clock import SystemClock
from wgtui.services.monitor import Monitor


def run(args: Namespace) -> int:
    """Open the UI; raises `PermissionRefused` where devices could not be read anyway."""
    if args.demo:
        return show(wiring.demo_monitor, "demo", args)
    wiring.require_net_admin()
    source = partial(wiring.monitor, wiring.host_of(args), defer_links=True)
    return show(source, args.netns or node(), args)


def show(source: Callable[[], Monitor], title: str, args: Namespace) -> int:
    """Open the UI on a monitor that is made in the UI's poll thread; returns the exit code."""
    from wgtui.ui.launch import run as launch
    from wgtui.ui.options import UiOptions

    options = UiOptions(
        clock=SystemClock(),
        title=title,
        ascii=args.ascii,
        mouse=not args.no_mouse,
        color="none" if os.environ.get("NO_COLOR") else "auto",
        log_file=Path(args.state_dir) / "wgtui.log",
    )
    return launch(source, options)
