"""What an operator sees of forwarding: each switch as it is now, on disk and after a reboot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wgtui.domain.addresses import Prefix


class SwitchName(StrEnum):
    """The switches, in the order in which they are shown; the words of the command line."""

    IPV4 = "ipv4"
    """The host passes IPv4 packets on (`net.ipv4.ip_forward`)."""
    IPV6 = "ipv6"
    """The host passes IPv6 packets on (`net.ipv6.conf.all.forwarding`)."""
    FORWARD = "forward"
    """Packets between the tunnel and other networks are let through."""
    RELAY = "relay"
    """Packets between peers are let through."""
    ISOLATE = "isolate"
    """Packets between peers are dropped."""
    MASQUERADE = "masquerade"
    """Packets out of the tunnel take this host's address on another interface."""
    PORT = "port"
    """The listen port is open."""
    MSS = "mss"
    """The MSS of TCP connections is fitted to the path."""


class NowState(StrEnum):
    """What is true of a switch at this moment."""

    ON = "on"
    """A rule or setting that does it is in force."""
    OPEN = "open"
    """There is none, and none is needed: nothing drops these packets."""
    OFF = "off"
    """There is none, and so it is not done."""
    BLOCKED = "blocked"
    """It is there, but somebody else drops these packets all the same."""
    UNKNOWN = "unknown"
    """It could not be told; the row's note says why."""


class DiskState(StrEnum):
    """What the host's files say of a switch."""

    ON = "on"
    """wgtui's own lines are there."""
    PARTLY = "partly"
    """Some of the lines that it needs are there, or they are for other addresses than the file has."""
    HAND_WRITTEN = "hand-written"
    """Somebody's own lines do it."""
    ELSEWHERE = "elsewhere"
    """A file that is not wgtui's sets it."""
    OFF = "off"
    """No file says it."""
    UNKNOWN = "unknown"
    """The file is missing or cannot be read."""


class BootState(StrEnum):
    """What will be true of a switch after a reboot."""

    ON = "on"
    """It is made so again."""
    OPEN = "open"
    """Nothing makes it so, and nothing stands in the way, as far as the host's files tell."""
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What the files say.

    Attributes:
        state: Of the switch.
        where: File and line, `wg0.conf:7`; empty where there is none.
        line: The line itself where it is not wgtui's; untrusted.
    """

    state: DiskState
    where: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class AfterReboot:
    """What comes after a reboot.

    Attributes:
        state: Of the switch.
        reason: One sentence: why, and by what. Untrusted.
    """

    state: BootState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """What would mend a row: a switch to be turned.

    Attributes:
        text: What it does, in one sentence.
        switch: To turn.
        on: To what.
        target: For `masquerade`: the interface.
    """

    text: str
    switch: SwitchName
    on: bool = True
    target: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One switch.

    Attributes:
        switch: Which.
        target: For `masquerade`: the interface on which addresses are taken.
        now: At this moment.
        disk: In the files.
        boot: After a reboot.
        packets: How many met its rules since these were made; None where nobody counts.
        bytes: Likewise.
        note: What else there is to say of it; empty for nothing. Untrusted.
        culprit: Who drops these packets, and where, in one sentence; empty for nobody. Untrusted.
        fix: What would mend it; None where nothing is wrong, or nothing here can.
    """

    switch: SwitchName
    target: str = ""
    now: NowState = NowState.UNKNOWN
    disk: OnDisk = OnDisk(DiskState.OFF)
    boot: AfterReboot = AfterReboot(BootState.UNKNOWN)
    packets: int | None = None
    bytes: int | None = None
    note: str = ""
    culprit: str = ""
    fix: Fix | None = None

    @property
    def is_on(self) -> bool:
        """Whether turning the switch would turn it off."""
        asked = (DiskState.ON, DiskState.PARTLY, DiskState.HAND_WRITTEN, DiskState.ELSEWHERE)
        return self.now in (NowState.ON, NowState.BLOCKED) or self.disk.state in asked


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody who decides about the tunnel's packets before, or instead of, our rules.

    Attributes:
        who: `Docker`, `ufw`, `firewalld`, or the chain's name.
        text: What it does with which packets, in one sentence. Untrusted.
        drops: Whether packets are lost there.
    """

    who: str
    text: str
    drops: bool


@dataclass(frozen=True, slots=True)
class HiddenRules:
    """Rules that are in force and that the host's own `iptables` does not show.

    Attributes:
        backend: Who holds them: `iptables-legacy`, `iptables-nft`, `nft`.
        program: The command that shows them.
        lines: The rules, each in one line of that program's language. Untrusted.
    """

    backend: str
    program: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandWritten:
    """A command of the file that somebody wrote and that does the work of a switch.

    Attributes:
        index: Among the PostUp commands of the file, from 0.
        where: File and line.
        line: The command. Untrusted.
        switches: What it does, as switch and target; empty where it is not understood.
        can_be_taken_over: Whether wgtui's own lines can stand in its place with the same effect.
        reason: Why not, in one sentence; empty where they can.
    """

    index: int
    where: str
    line: str
    switches: tuple[tuple[SwitchName, str], ...]
    can_be_taken_over: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PathLink:
    """An interface beside the tunnel, for the drawing of the path.

    Attributes:
        name: Its name. Untrusted.
        networks: Of its addresses.
        is_uplink: Whether a default route leaves by it.
        masquerades: Whether packets out of the tunnel take its address.
        stopped_by: Who drops packets between it and the tunnel, as `Decider.who`; empty for nobody.
    """

    name: str
    networks: tuple[Prefix, ...]
    is_uplink: bool
    masquerades: bool
    stopped_by: str = ""


@dataclass(frozen=True, slots=True)
class PathPeer:
    """A peer, for the drawing of the path.

    Attributes:
        name: What it is called, or the start of its key. Untrusted.
        prefixes: What belongs to it.
    """

    name: str
    prefixes: tuple[Prefix, ...]


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What the drawing of the path shows.

    Attributes:
        networks: Of the tunnel's own addresses.
        listen_port: 0 for none.
        peers: In the order of the file.
        links: The other interfaces, uplinks first.
    """

    networks: tuple[Prefix, ...] = ()
    listen_port: int = 0
    peers: tuple[PathPeer, ...] = ()
    links: tuple[PathLink, ...] = ()


@dataclass(frozen=True, slots=True)
class ForwardingView:
    """All there is to see of an interface's forwarding.

    Attributes:
        interface: Its name.
        is_up: Whether it runs; without, no rule is in force.
        rows: In the order of the switches; `masquerade` once for every interface that has it, and once
            without one where none has.
        backend: Where rules go and why, in sentences.
        hidden: Rules that the host's own program does not show.
        deciders: Who else decides.
        hand_written: The file's commands that are not wgtui's.
        path: For the drawing.
        problems: What could not be read, in sentences.
    """

    interface: str
    is_up: bool
    rows: tuple[Row, ...]
    backend: tuple[str, ...] = ()
    hidden: tuple[HiddenRules, ...] = ()
    deciders: tuple[Decider, ...] = ()
    hand_written: tuple[HandWritten, ...] = ()
    path: PathFacts = PathFacts()
    problems: tuple[str, ...] = ()

    def row(self, switch: SwitchName, target: str = "") -> Row | None:
        """The row of a switch; None where there is none."""
        return next((row for row in self.rows if (row.switch, row.target) == (switch, target)), None)
