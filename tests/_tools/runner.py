"""Runs tiers one after the other, with the slow emulated one beside them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests._tools.outcome import Outcome, from_junit
from tests._tools.process import Child
from tests._tools.static import run_static
from tests._tools.tiers import BACKGROUND, Tier
from tests._tools.tools import missing

_NOTHING_COLLECTED = 5
"""pytest's exit status when it found no test."""
_IMPOSSIBLE = 77
"""Exit status of the kernel tier where no kernel with WireGuard can be had."""


class Runner:
    """Runs tiers in one environment and collects what came out."""

    def __init__(self, root: Path, bin_dir: Path, cache: Path) -> None:
        """`root` is the project, `bin_dir` the environment's, `cache` takes reports and logs."""
        self._root = root
        self._bin = bin_dir
        self._cache = cache
        self._current: Child | None = None
        self._background: dict[str, Child] = {}
        self.outcomes: list[Outcome] = []
        """Of the tiers that have ended so far."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._env = inherited | {
            "PATH": f"{bin_dir}:{os.environ['PATH']}",
            "VIRTUAL_ENV": str(bin_dir.parent),
        }

    def run(self, tiers: Sequence[Tier]) -> list[Outcome]:
        """Run the tiers in the given order; the outcomes are in that order too."""
        reasons = {tier.name: self.why_not(tier) for tier in tiers}
        behind = [tier for tier in tiers if tier.name in BACKGROUND and not reasons[tier.name]]
        for tier in behind if len(tiers) > 1 else ():
            self._background[tier.name] = self._start_behind(tier)
            print(f"\n== {tier.name}: started beside the others, takes several minutes (emulated machine)")
        for tier in (tier for tier in tiers if tier not in behind):
            reason = reasons[tier.name]
            print(f"\n== {tier.name}: {reason or tier.about}", flush=True)
            self.outcomes.append(Outcome(tier.name, note=reason) if reason else self._run(tier))
        for tier in behind:
            print(f"\n== {tier.name}: {tier.about}", flush=True)
            child = self._background.get(tier.name) or self._start_behind(tier)
            self._background[tier.name] = child
            self.outcomes.append(self._join(tier, child))
        order = [tier.name for tier in tiers]
        return sorted(self.outcomes, key=lambda outcome: order.index(outcome.tier))

    def stop(self) -> None:
        """End whatever still runs."""
        for child in (self._current, *self._background.values()):
            if child and child.running():
                child.stop()

    def why_not(self, tier: Tier) -> str:
        """Why the tier cannot run here, or an empty string."""
        if tier.name != "static" and not self._has_tests(tier):
            return "no tests"
        if tier.root and os.geteuid() != 0:
            return "needs root"
        if packages := missing(tier.needs):
            return f"needs {' '.join(packages)}"
        if tier.tun and not Path("/dev/net/tun").exists():
            return "needs /dev/net/tun"
        return ""

    def _has_tests(self, tier: Tier) -> bool:
        return any((self._root / "tests" / tier.name).rglob("test_*.py"))

    def _report(self, tier: Tier) -> Path:
        folder = self._cache / "junit"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{tier.name}.xml"
        file.unlink(missing_ok=True)
        return file

    def _run(self, tier: Tier) -> Outcome:
        if tier.name == "static":
            return run_static(self._root, self._bin, self._env, tier.limit)
        report = self._report(tier)
        child = self._current = Child(self._pytest(tier, report), self._env, tier.limit)
        return self._judge(tier, child, child.wait(), report)

    def _pytest(self, tier: Tier, report: Path) -> list[str]:
        # A hang shows where: the stacks of all threads are printed shortly before the tier is stopped.
        command = [str(self._bin / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += [
            "-o",
            f"faulthandler_timeout={tier.limit - 30}",
            f"--junitxml={report}",
            f"tests/{tier.name}",
        ]
        return command + (["-n", str(tier.workers)] if tier.workers > 1 else [])

    def _start_behind(self, tier: Tier) -> Child:
        report = self._report(tier)
        command = [str(self._bin / "python"), "-m", "tests.kernel.vm", "--junit", str(report)]
        if tier.name != "kernel":
            command = self._pytest(tier, report)
        return Child(command, self._env, tier.limit, log=self._log(tier), nice=10)

    def _log(self, tier: Tier) -> Path:
        return self._cache / f"{tier.name}.log"

    def _join(self, tier: Tier, child: Child) -> Outcome:
        code = child.wait(follow=True)
        if code == _IMPOSSIBLE:
            lines = self._log(tier).read_text(errors="replace").split("\n")
            reason = next((line.strip() for line in reversed(lines) if line.strip()), "impossible here")
            return Outcome(tier.name, seconds=child.seconds, note=reason)
        return self._judge(tier, child, code, self._cache / "junit" / f"{tier.name}.xml")

    def _judge(self, tier: Tier, child: Child, code: int, report: Path) -> Outcome:
        outcome = from_junit(tier.name, report, child.seconds) or Outcome(tier.name, seconds=child.seconds)
        if child.timed_out:
            print(f"{tier.name}: stopped, it took more than {tier.limit} s")
            return replace(outcome, failed=outcome.failed + 1, note=f"stopped after {tier.limit} s")
        if code == _NOTHING_COLLECTED:
            return replace(outcome, note="no tests")
        if code != 0 and outcome.failed == 0:
            return replace(outcome, failed=1, note=f"ended with status {code} and no failed test")
        return outcome
