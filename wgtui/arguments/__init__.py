"""The command line's grammar: commands, options, help."""

from __future__ import annotations

from wgtui.arguments.common import DEFAULTS, USAGE
from wgtui.arguments.parser import build_parser

__all__ = ["DEFAULTS", "USAGE", "build_parser"]
