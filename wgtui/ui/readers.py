"""Makers of what screens read the host with, imported in the thread that reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wgtui.services.changes import OpenChanges
    from wgtui.services.ownership_map import OwnershipMap
    from wgtui.ui.config_reader import ConfigReader
    from wgtui.ui.map_reader import MapReader


def map_reader(ownership: Callable[[], OwnershipMap]) -> Callable[[], MapReader]:
    """Makes what the map of allowed IPs is read with."""

    def make() -> MapReader:
        from wgtui.ui.map_reader import MapReader

        return MapReader(ownership())

    return make


def config_reader(open_changes: OpenChanges) -> Callable[[], ConfigReader]:
    """Makes what files are read with."""

    def make() -> ConfigReader:
        from wgtui.ui.config_reader import ConfigReader

        return ConfigReader(open_changes)

    return make
