"""The document gives back its bytes, and knows what stands where."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.config_strategies import TYPICAL, files
from wgtui.domain.wgquick import LineKind, parse, parse_line, peer_blocks


@given(data=st.binary())
def test_any_bytes_come_back(data: bytes) -> None:
    assert bytes(parse(data)) == data


@given(data=files)
def test_every_part_is_within_its_line(data: bytes) -> None:
    document = parse(data)
    assert bytes(document) == data
    assert sum(map(len, document.lines)) == document.offset(len(document.lines)) == len(data)
    for _, line in document.parsed():
        if line.kind is LineKind.ENTRY:
            assert 0 <= line.start < line.value_start <= line.value_end <= len(line.raw)
            assert line.value == line.value.strip(b"\t\n\v\f\r ")
            assert b"#" not in line.value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"a",
        b"a\r\nb\r\n",
        b"a\rb",
        b"\xef\xbb\xbf[Interface]\n",
        b"\0\0\n\0",
        b"x\n\n\n",
        b"\xff\xfe[\0",
    ],
)
def test_awkward_files_come_back(data: bytes) -> None:
    assert bytes(parse(data)) == data


def test_ten_megabytes_round_trip_quickly() -> None:
    data = (TYPICAL * (10_000_000 // len(TYPICAL) + 1))[:10_000_000]
    started = time.process_time()
    document = parse(data)
    assert bytes(document) == data
    assert len(document.sections) > 10_000
    assert time.process_time() - started < 3.0


@pytest.mark.parametrize(
    "junk", [b"# -WGP- x\n", b"[Peer]\n", b"#[disabled] [Peer]\n", b"#[disabled] x\n", b"# a\n\n"]
)
def test_finding_blocks_is_linear(junk: bytes) -> None:
    def cost(count: int) -> float:
        document = parse(junk * count + b"[Peer]\n")
        started = time.process_time()
        assert list(peer_blocks(document))
        return time.process_time() - started

    cost(10)
    assert cost(20_000) < 60 * cost(2_000) + 0.5


@pytest.mark.parametrize(
    ("raw", "kind", "name", "value"),
    [
        (b"", LineKind.BLANK, "", b""),
        (b" \t\r\n", LineKind.BLANK, "", b""),
        (b"# x = y\n", LineKind.COMMENT, "", b""),
        (b"[Interface]\r\n", LineKind.HEADER, "interface", b""),
        (b" [ Pe er ] # x\n", LineKind.HEADER, "peer", b""),
        (b"ListenPort = 5 # x\n", LineKind.ENTRY, "listenport", b"5"),
        (b"Listen Port=a = b", LineKind.ENTRY, "listenport", b"a = b"),
        (b"Address =\n", LineKind.ENTRY, "address", b""),
        (b"Address = # x\n", LineKind.ENTRY, "address", b""),
        (b"hello\n", LineKind.OTHER, "", b""),
        (b"\xef\xbb\xbf[Peer]\n", LineKind.HEADER, "peer", b""),
    ],
)
def test_parts_of_a_line(raw: bytes, kind: LineKind, name: str, value: bytes) -> None:
    line = parse_line(raw)
    assert (line.kind, line.name, line.value, line.disabled) == (kind, name, value, False)


def test_disabled_lines_are_known_by_their_prefix() -> None:
    line = parse_line(b"#[disabled] AllowedIPs = 10.0.0.1/32\n")
    assert line.disabled and not line.is_live
    assert (line.kind, line.name, line.value) == (LineKind.ENTRY, "allowedips", b"10.0.0.1/32")
    assert parse_line(b"#! [Peer]\n").name == "peer"
    assert not parse_line(b"# disabled\n").disabled


def test_sections_and_blocks() -> None:
    document = parse(TYPICAL)
    lines = TYPICAL.split(b"\n")
    assert [(s.name, s.disabled) for s in document.sections] == [
        ("interface", False),
        ("peer", False),
        ("peer", True),
        ("peer", False),
    ]
    first, disabled, last = peer_blocks(document)
    assert lines[first.lead] == b"### begin alice ###"
    assert lines[first.end - 1] == b"### end alice ###"
    assert lines[disabled.lead] == b"#[disabled] ### begin bob ###"
    assert lines[disabled.end - 1] == b"#[disabled] ### end bob ###"
    assert last.lead == last.header
    assert lines[last.end - 1] == b"# friendly_name = dave"


def test_places() -> None:
    document = parse(b"[Interface]\r\nListenPort = 5\n")
    line = document.line(1)
    offset = document.offset(1) + line.value_start
    assert bytes(document)[offset : offset + 1] == b"5"
    assert document.position(offset) == (2, 14)
    assert document.position(0) == (1, 1)


def test_entries_of_a_section_are_its_own() -> None:
    document = parse(TYPICAL)
    _, live, disabled, _ = document.sections
    assert [line.name for _, line in document.entries(live)] == ["publickey", "presharedkey", "allowedips"]
    assert [line.name for _, line in document.entries(disabled)] == ["publickey", "allowedips"]
    assert [line.value for _, line in document.entries(live, "ALLOWEDIPS")] == [b"10.8.0.2/32, fd08::2/128"]
