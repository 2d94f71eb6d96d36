"""Real tunnels between network namespaces of this machine, for trying wgtui and for its tests."""

from wgtui.adapters.lab.handle import LabHandle, LabNode, start
from wgtui.adapters.lab.scenarios import SCENARIOS

__all__ = ["SCENARIOS", "LabHandle", "LabNode", "start"]
