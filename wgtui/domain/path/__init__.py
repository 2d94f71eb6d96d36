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
from wgtui.domain.path.hops import (
    AllowFix,
    ByHand,
    Direction,
    FarAllowFix,
    Fix,
    Hop,
    HopKind,
    HopState,
    SettingFix,
    Spot,
    SpotKind,
    SwitchFix,
    SyncFix,
    Walk,
)
from wgtui.domain.path.spots import of_address, spot_of, version_of
from wgtui.domain.path.walk import walk

__all__ = [
    "AllowFix",
    "ByHand",
    "Direction",
    "FarAllowFix",
    "FarSide",
    "FilterAnswer",
    "Fix",
    "Hop",
    "HopKind",
    "HopState",
    "HostView",
    "PathDevice",
    "PathPeer",
    "Probe",
    "RouteAnswer",
    "RouteFate",
    "SettingFix",
    "Spot",
    "SpotKind",
    "SwitchFix",
    "SyncFix",
    "Walk",
    "of_address",
    "spot_of",
    "version_of",
    "walk",
]
