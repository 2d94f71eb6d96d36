"""How steps are taken: each kind through its port."""

from __future__ import annotations

from wgtui.services.apply.host import HostPorts
from wgtui.services.apply.standing import Standing
from wgtui.services.apply.taker import StepTaker

__all__ = ["HostPorts", "Standing", "StepTaker"]
