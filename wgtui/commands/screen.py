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
from wgtui.domain.errors import WgtuiError
from wgtui.services.monitor import Monitor
from wgtui.ui.options import UiOptions
from wgtui.ui.poller import Poller


def run(args: Namespace) -> int:
    """Open the UI; raises `PermissionRefused` where devices could not be read anyway."""
    require_terminal()
    if args.demo:
        return show(wiring.demo_monitor, "demo", args)
    wiring.require_net_admin()
    source = partial(wiring.monitor, wiring.host_of(args), defer_links=True)
    return show(source, args.netns or node(), args)


def require_terminal() -> None:
    """Raise where the UI could neither be seen nor be left: stdin or stderr is no terminal."""
    if not (os.isatty(0) and os.isatty(2)):
        raise WgtuiError(
            "The screen needs a terminal on stdin and stderr.",
            hint="Over SSH: ssh -t HOST sudo wgtui. In a script: wgtui status --json.",
        )


def show(source: Callable[[], Monitor], title: str, args: Namespace) -> int:
    """Open the UI on a monitor that is made in the UI's poll thread; returns the exit code."""
    options = UiOptions(
        clock=SystemClock(),
        title=title,
        ascii=args.ascii,
        mouse=not args.no_mouse,
        color="none" if os.environ.get("NO_COLOR") else "auto",
        log_file=Path(args.state_dir) / "wgtui.log",
    )
    # The first look at the host happens while Textual is being imported.
    poller = Poller(source, options.interval, options.log_file)
    poller.start()
    from wgtui.ui.app import WgtuiApp
    from wgtui.ui.app import run as run_app

    return run_app(WgtuiApp(source, options=options, poller=poller))
