"""A new user's first minutes: `wgtui` in a shell on a fresh server, and nothing but keys from there on."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.netns.fresh_machine import PROMPT, FreshMachine, fresh
from tests.netns.setup_rig import ADDRESSES, BOX, LAN_HOST, PHONE, SERVER, NewUser, new_user
from tests.netns.wizard_keys import Wizard
from tests.support.tmux import Tmux
from tests.support.waiting import eventually

LANS = "192.168.2.0/24, fd02::/64"
ALL_CAME = "Those were all: esc goes to the Overview."


@pytest.fixture
def user(tmp_path: Path) -> Iterator[NewUser]:
    with new_user(tmp_path) as made:
        yield made


def apply(tmux: Tmux) -> None:
    """Go from the last page over the review to the waiting screen."""
    tmux.press("C-n")
    tmux.wait_for("[ Apply ]")
    tmux.wait_for("Write the new file /etc/wireguard/wg0.conf")
    tmux.press("a")
    tmux.wait_for("wg0 is set up. What is left to do:")
    tmux.press("Enter")
    tmux.wait_for("First handshake")


def share_as(tmux: Tmux, peer: str, path: str) -> None:
    """On the waiting screen: share the peer under the cursor, save its file, and come back."""
    tmux.press("h")
    tmux.wait_for(f"{peer} on wg0")
    tmux.press("s")
    tmux.wait_for("save as ~/")
    tmux.type(path)
    tmux.wait_for(f"save as {path}_")
    tmux.press("Enter")
    tmux.wait_for(f"Saved as {path}.")
    tmux.press("Escape")
    tmux.wait_for("First handshake")


def bring_up(there: FreshMachine, content: bytes) -> None:
    """On the peer's machine: its file, and the real wg-quick."""
    there.take(content)
    there.run("wg-quick", "up", "wg0")


def leave(tmux: Tmux) -> None:
    """To the Overview, and out, back to the shell."""
    tmux.press("Escape")
    tmux.wait_for("2 active" if "phone" in tmux.text else "active")
    tmux.press("q")
    tmux.wait_for(PROMPT)


def test_relay(user: NewUser) -> None:
    server, box, phone = (fresh(user[name]) for name in (SERVER, BOX, PHONE))
    with server.shell() as tmux:
        wizard = Wizard(tmux)
        wizard.start()
        wizard.next_page(1)
        tmux.wait_for("(●) 1 Relay between peers")
        wizard.next_page(2)
        wizard.switch_on("IPv6")
        assert f"{ADDRESSES[SERVER][0]}:51820" in tmux.text
        wizard.next_page(3)
        wizard.next_page(4)
        wizard.add_peer(1, "LAN gateway", Name="home", LAN_behind_it=LANS, Its_LAN_interface="eth1")
        wizard.add_peer(2, "roaming device", Name="phone")
        wizard.next_page(5)
        apply(tmux)
        tmux.wait_for("0 of 2 peers shook hands")

        share_as(tmux, "home", "/root/home.conf")
        bring_up(box, server.file("/root/home.conf").read_bytes())
        tmux.wait_for(re.compile(r"shook hands +home"))
        tmux.press("Home")
        tmux.wait_for(re.compile(r"^ phone +\? waiting", re.MULTILINE))
        share_as(tmux, "phone", "/root/phone.conf")
        bring_up(phone, server.file("/root/phone.conf").read_bytes())
        for address in LAN_HOST:
            eventually(f"the phone reaches {address}", lambda to=address: user[PHONE].reaches(to))  # type: ignore[misc]
        tmux.wait_for("2 of 2 peers shook hands")
        tmux.wait_for(ALL_CAME)
        tmux.wait_for(re.compile(r"● talking +phone"))
        leave(tmux)
    assert server.file("/etc/sysctl.d/99-wgtui.conf").exists()


def test_direct_over_ipv6(user: NewUser) -> None:
    server, box = fresh(user[SERVER]), fresh(user[BOX])
    with server.shell() as tmux:
        wizard = Wizard(tmux)
        wizard.start()
        wizard.next_page(1)
        tmux.press("2")
        tmux.wait_for("(●) 2 Direct, this host is public")
        wizard.next_page(2)
        wizard.switch_on("IPv6")
        wizard.fill("Listen port", "43155")
        wizard.fill("Public endpoint", f"[{ADDRESSES[SERVER][1]}]:43155")
        wizard.next_page(3)
        wizard.next_page(4)
        wizard.add_peer(1, "LAN gateway", Name="home", LAN_behind_it=LANS, Its_LAN_interface="eth1")
        wizard.next_page(5)
        apply(tmux)
        bring_up(box, server.file("/etc/wireguard/peers/wg0/home.conf").read_bytes())
        tmux.wait_for("1 of 1 peer shook hands")
        for address in LAN_HOST:
            eventually(f"the server reaches {address}", lambda to=address: user[SERVER].reaches(to))  # type: ignore[misc]
        tmux.wait_for(re.compile(r"● talking +home +\S+ +\[?2001:db8::20"))
        leave(tmux)
    assert user[SERVER].setting("net.ipv4.ip_forward") == "0"


