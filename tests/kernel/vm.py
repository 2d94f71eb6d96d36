"""Runs the kernel tier: `python -m tests.kernel.vm [--kernel PATH] [--junit FILE] [pytest arguments]`.

Where the host's own kernel has WireGuard the tests run in private namespaces of the host; elsewhere in an
emulated machine that boots a Debian kernel with the host's files as its root. Either way nothing they do
reaches the host. The exit status is pytest's; 77, with one line that says why, where neither is possible.

`--script FILE` runs a Python program in the place of pytest, for benchmarks.
"""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tests.kernel import machine
from tests.kernel.initramfs import NotPossible

PROJECT = Path(__file__).resolve().parents[2]

NOT_POSSIBLE = 77
"""Exit status where no kernel with WireGuard can be had; automake's word for "skipped"."""

BROKEN = 70
"""Exit status where the machine ended without saying how the tests did."""

TIMED_OUT = 124
"""Exit status where the time limit ended the run, as timeout(1) has it."""


def main(arguments: list[str] | None = None) -> int:
    """Run the tier; see the module."""
    options, rest = _options(arguments)
    signal.signal(signal.SIGTERM, _exit_on_signal)
    if os.geteuid() != 0:
        print("The kernel tier needs root.", flush=True)
        return NOT_POSSIBLE
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="wgtui-kernel-") as folder:
        job = Path(folder)
        _write_command(job, options.script, rest)
        try:
            if options.kernel is None and not options.emulate and host_has_wireguard():
                print(f"The host's kernel {platform.release()} has WireGuard: running on it.", flush=True)
                status = _run_here(job, options.limit)
            else:
                status = machine.run(job, machine.find_kernel(options.kernel), options.limit)
        except NotPossible as reason:
            print(f"The kernel tier cannot run here: {reason}", flush=True)
            return NOT_POSSIBLE
        except machine.MachineFailed as reason:
            print(f"The emulated machine failed: {reason}", flush=True)
            return BROKEN
        except TimeoutError:
            print(f"The kernel tier was ended at its limit of {options.limit} s.", flush=True)
            return TIMED_OUT
        report = job / "junit.xml"
        if options.junit is not None and report.exists():
            shutil.copyfile(report, options.junit)
    print(f"kernel tier: exit status {status} after {time.monotonic() - started:.0f} s", flush=True)
    return status


def host_has_wireguard() -> bool:
    """Whether the running kernel can make a WireGuard link; tried in a network namespace of its own."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    command = ["unshare", "--net", "ip", "link", "add", "wgtui-probe", "type", "wireguard"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _options(arguments: list[str] | None) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="python -m tests.kernel.vm", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("--kernel", type=Path, help="boot this kernel instead of Debian's in /boot")
    parser.add_argument("--emulate", action="store_true", help="emulate even if the host has WireGuard")
    parser.add_argument("--junit", type=Path, help="write a JUnit report to this file")
    parser.add_argument("--limit", type=int, default=900, help="seconds after which the run is ended")
    parser.add_argument("--script", type=Path, help="run this program instead of pytest")
    return parser.parse_known_args(arguments)


def _write_command(job: Path, script: Path | None, rest: list[str]) -> None:
    """Write the shell script that runs in the guest, or in the host's private namespaces."""
    for name in ("guest.sh", "private.sh"):
        shutil.copyfile(PROJECT / "tests" / "kernel" / name, job / name)
    if script is not None:
        command = [sys.executable, str(script.resolve()), *rest]
    else:
        command = [sys.executable, "-m", "pytest", "-c", "tests/kernel/pytest.ini", "--rootdir", "."]
        command += ["-p", "no:cacheprovider", *(rest or ["tests/kernel"])]
    report = "" if script is not None else '--junitxml "$WGTUI_JOB/junit.xml"'
    lines = (
        'WGTUI_JOB="${0%/*}"',
        f"cd {shlex.quote(str(PROJECT))} || exit 1",
        # Plugins of other tiers would import textual, which takes ten seconds in the machine.
        "export PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1",
        f"export PYTHONPATH={shlex.quote(str(PROJECT))} LC_ALL=C.UTF-8 HOME=/root",
        f"{shlex.join(command)} {report}",
    )
    (job / "command.sh").write_text("\n".join(lines) + "\n")


def _run_here(job: Path, limit: int) -> int:
    command = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    try:
        done = subprocess.run(
            [*command, "sh", str(job / "private.sh")], stdin=subprocess.DEVNULL, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return done.returncode


def _exit_on_signal(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
