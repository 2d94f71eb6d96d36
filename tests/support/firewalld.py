"""The real firewalld in a network namespace, on a message bus of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.waiting import eventually

_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/> <allow send_type="method_call"/>
    <allow send_destination="*"/> <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


def skip_unless_firewalld() -> None:
    """Skip where there is no firewalld, or none can be run, with the reason."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    if not all(shutil.which(name) for name in ("firewalld", "firewall-cmd", "dbus-daemon")):
        pytest.skip("needs firewalld and dbus-daemon")


@contextmanager
def firewalld_in(netns: str, folder: Path, zone: str = "") -> Iterator[dict[str, str]]:
    """Run it; yields the environment variables by which firewall-cmd finds it.

    Args:
        netns: Where its rules are.
        folder: An empty folder for its files.
        zone: Interfaces of the default zone, separated by spaces. Packets between them do not pass.
    """
    bus = folder / "bus"
    (folder / "bus.conf").write_text(_BUS.format(path=bus))
    config = folder / "etc"
    shutil.copytree("/etc/firewalld", config)
    variables = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}"}
    environment = {**os.environ, **variables}
    inside = ["ip", "netns", "exec", netns]
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))

        def start(*command: str) -> None:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)

        start("dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork")
        _wait(bus.exists, folder / "log")
        options = (
            "--nofork",
            "--nopid",
            "--system-config",
            str(config),
            "--log-file",
            str(folder / "own-log"),
        )
        start(*inside, "firewalld", *options)

        def command(*arguments: str) -> bool:
            done = subprocess.run(["firewall-cmd", "-q", *arguments], env=environment, capture_output=True)
            return done.returncode == 0

        _wait(lambda: command("--state"), folder / "log")
        # As in zones of versions before 1.0: packets from one interface to another need a rule.
        for kind in ((), ("--permanent",)):
            assert command(*kind, "--zone=public", "--remove-forward")
        for name in zone.split():
            assert command("--zone=public", f"--change-interface={name}")
        yield variables


def _wait(condition: Callable[[], bool], log: Path, seconds: float = 30.0) -> None:
    eventually(lambda: log.read_text(errors="replace"), condition, seconds)
