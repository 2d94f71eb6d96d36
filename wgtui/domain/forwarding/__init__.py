"""Forwarding and NAT for an interface: switches, the rules behind them, where they go, and hook commands."""

from __future__ import annotations

from wgtui.domain.forwarding.lines import HookLines, hook_lines
from wgtui.domain.forwarding.places import (
    FirewalldPlace,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    Place,
    PlacedRule,
    Placement,
    place,
    place_portably,
)
from wgtui.domain.forwarding.read_lines import ReadLines, is_own_down, read_lines, read_up
from wgtui.domain.forwarding.rules import (
    Action,
    Family,
    FilterRule,
    Hook,
    LinkMatch,
    Purpose,
    RuleFacts,
    Switches,
    rules_of,
    tag,
)

__all__ = [
    "Action",
    "Family",
    "FilterRule",
    "FirewalldPlace",
    "Hook",
    "HookLines",
    "IptablesPlace",
    "LinkMatch",
    "NftChainPlace",
    "NftTablePlace",
    "Place",
    "PlacedRule",
    "Placement",
    "Purpose",
    "ReadLines",
    "RuleFacts",
    "Switches",
    "hook_lines",
    "is_own_down",
    "place",
    "place_portably",
    "read_lines",
    "read_up",
    "rules_of",
    "tag",
]
