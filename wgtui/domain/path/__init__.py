"""The path walk: whether one end reaches another through this host, station by station, there and back."""

from __future__ import annotations

from wgtui.domain.path.facts import (
    FarSide,
    FilterAnswer,
    HostView,
    PathDevice,
    PathPeer,
    Probe,
    RouteAnswer,
    RouteFate,
)
from wgtui.domain.path.hops import Direction, Hop, HopKind, HopState, Spot, SpotKind, Walk
from wgtui.domain.path.spots import of_address, spot_of, version_of
from wgtui.domain.path.walk import walk

__all__ = [
    "Direction",
    "FarSide",
    "FilterAnswer",
    "Hop",
    "HopKind",
    "HopState",
    "HostView",
    "PathDevice",
    "PathPeer",
    "Probe",
    "RouteAnswer",
    "RouteFate",
    "Spot",
    "SpotKind",
    "Walk",
    "of_address",
    "spot_of",
    "version_of",
    "walk",
]
