"""Starts the process that takes a change back at its deadline."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import wgtui
from wgtui.domain.errors import HostCommandFailed

_PATIENCE: Final = 20.0
"""Seconds that the process may take to start, on a busy host."""

_SYSTEMD_PATIENCE: Final = 10.0


class HostReverter:
    """Runs `wgtui revert NUMBER` later; implements `wgtui.ports.journal.Reverter`.

    Where systemd runs the host, a transient timer does it: it stands outside the login session, which
    systemd-logind may kill with everything in it (`KillUserProcesses=`, logind.conf(5)), sudo's children
    too. Elsewhere a process of a session of its own waits, which has loaded all it needs.

    Args:
        options: The common options that name host and journal, such as `--state-dir DIR`.
        systemd: Whether to ask systemd; None to look whether it runs this host.
        program: The start of the command line, in place of this very package's.
    """

    def __init__(
        self, options: Sequence[str], *, systemd: bool | None = None, program: Sequence[str] = ()
    ) -> None:
        self._program = tuple(program) or (sys.executable, "-P", "-m", "wgtui")
        self._options = tuple(options)
        self._systemd = systemd
        self._timers = 0

    def arm(self, number: int, seconds: float) -> Callable[[], None]:
        """Start the countdown; it runs once this returns. See the port."""
        if runs_this_host() if self._systemd is None else self._systemd:
            with suppress(HostCommandFailed):
                return self._arm_timer(number, seconds)
        return self._arm_process(number, seconds)

    def _arm_timer(self, number: int, seconds: float) -> Callable[[], None]:
        self._timers += 1
        unit = f"wgtui-revert-{number}-{self._timers}"
        _run(
            [
                "systemd-run",
                "--collect",
                "--quiet",
                "--no-ask-password",
                f"--unit={unit}",
                f"--description=Take back entry {number} of wgtui unless it is confirmed",
                f"--on-active={seconds:.3f}s",
                # systemd may otherwise put a timer off for a minute.
                "--timer-property=AccuracySec=100ms",
                # A userspace device that is made again has to outlive the service that made it.
                "--property=KillMode=process",
                *(f"--setenv={name}={value}" for name, value in _environment().items()),
                "--",
                *self._command(number),
            ]
        )

        def disarm() -> None:
            with suppress(HostCommandFailed):
                _run(["systemctl", "--no-ask-password", "stop", f"{unit}.timer"])

        return disarm

    def _arm_process(self, number: int, seconds: float) -> Callable[[], None]:
        process = subprocess.Popen(
            [*self._command(number), "--after", f"{seconds:.3f}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=dict(os.environ) | _environment(),
            start_new_session=True,
        )
        with process:
            said = _first_line(process, _PATIENCE)
            if not said.isdigit():
                process.kill()
                text = "The process that takes the change back unless it is confirmed did not start"
                raise HostCommandFailed(f"{text}: {said or 'it said nothing'}.", hint="Nothing was changed.")
        return lambda: _end(int(said), number)

    def _command(self, number: int) -> list[str]:
        return [*self._program, *self._options, "revert", str(number)]


def runs_this_host() -> bool:
    """Whether systemd is the host's first process, and this one sees the same network and files as it."""
    if not Path("/run/systemd/system").is_dir() or shutil.which("systemd-run") is None:
        return False
    try:
        return all(
            Path(f"/proc/1/ns/{kind}").readlink() == Path(f"/proc/self/ns/{kind}").readlink()
            for kind in ("net", "mnt")
        )
    except OSError:
        return False


def _environment() -> dict[str, str]:
    """What the process has to know: where programs are, and this very package.

    The package may have been found relative to the current folder, which the process does not share.
    """
    path = [str(Path(wgtui.__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]
    return {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": os.pathsep.join(filter(None, path))}


def _first_line(process: subprocess.Popen[bytes], patience: float) -> str:
    """The first line that a process prints, or all of it where it ends before."""
    assert process.stdout is not None
    descriptor, said = process.stdout.fileno(), b""
    deadline = time.monotonic() + patience
    while b"\n" not in said:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        piece = os.read(descriptor, 4096) if ready else b""
        if not piece:
            break
        said += piece
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[0] if lines else ""


def _end(pid: int, number: int) -> None:
    """End the waiting process, unless its number stands for another one by now."""
    with suppress(OSError):
        process = os.pidfd_open(pid)
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"revert" in words and str(number).encode() in words:
                signal.pidfd_send_signal(process, signal.SIGTERM)
        finally:
            os.close(process)


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SYSTEMD_PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise HostCommandFailed(f"{command[0]} could not be run: {type(error).__name__}.") from None
