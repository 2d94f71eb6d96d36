"""What differs between file, kernel and boot, and the plans that end a difference."""

from __future__ import annotations

from wgtui.services.drift.adopting import plan_adopting
from wgtui.services.drift.comparing import Comparison, compare
from wgtui.services.drift.ways import DriftPlans

__all__ = ["Comparison", "DriftPlans", "compare", "plan_adopting"]
