"""What a broken relay is, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from tests.netns.broken.layout import LAN_HOST, Layout
from tests.netns.broken.rig import Rig, nothing

Break = Callable[[Rig], None]
"""Breaks a rig in exactly one way."""


class Stage(Enum):
    """When something is broken."""

    BARE = "before the relay is set up"
    BEFORE = "before the peers come up"
    AFTER = "after everybody has shaken hands"


class Tool(Enum):
    """What may name a cause."""

    VERDICT = "verdict"
    """The judgement of a peer; codes are `rule` or `rule/first cause`."""

    PATH = "path"
    """The path walk; codes are the values of `HopKind`."""

    DOCTOR = "doctor"
    """The doctor; codes are those of its findings."""

    PROBE = "probe"
    """Pings of a path's ends: `mtu`, `silent-end`."""


@dataclass(frozen=True)
class Named:
    """A cause as a tool names it.

    Attributes:
        tool: Which.
        code: What it says.
        certain: Whether it says so with certainty.
    """

    tool: Tool
    code: str
    certain: bool = False


def verdict(code: str) -> Named:
    """A cause that a peer's judgement names."""
    return Named(Tool.VERDICT, code)


def path(code: str) -> Named:
    """A station at which the path walk stops."""
    return Named(Tool.PATH, code)


def doctor(code: str) -> Named:
    """A finding of the doctor."""
    return Named(Tool.DOCTOR, code)


def probe(code: str) -> Named:
    """What pings of a path's ends tell."""
    return Named(Tool.PROBE, code)


def laptop_reaches_lan(rig: Rig) -> bool:
    """Whether the relay does what it is for."""
    at = 0 if 4 in rig.layout.families else 1
    return rig.laptop.reaches(LAN_HOST[at])


@dataclass(frozen=True)
class Case:
    """A relay that is broken in exactly one way.

    Attributes:
        name: How.
        broken: Breaks it.
        expected: What may be named first; any of these is right.
        stage: When it is broken.
        layout: What the relay was like.
        peers: Whose judgements are asked for, in this order.
        walk: From where to where a path walk is asked.
        works: Whether what is broken works.
        traffic: Keeps packets coming while it is looked at.
        mends: Whether the offered fix mends it.
        carry: What has to be done elsewhere after the fix, such as taking a file to a peer.
        patience: Seconds of looking on after which it has to be named.
        needs: Names of programs without which it is skipped.
    """

    name: str
    broken: Break
    expected: tuple[Named, ...]
    stage: Stage = Stage.AFTER
    layout: Layout = field(default_factory=Layout)
    peers: tuple[str, ...] = ("laptop", "home")
    walk: tuple[str, str] = ("laptop", LAN_HOST[0])
    works: Callable[[Rig], bool] = laptop_reaches_lan
    traffic: Break = nothing
    mends: bool = False
    carry: Break = nothing
    patience: float = 8.0
    needs: tuple[str, ...] = ()
