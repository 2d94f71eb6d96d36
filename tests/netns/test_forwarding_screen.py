"""The Forwarding screen in a terminal, on a real relay: who drops, the fix, packets, counters, undo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.forward_rig import INTERNET, TUNNEL, ForwardRig, forward_rig
from tests.pty.programs import assert_restored
from tests.support.terminal import Terminal
from tests.support.waiting import eventually

HOME, RELAY = TUNNEL["home"], TUNNEL["relay"]
LOOKS = 6.5
"""Seconds: three looks at the counters."""


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[ForwardRig]:
    with forward_rig(tmp_path) as made:
        yield made


def screen(rig: ForwardRig, size: tuple[int, int] = (80, 24)) -> Terminal:
    """`wgtui` on the relay, in a terminal."""
    return Terminal(rig.command(), size=size)


def row(terminal: Terminal, label: str) -> str:
    """The line of the table that begins with a label; empty where there is none."""
    found = [line.strip() for line in terminal.text.splitlines() if line.strip().startswith(label)]
    return " ".join(found[0].split()) if found else ""


def packets(terminal: Terminal) -> int:
    """What met the rules that relay peers, as the table shows it."""
    found = re.match(r"relay peers ● on . \w+ . \w+ ([\d,]+) ", row(terminal, "relay peers"))
    return int(found[1].replace(",", "")) if found else -1


@pytest.mark.parametrize("backend", ["legacy", "iptables-nft"])
def test_what_docker_drops_passes_after_the_fix_and_no_longer_after_undo(
    rig: ForwardRig, backend: str
) -> None:
    rig.guard(backend)
    before = rig.filter()
    rig.wgtui("up", "wg7")
    for peer in rig.peers:
        eventually("the peers reach the relay", lambda peer=peer: rig.reaches(peer, RELAY))  # type: ignore[misc]
    rig.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
    assert not rig.reaches("phone", HOME)
    with screen(rig) as terminal:
        terminal.wait_for("wg7")
        terminal.press("F")
        terminal.wait_for(lambda: row(terminal, "relay peers").startswith("relay peers ! off · off"))
        terminal.press("down", "down", "down")
        terminal.wait_for("Packets between peers of wg7 are dropped: Docker's policy DROP of")
        terminal.wait_for("x Let packets between peers of wg7 pass, before Docker decides.")

        terminal.press("x")
        terminal.wait_for("Turn relay on for wg7")
        terminal.wait_for("[ Apply ]")
        terminal.press("a")
        terminal.wait_for(lambda: row(terminal, "relay peers").startswith("relay peers ● on ● on"))
        eventually("peers reach each other", lambda: rig.reaches("phone", HOME))
        terminal.wait_for(lambda: packets(terminal) > 0)
        counted = packets(terminal)
        rig.peers["phone"].run("ping", "-n", "-c", "5", "-i", "0.2", HOME)
        terminal.wait_for(lambda: packets(terminal) >= counted + 10)

        terminal.press("c")
        terminal.wait_for("Turn relay on for wg7")
        terminal.press("u")
        terminal.wait_for("[ Apply ]")
        terminal.press("a")
        eventually("they no longer do", lambda: not rig.reaches("phone", HOME))
        terminal.press("escape")
        terminal.wait_for(lambda: row(terminal, "relay peers").startswith("relay peers ! off · off"))
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)
    rig.wgtui("down", "wg7")
    assert rig.filter() == before


def test_a_peer_gets_to_the_internet_by_the_uplink_that_is_chosen(rig: ForwardRig) -> None:
    rig.guard("iptables-nft")
    rig.wgtui("up", "wg7")
    eventually("the phone reaches the relay", lambda: rig.reaches("phone", RELAY))
    with screen(rig, (60, 20)) as terminal:
        terminal.wait_for("wg7")
        terminal.press("F")
        terminal.wait_for(lambda: row(terminal, "tunnel in/out").startswith("tunnel in/out ! off"))
        terminal.press("down", "down", "space")
        terminal.wait_for("[ Apply ]")
        terminal.press("a")
        terminal.wait_for(lambda: row(terminal, "tunnel in/out").startswith("tunnel in/out ● on"))
        assert not rig.reaches("phone", INTERNET), "there is no way back without masquerade"
        terminal.press("n")
        terminal.wait_for("Masquerade on which interface?")
        terminal.wait_for("eth0            uplink")
        terminal.press("enter")
        terminal.wait_for("[ Apply ]")
        terminal.press("a")
        terminal.wait_for(lambda: row(terminal, "masquerade eth0").startswith("masquerade eth0 ● on ● on"))
        eventually("the internet answers", lambda: rig.reaches("phone", INTERNET))
        assert row(terminal, "IPv4 forwarding").startswith("IPv4 forwarding ● on")


def test_others_rules_are_seen_and_a_silent_relay_costs_no_bytes(rig: ForwardRig) -> None:
    rig.wgtui("up", "wg7")
    for name in rig.peers:
        rig.peers[name].run("wg-quick", "down", str(rig.folder / f"{name}/wg7.conf"))
    with screen(rig) as terminal:
        terminal.wait_for("wg7")
        terminal.press("F")
        terminal.wait_for(lambda: row(terminal, "relay peers").startswith("relay peers ○ open"))
        terminal.wait_quiet(2.5)
        cpu = terminal.cpu()
        assert terminal.collect(LOOKS) == b""
        assert terminal.cpu() - cpu < 0.2 * LOOKS
        rig.run("iptables", "-I", "FORWARD", "-i", "wg7", "-o", "wg7", "-j", "DROP")
        terminal.wait_for(lambda: row(terminal, "relay peers").startswith("relay peers ! off"))
