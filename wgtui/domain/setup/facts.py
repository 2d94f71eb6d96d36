"""What a host is like, as far as it matters for setting it up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class KernelSupport(Enum):
    """Whether the kernel has WireGuard."""

    LOADED = "loaded"
    LOADABLE = "loadable"
    """Its module is on the disk; the kernel loads it when the first device is made."""

    HIDDEN = "hidden"
    """This is a container: whether its host has the module cannot be seen from inside."""

    REMOVED = "removed"
    """The modules of the running kernel are gone from the disk, as after its update."""

    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """The host's clock.

    Attributes:
        now: Unix seconds.
        synchronised: Whether the kernel counts it as kept by NTP (adjtimex(2)); None where it does not say.
        keeper: Program that keeps it, such as `chrony`; empty for none that runs.
    """

    now: float
    synchronised: bool | None
    keeper: str = ""


@dataclass(frozen=True, slots=True)
class HostFacts:
    """One look at a host.

    Attributes:
        net_admin: Whether this process may change the network (CAP_NET_ADMIN).
        support: Whether the kernel has WireGuard.
        tun: Whether there is /dev/net/tun, which a userspace device needs.
        programs: Names of those of interest that were found.
        systemd: Whether systemd is the init of this host.
        network_manager: Whether NetworkManager runs.
        others: WireGuard interfaces that other programs have in files of their own: program and interface.
        container: Kind of container, such as `docker`; empty for none.
        sysctls_writable: Whether settings of the kernel can be changed from here.
        clock: Its clock.
        udp_ports: UDP ports that are bound.
        resolvers: DNS servers of the host, as /etc/resolv.conf has them.
    """

    net_admin: bool
    support: KernelSupport
    tun: bool
    programs: frozenset[str]
    systemd: bool
    network_manager: bool
    others: tuple[tuple[str, str], ...]
    container: str
    sysctls_writable: bool
    clock: ClockFacts
    udp_ports: frozenset[int]
    resolvers: tuple[str, ...]


PROGRAMS = (
    "bash",
    "ip6tables",
    "iptables",
    "modprobe",
    "nft",
    "resolvconf",
    "sysctl",
    "systemctl",
    "wg",
    "wg-quick",
    "wireguard-go",
)
"""Programs that are looked for."""
