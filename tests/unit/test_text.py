"""Untrusted text becomes text that may be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.domain.text import ascii_only, printable


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_nothing_unprintable_passes_and_the_length_holds(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert all(unicodedata.category(character)[0] != "C" for character in shown)
    assert not any(character in shown for character in "\x1b\x9b\u202e\u2066\u200b\n\r")


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=64))
def test_plain_text_is_kept(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("name", ["алиса", "愛麗絲", "Zoë", "naïve", "📱 phone", "[/x]", "[bold]"])
def test_names_of_all_languages_are_kept(name: str) -> None:
    assert printable(name) == name


def test_a_cut_is_marked() -> None:
    assert printable("x" * 10_000, 10) == "x" * 9 + "…"


def test_escape_sequences_lose_their_escape() -> None:
    assert "\x1b" not in printable("a\x1b]0;title\x07b\x9b31m")


def test_stacked_marks_are_bounded() -> None:
    assert printable("e" + "\u0301" * 50).count("\u0301") == 2


def test_ascii_terminals_get_ascii() -> None:
    assert ascii_only("Zoë …") == "Zo? ~"
