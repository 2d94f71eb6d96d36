"""Which file sets a kernel setting at boot: ours against `systemd-sysctl` and `sysctl --system`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.support.needs import needs_root
from tests.support.netns import ip, temporary_netns
from wgtui.domain.forwarding.sysctl_files import (
    FOLDERS,
    IP_FORWARD,
    IPV6_FORWARDING,
    MAIN_FILE,
    SysctlEntry,
    effective,
    read_entries,
    reading_order,
)

SYSTEMD: Final = "/usr/lib/systemd/systemd-sysctl"
LINK: Final = "lan.10"
ACCEPT_RA: Final = "net.ipv6.conf.lan/10.accept_ra"
SETTINGS: Final = {IP_FORWARD: ("0", "1"), IPV6_FORWARDING: ("0", "1"), ACCEPT_RA: ("0", "1", "2")}
UNTOUCHED: Final = {IP_FORWARD: "0", IPV6_FORWARDING: "0", ACCEPT_RA: "1"}

_SPELLINGS: Final = {
    IP_FORWARD: ("net.ipv4.ip_forward", "net/ipv4/ip_forward", "net.ipv4.conf.all.forwarding"),
    IPV6_FORWARDING: ("net.ipv6.conf.all.forwarding", "net/ipv6/conf/all/forwarding"),
    ACCEPT_RA: ("net.ipv6.conf.lan/10.accept_ra", "net/ipv6/conf/lan.10/accept_ra"),
}
_PATTERNS: Final = {
    IP_FORWARD: ("net.ipv4.ip_for*", "net/ipv4/ip_forwar?"),
    IPV6_FORWARDING: ("net.ipv6.conf.al*.forwarding",),
    ACCEPT_RA: ("net.ipv6.conf.lan*.accept_ra", "net/ipv6/conf/*/accept_ra"),
}
_NAMES: Final = ("10-a.conf", "50-b.conf", "99-wgtui.conf", "99-zz.conf", "notes.txt")

pytestmark = needs_root


@pytest.fixture(scope="module")
def netns() -> Iterator[str]:
    with temporary_netns() as name:
        ip("-n", name, "link", "add", LINK, "type", "veth", "peer", "name", "other")
        yield name


class Boot:
    """The files of one host, and what a program makes of them.

    Args:
        netns: Whose settings are made.
        folder: Holds the files, at the paths that they have on the host.
    """

    def __init__(self, netns: str, folder: Path) -> None:
        self._netns = netns
        self.folder = folder
        for path in FOLDERS[:-1]:
            (folder / path[1:]).mkdir(parents=True)
        (folder / MAIN_FILE[1:]).write_text("")

    def write(self, random: Random, *, patterns: bool) -> None:
        """Put random files there."""
        for path in FOLDERS[:-1]:
            for name in _NAMES:
                (self.folder / path[1:] / name).unlink(missing_ok=True)
                if random.random() < 0.45:
                    text = "".join(
                        f"{_line(random, patterns=patterns)}\n" for _ in range(random.randint(0, 4))
                    )
                    (self.folder / path[1:] / name).write_text(text)
        (self.folder / MAIN_FILE[1:]).write_text(f"{_line(random, patterns=False)}\n")

    def entries(self, *, with_main: bool) -> tuple[SysctlEntry, ...]:
        """What we read."""
        names = {path: os.listdir(self.folder / path[1:]) for path in FOLDERS[:-1]}  # noqa: PTH208
        paths = (*reading_order(names), *((MAIN_FILE,) if with_main else ()))
        return tuple(
            entry for path in paths for entry in read_entries(path, (self.folder / path[1:]).read_bytes())
        )

    def run(self, *program: str) -> dict[str, str]:
        """The settings that a program makes of the files."""
        mounts = ["mount -t tmpfs tmpfs /run", "mkdir /run/sysctl.d"]
        for path in FOLDERS[:-1]:
            target = "/usr/local/lib" if path.startswith("/usr/local/lib") else path
            source = self.folder / target[1:]
            mounts.append(f"mount --bind {source} {target}")
        mounts.append(f"mount --bind {self.folder / MAIN_FILE[1:]} {MAIN_FILE}")
        reset = [f"sysctl -q -w {name}={value}" for name, value in UNTOUCHED.items()]
        shown = [f"sysctl -n {name}" for name in UNTOUCHED]
        script = "\n".join(
            ("set -e", *mounts, *reset, f"{' '.join(program)} >/dev/null 2>&1 || true", *shown)
        )
        done = subprocess.run(
            ["ip", "netns", "exec", self._netns, "sh", "-c", script],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return dict(zip(UNTOUCHED, done.stdout.split(), strict=True))


def _line(random: Random, *, patterns: bool) -> str:
    name = random.choice(list(SETTINGS))
    value = random.choice(SETTINGS[name])
    key = random.choice(_SPELLINGS[name])
    kind = random.random()
    if kind < 0.1:
        return random.choice(
            ("", "# net.ipv4.ip_forward=1", "; net.ipv4.ip_forward=1", "net.ipv4.ip_forward")
        )
    if patterns and kind < 0.4:
        key = random.choice(_PATTERNS[name])
    elif patterns and kind < 0.5:
        return f"-{key}"
    before, sign = random.choice(("", "-", "  ")), random.choice(("=", " = ", "= "))
    return f"{before}{key}{sign}{value}"


def foreseen(entries: tuple[SysctlEntry, ...], *, by_systemd: bool) -> dict[str, str]:
    found = {name: effective(entries, name, by_systemd=by_systemd) for name in UNTOUCHED}
    return {
        name: entry.value if entry is not None and entry.value is not None else UNTOUCHED[name]
        for name, entry in found.items()
    }


@pytest.mark.skipif(not Path(SYSTEMD).exists(), reason="needs systemd-sysctl")
@pytest.mark.parametrize("seed", range(60))
def test_as_systemd_does_it(netns: str, tmp_path: Path, seed: int) -> None:
    boot = Boot(netns, tmp_path)
    boot.write(Random(seed), patterns=True)
    assert boot.run(SYSTEMD) == foreseen(boot.entries(with_main=False), by_systemd=True)


@pytest.mark.parametrize("seed", range(60, 90))
def test_as_procps_does_it(netns: str, tmp_path: Path, seed: int) -> None:
    boot = Boot(netns, tmp_path)
    boot.write(Random(1000 + seed), patterns=False)
    assert boot.run("sysctl", "--system") == foreseen(boot.entries(with_main=True), by_systemd=False)
