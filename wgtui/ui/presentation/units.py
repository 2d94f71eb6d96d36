"""Numbers as people read them: ages that coarsen, sizes in KiB, MiB, GiB, scales with round tops."""

from __future__ import annotations

from typing import Final

_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def age(seconds: float | None) -> str:
    """An age for a table, at most six characters wide and coarser the older: `12 s`, `1m03s`, `3 min`.

    Seconds are given as long as a session lives (180 s), so that an idle peer's cell hardly ever changes.
    """
    if seconds is None:
        return "never"
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 180:
        return f"{whole // 60}m{whole % 60:02d}s"
    if whole < 2 * 3600:
        return f"{whole // 60} min"
    if whole < 2 * 86400:
        return f"{whole // 3600} h"
    days = whole // 86400
    return f"{days} d" if days < 1000 else f"{days // 365} y"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def age_in_words(seconds: float) -> str:
    """An age for a sentence: `12 seconds`, `1 minute, 3 seconds`, `5 hours`, `12 days`."""
    whole = int(seconds)
    if whole < 60:
        return _count(whole, "second")
    if whole < 180:
        minutes, rest = divmod(whole, 60)
        return _count(minutes, "minute") + (f", {_count(rest, 'second')}" if rest else "")
    if whole < 2 * 3600:
        return _count(whole // 60, "minute")
    if whole < 2 * 86400:
        return _count(whole // 3600, "hour")
    return _count(whole // 86400, "day")


def size(count: float) -> str:
    """Bytes in at most seven characters: `999 B`, `1.5 KiB`, `12 MiB`."""
    value, unit = _scaled(count)
    if unit == 0:
        return f"{int(value)} B"
    return f"{value:.1f} {_UNITS[unit]}" if value < 9.95 else f"{value:.0f} {_UNITS[unit]}"


def rate(per_second: float) -> str:
    """Bytes a second in at most nine characters: `999 B/s`, `1.5 KiB/s`, `12 MiB/s`."""
    return f"{size(per_second)}/s"


def _scaled(count: float) -> tuple[float, int]:
    """Divide by 1024 until the number has at most three digits."""
    value, unit = max(0.0, count), 0
    while value >= (1000 if unit == 0 else 999.5) and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return value, unit


def ceiling(peak: float, floor: float = 1024.0) -> float:
    """The smallest power of two at or above `peak`, and at least `floor`: a scale that rarely moves."""
    top = floor
    while top < peak:
        top *= 2
    return top


def steady_ceiling(peak: float, previous: float, floor: float = 1024.0) -> float:
    """A plot's scale that does not jitter: it grows at once and shrinks only when three quarters are empty.

    Args:
        peak: The largest value shown, in bytes a second.
        previous: The scale that was printed last, 0 for none.
        floor: The smallest scale.
    """
    wanted = ceiling(peak, floor)
    return previous if wanted <= previous <= wanted * 4 and previous >= floor else wanted
