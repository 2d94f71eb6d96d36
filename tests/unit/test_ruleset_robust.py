"""Whatever programs print, reading it never fails; what is read can be asked."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.rulesets import FOLDER
from wgtui.domain.errors import InvalidValue
from wgtui.domain.ruleset import Backend, FilterFamily, Hook, Packet, Ruleset, Table, decide, decider_words
from wgtui.domain.ruleset.nft_json import parse_nft
from wgtui.domain.ruleset.save import parse_save

SAVES = [path.read_text() for path in sorted(FOLDER.glob("*/*-save"))]
LISTS: list[Any] = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*/nft.json"))]
WORDS = sorted({word for text in SAVES for word in text.split()})

ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
KEYS = st.sampled_from(
    (
        *("match", "op", "left", "right", "meta", "key", "payload", "protocol", "field", "ct", "set", "elem"),
        *("val", "prefix", "addr", "len", "range", "concat", "vmap", "data", "counter", "packets", "bytes"),
        *("accept", "drop", "jump", "target", "goto", "reject", "snat", "masquerade", "family", "mangle"),
        *("value", "xt", "limit", "rate", "fib", "result", "flags", "&", "|", "log", "queue"),
    )
)
TREES = st.recursive(
    ATOMS | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def ask(tables: tuple[Table, ...]) -> None:
    ruleset = Ruleset(tables)
    for hook in Hook:
        for source, destination in (("10.0.0.1", "10.0.0.2"), ("fd00::1", "fd00::2")):
            packet = Packet(hook, ip_address(source), ip_address(destination), in_link="wg0", out_link=None)
            decision = decide(ruleset, packet)
            for decider in (*((decision.culprit and (decision.culprit,)) or ()), *decision.doubts):
                assert decider_words(decider).isprintable()


@given(st.text())
def test_any_text_can_be_read_as_a_save(text: str) -> None:
    ask(parse_save(text, Backend.LEGACY, FilterFamily.IP))


@given(st.lists(st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=12), max_size=20))
def test_any_words_can_be_read_as_a_save(lines: list[list[str]]) -> None:
    text = "\n".join(" ".join(line) for line in lines)
    ask(parse_save(f"*filter\n:FORWARD DROP [0:0]\n{text}\nCOMMIT\n", Backend.IPTABLES_NFT, FilterFamily.IP6))


@given(st.sampled_from(SAVES), st.integers(0), st.integers(0), st.text(max_size=3))
def test_a_spoilt_save_can_be_read(text: str, first: int, length: int, instead: str) -> None:
    place = first % (len(text) + 1)
    spoilt = text[:place] + instead + text[place + length % 40 :]
    ask(parse_save(spoilt, Backend.LEGACY, FilterFamily.IP))


@given(TREES)
def test_any_expression_of_nft_can_be_read(tree: object) -> None:
    own = {"family": "inet", "table": "t", "chain": "c"}
    chain = {"family": "inet", "table": "t", "name": "c", "type": "filter", "hook": "forward", "prio": tree}
    objects = [
        {"table": {"family": "inet", "name": "t", "flags": tree}},
        {"set": {"family": "inet", "table": "t", "name": "s", "elem": tree}},
        {"map": {"family": "inet", "table": "t", "name": "m", "elem": [[tree, tree]]}},
        {"chain": chain},
        {"rule": {**own, "comment": tree, "expr": [tree, tree]}},
        {
            "rule": {
                "family": "inet",
                "table": "t",
                "chain": "c",
                "expr": [{"vmap": {"key": tree, "data": "@m"}}],
            }
        },
        {"rule": {**own, "expr": tree}},
        tree,
    ]
    ask(parse_nft(json.dumps({"nftables": objects})))


@given(st.sampled_from(LISTS), st.data())
def test_a_list_of_nft_with_something_else_in_it_can_be_read(listed: Any, data: st.DataObject) -> None:
    given_objects = listed["nftables"]
    place = data.draw(st.integers(0, len(given_objects) - 1))
    spoilt = _replaced(given_objects[place], data)
    objects = [*given_objects[:place], spoilt, *given_objects[place + 1 :]]
    ask(parse_nft(json.dumps({"nftables": objects})))


def _replaced(tree: Any, data: st.DataObject) -> Any:
    """The tree with one branch of it replaced."""
    if isinstance(tree, dict) and tree and data.draw(st.integers(0, 3)):
        key = data.draw(st.sampled_from(sorted(tree)))
        return {**tree, key: _replaced(tree[key], data)}
    if isinstance(tree, list) and tree and data.draw(st.integers(0, 3)):
        place = data.draw(st.integers(0, len(tree) - 1))
        return [*tree[:place], _replaced(tree[place], data), *tree[place + 1 :]]
    return data.draw(TREES)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"nftables": 3}', "[" * 100_000, "Error: no JSON"])
def test_what_is_no_list_of_nft_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_nft(text)
