"""Handing a peer its own file: the text of its QR code, and how large that can be drawn."""

from __future__ import annotations

from wgtui.domain.sharing.compact import Compact, compact_file
from wgtui.domain.sharing.drawing import Cell, Ink, draw
from wgtui.domain.sharing.ladder import (
    Fit,
    Rendition,
    choose_fit,
    fit_of,
    renditions_for,
    smallest_fit,
)
from wgtui.domain.sharing.modules import Modules
from wgtui.domain.sharing.words import (
    DENSE,
    left_out_sentence,
    remarks,
    too_small_sentence,
    too_small_ways,
)

__all__ = [
    "DENSE",
    "Cell",
    "Compact",
    "Fit",
    "Ink",
    "Modules",
    "Rendition",
    "choose_fit",
    "compact_file",
    "draw",
    "fit_of",
    "left_out_sentence",
    "remarks",
    "renditions_for",
    "smallest_fit",
    "too_small_sentence",
    "too_small_ways",
]
