"""What a live probe of a path's ends says, and whether it agrees with the walk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from wgtui.domain.echo import EchoResult
from wgtui.domain.fixes import Fix, MtuFix
from wgtui.domain.path.hops import Direction, HopKind, HopState, Spot, Walk

_OF_THE_END = frozenset((HopKind.SESSION, HopKind.OWNER, HopKind.ROUTE))
"""Stations that this host's own packets to an end pass as well."""


@dataclass(frozen=True, slots=True)
class EndProbe:
    """Echo requests from this host to one end.

    Attributes:
        spot: The end.
        echo: What came of them.
        sent_bytes: By which the peer's counter of sent bytes rose meanwhile; None for an end outside.
        received_bytes: Likewise of received bytes.
        large_size: Bytes of the large packets that were sent as well, as large as the tunnel takes; 0 for
            none.
        large: What came of them.
        fitting: Bytes of somewhat smaller ones that were answered, where the large ones were not; 0 for none.
    """

    spot: Spot
    echo: EchoResult
    sent_bytes: int | None = None
    received_bytes: int | None = None
    large_size: int = 0
    large: EchoResult | None = None
    fitting: int = 0

    @property
    def loses_large(self) -> bool:
        """Whether small packets pass and large ones vanish."""
        large = self.large
        return bool(self.echo.received and large is not None and large.sent and not large.received)


class Agreement(Enum):
    """Whether probe and walk say the same."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    OPEN = "open"
    """The probe cannot tell: it starts at this host, and an end need not answer."""


def probe_words(probe: EndProbe) -> str:
    """What came of it, in one sentence."""
    echo, label = probe.echo, probe.spot.label
    if echo.received and echo.quickest is not None:
        quickest = f"{echo.quickest * 1e3:.1f} ms"
        rest = ""
        if probe.loses_large:
            rest = f" Of packets of {probe.large_size} bytes none came back" + (
                f", of those of {probe.fitting} they did." if probe.fitting else "."
            )
        counted = f"{echo.received} of {echo.sent} pings of this host"
        return f"{label} answered {counted}, in {quickest} at best.{rest}"
    if not echo.sent:
        return f"This host could not send a ping to {label}: {echo.refusal or 'no reason was given'}."
    if echo.came_back:
        came = f"the answers came out of {probe.spot.device}"
        return f"{label} answered, and {came}, but this host's packet filter drops them."
    if echo.refusal:
        return f"{label} did not answer {echo.sent} pings of this host; somebody said: {echo.refusal}."
    if echo.left == 0:
        return f"{label} was not pinged: {echo.sent} pings left this host, and none by {probe.spot.device}."
    if probe.sent_bytes == 0:
        return f"{label} did not answer {echo.sent} pings, of which none left by the tunnel."
    if probe.received_bytes == 0:
        return f"{label} did not answer {echo.sent} pings; they left by the tunnel, and nothing came back."
    return f"{label} did not answer {echo.sent} pings of this host."


def agreement(walk: Walk, probes: tuple[EndProbe, ...]) -> tuple[Agreement, str]:
    """Whether the probes confirm the walk, and a sentence about it."""
    broken = walk.broken
    hole = next((probe for probe in probes if probe.loses_large), None)
    if hole is not None and broken is None:
        text = (
            f"Large packets to {hole.spot.label} are lost, and nobody on the way says so: connections open "
            "and then hang. A smaller MTU of the tunnel, at both ends, keeps packets small enough."
        )
        return Agreement.CONTRADICTED, text
    silent = [probe for probe in probes if not probe.echo.received and not probe.echo.came_back]
    contradicted = next(_contradicted(walk, probes), None)
    if contradicted is not None:
        label = contradicted.spot.label
        text = f"That contradicts the walk: {label} answers. Trust the answer, and walk again."
        return Agreement.CONTRADICTED, text
    if broken is None and not silent:
        if walk.doubts:
            text = "This host reaches both ends; whether they reach each other shows only there."
            return Agreement.OPEN, text
        return Agreement.CONFIRMED, "That agrees with the walk."
    if broken is None:
        labels = " and ".join(probe.spot.label for probe in silent)
        text = (
            f"The walk found nothing broken, and yet {labels} does not answer: it may be off, or not answer "
            "pings, or lose them where this host cannot see."
        )
        return Agreement.CONTRADICTED if _should_answer(silent) else Agreement.OPEN, text
    if silent and broken.kind in _OF_THE_END:
        return Agreement.CONFIRMED, "That agrees with the walk."
    return Agreement.OPEN, "Pings of this host itself do not pass the station that is broken."


def probe_fix(probes: tuple[EndProbe, ...]) -> Fix | None:
    """What mends that large packets are lost; None where they are not, or no size is known that passes."""
    for probe in probes:
        if probe.loses_large and probe.fitting and probe.spot.device:
            return MtuFix(probe.spot.device, probe.fitting)
    return None


def _contradicted(walk: Walk, probes: tuple[EndProbe, ...]) -> Iterator[EndProbe]:
    """The ends that answer although the walk says that this host cannot talk to them."""
    hop = walk.broken
    if hop is None or hop.state is not HopState.BROKEN or hop.kind not in _OF_THE_END:
        return
    towards_target = (hop.direction is Direction.THERE) != _is_about_origin(walk)
    spot = walk.target if towards_target else walk.origin
    yield from (probe for probe in probes if probe.spot == spot and probe.echo.received)


def _is_about_origin(walk: Walk) -> bool:
    """Whether the broken session is that of the sender: no route was found before it."""
    hop = walk.broken
    earlier = walk.hops[: walk.hops.index(hop)] if hop is not None else ()
    return hop is not None and not any(
        one.kind is HopKind.ROUTE and one.direction is hop.direction for one in (*earlier, hop)
    )


def _should_answer(silent: list[EndProbe]) -> bool:
    """Whether the peer is heard at all: then it is the ping that is lost."""
    return any(probe.received_bytes for probe in silent)
