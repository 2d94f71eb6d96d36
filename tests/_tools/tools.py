"""System tools that tiers need, and how a Debian gets them."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tool:
    """A Debian package, and how to see on any distribution that what it brings is there."""

    package: str
    commands: tuple[str, ...] = ()
    """Names of which one is enough (all of them with `every`)."""
    paths: tuple[str, ...] = ()
    """Patterns of which one must match."""
    every: bool = False
    service: bool = False
    """Whether the package starts something that changes the host, where systemd runs it: there it is never
    installed for the tests, and those that need it skip themselves."""

    def present(self) -> bool:
        """Whether it can be used now."""
        found = [shutil.which(command) is not None for command in self.commands]
        found += [any(Path("/").glob(pattern.lstrip("/"))) for pattern in self.paths]
        return all(found) if self.every else any(found)


def missing(tools: Iterable[Tool]) -> list[str]:
    """The packages of those tools that are not there, each once, in order of name."""
    unwanted = Path("/run/systemd/system").is_dir()
    return sorted({tool.package for tool in tools if not (tool.present() or (tool.service and unwanted))})


def apt_install(packages: list[str], log: Path) -> str | None:
    """Install Debian packages.

    Returns:
        None when all are installed, else one clause that says why not.
    """
    if os.geteuid() != 0:
        return "installing packages needs root"
    if shutil.which("apt-get") is None:
        return "this is no Debian or Ubuntu, install them by hand"
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1"}
    apt = ["apt-get", "-q", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"]
    install = [*apt, "install", "-y", "--no-install-recommends"]
    with log.open("ab") as out:
        # A broken third-party source must not stand in the way of the packages that can be had.
        _call([*apt, "update"], env, out.fileno())
        if _call([*install, *packages], env, out.fileno()):
            return None
        # One package that this release does not have must cost only the tiers that need it.
        failed = [package for package in packages if not _call([*install, package], env, out.fileno())]
    return f"apt-get could not install {' '.join(failed)}, see {log}" if failed else None


def _call(command: list[str], env: dict[str, str], out: int) -> bool:
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False)
    return done.returncode == 0


def provide(tools: Iterable[Tool], log: Path) -> None:
    """Install what is missing of those tools, and say on standard output what was done."""
    packages = missing(tools)
    if not packages:
        print("packages: all there")
        return
    print(f"packages: installing {' '.join(packages)}")
    start = time.monotonic()
    problem = apt_install(packages, log)
    print(f"packages: {problem}" if problem else f"packages: done in {time.monotonic() - start:.0f} s")
