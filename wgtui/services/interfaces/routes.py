"""Routes as steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wgtui.domain.network import Route
from wgtui.domain.plan import SetRoute


def route_steps(routes: Iterable[Route], *, present: bool = True) -> Iterator[SetRoute]:
    """Add routes, or remove them."""
    for route in routes:
        yield SetRoute(route, present=present)
