"""The setup wizard in a terminal, on a bare server: from no file at all to peers that reach each other."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.setup_rig import ADDRESSES, BOX, LAN_HOST, PHONE, SERVER, Machine, NewUser, new_user
from tests.pty.programs import assert_restored, wgtui
from tests.support.terminal import Terminal
from tests.support.waiting import eventually

PAGES = (
    "1 of 6: Is this host ready?",
    "2 of 6: What is this host to be?",
    "3 of 6: This host's end of the tunnel",
    "4 of 6: Forwarding and NAT",
    "5 of 6: Peers",
    "6 of 6: Ready to set up",
)


@pytest.fixture
def user(tmp_path: Path) -> Iterator[NewUser]:
    with new_user(tmp_path) as made:
        yield made


def screen(machine: Machine, size: tuple[int, int] = (80, 24)) -> Terminal:
    """`wgtui` on a machine."""
    options = ["--netns", machine.host.netns, "--config-dir", str(machine.config_dir)]
    options += ["--socket-dir", str(machine.host.socket_dir), "--state-dir", str(machine.folder / "state")]
    return wgtui(*options, size=size)


def write(terminal: Terminal, text: str) -> None:
    """Type another text into the field that has the focus, and go to the next one."""
    terminal.press("end", "ctrl+u")
    terminal.send(text.encode())
    terminal.press("enter")


def files(machine: Machine) -> list[str]:
    """All files below the folder of configurations."""
    folder = machine.config_dir
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def is_untouched(machine: Machine) -> bool:
    """Whether nothing of WireGuard is on a machine."""
    return not files(machine) and "wireguard" not in machine.host.run(
        "ip", "-d", "link", "show", "type", "tun"
    )


def answer_network(terminal: Terminal) -> None:
    """IPv4 and IPv6, on the third page."""
    terminal.wait_for(PAGES[2])
    # The endpoint was found in the routing table.
    terminal.wait_for(f"{ADDRESSES[SERVER][0]}:51820")
    write(terminal, "wg7")
    write(terminal, "5.5.5.1/24")
    terminal.press("space")
    terminal.wait_for("[x] in the tunnel too")
    terminal.press("enter")
    write(terminal, "fd05::1/64")


def add_phone(terminal: Terminal) -> None:
    """A roaming device, on the fifth page."""
    terminal.wait_for(PAGES[4])
    terminal.wait_for("none yet")
    terminal.press("a")
    terminal.wait_for("Peer 1 of 1")
    terminal.press("enter")
    write(terminal, "phone")
    terminal.press("ctrl+s")
    terminal.wait_for("phone  roaming device")


def add_home(terminal: Terminal) -> None:
    """A gateway of a LAN."""
    terminal.press("a")
    terminal.wait_for("Peer 2 of 2")
    terminal.press("right", "enter")
    terminal.wait_for("Its LAN interface")
    write(terminal, "home")
    terminal.press("enter")
    write(terminal, "192.168.2.0/24, fd02::/64")
    write(terminal, "eth1")
    terminal.press("ctrl+s")
    terminal.wait_for("home  LAN gateway")


def test_a_relay_from_an_empty_host_to_pings_into_the_lan(user: NewUser) -> None:
    server, box, phone = user[SERVER], user[BOX], user[PHONE]
    with screen(server) as terminal:
        terminal.wait_for(PAGES[0])
        terminal.press("ctrl+n")
        terminal.wait_for("(●) 1 Relay between peers")
        terminal.press("ctrl+n")
        answer_network(terminal)
        terminal.press("ctrl+n")
        terminal.wait_for(PAGES[3])
        terminal.wait_for("[x] peers reach each other")
        terminal.press("ctrl+n")
        add_phone(terminal)
        add_home(terminal)
        terminal.press("ctrl+n")
        terminal.wait_for(PAGES[5])
        terminal.wait_for("5.5.5.1/24, fd05::1/64")
        assert is_untouched(server)
        terminal.press("ctrl+n")
        terminal.wait_for("[ Apply ]")
        terminal.wait_for("Write the new file")
        terminal.press("a")
        terminal.wait_for("wg7 is set up. What is left to do:")
        terminal.press("enter")
        terminal.wait_for("waiting")
        assert files(server) == ["peers/wg7/home.conf", "peers/wg7/phone.conf", "wg7.conf"]
        assert server.setting("net.ipv4.ip_forward") == "1"
        assert server.setting("net.ipv6.conf.all.forwarding") == "1"
        assert not (server.folder / "state/setup.toml").exists()
        box.host.run("wg-quick", "up", str(box.take(str(server.config_dir / "peers/wg7/home.conf"))))
        phone.host.run("wg-quick", "up", str(phone.take(str(server.config_dir / "peers/wg7/phone.conf"))))
        for address in ("5.5.5.1", "fd05::1", "5.5.5.3", "fd05::3", *LAN_HOST):
            eventually(f"the phone reaches {address}", lambda to=address: phone.reaches(to))  # type: ignore[misc]
        terminal.wait_for("talking")
        terminal.press("escape")
        terminal.wait_for("sorted by")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_a_dropped_session_on_any_page_loses_no_answer_and_leaves_nothing_half_made(user: NewUser) -> None:
    server = user[SERVER]
    for number, page in enumerate(PAGES):
        with screen(server, (60, 20)) as terminal:
            if number > 1:
                terminal.wait_for("Go on where you left the setup?")
                terminal.press("enter")
            elif number == 1:
                # Nothing was answered on the first page, so there is nothing to go on with.
                terminal.wait_for(PAGES[0])
                terminal.press("ctrl+n")
            terminal.wait_for(page)
            if number == 2:
                answer_network(terminal)
            if number == 4:
                add_phone(terminal)
            if number < len(PAGES) - 1:
                terminal.press("ctrl+n")
                terminal.wait_for(PAGES[number + 1])
            if number % 2:
                terminal.hang_up()
            else:
                terminal.signal(signal.SIGHUP)
            assert terminal.wait_end().code == 128 + signal.SIGHUP
        assert is_untouched(server)
    with screen(server) as terminal:
        terminal.wait_for("Go on where you left the setup?")
        terminal.press("enter")
        terminal.wait_for(PAGES[5])
        terminal.wait_for("5.5.5.1/24, fd05::1/64")
        terminal.wait_for("phone, roaming device")
        terminal.press("ctrl+n")
        terminal.wait_for("[ Apply ]")
        terminal.press("a")
        terminal.wait_for("wg7 is set up.")
    assert files(server) == ["peers/wg7/phone.conf", "wg7.conf"]
    server.wgtui("down", "wg7", "--yes")


def test_a_session_that_drops_within_a_word_keeps_the_word(user: NewUser) -> None:
    server = user[SERVER]
    with screen(server) as terminal:
        terminal.wait_for(PAGES[0])
        terminal.press("ctrl+n")
        terminal.wait_for(PAGES[1])
        terminal.press("ctrl+n")
        terminal.wait_for(PAGES[2])
        terminal.press("end", "ctrl+u", "wg77")
        terminal.wait_for("wg77")
        terminal.hang_up()
        terminal.wait_end()
    with screen(server) as terminal:
        terminal.wait_for("Go on where you left the setup?")
        terminal.press("enter")
        terminal.wait_for(PAGES[2])
        terminal.wait_for("wg77")
        terminal.press("escape")
        terminal.wait_for("Leave the setup?")
        terminal.press("right", "enter")
        terminal.wait_for("press I")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)
