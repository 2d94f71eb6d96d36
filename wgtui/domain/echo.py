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
        left: Requests that were seen to leave by the link that was watched; None where none was.
        came_back: Answers that were seen to come in by it, before the packet filter.
    """

    sent: int
    received: int
    quickest: float | None = None
    refusal: str = ""
    left: int | None = None
    came_back: int | None = None
