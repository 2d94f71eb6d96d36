"""The Diagnose screen in a terminal, on a real relay: it names who drops, mends it, and walks the path."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.netns.broken.layout import LAN_HOST
from tests.netns.broken.passing_cases import docker
from tests.netns.broken.rig import Rig, relay_rig
from tests.pty.programs import assert_restored
from tests.support.terminal import Terminal
from tests.support.waiting import eventually


@pytest.fixture
def rig() -> Iterator[Rig]:
    with relay_rig() as made:
        made.talk()
        docker(made)
        yield made


def screen(rig: Rig, size: tuple[int, int]) -> Terminal:
    """`wgtui` on the relay, in a terminal."""
    return Terminal([sys.executable, "-m", "wgtui", *rig.relay.host.options()], size=size)


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
def test_it_names_who_drops_and_mends_it_and_the_path_is_whole(rig: Rig, size: tuple[int, int]) -> None:
    assert not rig.laptop.reaches(LAN_HOST[0])
    with screen(rig, size) as terminal:
        terminal.wait_for("laptop")
        terminal.press("o")
        terminal.wait_for("Packets between peers of wg7")
        terminal.wait_for("x Turn the switch relay of wg7 on.")

        terminal.press("tab", "f")
        terminal.wait_for("From where?")
        terminal.send(b"laptop")
        terminal.press("enter")
        terminal.wait_for("f from laptop")
        terminal.press("t")
        terminal.wait_for("To where?")
        terminal.send(LAN_HOST[0].encode())
        terminal.press("enter")
        terminal.wait_for("It does not get there.")
        terminal.wait_for("Docker")

        terminal.press("x")
        terminal.wait_for("[ Apply ]")
        terminal.press("a")
        terminal.wait_for(
            lambda: "It does not get there." not in terminal.text and "this host" in terminal.text
        )
        eventually("the LAN is reached", lambda: rig.laptop.reaches(LAN_HOST[0]))
        terminal.wait_for("It gets there, and the answer comes back.")

        terminal.press("p")
        terminal.wait_for("answered 3 of 3 pings")
        terminal.press("escape")
        terminal.wait_for("● active")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)
