"""The program's own screen, in a terminal, on a real device whose peer calls in vain and then comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.contact_rig import PEER, PORT, ContactRig, contact_rig, keypair
from tests.pty.programs import assert_restored, wgtui
from tests.support.terminal import Terminal
from wgtui.domain.change import DeviceChange, PeerChange


@pytest.fixture
def rig() -> Iterator[ContactRig]:
    with contact_rig() as made:
        yield made


def screen(rig: ContactRig, folder: Path) -> Terminal:
    """`wgtui` on the relay; its file names the peer."""
    (folder / "wg0.conf").write_text(
        f"[Interface]\nPrivateKey = {rig.relay_key[0].reveal()}\nListenPort = {PORT}\n\n"
        f"[Peer]\n# Name = phone\nPublicKey = {rig.peer_key[1]}\nAllowedIPs = 10.7.0.2/32\n"
    )
    options = ["--netns", rig.relay.netns, "--socket-dir", str(rig.relay.socket_dir)]
    options += ["--config-dir", str(folder), "--state-dir", str(folder / "state")]
    return wgtui(*options)


def test_it_tells_of_wrong_calls_and_of_the_first_handshake(rig: ContactRig, tmp_path: Path) -> None:
    rig.start_relay(rig.of_peer())
    with screen(rig, tmp_path) as terminal:
        terminal.wait_for("phone")
        terminal.press("w")
        terminal.wait_for(f"UDP {PORT}: no packet came yet.")
        terminal.wait_for(re.compile(r"\? waiting +phone"))
        terminal.wait_for("It is not started yet")
        terminal.wait_quiet(2.5)

        wrong = keypair()[1]
        rig.start_peer(rig.of_relay(key=wrong))
        rig.call()
        terminal.wait_for("made for another public key")
        terminal.wait_for(f"{PEER}:51900")

        right = (PeerChange(wrong, remove=True), rig.of_relay())
        rig.peer.wireguard.configure("wg0", DeviceChange(peers=right))
        rig.call()
        terminal.wait_for(re.compile(r"● talking +phone"))
        terminal.wait_for("phone shook hands at")
        terminal.wait_for("esc goes to the Overview")
        assert bytes(terminal.output).count(b"\x07") == 1

        terminal.press("escape")
        terminal.wait_for("● active")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)
