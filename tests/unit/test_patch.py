"""Edits of single lines change those lines and no other byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.config_strategies import SECRET, TYPICAL, files
from wgtui.domain.errors import InvalidValue
from wgtui.domain.wgquick import LineKind, Patch, parse
from wgtui.domain.wgquick.lines import BOM, disabled_line, enabled_line

values = st.text(st.characters(codec="utf-8", exclude_characters="#\n\r\0\v\f\t "), min_size=1, max_size=20)


@given(data=files)
def test_no_edit_changes_nothing(data: bytes) -> None:
    assert bytes(Patch(parse(data)).apply()) == data


@given(data=files, value=values, number=st.integers(0, 50))
def test_a_value_that_was_set_stands_in_its_line(data: bytes, value: str, number: int) -> None:
    document = parse(data)
    entries = [index for index, line in document.parsed() if line.kind is LineKind.ENTRY]
    if not entries:
        return
    index = entries[number % len(entries)]
    patch = Patch(document)
    patch.set_value(index, value)
    changed = patch.apply()
    before, after = document.line(index), changed.line(index)
    assert after.value == value.encode()
    assert (after.kind, after.name, after.disabled) == (before.kind, before.name, before.disabled)
    assert (
        changed.lines[:index] + changed.lines[index + 1 :]
        == document.lines[:index] + document.lines[index + 1 :]
    )


@given(data=files, start=st.integers(0, 40), count=st.integers(0, 10))
def test_removed_and_inserted_again(data: bytes, start: int, count: int) -> None:
    document = parse(data)
    start = min(start, len(document.lines))
    patch = Patch(document)
    for number in range(count):
        patch.insert(start, f"# {number}")
    longer = patch.apply()
    assert len(longer.lines) == len(document.lines) + count
    patch = Patch(longer)
    patch.remove(start, start + count)
    shorter = bytes(patch.apply())
    # A line that comes behind a final carriage return makes it a part of a line ending.
    unended = data.removesuffix(b"\r") if count and not data.endswith(b"\n") else data
    assert shorter in (data, unended) or (not data and not shorter.strip())


@given(data=files)
def test_lines_are_switched_off_and_on(data: bytes) -> None:
    for raw in parse(data).lines:
        off = disabled_line(raw)
        assert enabled_line(off) == raw
        assert off.removeprefix(BOM).startswith(b"#[disabled] ")


@pytest.mark.parametrize(
    ("line", "key", "value", "expected"),
    [
        (b"\t allowed ips  =10.0.0.1/32  # phone\r\n", "", "x", b"\t allowed ips  =x  # phone\r\n"),
        (b"MTU=\n", "", "1400", b"MTU= 1400\n"),
        (b"MTU =  # later\n", "", "1400", b"MTU = 1400  # later\n"),
        (b"PostUp = a # b\n", "", "c #d", b"PostUp = c #d\n"),
        (b"PostUp =\n", "", "c", b"PostUp = c\n"),
        (b"  PostUp # x\n", "PostUp", "c", b"  PostUp = c\n"),
        (b"Address # x\n", "Address", "10.0.0.1/8", b"Address = 10.0.0.1/8 # x\n"),
        (b"#[disabled] Endpoint = a:1 # x\n", "", "b:2", b"#[disabled] Endpoint = b:2 # x\n"),
    ],
)
def test_the_rest_of_the_line_stays(line: bytes, key: str, value: str, expected: bytes) -> None:
    document = parse(b"[x]\n" + line)
    patch = Patch(document)
    patch.set_value(1, value, key)
    assert bytes(patch.apply()) == b"[x]\n" + expected


def test_new_lines_have_the_files_ending_and_the_last_line_stays_without_one() -> None:
    patch = Patch(parse(b"[Interface]\r\nMTU = 1420"))
    patch.add_entry(2, "ListenPort", "5")
    assert bytes(patch.apply()) == b"[Interface]\r\nMTU = 1420\r\nListenPort = 5"


def test_a_byte_order_mark_stays_first() -> None:
    patch = Patch(parse(BOM + b"[Peer]\n"))
    patch.insert(0, "# x")
    assert bytes(patch.apply()) == BOM + b"# x\n[Peer]\n"
    patch.remove(0)
    assert bytes(patch.apply()) == BOM + b"# x\n"


@pytest.mark.parametrize("value", ["1\n[Peer]", "1\r2", "1\0", f"x # {SECRET}"])
def test_a_value_cannot_break_out_of_its_line(value: str) -> None:
    patch = Patch(parse(TYPICAL))
    with pytest.raises(InvalidValue) as caught:
        patch.set_value(2, value)
    assert SECRET not in str(caught.value)
    with pytest.raises(InvalidValue):
        patch.add_entry(2, "ListenPort", value)


def test_an_inserted_text_is_one_line() -> None:
    with pytest.raises(InvalidValue):
        Patch(parse(TYPICAL)).insert(0, "# a\n[Peer]")
