"""The program in tmux: another program's idea of what its output means."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.support.tmux import Tmux


@pytest.fixture
def tmux() -> Iterator[Tmux]:
    command = f"{sys.executable} -m wgtui --demo; echo left with $?; exec cat"
    with Tmux(f"exec sh -c '{command}'") as server:
        yield server


def test_tmux_shows_the_same(tmux: Tmux) -> None:
    text = tmux.wait_for(lambda text: "home-gateway" in text and "quit" in text)
    lines = text.splitlines()
    assert "wg0" in lines[0]
    assert "quit" in lines[35]
    assert all("●" in line or "active" not in line for line in lines[3:6])
    tmux.press("j", "j")
    tmux.wait_for("peer 3 of 9")
    tmux.press("q")
    text = tmux.wait_for("left with")
    assert text.strip() == "left with 0"
