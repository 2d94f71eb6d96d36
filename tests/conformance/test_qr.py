"""Every QR code that wgtui draws, read by `zbarimg`, gives exactly the text that was meant."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.needs import needs
from tests.support.pixels import DARK, LIGHT, SOLARIZED, of_terminal, read_code, scan
from tests.support.shared_peers import EXPECTED, FULL, GATEWAY, IPV4, SharedPeers, make_shared_peers
from tests.support.terminal import ROOT, Terminal, environment
from tests.support.terminal_screen import TerminalScreen

pytestmark = needs("zbarimg", "rsvg-convert")

TRUECOLOR = {"COLORTERM": "truecolor"}
SIXTEEN = {"TERM": "screen"}
CONSOLE = {"TERM": "linux"}
COLOURLESS = {"NO_COLOR": "1"}

TWO_CELLS, HALF_BLOCKS, QUADRANTS, SEXTANTS = (160, 90), (80, 45), (45, 45), (80, 30)
"""Terminals in which the largest rendition is this one."""

LOOKS = {
    "dark, 24 bits": (TRUECOLOR, (), DARK),
    "light, 256 colours": ({}, (), LIGHT),
    "16 colours": (SIXTEEN, (), DARK),
    "16 colours that are others": (SIXTEEN, (), SOLARIZED),
    "light, 16 colours": (SIXTEEN, (), LIGHT),
    "no colour": (COLOURLESS, (), DARK),
    "no colour, light": (COLOURLESS, ("--dark-on-light",), LIGHT),
}


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedPeers]:
    yield make_shared_peers(tmp_path_factory.mktemp("shared"))


def _export(peers: SharedPeers, *arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "wgtui", "export", "wg0", *arguments, *peers.options()]
    return subprocess.run(command, capture_output=True, env=environment(env), cwd="/", check=False)


def _drawn(
    peers: SharedPeers, name: str, size: tuple[int, int], look: str = "dark, 24 bits", *more: str
) -> tuple[str, str]:
    """What is read on a terminal, and what stands on it."""
    env, options, seen = LOOKS[look]
    command = [sys.executable, "-m", "wgtui", "export", "wg0", name, "--qr", *options, *more]
    with Terminal([*command, *peers.options()], size=size, env=env) as terminal:
        ended = terminal.wait_end()
        assert ended.code == 0, terminal.text
        screen = _with_prompt(terminal)
        return read_code(of_terminal(screen, size[1], seen), seen), screen.text


def _with_prompt(terminal: Terminal) -> TerminalScreen:
    """What stands on the terminal when the shell has written its prompt again."""
    screen = TerminalScreen(*terminal.size)
    screen.feed(f"{terminal.plain}root@relay:~# ".encode())
    return screen


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [TWO_CELLS, HALF_BLOCKS, QUADRANTS, SEXTANTS], ids=str)
def test_every_rendition_in_every_look(peers: SharedPeers, size: tuple[int, int], look: str) -> None:
    read, text = _drawn(peers, IPV4, size, look)
    assert read == EXPECTED[IPV4], text


@pytest.mark.parametrize("size", [TWO_CELLS, HALF_BLOCKS, QUADRANTS, SEXTANTS], ids=str)
@pytest.mark.parametrize("name", [FULL, GATEWAY])
def test_every_rendition_of_other_files(peers: SharedPeers, name: str, size: tuple[int, int]) -> None:
    read, text = _drawn(peers, name, size)
    assert read == EXPECTED[name], text


def test_the_sizes_give_the_renditions_that_they_are_meant_for(peers: SharedPeers) -> None:
    marks = {HALF_BLOCKS: "▀", QUADRANTS: "▚", SEXTANTS: "\U0001fb0b"}
    found = {size: _drawn(peers, IPV4, size)[1] for size in (TWO_CELLS, *marks)}
    assert not any(mark in found[TWO_CELLS] for mark in marks.values())
    for size, mark in marks.items():
        assert mark in found[size]
        assert not any(other in found[size] for other in set(marks.values()) - {mark, "▀"})


def test_24_rows_are_enough_for_a_phone_that_uses_ipv4(peers: SharedPeers) -> None:
    read, text = _drawn(peers, IPV4, (80, 24))
    assert read == EXPECTED[IPV4], text
    assert "Left out of the QR code: comments." in text


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
def test_what_does_not_fit_says_what_it_needs(peers: SharedPeers, size: tuple[int, int]) -> None:
    command = [sys.executable, "-m", "wgtui", "export", "wg0", FULL, "--qr", *peers.options()]
    with Terminal(command, size=size) as terminal:
        assert terminal.wait_end().code == 1
        said = " ".join(terminal.text.split())
    assert f"rows, you have {size[1]}." in said
    assert "PNG or SVG" in said
    assert "▀" not in said


@pytest.mark.parametrize("env", [TRUECOLOR, SIXTEEN, COLOURLESS], ids=str)
@pytest.mark.parametrize("name", [IPV4, FULL])
def test_ascii(peers: SharedPeers, name: str, env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "wgtui", "export", "wg0", name, "--qr", "--ascii", *peers.options()]
    with Terminal(command, size=TWO_CELLS, env=env) as terminal:
        assert terminal.wait_end().code == 0
        assert terminal.text.isascii()
        assert read_code(of_terminal(_with_prompt(terminal), 90, DARK), DARK) == EXPECTED[name]


def test_the_console_gets_no_small_blocks(peers: SharedPeers) -> None:
    command = [sys.executable, "-m", "wgtui", "export", "wg0", IPV4, "--qr", *peers.options()]
    with Terminal(command, size=(80, 45), env=CONSOLE) as terminal:
        assert terminal.wait_end().code == 0
        assert read_code(of_terminal(_with_prompt(terminal), 45, DARK), DARK) == EXPECTED[IPV4]
    with Terminal(command, size=(80, 30), env=CONSOLE) as terminal:
        assert terminal.wait_end().code == 1
        assert "needs 33 rows, you have 30" in terminal.text


@pytest.mark.parametrize("name", [IPV4, FULL])
def test_into_a_pipe_without_a_limit(peers: SharedPeers, name: str) -> None:
    done = _export(peers, name, "--qr")
    rows = done.stdout.count(b"\n")
    screen = TerminalScreen(100, rows + 1)
    screen.feed(done.stdout.replace(b"\n", b"\r\n"))
    assert read_code(of_terminal(screen, rows + 1, DARK), DARK) == EXPECTED[name]


@pytest.mark.parametrize("name", [IPV4, FULL, GATEWAY])
def test_png_and_svg(peers: SharedPeers, name: str, tmp_path: Path) -> None:
    png, svg = tmp_path / "code.png", tmp_path / "code.svg"
    assert _export(peers, name, "--png", str(png)).returncode == 0
    assert _export(peers, name, "--svg", str(svg)).returncode == 0
    assert {png.stat().st_mode & 0o777, svg.stat().st_mode & 0o777} == {0o600}
    assert scan(png.read_bytes(), ".png") == EXPECTED[name]
    raster = subprocess.run(["rsvg-convert", str(svg)], capture_output=True, check=True).stdout
    assert scan(raster, ".png") == EXPECTED[name]
    assert _export(peers, name, "--png", "-").stdout == png.read_bytes()
    assert _export(peers, name, "--svg", "-").stdout == svg.read_bytes()


def test_a_gateways_file_is_not_for_phones(peers: SharedPeers) -> None:
    done = _export(peers, GATEWAY, "--qr")
    assert b"copy the file itself to the gateway" in done.stderr
    assert b"Left out of the QR code: PostUp, PostDown." in done.stderr


def test_wg_quick_takes_the_text_of_a_code(peers: SharedPeers, tmp_path: Path) -> None:
    for name, text in EXPECTED.items():
        path = tmp_path / f"{name}.conf"
        path.write_text(text)
        stripped = subprocess.run(
            ["wg-quick", "strip", str(path)], capture_output=True, text=True, check=True
        )
        assert "PrivateKey" in stripped.stdout
        check = [sys.executable, "-m", "wgtui", "check", str(path)]
        assert subprocess.run(check, cwd=ROOT, check=False, capture_output=True).returncode == 0


def test_the_file_itself_byte_by_byte(peers: SharedPeers) -> None:
    odd = peers.own(IPV4).read_bytes().replace(b"\n", b"\r\n") + b"# \xff\xfe not text"
    folder = peers.own(IPV4)
    before = folder.read_bytes()
    try:
        folder.write_bytes(odd)
        done = _export(peers, IPV4)
        assert (done.stdout, done.stderr, done.returncode) == (odd, b"", 0)
    finally:
        folder.write_bytes(before)
