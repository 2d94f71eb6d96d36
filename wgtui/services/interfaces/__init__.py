"""Interfaces brought up, taken down and brought in line with their files: as `wg-quick` does it."""

from __future__ import annotations

from wgtui.services.interfaces.context import PlannerContext
from wgtui.services.interfaces.down import plan_down
from wgtui.services.interfaces.source import Source, accepted_config, find_source
from wgtui.services.interfaces.sync import plan_sync
from wgtui.services.interfaces.up import plan_up

__all__ = ["PlannerContext", "Source", "accepted_config", "find_source", "plan_down", "plan_sync", "plan_up"]
