"""Words of differences."""

from __future__ import annotations

from collections.abc import Iterable

from wgtui.domain.host import DnsSettings
from wgtui.domain.network import MAIN_TABLE
from wgtui.domain.text import printable

_SHOWN = 4


def dns(settings: DnsSettings | None) -> str:
    """DNS servers, with the domains that are searched."""
    if settings is None:
        return "no DNS servers"
    return printable(f"DNS {', '.join((*settings.servers, *settings.search))}", 200)


def table(number: int) -> str:
    """A routing table."""
    return "the main table" if number == MAIN_TABLE else f"table {number}"


def listed(items: Iterable[object]) -> str:
    """Some items, and how many more."""
    texts = [str(item) for item in items]
    shown = ", ".join(texts[:_SHOWN])
    return shown if len(texts) <= _SHOWN else f"{shown} and {len(texts) - _SHOWN} more"


def seconds(keepalive: int) -> str:
    """A keepalive."""
    return f"every {keepalive} s" if keepalive else "off"


def endpoint(written: object) -> str:
    """An endpoint as it is written; printable."""
    return printable(str(written), 80)
