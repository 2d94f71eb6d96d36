"""`wgtui lab`: the UI on real tunnels between network namespaces of this machine."""

from __future__ import annotations

from argparse import Namespace
from threading import Event

from wgtui import wiring
from wgtui.adapters import lab
from wgtui.commands.screen import require_terminal, show_host
from wgtui.streams import complain, say

_HOW_TO_LOOK = """\
Look at it from another terminal:
  wgtui {options}
  wgtui status {options}
Its machines are network namespaces: ip netns exec {netns} ip address
ctrl+c removes it.
"""


def run(args: Namespace) -> int:
    """Build the scenario, open the UI on its relay, remove everything."""
    wiring.require_net_admin()
    if not args.no_ui:
        require_terminal()
    with lab.start(args.scenario, progress=_tell) as handle:
        host = wiring.Host(handle.config_dir, handle.netns, handle.socket_dir, handle.state_dir)
        code = _wait(handle, host) if args.no_ui else show_host(host, f"lab: {args.scenario}", args)
        _tell("Removing the lab.")
    return code


def _wait(handle: lab.LabHandle, host: wiring.Host) -> int:
    options = f"--netns {host.netns} --config-dir {host.config_dir} --socket-dir {host.socket_dir}"
    say(f"{handle.title}\n\n{handle.describe()}\n\n")
    say(_HOW_TO_LOOK.format(options=options, netns=host.netns))
    try:
        Event().wait()
    except KeyboardInterrupt:
        complain("\n")
    return 0


def _tell(text: str) -> None:
    complain(f"{text}\n")
