"""A path walk as data for other programs."""

from __future__ import annotations

from typing import Any, Final

from wgtui.domain.fixes import fix_words
from wgtui.domain.path import Hop, Spot, Walk
from wgtui.domain.path.probing import EndProbe, agreement, probe_words

SCHEMA: Final = 1
"""Version of the JSON; it rises when a key changes its meaning or leaves."""

Json = dict[str, Any]


def walk_json(walk: Walk, probes: tuple[EndProbe, ...] | None = None) -> Json:
    """What `wgtui path --json` prints.

    Args:
        walk: The walk.
        probes: Of its ends; None where they were not asked.

    Returns:
        `reaches` is true, false, or null where nothing is broken but something could not be seen from here.
        `broken` is the place in `hops`, from 0, of the station where the packet is lost; null for none.
    """
    broken = walk.broken
    reaches = False if broken is not None else None if walk.doubts else True
    return {
        "schema": SCHEMA,
        "from": _spot(walk.origin),
        "to": _spot(walk.target),
        "reaches": reaches,
        "broken": None if broken is None else walk.hops.index(broken),
        "hops": [_hop(hop) for hop in walk.hops],
        "probe": None if probes is None else _probing(walk, probes),
    }


def _probing(walk: Walk, probes: tuple[EndProbe, ...]) -> Json:
    agreed, text = agreement(walk, probes)
    return {"agreement": agreed.value, "text": text, "ends": [_end(probe) for probe in probes]}


def _end(probe: EndProbe) -> Json:
    return {
        "address": str(probe.spot.address),
        "sent": probe.echo.sent,
        "received": probe.echo.received,
        "quickest_seconds": probe.echo.quickest,
        "seen_leaving": probe.echo.left,
        "seen_coming_back": probe.echo.came_back,
        "refusal": probe.echo.refusal or None,
        "tx_bytes": probe.sent_bytes,
        "rx_bytes": probe.received_bytes,
        "large_bytes": probe.large_size or None,
        "large_received": probe.large.received if probe.large is not None else None,
        "fitting_bytes": probe.fitting or None,
        "text": probe_words(probe),
    }


def _spot(spot: Spot) -> Json:
    return {
        "kind": spot.kind.name.lower(),
        "address": str(spot.address),
        "label": spot.label,
        "interface": spot.device or None,
        "public_key": str(spot.key) if spot.key else None,
    }


def _hop(hop: Hop) -> Json:
    return {
        "station": hop.kind.name.lower(),
        "direction": hop.direction.value,
        "state": hop.state.value,
        "text": hop.text,
        "fix": None if hop.fix is None else {"text": fix_words(hop.fix)},
    }
