"""`tests/run`: install what is missing, run the tiers, say what came out."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from tests._tools.environment import EnvironmentProblem, choose_interpreter, make_environment
from tests._tools.outcome import Outcome, last_line, table
from tests._tools.runner import Runner
from tests._tools.tiers import PYTHON_BUILD, TIERS, Tier
from tests._tools.tools import Tool, provide

_ROOT = Path(__file__).resolve().parents[2]


def parse(arguments: Sequence[str]) -> tuple[list[Tier], bool]:
    """The tiers asked for, in the order they run, and whether everything must run.

    Raises:
        SystemExit: Status 2 on a usage error, 0 after `--help`.
    """
    tiers = "\n".join(
        f"  {tier.name:<12} {tier.about}{'' if tier.default else ' (only on request)'}" for tier in TIERS
    )
    parser = argparse.ArgumentParser(
        prog="tests/run",
        description="Run the tests of wgtui. As root on Debian or Ubuntu, install first what they need.",
        epilog=f"tiers:\n{tiers}\n\nWithout root, what needs it is listed as skipped.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "tiers",
        nargs="*",
        metavar="TIER",
        help="the tiers to run (default: all that are not 'only on request')",
    )
    parser.add_argument(
        "--strict", action="store_true", help="whatever could not run is a failure (implied by CI=true)"
    )
    given = parser.parse_args(arguments)
    names = [tier.name for tier in TIERS]
    unknown = [name for name in given.tiers if name not in names]
    if unknown:
        parser.error(f"unknown tier {', '.join(unknown)}: choose from {' '.join(names)}")
    chosen = [tier for tier in TIERS if (tier.name in given.tiers if given.tiers else tier.default)]
    strict = given.strict or os.environ.get("CI", "").lower() in ("1", "true", "yes")
    return chosen, strict


def finish(outcomes: Sequence[Outcome], *, strict: bool) -> int:
    """Print the closing table and the last line; the exit status."""
    judged = [outcome.judged(strict=strict) for outcome in outcomes]
    print(f"\n{table(judged)}\n\n{last_line(judged)}", flush=True)
    return 1 if any(outcome.failed for outcome in judged) else 0


def main(arguments: Sequence[str]) -> int:
    """Run; the exit status is 0 only if nothing failed."""
    tiers, strict = parse(arguments)
    cache = _ROOT / ".cache"
    try:
        cache.mkdir(exist_ok=True)
        provide(_tools(tiers), cache / "packages.log")
        bin_dir = make_environment(_ROOT, cache)
    except PermissionError as error:
        print(f"tests/run: {error.filename} belongs to another user; remove {cache} and run again")
        return finish([Outcome(tier.name, failed=1, note="no environment") for tier in tiers], strict=strict)
    except EnvironmentProblem as problem:
        print(f"tests/run: {problem}")
        return finish([Outcome(tier.name, failed=1, note="no environment") for tier in tiers], strict=strict)
    runner = Runner(_ROOT, bin_dir, cache)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        outcomes = runner.run(tiers)
    except KeyboardInterrupt:
        runner.stop()
        print("\ntests/run: interrupted")
        return finish([*runner.outcomes, Outcome("(rest)", failed=1, note="interrupted")], strict=strict)
    return finish(outcomes, strict=strict)


def _tools(tiers: Sequence[Tier]) -> list[Tool]:
    venv = [] if choose_interpreter() else [Tool("python3-venv")]
    return [*venv, *PYTHON_BUILD, *(tool for tier in tiers for tool in tier.needs)]


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
