"""Cryptokey routing seen from the host: who owns which prefix, and who gets a packet."""

from __future__ import annotations

from wgtui.domain.cryptokey.delivery import Delivery, Outcome, deliver
from wgtui.domain.cryptokey.ownership import (
    Claim,
    DeviceFacts,
    Owner,
    Ownership,
    Standing,
    map_ownership,
)
from wgtui.domain.cryptokey.routing import Decision, Fate, RoutingTables

__all__ = [
    "Claim",
    "Decision",
    "Delivery",
    "DeviceFacts",
    "Fate",
    "Outcome",
    "Owner",
    "Ownership",
    "RoutingTables",
    "Standing",
    "deliver",
    "map_ownership",
]
