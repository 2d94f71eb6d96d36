"""Keys: canonical text, clamping, and secrets that do not leave their type."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.domain.errors import InvalidValue
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey, clamp, decode_key

GOOD = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="


@given(st.binary(min_size=32, max_size=32))
def test_text_form_round_trips(raw: bytes) -> None:
    text = base64.b64encode(raw).decode()
    assert decode_key(text) == raw
    assert str(PublicKey.parse(text)) == text
    assert PrivateKey.parse(text).reveal() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        GOOD[:-1],
        GOOD + "=",
        GOOD[:-2] + "l=",
        GOOD.replace("+", "-"),
        " " + GOOD[1:],
        GOOD + "\n",
        "é" * 44,
        GOOD[:20] + "\0" + GOOD[21:],
        GOOD[:-1] + "A",
        "A" * 10_000,
    ],
)
def test_anything_else_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        PrivateKey.parse(text)
    assert len(text) < 2 or text.strip() not in str(caught.value)


@given(st.binary(min_size=32, max_size=32))
def test_clamping_is_idempotent_and_keeps_no_key(raw: bytes) -> None:
    assert clamp(clamp(raw)) == clamp(raw)
    assert clamp(bytes(32)) == bytes(32)


@pytest.mark.parametrize("kind", [PrivateKey, PresharedKey])
def test_secret_stays_in_its_type(kind: type[PrivateKey] | type[PresharedKey]) -> None:
    key = kind.parse(GOOD)
    shown = [repr(key), str(key), f"{key}", f"{key!r:>60}", format(key, ">60"), repr({"k": [key]})]
    try:
        raise ValueError(key)
    except ValueError as error:
        shown += traceback.format_exception(error)
    with pytest.raises(TypeError):
        json.dumps(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)
    assert all(GOOD not in text and repr(base64.b64decode(GOOD)) not in text for text in shown)


def test_kinds_of_key_are_never_equal() -> None:
    assert PrivateKey.parse(GOOD) != PresharedKey.parse(GOOD)
    assert PublicKey.parse(GOOD) != PrivateKey.parse(GOOD)
    assert PrivateKey.parse(GOOD) == PrivateKey.parse(GOOD)
    assert len({PublicKey.parse(GOOD), PublicKey.parse(GOOD)}) == 1


def test_keys_are_immutable() -> None:
    key = PublicKey.parse(GOOD)
    with pytest.raises(AttributeError):
        key._raw = b"x"
    assert copy.deepcopy(key) is copy.copy(key) is key
