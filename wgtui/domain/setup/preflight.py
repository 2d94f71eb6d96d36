"""What stands in the way of setting a host up, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from wgtui.domain.setup.facts import HostFacts, KernelSupport
from wgtui.domain.text import printable

_EARLIEST: Final = 1735689600.0
"""Unix time of the start of 2025: no host that runs this program has an earlier one for good."""

_LATEST: Final = 4102444800.0
"""Unix time of the start of 2100."""


class FindingLevel(Enum):
    """How much a finding matters."""

    GOOD = "good"
    NOTICE = "notice"
    """Good to know."""

    WARNING = "warning"
    """Something will not work, or not for long."""

    BLOCKING = "blocking"
    """It cannot be set up like this."""


@dataclass(frozen=True, slots=True)
class PreflightFinding:
    """One thing that was looked at.

    Attributes:
        topic: A word or two, such as `clock`; one finding or more a topic.
        level: How much it matters.
        text: One sentence: what was found.
        why: One sentence: what follows from it; may be empty.
        remedy: What to do; may be empty.
    """

    topic: str
    level: FindingLevel
    text: str
    why: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Existing:
    """WireGuard interfaces that are there already.

    Attributes:
        files: Interfaces with a file.
        running: Interfaces that are up.
        readable: Whether the running ones could be listed.
    """

    files: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    readable: bool = True


def judge_host(facts: HostFacts, existing: Existing) -> tuple[PreflightFinding, ...]:
    """All findings, in the order in which one wants to read them."""
    return (
        _privilege(facts),
        _wireguard(facts),
        *_container(facts),
        _forwarding(facts),
        _bash(facts),
        _filter(facts),
        _boot(facts),
        _clock(facts),
        *_managers(facts),
        *_existing(existing),
    )


def _privilege(facts: HostFacts) -> PreflightFinding:
    if facts.net_admin:
        return PreflightFinding("privilege", FindingLevel.GOOD, "This program may change the network.")
    return PreflightFinding(
        "privilege",
        FindingLevel.BLOCKING,
        "This program may not change the network.",
        "Interfaces, routes and packet filters belong to root.",
        "Start it with: sudo wgtui",
    )


def _wireguard(facts: HostFacts) -> PreflightFinding:
    topic = "WireGuard"
    userspace = "wireguard-go" in facts.programs and facts.tun
    match facts.support:
        case KernelSupport.LOADED:
            return PreflightFinding(topic, FindingLevel.GOOD, "The kernel has WireGuard.")
        case KernelSupport.LOADABLE:
            text = "The kernel has WireGuard, and loads it when it is needed."
            return PreflightFinding(topic, FindingLevel.GOOD, text)
        case _ if userspace:
            return PreflightFinding(
                topic,
                FindingLevel.NOTICE,
                "The kernel shows no WireGuard: if it has none, wireguard-go takes its place.",
                "It works the same and takes more of the processor.",
            )
        case KernelSupport.HIDDEN:
            return PreflightFinding(
                topic,
                FindingLevel.WARNING,
                "This is a container, and no WireGuard is loaded on the machine that runs it.",
                "A container cannot load it.",
                "On that machine run: modprobe wireguard",
            )
        case KernelSupport.REMOVED:
            return PreflightFinding(
                topic,
                FindingLevel.BLOCKING,
                "The modules of the running kernel are gone from the disk, as after its update.",
                "WireGuard cannot be loaded.",
                "Restart the machine, so that it runs the kernel that is installed.",
            )
        case _:
            no_tun = "wireguard-go" in facts.programs
            return PreflightFinding(
                topic,
                FindingLevel.BLOCKING,
                "The kernel has no WireGuard" + (", and there is no /dev/net/tun." if no_tun else "."),
                "wireguard-go needs /dev/net/tun." if no_tun else "There is no wireguard-go in its place.",
                "Let the machine's provider switch tun on."
                if no_tun
                else "Run Linux 5.6 or later, or install wireguard-go.",
            )


def _container(facts: HostFacts) -> Iterator[PreflightFinding]:
    if facts.container:
        yield PreflightFinding(
            "container",
            FindingLevel.NOTICE,
            f"This is a container ({printable(facts.container, 30)}).",
            "The UDP port must reach it, and what it forwards is decided by the machine around it too.",
            "Publish the port as UDP where the container is made.",
        )


def _forwarding(facts: HostFacts) -> PreflightFinding:
    if facts.sysctls_writable or not facts.net_admin:
        return PreflightFinding("forwarding", FindingLevel.GOOD, "Forwarding can be switched from here.")
    return PreflightFinding(
        "forwarding",
        FindingLevel.WARNING,
        "The kernel's settings cannot be changed from here: /proc/sys is read-only.",
        "Where forwarding is off, it stays off, and nothing is relayed.",
        "Start the container with: --sysctl net.ipv4.ip_forward=1 --sysctl net.ipv6.conf.all.forwarding=1",
    )


def _bash(facts: HostFacts) -> PreflightFinding:
    if "bash" in facts.programs:
        return PreflightFinding("tools", FindingLevel.GOOD, "bash is there, for the hooks of interfaces.")
    return PreflightFinding(
        "tools",
        FindingLevel.WARNING,
        "There is no bash.",
        "The commands that forward and translate run in it, as those of wg-quick do.",
        "Install the package bash.",
    )


def _filter(facts: HostFacts) -> PreflightFinding:
    found = [name for name in ("nft", "iptables") if name in facts.programs]
    if found:
        return PreflightFinding(
            "packet filter", FindingLevel.GOOD, f"Packet filter: {' and '.join(found)} found."
        )
    return PreflightFinding(
        "packet filter",
        FindingLevel.WARNING,
        "There is neither nft nor iptables.",
        "Nothing can be translated (masquerade), and no port opened.",
        "Install the package nftables.",
    )


def _boot(facts: HostFacts) -> PreflightFinding:
    if facts.systemd and "wg-quick" in facts.programs:
        return PreflightFinding(
            "boot", FindingLevel.GOOD, "wg-quick@.service can bring interfaces up at boot."
        )
    if facts.systemd:
        return PreflightFinding(
            "boot",
            FindingLevel.NOTICE,
            "There is no wg-quick, whose unit brings interfaces up at boot.",
            "The interface has to be brought up by hand after a reboot.",
            "Install the package wireguard-tools.",
        )
    return PreflightFinding(
        "boot",
        FindingLevel.NOTICE,
        "systemd does not run this host, so no unit brings interfaces up at boot.",
        "The interface has to be brought up by the init of this host.",
        "Let it run at boot: wgtui up NAME, or wg-quick up NAME",
    )


def _clock(facts: HostFacts) -> PreflightFinding:
    why = (
        "A peer takes no handshake that is dated before its last one, so a clock that jumps back stops them."
    )
    clock = facts.clock
    if not _EARLIEST <= clock.now <= _LATEST:
        return PreflightFinding(
            "clock",
            FindingLevel.WARNING,
            "The clock of this host is wrong by years.",
            why,
            "Set it, and let NTP keep it: timedatectl set-ntp true",
        )
    if clock.synchronised:
        return PreflightFinding("clock", FindingLevel.GOOD, "The clock is kept by NTP.")
    if clock.synchronised is None or facts.container:
        return PreflightFinding(
            "clock", FindingLevel.NOTICE, "Whether the clock is right cannot be told.", why
        )
    if clock.keeper:
        return PreflightFinding(
            "clock",
            FindingLevel.NOTICE,
            f"{clock.keeper} runs, and has not set the clock yet.",
            why,
            "See whether it reaches its servers: timedatectl",
        )
    return PreflightFinding(
        "clock",
        FindingLevel.WARNING,
        "Nothing keeps the clock of this host.",
        why,
        "Let NTP keep it: timedatectl set-ntp true, or install chrony.",
    )


def _managers(facts: HostFacts) -> Iterator[PreflightFinding]:
    for program, name in facts.others:
        yield PreflightFinding(
            "other managers",
            FindingLevel.WARNING,
            f"{program} has a WireGuard interface of its own{f': {printable(name, 20)}' if name else ''}.",
            "It makes that interface again from its own files, whatever is changed here.",
            "Choose another name and port here, or remove it there first.",
        )
    if facts.network_manager:
        yield PreflightFinding(
            "other managers",
            FindingLevel.NOTICE,
            "NetworkManager runs; interfaces that it did not make it leaves alone.",
        )


def _existing(existing: Existing) -> Iterator[PreflightFinding]:
    if existing.files:
        yield PreflightFinding(
            "existing",
            FindingLevel.NOTICE,
            f"There are files of: {_listed(existing.files)}.",
            "They stay as they are: a new interface gets a name of its own.",
            "Choose to adopt them to go on with what is there.",
        )
    strays = tuple(name for name in existing.running if name not in existing.files)
    if strays:
        yield PreflightFinding(
            "existing",
            FindingLevel.NOTICE,
            f"These run without a file in this folder: {_listed(strays)}.",
            "Another program made them.",
        )


def _listed(names: tuple[str, ...]) -> str:
    shown = [printable(name, 15) for name in names[:6]]
    return ", ".join(shown) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
