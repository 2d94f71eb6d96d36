"""Transfer histories as text: sparklines, and a two-way plot around a zero line. Always from zero."""

from __future__ import annotations

from collections.abc import Sequence

from wgtui.domain.snapshot import Sample
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.units import ceiling


def bucketed(values: Sequence[float], number: int, step: int, count: int) -> list[float]:
    """Average values into buckets that do not slide.

    Args:
        values: One a poll, oldest first; the last belongs to poll `number`.
        number: Polls so far; bucket borders are its multiples of `step`, so that between two borders
            only the last bucket changes.
        step: Polls to a bucket.
        count: The most buckets returned.

    Returns:
        Means, oldest first, at most `count`.
    """
    buckets: list[float] = []
    filled = number % step + 1
    end = len(values)
    while end > 0 and len(buckets) < count:
        start = max(0, end - filled)
        buckets.append(sum(values[start:end]) / (end - start))
        end, filled = start, step
    buckets.reverse()
    return buckets


def sparkline(values: Sequence[float], glyphs: Glyphs) -> str:
    """Bars on a zero base, scaled to the next power of two of bytes a second, at least 1 KiB/s."""
    top = ceiling(max(values, default=0.0))
    return "".join(_bar(value, top, glyphs.bars) for value in values)


def _bar(value: float, top: float, bars: str) -> str:
    """One cell: something above zero always shows."""
    steps = len(bars) - 1
    level = min(steps, round(value / top * steps))
    return bars[max(1, level) if value > 0 else 0]


def _levels(value: float, top: float, rows: int, steps: int) -> list[int]:
    """How full each cell of a column is, counted from the zero line, in `steps` to a cell."""
    total = min(rows * steps, round(value / top * rows * steps))
    if value > 0:
        total = max(1, total)
    return [max(0, min(steps, total - row * steps)) for row in range(rows)]


def two_way_plot(samples: Sequence[Sample], width: int, rows: int, top: float, glyphs: Glyphs) -> list[Line]:
    """Received above a zero line, sent below it, both from zero and on one scale.

    Args:
        samples: Oldest first, one a column; the newest stands at the right edge.
        width: Cells.
        rows: Lines for each direction, at least 1.
        top: What a full column means, in bytes a second.
        glyphs: The marks.

    Returns:
        `rows` lines, the zero line, `rows` lines.
    """
    shown = list(samples[-width:])
    blank = " " * (width - len(shown))
    full = len(glyphs.bars) - 1
    above = [_levels(sample.rx, top, rows, full) for sample in shown]
    below = [_levels(sample.tx, top, rows, full) for sample in shown]
    lines: list[Line] = []
    for row in reversed(range(rows)):
        text = "".join(glyphs.bars[levels[row]] for levels in above)
        lines.append((Span(blank + text, Tone.RECEIVED),))
    lines.append((Span(glyphs.zero * width, Tone.FAINT),))
    for row in range(rows):
        text = "".join(_hanging(levels[row] / full, glyphs) for levels in below)
        lines.append((Span(blank + text, Tone.SENT),))
    return lines


def _hanging(share: float, glyphs: Glyphs) -> str:
    """The mark for a cell filled from its top by a share of 0 to 1."""
    return (
        next((mark for least, mark in glyphs.hanging if share > least), " ")
        if share < 1
        else glyphs.hanging[0][1]
    )
