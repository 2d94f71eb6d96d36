"""Edits change their own lines and no other byte."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.config_strategies import KEYS, SECRET, TYPICAL, files
from wgtui.domain.config import read_config
from wgtui.domain.errors import InvalidValue
from wgtui.domain.names import peer_names
from wgtui.domain.wgquick import Document, editing, parse, peer_blocks

keys = st.sampled_from(
    ["ListenPort", "Address", "AllowedIPs", "Endpoint", "MTU", "Table", "PersistentKeepalive"]
)
values = st.text(st.characters(codec="utf-8", exclude_characters="#\n\r\0\v\f\t "), min_size=1, max_size=20)


def _lost_and_gained(before: Document, after: Document) -> tuple[Counter[bytes], Counter[bytes]]:
    """Lines that went and that came. A last line that only got its line ending counts as kept."""

    def lines(document: Document) -> Counter[bytes]:
        return Counter(raw.removesuffix(b"\n").removesuffix(b"\r") for raw in document.lines)

    old, new = lines(before), lines(after)
    return old - new, new - old


@given(data=files, key=keys, value=values, number=st.integers(0, 3))
def test_setting_a_value_touches_only_that_key(data: bytes, key: str, value: str, number: int) -> None:
    document = parse(data)
    live = [section for section in document.sections if not section.disabled]
    assume(live)
    section = live[number % len(live)]
    own = Counter(line.raw.rstrip(b"\r\n") for _, line in document.entries(section, key))
    changed = editing.set_value(document, section, key, value)
    lost, gained = _lost_and_gained(document, changed)
    assert not lost - own
    assert sum(gained.values()) <= 1
    section = next(s for s in changed.sections if s.header == section.header)
    assert [line.value for _, line in changed.entries(section, key)] == [value.encode()]
    again = editing.set_value(changed, section, key, value)
    assert bytes(again) == bytes(changed)


@given(data=files, key=keys, number=st.integers(0, 3))
def test_removing_a_key_touches_only_that_key(data: bytes, key: str, number: int) -> None:
    document = parse(data)
    live = [section for section in document.sections if not section.disabled]
    assume(live)
    section = live[number % len(live)]
    own = [index for index, _ in document.entries(section, key)]
    changed = editing.remove_key(document, section, key)
    kept = tuple(raw for index, raw in enumerate(document.lines) if index not in own)
    assert changed.lines == kept


@given(data=files)
def test_a_peer_added_and_removed_leaves_the_file_as_it_was(data: bytes) -> None:
    document = parse(data)
    entries = [("PublicKey", str(KEYS[5])), ("AllowedIPs", "10.99.0.1/32")]
    changed = editing.add_peer(document, entries, ["# Name = zoe"])
    assert bytes(changed).startswith(data)
    *_, block = peer_blocks(changed)
    assert peer_names(changed)[KEYS[5]] == "zoe"
    removed = editing.remove_block(changed, block)
    assert bytes(removed).startswith(data)
    assert not bytes(removed)[len(data) :].strip()


@given(data=files, number=st.integers(0, 5))
def test_removing_a_peer_takes_only_its_own_lines(data: bytes, number: int) -> None:
    document = parse(data)
    blocks = list(peer_blocks(document))
    assume(blocks)
    block = blocks[number % len(blocks)]
    changed = editing.remove_block(document, block)
    assert changed.lines[: block.lead] == document.lines[: block.lead]
    rest = changed.lines[block.lead :]
    assert document.lines[len(document.lines) - len(rest) :] == rest
    skipped = document.lines[block.end : len(document.lines) - len(rest)]
    assert not b"".join(skipped).strip()


def test_removing_each_kind_of_peer() -> None:
    document = parse(TYPICAL)
    for block, gone, kept in zip(
        peer_blocks(document),
        (b"alice", b"bob", b"Carol"),
        ((b"bob",), (b"alice", b"Carol"), (b"bob",)),
        strict=True,
    ):
        data = bytes(editing.remove_block(document, block))
        assert gone not in data
        assert all(name in data for name in kept)


def test_a_value_keeps_indentation_spelling_and_comment() -> None:
    document = parse(b"[Peer]\r\n\t allowed ips  =10.0.0.1/32  # phone\r\nAllowedIPs = 10.0.0.2/32\r\nx\r\n")
    changed = editing.set_value(document, document.sections[0], "AllowedIPs", "10.0.0.9/32")
    assert bytes(changed) == b"[Peer]\r\n\t allowed ips  =10.0.0.9/32  # phone\r\nx\r\n"


def test_new_lines_have_the_files_ending() -> None:
    document = parse(b"[Interface]\r\nMTU = 1420")
    changed = editing.set_value(document, document.sections[0], "ListenPort", "5")
    assert bytes(changed) == b"[Interface]\r\nMTU = 1420\r\nListenPort = 5\r\n"


def test_a_new_key_goes_behind_the_entries_not_behind_the_next_peers_name() -> None:
    document = parse(b"[Peer]\nEndpoint = a:1\n\n# Bob\n[Peer]\n")
    changed = editing.add_entry(document, document.sections[0], "AllowedIPs", "10.0.0.1/32")
    assert bytes(changed) == b"[Peer]\nEndpoint = a:1\nAllowedIPs = 10.0.0.1/32\n\n# Bob\n[Peer]\n"


def test_one_line_gets_another_value() -> None:
    document = parse(b"[Interface]\nPostUp = a # b\nPostUp = c\n")
    assert (
        bytes(editing.set_line_value(document, 2, "d # e"))
        == b"[Interface]\nPostUp = a # b\nPostUp = d # e\n"
    )
    with pytest.raises(InvalidValue):
        editing.set_line_value(document, 0, "x")


@pytest.mark.parametrize("value", ["1\n[Peer]", "1\r2", "1\0", f"x # {SECRET}"])
def test_a_value_cannot_break_out_of_its_line(value: str) -> None:
    document = parse(TYPICAL)
    with pytest.raises(InvalidValue) as caught:
        editing.set_value(document, document.sections[0], "ListenPort", value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("comment", ["name", "# a\n[Peer]", ""])
def test_a_comment_cannot_break_out_of_its_line(comment: str) -> None:
    with pytest.raises(InvalidValue):
        editing.add_peer(parse(TYPICAL), [], [comment])


def test_edited_values_are_what_the_file_then_says() -> None:
    document = parse(TYPICAL)
    document = editing.set_value(document, document.sections[0], "ListenPort", "1234")
    peer = document.sections[-1]
    document = editing.set_value(document, peer, "PersistentKeepalive", "7")
    config = read_config(document).config
    assert config.listen_port == 1234
    assert config.blocks[-1].persistent_keepalive == 7
