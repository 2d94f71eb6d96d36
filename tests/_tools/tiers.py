"""The tiers of tests: what each is, needs and may take."""

from __future__ import annotations

from dataclasses import dataclass

from tests._tools.tools import Tool

PYTHON_BUILD = (
    Tool("gcc", commands=("gcc", "cc")),
    Tool("libc6-dev", paths=("/usr/include/stdio.h", "/usr/include/*/stdio.h")),
)
"""What pip needs to compile python-iptables, which ships no wheel."""

GIT = Tool("git", commands=("git",))

NETWORK = (
    Tool("iproute2", commands=("ip",)),
    Tool("iptables", commands=("iptables",)),
    Tool("iputils-ping", commands=("ping",)),
    Tool("kmod", commands=("modprobe",)),
    Tool("nftables", commands=("nft",)),
    Tool("procps", commands=("sysctl",)),
    Tool("wireguard-tools", commands=("wg", "wg-quick"), every=True),
    Tool("wireguard-go", commands=("wireguard-go",)),
)

FIREWALLS = (
    Tool("firewalld", commands=("firewall-cmd",), service=True),
    Tool("dbus-daemon", commands=("dbus-daemon",)),
    Tool("ufw", commands=("ufw",)),
)
"""Of which each test runs one of its own in a network namespace."""

SSH = (
    Tool("openssh-client", commands=("ssh", "ssh-keygen"), every=True),
    Tool("openssh-server", paths=("/usr/sbin/sshd",)),
)

EMULATION = (
    Tool("qemu-system-x86", commands=("qemu-system-x86_64",)),
    Tool("linux-image-amd64", paths=("/boot/vmlinuz-6.1*",)),
    Tool("busybox-static", commands=("busybox",)),
    Tool("kmod", commands=("modprobe",)),
)

TMUX = (Tool("tmux", commands=("tmux",)),)

IMAGES = (
    Tool("zbar-tools", commands=("zbarimg",)),
    Tool("librsvg2-bin", commands=("rsvg-convert",)),
)


@dataclass(frozen=True, slots=True)
class Tier:
    """One group of tests that runs as one process."""

    name: str
    """Also the folder below `tests/`."""
    about: str
    """One clause for `--help`."""
    limit: int
    """Seconds after which the tier is stopped: a hang must end with a message."""
    needs: tuple[Tool, ...] = ()
    """System tools without which it cannot run."""
    root: bool = False
    """Whether nothing of it can run without root."""
    tun: bool = False
    """Whether it makes userspace WireGuard devices."""
    default: bool = True
    """Whether `tests/run` without arguments runs it."""
    workers: int = 1
    """How many processes share its tests: more where they compute much and measure nothing."""


TIERS = (
    Tier(
        "static", "ruff, mypy, layers, shellcheck", 420, (Tool("shellcheck", commands=("shellcheck",)), GIT)
    ),
    Tier("unit", "values, rules, packaging; nothing outside the process", 420, (GIT,), workers=2),
    Tier("services", "use-cases on the simulated world", 240, workers=2),
    Tier("ui", "screens on the simulated world", 1500, workers=3),
    Tier("pty", "the installed program in a pseudo-terminal", 420, TMUX),
    Tier("contract", "each port's suite on every adapter", 600, NETWORK, workers=2),
    Tier(
        "netns",
        "real devices between network namespaces",
        1200,
        NETWORK + SSH + FIREWALLS + TMUX,
        root=True,
        tun=True,
        workers=3,
    ),
    Tier(
        "conformance",
        "wg, wg-quick, iptables, nft, zbarimg as oracles",
        600,
        NETWORK + IMAGES,
        root=True,
        tun=True,
    ),
    Tier(
        "kernel",
        "the kernel's own WireGuard, emulated where the host has none",
        1000,
        NETWORK + EMULATION,
        root=True,
    ),
    Tier(
        "boot",
        "an emulated host with systemd, switched off and on again",
        1000,
        NETWORK + EMULATION + (Tool("systemd", paths=("/lib/systemd/systemd",)),),
        root=True,
    ),
    Tier(
        "install",
        "install.sh in a minimal Debian",
        900,
        (Tool("debootstrap", commands=("debootstrap",)),),
        root=True,
        tun=True,
    ),
)

BACKGROUND = ("kernel", "boot")
"""The tiers that run beside the others: they are slow and mostly wait for emulated machines."""
