"""The static tier: checks that read the sources without running them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests._tools.outcome import Outcome
from tests._tools.process import Child


def tracked_files(root: Path) -> list[Path]:
    """The files under version control that are there; outside a clone, all that are not caches."""
    try:
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=root, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return [
            path
            for path in sorted(root.rglob("*"))
            if path.is_file() and not _is_cache(path.relative_to(root))
        ]
    return [root / name for name in listed.stdout.decode().split("\0") if name and (root / name).is_file()]


def shell_scripts(files: Sequence[Path]) -> list[Path]:
    """Those of the files that a POSIX shell or bash runs."""
    return [path for path in files if path.suffix in ("", ".sh") and _is_shell(path)]


def checks(root: Path, bin_dir: Path) -> list[tuple[str, list[str]]]:
    """Name and command of each check."""
    scripts = [str(path.relative_to(root)) for path in shell_scripts(tracked_files(root))]
    return [
        ("ruff check", [str(bin_dir / "ruff"), "check", "--no-cache", "."]),
        ("ruff format", [str(bin_dir / "ruff"), "format", "--no-cache", "--check", "."]),
        ("mypy", [str(bin_dir / "mypy"), "--strict", "--cache-dir", str(root / ".cache/mypy")]),
        ("layers", [str(bin_dir / "lint-imports"), "--no-cache"]),
        # SC2187 only says that busybox's shell is checked as dash.
        ("shellcheck", ["shellcheck", "--exclude", "SC2187", "--", *scripts]),
    ]


def run_static(root: Path, bin_dir: Path, env: Mapping[str, str], limit: float) -> Outcome:
    """Run every check; each counts as one test."""
    start = time.monotonic()
    failed: list[str] = []
    commands = checks(root, bin_dir)
    for name, command in commands:
        print(f"-- {name}", flush=True)
        child = Child(command, env, max(1.0, limit - (time.monotonic() - start)))
        code = child.wait()
        if child.timed_out:
            print(f"{name}: stopped after {child.seconds:.0f} s")
        if code != 0:
            failed.append(name)
    note = f"failed: {', '.join(failed)}" if failed else ""
    return Outcome("static", len(commands) - len(failed), len(failed), 0, time.monotonic() - start, note)


def _is_cache(path: Path) -> bool:
    return any(
        part in ("__pycache__", ".venv", "dist") or (part.startswith(".") and part != ".ci")
        for part in path.parts
    )


def _is_shell(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(80)
    return first.startswith(b"#!") and first.split()[-1].rsplit(b"/", 1)[-1] in (b"sh", b"bash", b"dash")
