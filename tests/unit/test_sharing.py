"""The text of a QR code, and how large it is drawn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.shared_peers import EXPECTED, FULL, GATEWAY, IPV4, own_file
from tests.unit.config_strategies import files
from wgtui.adapters.qr_segno import SegnoQrCodes
from wgtui.domain.config import read_config
from wgtui.domain.errors import NothingToShare
from wgtui.domain.grammar.finding import Severity
from wgtui.domain.sharing import (
    Ink,
    Modules,
    Rendition,
    choose_fit,
    compact_file,
    draw,
    fit_of,
    left_out_sentence,
    remarks,
    renditions_for,
    smallest_fit,
    too_small_sentence,
    too_small_ways,
)
from wgtui.domain.wgquick import parse

ALLOWED = {
    *("[Interface]", "PrivateKey", "Address", "DNS", "MTU", "ListenPort"),
    *("[Peer]", "PublicKey", "PresharedKey", "AllowedIPs", "Endpoint", "PersistentKeepalive"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_text_of_a_code(name: str) -> None:
    assert compact_file(own_file(name).encode()).text == EXPECTED[name]


def test_what_is_left_out_is_said() -> None:
    full = compact_file(own_file(FULL).encode())
    assert left_out_sentence(full) == (
        "Left out of the QR code: comments, Table, SaveConfig, FwMark, ListenPort."
    )
    assert remarks(full) == ()
    assert left_out_sentence(compact_file(EXPECTED[FULL].encode())) == ""


def test_a_file_with_hooks_is_for_routers() -> None:
    gateway = compact_file(own_file(GATEWAY).encode())
    assert gateway.has_hooks
    assert gateway.left_out == ("PostUp", "PostDown")
    assert "copy the file itself to the gateway" in remarks(gateway)[0]


def test_a_listen_port_stays_where_the_peer_is_called() -> None:
    text = own_file(IPV4).replace("[Interface]", "[Interface]\nListenPort = 51820")
    assert "ListenPort" not in compact_file(text.encode()).text
    called = "".join(line for line in text.splitlines(True) if not line.startswith("Endpoint"))
    compact = compact_file(called.encode())
    assert "\nListenPort=51820\n" in compact.text
    assert "ListenPort" not in compact.left_out
    assert "does not say where to call this host" in remarks(compact)[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("MTU = 100", "MTU = 100"),
        ("DNS = a_b", "a DNS entry that apps refuse"),
        ("DNS = fe80::1%eth0", "a DNS entry that apps refuse"),
        ("Nonsense = 1", "lines that wg refuses"),
        ("PreUp = true", "PreUp"),
    ],
)
def test_what_some_app_refuses_is_not_in_it(line: str, said: str) -> None:
    text = own_file(IPV4).replace("[Interface]", f"[Interface]\n{line}")
    compact = compact_file(text.encode())
    assert compact.text == EXPECTED[IPV4]
    assert said in compact.left_out


@pytest.mark.parametrize("host", ["[fe80::1%eth0]", "my_relay.example"])
def test_an_endpoint_that_apps_refuse(host: str) -> None:
    compact = compact_file(own_file(IPV4).replace("203.0.113.10", host).encode())
    assert "Endpoint" not in compact.text
    assert "an endpoint that apps refuse" in compact.left_out
    assert not compact.has_endpoint


@pytest.mark.parametrize("gone", ["PrivateKey", "PublicKey"])
def test_without_keys_there_is_nothing_to_share(gone: str) -> None:
    text = "".join(line for line in own_file(IPV4).splitlines(True) if not line.startswith(gone))
    with pytest.raises(NothingToShare):
        compact_file(text.encode())


@given(files)
def test_any_file_gives_a_subset_that_says_the_same(data: bytes) -> None:
    try:
        text = compact_file(data).text
    except NothingToShare:
        return
    assert text.isascii()
    assert {line.partition("=")[0] for line in text.split("\n")} <= ALLOWED
    assert text.split("\n").count("[Interface]") == 1
    before, reading = read_config(parse(data)).config, read_config(parse(text.encode()))
    after = reading.config
    assert reading.findings.count(Severity.ERROR) == 0, reading.findings.sorted()
    assert after.private_key == before.private_key
    assert after.quick.addresses == before.quick.addresses
    assert len({peer.public_key for peer in after.peers()}) == len(after.blocks)
    assert [(peer.public_key, peer.preshared_key, peer.allowed_ips) for peer in after.peers()] == [
        (peer.public_key, peer.preshared_key, peer.allowed_ips) for peer in before.peers()
    ]


# The ladder


@pytest.mark.parametrize(
    ("size", "rendition", "quiet"),
    [
        ((130, 65), Rendition.TWO_CELLS, 4),
        ((129, 65), Rendition.TWO_CELLS, 2),
        ((122, 61), Rendition.TWO_CELLS, 2),
        ((122, 60), Rendition.HALF_BLOCKS, 4),
        ((65, 33), Rendition.HALF_BLOCKS, 4),
        ((65, 32), Rendition.HALF_BLOCKS, 2),
        ((61, 31), Rendition.HALF_BLOCKS, 2),
        ((60, 40), Rendition.QUADRANTS, 4),
        ((32, 31), Rendition.QUADRANTS, 2),
        ((80, 30), Rendition.SEXTANTS, 4),
        ((33, 22), Rendition.SEXTANTS, 4),
        ((31, 21), Rendition.SEXTANTS, 2),
    ],
    ids=str,
)
def test_the_largest_that_fits(size: tuple[int, int], rendition: Rendition, quiet: int) -> None:
    fit = choose_fit(57, *size, tuple(Rendition))
    assert fit is not None
    assert (fit.rendition, fit.quiet) == (rendition, quiet)
    assert fit.columns <= size[0]
    assert fit.rows <= size[1]


def test_what_is_needed_when_nothing_fits() -> None:
    assert choose_fit(57, 30, 21, tuple(Rendition)) is None
    assert choose_fit(57, 31, 20, tuple(Rendition)) is None
    need = smallest_fit(57, tuple(Rendition))
    assert (need.columns, need.rows) == (31, 21)
    assert too_small_sentence(need, 80, 20, around=1) == "The QR code needs 22 rows, you have 20."
    assert too_small_sentence(need, 20, 40) == "The QR code needs 31 columns, you have 20."
    assert "31 columns and 21 rows, you have 20 and 10" in too_small_sentence(need, 20, 10)
    assert any("--ascii" in way for way in too_small_ways(ascii_only=True))


@pytest.mark.parametrize("term", ["linux", "linux-16color", "vt100", "vt220"])
def test_plain_terminals_get_no_small_blocks(term: str) -> None:
    assert renditions_for(term) == (Rendition.TWO_CELLS, Rendition.HALF_BLOCKS)
    assert renditions_for("xterm-256color") == tuple(Rendition)
    assert renditions_for("xterm-256color", ascii_only=True) == (Rendition.TWO_CELLS,)


# Drawing

CODE: Modules = ((True, False), (False, True))


@pytest.mark.parametrize("rendition", Rendition)
@pytest.mark.parametrize("quiet", [4, 2])
@pytest.mark.parametrize("side", [21, 22, 57, 69])
@pytest.mark.parametrize("invert", [False, True])
def test_every_row_is_as_wide_as_the_fit(rendition: Rendition, quiet: int, side: int, invert: bool) -> None:
    code = tuple(tuple((x * y + x) % 3 == 0 for x in range(side)) for y in range(side))
    fit = fit_of(rendition, quiet, side)
    rows = draw(code, fit, invert=invert)
    assert len(rows) == fit.rows
    assert {sum(len(cell.text) for cell in row) for row in rows} == {fit.columns}


def test_half_blocks() -> None:
    rows = draw(CODE, fit_of(Rendition.HALF_BLOCKS, 2, 2))
    assert ["".join(cell.text for cell in row) for row in rows] == [" " * 6, "  ▀▄  ", " " * 6]


def test_all_ink_is_background_not_a_glyph() -> None:
    rows = draw(((True,), (True,)), fit_of(Rendition.HALF_BLOCKS, 2, 1))
    assert all(cell.ink is Ink.DRAWN for row in rows for cell in row if cell.text.strip())
    inverted = draw(((False,), (False,)), fit_of(Rendition.HALF_BLOCKS, 2, 1), invert=True)
    assert {cell.ink for cell in inverted[0]} == {Ink.SOLID}
    assert not "".join(cell.text for cell in inverted[0]).strip()


def test_ascii_marks_what_is_ink() -> None:
    rows = draw(CODE, fit_of(Rendition.TWO_CELLS, 2, 2), ascii_only=True)
    assert ["".join(cell.text for cell in row) for row in rows][2:4] == [
        "    ##      ",
        "      ##    ",
    ]


# Codes


def test_the_smallest_version_with_what_correction_it_has_room_for() -> None:
    codes = SegnoQrCodes()
    assert len(codes.modules(EXPECTED[IPV4])) == 57
    assert len(codes.modules("x" * 230)) == 53
    assert len(codes.modules("x" * 231)) == 57


def test_too_long_for_any_code() -> None:
    codes = SegnoQrCodes()
    assert len(codes.modules("x" * 2953)) == 177
    with pytest.raises(NothingToShare, match="2954 bytes"):
        codes.modules("x" * 2954)


@given(st.text(min_size=1, max_size=60))
def test_no_text_breaks_the_encoder(text: str) -> None:
    assert SegnoQrCodes().modules(text)
