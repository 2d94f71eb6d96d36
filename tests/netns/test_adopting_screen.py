"""A server that PiVPN set up, opened in the program: what is there is seen, and an edit is one line."""

from __future__ import annotations

import difflib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.fresh_machine import PROMPT, FreshMachine, fresh
from tests.netns.setup_rig import SERVER, Machine
from tests.netns.support import userspace_host
from tests.netns.wizard_keys import Wizard
from tests.support.foreign_servers import SERVERS
from tests.support.tmux import Tmux


@pytest.fixture
def pivpn(tmp_path: Path) -> Iterator[FreshMachine]:
    """A machine with the files of PiVPN's server, which is down."""
    server = SERVERS["pivpn"](tmp_path / "pivpn")
    with userspace_host() as host:
        host.run("ip", "link", "set", "lo", "up")
        made = fresh(Machine(SERVER, host, tmp_path / "server"))
        shutil.copytree(server.folder, made.file("/etc/wireguard"), dirs_exist_ok=True)
        try:
            yield made
        finally:
            made.run("wgtui", "down", "wg0", "--yes")


def bytes_of(server: FreshMachine) -> dict[str, bytes]:
    """All files of WireGuard."""
    return {path: server.file(path).read_bytes() for path in server.files()}


def adopt(tmux: Tmux) -> None:
    """Look at what the wizard says is here, and go back to the interfaces."""
    wizard = Wizard(tmux)
    tmux.press("I")
    wizard.on_page(1)
    tmux.press("C-n")
    tmux.wait_for("6 Adopt what exists")
    tmux.press("6")
    tmux.wait_for("(●) 6 Adopt what exists")
    tmux.press("C-n")
    tmux.wait_for("wg0: PiVPN, 3 peers, /etc/wireguard/wg0.conf")
    for said in (
        r"● alice +10\.8\.0\.2/32; its own file is here",
        r"○ bob +disabled; 10\.8\.0\.3/32;",
    ):
        tmux.wait_for(re.compile(said))
    tmux.press("C-n")
    tmux.wait_for("wg0 is down")


def change_keepalive(tmux: Tmux, peer: str) -> None:
    """In the editor of the selected peer."""
    tmux.press("e")
    tmux.wait_for(f"Edit {peer} of wg0")
    Wizard(tmux).fill("Keepalive", "21")
    tmux.press("C-s")
    tmux.wait_for("keepalive every 21 s.")
    tmux.press("a")
    tmux.wait_for("Done, entry 2.")


def test_it_is_seen_shared_and_edited_in_its_own_lines(pivpn: FreshMachine) -> None:
    before = bytes_of(pivpn)
    with pivpn.shell() as tmux:
        Wizard(tmux).start()
        tmux.wait_for("wg0 is down. Its file is there: b brings it up")
        tmux.wait_for(re.compile(r"disabled +bob +10\.8\.0\.3"))
        adopt(tmux)
        tmux.press("b")
        tmux.wait_for("[ Apply ]")
        tmux.press("a")
        tmux.wait_for(re.compile(r"alice +10\.8\.0\.2"))
        tmux.wait_for("Done, entry 1.")
        assert bytes_of(pivpn) == before

        tmux.press("Home", "h")
        tmux.wait_for("alice on wg0")
        tmux.press("t")
        tmux.wait_for("Endpoint = vpn.example.org:51820")
        tmux.press("Escape")
        tmux.wait_for("─ alice ─")
        change_keepalive(tmux, "alice")
        tmux.press("q")
        tmux.wait_for(PROMPT)
    after = bytes_of(pivpn)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == {"/etc/wireguard/wg0.conf"}
    old, new = (data["/etc/wireguard/wg0.conf"].decode().splitlines() for data in (before, after))
    difference = [line for line in difflib.ndiff(old, new) if not line.startswith("  ")]
    assert difference == ["+ PersistentKeepalive = 21"]
    dump = pivpn.machine.host.run("wg", "show", "wg0", "persistent-keepalive").split()
    assert sorted(dump[1::2]) == ["21", "off"]
