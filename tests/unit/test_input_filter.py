"""What a terminal sends, taken apart: in whole or in pieces, the same comes through."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.ui.input_filter import PASTE_LIMIT, InputFilter

ARROW = "\x1b[A"


def passed(*chunks: str, wanted: frozenset[str] = frozenset({ARROW, "\x1bOP", "\x1b[[A"})) -> str:
    """What comes through of chunks."""
    reader = InputFilter(wanted.__contains__)
    return "".join(piece for chunk in chunks for piece in reader.feed(chunk))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("abc", "abc"),
        (f"a{ARROW}b\x1bOPc\x1b[[Ad", f"a{ARROW}b\x1bOPc\x1b[[Ad"),
        ("\x1bq\x1b\r", "\x1bq\x1b\r"),
        (f"\x1b{ARROW}", f"\x1b{ARROW}"),
        ("\x1b[?62;22cx", "x"),
        ("\x1b[4;2$yx", "x"),
        ("\x1b[M !!x", "x"),
        ("\x1b]11;rgb:2/2/2\x1b\\x", "x"),
        ("\x1b]11;rgb:2/2/2\x07x", "x"),
        ("\x1bP>|name 2\x1b\\x", "x"),
        (f"\x1b]2;open{ARROW}x", f"{ARROW}x"),
        ("\x1b]2;open\rx", "x"),
        ("\x1b[12\rx", "\rx"),
        ("\x1b[12é", "é"),
        ("\x1b[200~q\x1b[A\x1bq\x1b[201~x", "\x1b[200~q[Aq\x1b[201~x"),
        ("\x1b[200~\x1b[200~q\x1b[201~x", "\x1b[200~[200~q\x1b[201~x"),
    ],
)
def test_keys_come_through_and_reports_do_not(sent: str, expected: str) -> None:
    assert passed(sent) == expected
    assert passed(*sent) == expected


KEYS = ("q", "2", "é", "\r", ARROW, "\x1bOP", "\x1bq")
REPORTS = ("\x1b[?62;22c", "\x1b]4;2;rgb:1/2/3\x1b\\", "\x1bP1+r2\x1b\\")
FRAGMENTS = (
    "\x1b[200~",
    "\x1b[201~",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\x1b[1;",
    "\x07",
    "\x1b\\",
    "\x1b[M",
    "\x1b[[",
)
PIECES = st.sampled_from((*KEYS, *REPORTS, *FRAGMENTS))


@given(st.lists(PIECES, max_size=12).map("".join), st.lists(st.integers(0, 80), max_size=6))
def test_where_reads_end_makes_no_difference(sent: str, cuts: list[int]) -> None:
    places = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    chunks = [sent[start:end] for start, end in pairwise(places)]
    assert passed(*chunks) == passed(sent)


@given(st.text(alphabet="q2\x1b[]P?;:~M<\\\x07c", max_size=40))
def test_whatever_comes_it_listens_again_after_forgetting(sent: str) -> None:
    reader = InputFilter(lambda _: False)
    list(reader.feed(sent))
    reader.forget()
    assert not reader.is_waiting
    assert list(reader.feed("j")) == ["j"]


def test_it_keeps_little_of_what_never_ends() -> None:
    reader = InputFilter(lambda _: False)
    assert list(reader.feed("\x1b[200~")) == []
    for _ in range(40):
        assert list(reader.feed("x" * 4000)) == []
    pasted = "".join(reader.feed("\x1b[201~"))
    assert len(pasted) == PASTE_LIMIT + 2 * len("\x1b[200~")


def test_a_lone_escape_is_told_from_the_start_of_something() -> None:
    reader = InputFilter(lambda _: False)
    assert list(reader.feed("\x1b")) == []
    assert reader.is_escape
    assert list(reader.feed("[")) == []
    assert reader.is_waiting
    assert not reader.is_escape