def test_direct_from_behind_nat(user: NewUser) -> None:
    box, server = fresh(user[BOX]), fresh(user[SERVER])
    with box.shell() as tmux:
        wizard = Wizard(tmux)
        wizard.start()
        wizard.next_page(1)
        tmux.press("3")
        tmux.wait_for("(●) 3 Direct, this host is behind NAT")
        wizard.next_page(2)
        wizard.switch_on("IPv6")
        wizard.fill("LAN behind here", LANS)
        wizard.next_page(3)
        wizard.focus("Masquerade on")
        for _ in range(3):
            if "(●) eth1" in tmux.text:
                break
            tmux.press("Right")
            tmux.wait_for(re.compile(r"▌Masquerade on .*\(●\) eth"))
        wizard.next_page(4)
        endpoint = f"{ADDRESSES[SERVER][0]}:43155"
        wizard.open_form("The public side that this host calls")
        wizard.fill("Name", "server")
        wizard.fill("Its endpoint", endpoint)
        tmux.press("C-s")
        tmux.wait_for("● server")
        wizard.next_page(5)
        apply(tmux)
        bring_up(server, box.file("/etc/wireguard/peers/wg0/server.conf").read_bytes())
        tmux.wait_for("1 of 1 peer shook hands")
        for address in LAN_HOST:
            eventually(f"the server reaches {address}", lambda to=address: user[SERVER].reaches(to))  # type: ignore[misc]
        leave(tmux)


class Dropped:
    """Somebody whose sessions are killed, one after the other.

    Args:
        server: A machine on which nothing was set up yet.
    """

    def __init__(self, server: FreshMachine) -> None:
        self._server = server
        self._before = server.state()
        self._draft = server.file("/var/lib/wgtui/setup.toml")

    def kill(self, tmux: Tmux, *kept: str) -> None:
        """Kill the program, so that it cannot do anything about it, and look at what is left.

        Args:
            tmux: Its window.
            kept: What was typed at last; it is on the disk soon after the last key.
        """
        for words in kept:
            eventually(f"{words} is kept", lambda words=words: words in self._answers())  # type: ignore[misc]
        (pid,) = tmux.pids()
        os.kill(pid, signal.SIGKILL)
        eventually("it is dead", lambda: not tmux.pids())
        assert self._server.state() == self._before

    @contextmanager
    def again(self, page: int = 0) -> Iterator[Wizard]:
        """Log in again, start the program, and go on with the page that was left; 0 for none."""
        with self._server.shell() as tmux:
            wizard = Wizard(tmux)
            wizard.start()
            if page:
                tmux.wait_for(f"You had come to page {page} of 6")
                tmux.press("Enter")
            else:
                wizard.on_page(1)
            yield wizard

    def _answers(self) -> str:
        return self._draft.read_text() if self._draft.exists() else ""


def test_killed_on_every_page_it_loses_no_answer_and_leaves_the_host_alone(user: NewUser) -> None:
    dropped = Dropped(fresh(user[SERVER]))
    with dropped.again() as wizard:
        dropped.kill(wizard.tmux)
    with dropped.again() as wizard:
        wizard.next_page(1)
        wizard.tmux.press("2")
        dropped.kill(wizard.tmux, '"direct"')
    with dropped.again(2) as wizard:
        wizard.tmux.wait_for("(●) 2 Direct, this host is public")
        wizard.tmux.press("1")
        wizard.tmux.wait_for("(●) 1 Relay between peers")
        wizard.next_page(2)
        wizard.switch_on("IPv6")
        wizard.fill("Listen port", "43155")
        dropped.kill(wizard.tmux, "43155")
    with dropped.again(3) as wizard:
        wizard.tmux.wait_for(re.compile(r"Listen port +43155"))
        wizard.next_page(3)
        wizard.switch_on("MSS clamp")
        dropped.kill(wizard.tmux, "mss_clamp = true")
    with dropped.again(4) as wizard:
        wizard.tmux.wait_for(re.compile(r"MSS clamp +\[x\]"))
        wizard.next_page(4)
        wizard.tmux.press("a")
        wizard.tmux.wait_for("Peer 1 of 1")
        wizard.choose_role("LAN gateway")
        wizard.fill("LAN behind it", LANS)
        wizard.fill("Name", "home")
        dropped.kill(wizard.tmux, 'name = "home"')
    with dropped.again(5) as wizard:
        wizard.tmux.wait_for(re.compile(rf"LAN behind it +{LANS}"))
        wizard.fill("Its LAN interface", "eth1")
        wizard.tmux.press("C-s")
        wizard.next_page(5)
        wizard.tmux.press("Space")
        dropped.kill(wizard.tmux, "start = false")
    with dropped.again(6) as wizard:
        wizard.tmux.wait_for(re.compile(r"Start now +\[ \]"))
        wizard.tmux.press("C-n")
        wizard.tmux.wait_for("[ Apply ]")
        dropped.kill(wizard.tmux)
    with dropped.again(6) as wizard:
        wizard.tmux.wait_for(re.compile(r"Start now +\[ \]"))
        wizard.page_before(5)
        wizard.tmux.wait_for("home  LAN gateway")
        wizard.page_before(4)
        wizard.tmux.wait_for(re.compile(r"MSS clamp +\[x\]"))
        wizard.page_before(3)
        wizard.tmux.wait_for(re.compile(r"IPv6 +\[x\][^$]+Listen port +43155"))
        wizard.page_before(2)
        wizard.tmux.wait_for("(●) 1 Relay")
        dropped.kill(wizard.tmux)
