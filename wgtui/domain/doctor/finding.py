"""One thing that was looked at, what follows from it, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import Final

from wgtui.domain.drift import Difference
from wgtui.domain.fixes import Fix
from wgtui.domain.keys import PublicKey


class Severity(IntEnum):
    """How much a finding matters, the worst first."""

    ERROR = 0
    """Something does not work."""
    WARNING = 1
    """Something will not work for long, or may not work now."""
    NOTE = 2
    """Good to know; nothing is wrong."""
    OK = 3
    """As it should be."""

    @property
    def is_problem(self) -> bool:
        """Whether somebody should do something."""
        return self <= Severity.WARNING


@dataclass(frozen=True, slots=True)
class KeepFileFix:
    """End a difference between file and kernel by the file's."""

    interface: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class KeepKernelFix:
    """End a difference between file, kernel and boot by the kernel's."""

    interface: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class BringUpFix:
    """Bring an interface up."""

    interface: str


@dataclass(frozen=True, slots=True)
class LinkUpFix:
    """Switch the link of an interface on, with the routes and addresses that went with it."""

    interface: str


@dataclass(frozen=True, slots=True)
class ModeFix:
    """Set the permissions of a file."""

    path: str
    mode: int


@dataclass(frozen=True, slots=True)
class EndClaimsFix:
    """Take out of a file what lets a program write it anew."""

    interface: str


DoctorFix = Fix | KeepFileFix | KeepKernelFix | BringUpFix | LinkUpFix | ModeFix | EndClaimsFix
"""One way to mend what was found."""


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing that was looked at. All texts are whole sentences, printable, and hold no secret.

    Attributes:
        code: What kind of finding it is, for scripts; the same in every version.
        severity: How much it matters.
        text: What was found.
        why: What follows from it; may be empty.
        interface: Whose it is; empty for the host's own.
        peer: Whose it is, of that interface; None for none in particular.
        certain: Whether it cannot be otherwise.
        fix: What mends it; None where nothing is wrong, or nothing is known to.
        command: What to type, or to do, to mend it or to find out more; may be empty.
    """

    code: str
    severity: Severity
    text: str
    why: str = ""
    interface: str = ""
    peer: PublicKey | None = None
    certain: bool = True
    fix: DoctorFix | None = None
    command: str = ""


SHOWN_OF_A_KIND: Final = 5
"""Findings of one kind at one interface that are listed before the rest is only counted."""

_ORDER: Final = (
    *("privilege", "wireguard", "file-refused", "file-missing", "no-private-key", "port-shared"),
    *(
        "port-taken",
        "interface-down",
        "mtu-ipv6",
        "clock",
        "clock-jumped",
        "listen-port",
        "private-key",
        "port-blocked",
    ),
    *("own-key-peer", "public-key-zero", "peer-missing", "own-file-key", "own-file-relay-key"),
    *(
        "preshared-key",
        "own-file-preshared-key",
        "own-file-port",
        "own-file-address",
        "allowed-ips-lost",
        "allowed-ips",
    ),
    *("owns-nothing", "address-missing", "collision", "routed-elsewhere"),
    *("route-missing", "default-route"),
    *("rp-filter", "ip-forward", "relay-blocked", "forward-blocked", "rules-missing"),
    *(
        "masquerade-wrong-link",
        "masquerade-missing",
        "lan-unowned",
        "far-file-narrow",
        "own-file-no-forwarding",
        "endpoint-stale",
        "endpoint-unknown",
    ),
    *("mtu-too-large", "no-keepalive"),
)
"""Kinds of findings in the order of a packet's way: of two that are as grave, the earlier one breaks more."""

_RANKS: Final = {code: rank for rank, code in enumerate(_ORDER)}


def most_likely_first(findings: Iterable[DoctorFinding]) -> tuple[DoctorFinding, ...]:
    """Findings with the most likely cause of trouble first; many of one kind are cut short."""
    ordered = sorted(findings, key=_place)
    found: list[DoctorFinding] = []
    for _, group in groupby(ordered, key=lambda one: (one.severity, one.certain, one.code, one.interface)):
        alike = list(group)
        found += alike[:SHOWN_OF_A_KIND]
        if len(alike) > SHOWN_OF_A_KIND:
            found.append(_rest(alike[SHOWN_OF_A_KIND], len(alike) - SHOWN_OF_A_KIND))
    return tuple(found)


def _place(one: DoctorFinding) -> tuple[int, bool, int, str, str, str]:
    rank = _RANKS.get(one.code, len(_RANKS))
    return one.severity, not one.certain, rank, one.code, one.interface, one.text


def _rest(one: DoctorFinding, count: int) -> DoctorFinding:
    more = f"{count} more finding{'' if count == 1 else 's'} of this kind"
    text = f"{one.interface} has {more}." if one.interface else f"There are {more}."
    return DoctorFinding(one.code, one.severity, text, "", one.interface, certain=one.certain)
