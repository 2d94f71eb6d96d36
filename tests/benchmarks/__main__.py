"""All benchmarks, or those named: `python -m tests.benchmarks [NAME ...]`.

They print ratios against programs measured in the same run; nothing fails but by an error. Run them as root,
on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable

from tests.benchmarks import poll_userspace, ui
from tests.benchmarks.ui_device import why_not


def _poll_userspace() -> None:
    print("\n## One poll of a userspace device (budget of a read: 0.5)")
    if reason := why_not():
        print(f"{reason}: left out")
        return
    poll_userspace.main([])


def _poll_kernel() -> None:
    print("\n## One poll of a kernel device (budget of a read: 0.5)", flush=True)
    script = ("--script", "tests/benchmarks/poll_kernel.py")
    subprocess.run([sys.executable, "-m", "tests.kernel.vm", *script], check=False)


BENCHMARKS: dict[str, Callable[[], None]] = {
    "start": ui.start_up,
    "keys": ui.keys,
    "steady": ui.steady,
    "status": ui.status,
    "poll-userspace": _poll_userspace,
    "poll-kernel": _poll_kernel,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)}; all by default"
    )
    names = parser.parse_args().names
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(
            f"there is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}"
        )
    print(f"Machine: {os.cpu_count()} cores. Python {sys.version.split()[0]}.")
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
