"""Makers of what screens read the host with, imported in the thread that reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wgtui.services.changes import OpenChanges
    from wgtui.services.doctor.diagnosis import Diagnosis
    from wgtui.services.ownership_map import OwnershipMap
    from wgtui.ui.config_reader import ConfigReader
    from wgtui.ui.diagnose_reader import DiagnoseReader
    from wgtui.ui.forwarding_reader import ForwardingReader
    from wgtui.ui.map_reader import MapReader


def map_reader(ownership: Callable[[], OwnershipMap]) -> MapReader:
    """What the map of allowed IPs is read with."""
    from wgtui.ui.map_reader import MapReader

    return MapReader(ownership())


def config_reader(open_changes: OpenChanges) -> ConfigReader:
    """What files are read with."""
    from wgtui.ui.config_reader import ConfigReader

    return ConfigReader(open_changes)


def forwarding_reader(open_changes: OpenChanges) -> ForwardingReader:
    """What forwarding and NAT are read with."""
    from wgtui.ui.forwarding_reader import ForwardingReader

    return ForwardingReader(open_changes)


def diagnose_reader(diagnosis: Callable[[], Diagnosis]) -> DiagnoseReader:
    """What the host is examined and paths are walked with."""
    from wgtui.ui.diagnose_reader import DiagnoseReader

    return DiagnoseReader(diagnosis)
