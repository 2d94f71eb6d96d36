"""No two commands of one screen share a key."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import wgtui.ui


def bound() -> Iterator[type[DOMNode]]:
    """Every class of the user interface that has keys."""
    for module in pkgutil.walk_packages(wgtui.ui.__path__, "wgtui.ui."):
        found = vars(importlib.import_module(module.name)).values()
        for one in found:
            is_here = isinstance(one, type) and one.__module__ == module.name
            if is_here and issubclass(one, DOMNode) and one.__dict__.get("BINDINGS"):
                yield one


@pytest.mark.parametrize("owner", bound(), ids=lambda owner: owner.__name__)
def test_a_key_means_one_thing(owner: type[DOMNode]) -> None:
    keys = Counter(
        key for binding in owner.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(",")
    )
    assert [key for key, count in keys.items() if count > 1] == []
