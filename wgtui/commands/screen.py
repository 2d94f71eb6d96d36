"""`wgtui` without a command: the full-screen UI, on this host or on the demo."""

from __future__ import annotations

import gc
import os
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from platform import node
from typing import TYPE_CHECKING

from wgtui import wiring
from wgtui.adapters.clock import SystemClock
from wgtui.arguments.common import CONFIRM_WITHIN
from wgtui.domain.errors import WgtuiError
from wgtui.services.changes import OpenChanges
from wgtui.services.monitor import Monitor
from wgtui.ui.options import UiOptions
from wgtui.ui.poller import Poller

if TYPE_CHECKING:
    from wgtui.services.doctor.diagnosis import Diagnosis
    from wgtui.services.first_contact import FirstContact
    from wgtui.services.judging.peer_judge import PeerJudge
    from wgtui.services.ownership_map import OwnershipMap


def run(args: Namespace) -> int:
    """Open the UI; raises `PermissionRefused` where devices could not be read anyway."""
    require_terminal()
    if args.demo:
        demo = wiring.demo()
        makers = demo.ownership_map, demo.changes, demo.first_contact, demo.diagnosis, demo.peer_judge
        return show(demo.monitor, "demo", args, *makers)
    wiring.require_net_admin()
    host = wiring.host_of(args)
    source = partial(wiring.monitor, host)
    changes = partial(wiring.changes, host)
    ownership, contact = partial(wiring.ownership_map, host), partial(wiring.first_contact, host)
    diagnosis, judge = partial(wiring.diagnosis, host), partial(wiring.peer_judge, host)
    return show(source, args.netns or node(), args, ownership, changes, contact, diagnosis, judge)


def require_terminal() -> None:
    """Raise where the UI could neither be seen nor be left: stdin or stderr is no terminal."""
    if not (os.isatty(0) and os.isatty(2)):
        raise WgtuiError(
            "The screen needs a terminal on stdin and stderr.",
            hint="Over SSH: ssh -t HOST sudo wgtui. In a script: wgtui status --json.",
        )


def show(
    source: Callable[[], Monitor],
    title: str,
    args: Namespace,
    ownership: Callable[[], OwnershipMap] | None = None,
    changes: OpenChanges | None = None,
    first_contact: Callable[[], FirstContact] | None = None,
    diagnosis: Callable[[], Diagnosis] | None = None,
    peer_judge: Callable[[], PeerJudge] | None = None,
) -> int:
    """Open the UI; returns the exit code.

    Args:
        source: Makes the monitor, in the UI's poll thread.
        title: The host's name.
        args: The options given.
        ownership: Makes what the map of allowed IPs is read with, in a thread of its own;
            without it there is no map.
        changes: Opens what changes the host, in a thread of its own; without it nothing can be changed.
        first_contact: Makes what waits for first handshakes, in a thread of its own.
        diagnosis: Makes what examines the host, in a thread of its own.
        peer_judge: Makes what judges the selected peer, in a thread of its own.
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

    app = WgtuiApp(
        source,
        options=options,
        poller=poller,
        ownership=ownership,
        open_changes=changes,
        first_contact=first_contact,
        diagnosis=diagnosis,
        peer_judge=peer_judge,
    )
    return run_app(app)
