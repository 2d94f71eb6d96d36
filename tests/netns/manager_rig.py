"""Managers of packet filters at work on a namespace: Docker's rules, ufw and firewalld themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.netns.filter_rig import Rig
from tests.netns.support import eventually

SYSTEM_PYTHON: Final = "/usr/bin/python3"
"""What Debian's firewalld runs on."""

UNPACKED: Final = "WGTUI_TEST_FIREWALLD"
"""Name of a variable: where the packages of firewalld are unpacked, on a host where it is not installed."""

_DOCKER: Final = """
-P FORWARD DROP
-N DOCKER
-N DOCKER-BRIDGE
-N DOCKER-CT
-N DOCKER-FORWARD
-N DOCKER-USER
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
"""
"""What the daemon of Docker 28 does with iptables when it starts, without the rules of single networks."""


def docker(rig: Rig, program: str) -> None:
    """Have the rules of Docker on the router, made by a variant of `iptables` or `ip6tables`."""
    network = "172.17.0.0/16" if program.startswith("iptables") else "fd17::/64"
    masquerade = f"-t nat -A POSTROUTING -s {network} ! -o docker0 -j MASQUERADE"
    for line in (*_DOCKER.strip().splitlines(), masquerade):
        rig.run(program, *line.split())


def ufw(rig: Rig, folder: Path) -> Callable[..., str]:
    """Have ufw on the router, with its files in a folder of the test.

    Returns:
        What runs ufw with arguments, and gives what it prints.
    """
    if shutil.which("ufw") is None:
        pytest.skip("needs ufw")
    own, defaults = folder / "ufw", folder / "default"
    shutil.copytree("/etc/ufw", own)
    shutil.copy2("/etc/default/ufw", defaults)
    mounts = f"mount --bind {own} /etc/ufw && mount --bind {defaults} /etc/default/ufw"

    def run(*arguments: str) -> str:
        # Every `ip netns exec` has mounts of its own.
        return rig.run("sh", "-c", f'{mounts} && exec ufw "$@"', "ufw", *arguments)

    run("--force", "enable")
    return run


@contextmanager
def firewalld(rig: Rig, folder: Path) -> Iterator[Mapping[str, str]]:
    """Have firewalld on the router, with a bus and files of its own.

    Yields:
        The variables with which `firewall-cmd` finds it.
    """
    root = Path(os.environ.get(UNPACKED, "/"))
    daemon, control = root / "usr/sbin/firewalld", root / "usr/bin/firewall-cmd"
    if not daemon.exists() or shutil.which("dbus-daemon") is None:
        pytest.skip(f"needs firewalld, or {UNPACKED}, and dbus-daemon")
    modules = "" if root == Path("/") else str(root / "usr/lib/python3/dist-packages")
    bus = f"unix:path={folder}/bus"
    (folder / "bus.conf").write_text(_BUS.format(bus=bus))
    (folder / "system").mkdir()
    wrapper = folder / "firewall-cmd"
    wrapper.write_text(f'#!/bin/sh\nPYTHONPATH="{modules}" exec {SYSTEM_PYTHON} -sP {control} "$@"\n')
    wrapper.chmod(0o755)
    variables = {"DBUS_SYSTEM_BUS_ADDRESS": bus, "PATH": f"{folder}:{os.environ['PATH']}"}
    environment = {**os.environ, **variables, "PYTHONPATH": modules}
    options = (
        *("--nofork", "--nopid", "--system-config", str(folder / "system")),
        *("--default-config", str(root / "usr/lib/firewalld"), "--log-file", str(folder / "log")),
    )
    started = []
    with (folder / "said").open("wb") as said:
        try:
            for command in (
                ("dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork"),
                ("ip", "netns", "exec", rig.router, SYSTEM_PYTHON, "-sP", str(daemon), *options),
            ):
                started.append(subprocess.Popen(command, env=environment, stdout=said, stderr=said))
                eventually("the bus", (folder / "bus").exists)
            eventually("firewalld", lambda: _is_running(wrapper, environment), 30)
            yield variables
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(20)


def _is_running(control: Path, environment: Mapping[str, str]) -> bool:
    done = subprocess.run([str(control), "--state"], env=environment, capture_output=True, check=False)
    return done.returncode == 0


_BUS: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>{bus}</listen><auth>EXTERNAL</auth><policy context="default">
<allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_destination="*"/>
<allow receive_sender="*"/></policy></busconfig>
"""
