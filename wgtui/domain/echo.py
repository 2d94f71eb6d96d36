"""What came of echo requests (ping)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EchoResult:
    """What came of some echo requests to one address.

    Attributes:
        sent: How many left this host.
        received: How many were answered.
        quickest: Seconds to the quickest answer; None without one.
        refusal: What a host on the way, or this one, said instead, in a few words; empty for nothing.
    """

    sent: int
    received: int
    quickest: float | None = None
    refusal: str = ""
