"""`wgtui` without a command: the full-screen UI, on this host or on the demo."""

from __future__ import annotations

import gc
import os
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from platform import node

from wgtui import wiring
from wgtui.adapters.clock import SystemClock
from wgtui.arguments.common import CONFIRM_WITHIN
from wgtui.domain.errors import WgtuiError
from wgtui.services.monitor import Monitor
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.poller import Poller


def run(args: Namespace) -> int:
    """Open the UI; raises `PermissionRefused` where devices could not be read anyway."""
    require_terminal()
    if args.demo:
        demo = wiring.demo()
        makers = Makers(
            ownership=demo.ownership_map,
            changes=demo.changes,
            first_contact=demo.first_contact,
            diagnosis=demo.diagnosis,
            peer_judge=demo.peer_judge,
        )
        return show(demo.monitor, "demo", args, makers)
    wiring.require_net_admin()
    host = wiring.host_of(args)
    return show_host(host, args.netns or node(), args)


def show_host(host: wiring.Host, title: str, args: Namespace) -> int:
    """Open the UI on a host; returns the exit code."""
    return show(partial(wiring.monitor, host, hurried=True), title, args, makers_of(host))


def makers_of(host: wiring.Host) -> Makers:
    """Makes everything on a host."""
    return Makers(
        ownership=partial(wiring.ownership_map, host),
        changes=partial(wiring.changes, host),
        first_contact=partial(wiring.first_contact, host),
        diagnosis=partial(wiring.diagnosis, host),
        peer_judge=partial(wiring.peer_judge, host),
    )


def require_terminal() -> None:
    """Raise where the UI could neither be seen nor be left: stdin or stderr is no terminal."""
    if not (os.isatty(0) and os.isatty(2)):
        raise WgtuiError(
            "The screen needs a terminal on stdin and stderr.",
            hint="Over SSH: ssh -t HOST sudo wgtui. In a script: wgtui status --json.",
        )


def show(source: Callable[[], Monitor], title: str, args: Namespace, makers: Makers) -> int:
    """Open the UI; returns the exit code.

    Args:
        source: Makes the monitor, in the UI's poll thread.
        title: The host's name.
        args: The options given.
        makers: Make what else the host is read and changed with.
    """
    options = UiOptions(
        clock=SystemClock(),
        title=title,
        ascii=args.ascii,
        mouse=not args.no_mouse,
        color="none" if os.environ.get("NO_COLOR") else "auto",
        log_file=Path(args.state_dir) / "wgtui.log",
        confirm_within=args.confirm_within or CONFIRM_WITHIN,
        qr=wiring.qr_codes(),
        editor=wiring.text_editor(),
    )
    # Nothing made before the first frame is garbage; the application turns the collector on again.
    gc.disable()
    # The first look at the host happens while Textual is being imported.
    poller = Poller(source, options.interval, options.log_file)
    poller.start()
    from wgtui.ui.app import WgtuiApp
    from wgtui.ui.app import run as run_app

    app = WgtuiApp(source, options=options, poller=poller, makers=makers)
    return run_app(app)
