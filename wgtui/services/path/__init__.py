"""Path walks over a real host."""

from __future__ import annotations

from wgtui.services.path.as_data import walk_json
from wgtui.services.path.probing import PathProbe
from wgtui.services.path.walks import PathWalks

__all__ = ["PathProbe", "PathWalks", "walk_json"]
