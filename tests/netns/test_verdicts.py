"""Verdicts in the program as it is used: `wgtui status`, and the Overview in a terminal, on real relays."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from threading import Event
from typing import Any, Self

import pytest

from tests.netns.broken.handshake_breaks import allowed_ips_taken_live, wrong_relay_key
from tests.netns.broken.layout import INTERFACE, RELAY_IN
from tests.netns.broken.rig import Rig, relay_rig
from tests.pty.programs import assert_restored, wgtui
from tests.support.terminal import Terminal
from tests.support.waiting import eventually
from wgtui import wiring
from wgtui.domain.verdict.judgement import Judgement


def options(rig: Rig) -> list[str]:
    """The relay, as the command line names it."""
    return rig.relay.host.options()


def status(rig: Rig, *words: str) -> str:
    """What `wgtui status` prints on the relay."""
    command = [sys.executable, "-m", "wgtui", "status", *words, *options(rig)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout


def peer_named(rig: Rig, name: str) -> dict[str, Any]:
    """A peer of `wgtui status --json`."""
    peers: list[dict[str, Any]] = json.loads(status(rig, "--json"))["devices"][0]["peers"]
    return next(peer for peer in peers if peer["name"] == name)


class Looker:
    """Looks at a peer of the relay, twice a second."""

    def __init__(self, rig: Rig, peer: str) -> None:
        self._monitor = wiring.monitor(rig.relay.host)
        self._judge = wiring.peer_judge(rig.relay.host)
        self._key = rig.keys[peer]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._monitor.close()
        self._judge.close()

    def look(self) -> Judgement:
        """One look."""
        Event().wait(0.5)
        judged = self._judge.look(self._monitor.take(), INTERFACE, self._key)
        assert judged is not None
        return judged.judgement


@pytest.fixture
def robbed() -> Iterator[Rig]:
    """A relay on which somebody gave the laptop's addresses to another peer."""
    with relay_rig() as rig:
        rig.talk()
        allowed_ips_taken_live(rig)
        yield rig


def test_status_says_what_is_wrong_and_what_mends_it(robbed: Rig) -> None:
    text = status(robbed)
    assert "  laptop: It owns no address" in text
    assert "belongs to home on the running interface" in text
    assert "wgtui sync wg7" in text
    laptop, home = peer_named(robbed, "laptop"), peer_named(robbed, "home")
    assert (laptop["verdict"], laptop["alarm"], laptop["certain"]) == ("owns-nothing", True, True)
    assert [cause["cause"] for cause in laptop["causes"]] == ["address taken"]
    assert (home["verdict"], home["alarm"], home["fix"]) == ("active", False, None)


def says(terminal: Terminal, *texts: str) -> None:
    """Wait for sentences, wherever they are broken over lines."""
    for text in texts:
        terminal.wait_for(re.compile(text.replace(" ", r"\s+")))


def on_relay(rig: Rig) -> Terminal:
    """The program on the relay, with the pane about the peer below the table and large."""
    return wgtui(*options(rig), size=(80, 24))


def test_the_overview_says_it_and_mends_it(robbed: Rig) -> None:
    with on_relay(robbed) as terminal:
        terminal.wait_for("laptop")
        terminal.press("end")
        says(terminal, "It owns no address", "Because:", "belongs to home")
        terminal.press("enter")
        says(terminal, "Bring wg7 in line with its file: press f.")
        terminal.press("W")
        says(terminal, "Why: laptop", "The first is proven.")
        terminal.press("G")
        says(terminal, "Listen port", "Line 4 of .*wg7.conf")
        terminal.wait_for("[ Mend it ]")
        terminal.press("left", "enter")
        terminal.wait_for("[ Apply ]")
        terminal.press("enter")
        says(terminal, "Active: the latest handshake was")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_the_overview_hears_calls_for_a_wrong_key() -> None:
    with relay_rig(before=wrong_relay_key) as rig, on_relay(rig) as terminal:
        terminal.wait_for("laptop")
        terminal.press("end", "enter")
        says(terminal, "made for another public key than this interface's", "Give it its own file anew")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_data_that_this_host_drops_is_told_from_a_conversation() -> None:
    with relay_rig() as rig:
        rig.talk()
        rig.keep(rig.laptop.shout(RELAY_IN[0]))
        rig.relay.run("iptables", "-I", "INPUT", "-i", INTERFACE, "-j", "DROP")
        found: list[Judgement] = []

        def is_one_way() -> bool:
            found.append(looker.look())
            return found[-1].rule == "one-way"

        with Looker(rig, "laptop") as looker:
            eventually("it is told", is_one_way, 40)
        assert found[-1].first == "no answer here"
        assert {one.rule for one in found} == {"active", "one-way"}
