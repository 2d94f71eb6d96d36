"""Editing peers of a file: what was meant is read back, and nobody else's line changes."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.config_strategies import KEYS, SECRET, TYPICAL, files
from wgtui.domain.addresses import Prefix, prefix_of
from wgtui.domain.config import EndpointConfig, read_config
from wgtui.domain.editing import (
    NO_ENDPOINT,
    NO_PRESHARED_KEY,
    FilePeer,
    PeerEdit,
    add_peer,
    disable_peer,
    edit_peer,
    enable_peer,
    find_peer,
    only_changes,
    peers_of,
    remove_peer,
    rename_peer,
    require_peer,
    take_prefixes,
)
from wgtui.domain.editing.editable import require_editable
from wgtui.domain.errors import EditRefused, InvalidValue
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.names import peer_names
from wgtui.domain.wgquick import Document, parse

NEW = PublicKey(bytes([99]) * 32)
PRESHARED = PresharedKey(bytes([7]) * 32)
ORACLE = Path(__file__).parents[1] / "conformance" / "data" / "wg-quick-oracle.jsonl"
CASES = [json.loads(line)["config"].encode("latin-1") for line in ORACLE.read_text("utf-8").splitlines()]
PEER = f"[Peer]\nPublicKey = {KEYS[0]}\nAllowedIPs = 10.0.0.2/32\n"

CONVENTIONS = [
    PEER,
    f"### begin alice ###\n{PEER}### end alice ###\n",
    f"### Client alice\n{PEER}",
    f"# BEGIN_PEER alice\n{PEER}# END_PEER alice\n",
    f"# Client: alice (4)\n{PEER}",
    f"# ID:           x\n# Name:         alice\n# Email:        a@example.com\n# Notes:\n# hers\n{PEER}",
    f"# alice / a@example.com / Updated: 2024 / Created: 2024\n{PEER}",
    PEER.replace("]\n", "]\n#Name# = alice\n"),
    PEER.replace(
        "]\n", f"]\n# friendly_name = alice\n# -WGP- Display name: alice\n# -WGP- PrivateKey: {SECRET}\n"
    ),
    PEER.replace("]\n", ']\n# friendly_json={"name": "alice"}\n'),
    PEER.replace("]\n", "]\n# Name = alice\n"),
    f"# peer alice\n{PEER}",
    f"# wireme-name: alice\n# wireme-note: hers\n{PEER}",
    f"# Peer: alice (router)\n# Routes: 10.0.0.0/8\n{PEER}",
    f"# 10: alice > wgclient_alice.conf\n{PEER}",
    PEER.replace("]\n", "]\n# peer_alice\n"),
    PEER.replace("]\n", "] # alice\n"),
    f"#-----\n# alice\n#-----\n{PEER}",
    "".join(f"#! {line}" for line in f"# alice\n{PEER}".splitlines(keepends=True)),
    "".join(
        f"#[disabled] {line}" for line in f"### begin alice ###\n{PEER}### end alice ###\n".splitlines(True)
    ),
]
"""One peer in every convention."""

SURROUNDINGS = [
    (
        "[Interface]\nListenPort = 1\n\n",
        f"\n# Bob\n[Peer]\nPublicKey = {KEYS[1]}\nAllowedIPs = 10.0.0.3/32\n",
    ),
    ("", ""),
    (f"[Peer] # Bob\nPublicKey = {KEYS[1]}\n\n", "\n\n# the end"),
    (
        f"#[disabled] [Peer]\n#[disabled] PublicKey = {KEYS[1]}\n\n",
        f"\n#! [Peer]\n#! PublicKey = {KEYS[2]}\n",
    ),
]
"""What may stand around it."""

WORLDS = [
    (before + peer + after).replace("\n", newline).encode()
    for peer in CONVENTIONS
    for before, after in SURROUNDINGS
    for newline in ("\n", "\r\n")
]

prefixes = st.lists(
    st.sampled_from(
        ["10.0.0.2/32", "10.0.0.9/32", "192.168.2.0/24", "fd00::2/128", "0.0.0.0/0", "10.8.0.2/32"]
    ),
    unique=True,
    max_size=4,
).map(lambda texts: tuple(map(prefix_of, texts)))
names = st.sampled_from(["zoe", "Zoë Müller", "[bold]x[/]", "a # b", "x = y", "### end x ###", "名前", "-z-"])
endpoints = [EndpointConfig("vpn.example.com", 1), EndpointConfig("fd00::1", 2)]
edits = st.builds(
    PeerEdit,
    name=st.none() | names,
    public_key=st.none() | st.just(NEW),
    preshared_key=st.sampled_from([None, PRESHARED, NO_PRESHARED_KEY]),
    allowed_ips=st.none() | prefixes,
    endpoint=st.sampled_from([None, NO_ENDPOINT, *endpoints]),
    persistent_keepalive=st.sampled_from([None, 0, 25]),
)
everything = files | st.sampled_from(WORLDS) | st.sampled_from(CASES)


def is_editable(data: bytes) -> bool:
    try:
        require_editable(parse(data))
    except EditRefused:
        return False
    return True


def lost(before: Document, after: Document) -> Counter[bytes]:
    """Lines that went; a last line that only got or lost its ending counts as kept."""

    def lines(document: Document) -> Counter[bytes]:
        return Counter(raw.rstrip(b"\r\n") for raw in document.lines)

    return lines(before) - lines(after)


def own_lines(document: Document, peer: FilePeer) -> Counter[bytes]:
    return Counter(
        raw.rstrip(b"\r\n")
        for block in peer.blocks
        for raw in document.lines[block.lead : max(block.end, block.section.end)]
    )


def others(document: Document, *keys: PublicKey) -> list[tuple[object, ...]]:
    return [
        (peer.public_key, peer.name, peer.enabled, peer.settings)
        for peer in peers_of(document)
        if peer.public_key not in keys
    ]


def says(peer: FilePeer, edit: PeerEdit) -> None:
    """Assert that the peer has what the edit set."""
    settings = peer.settings
    if edit.preshared_key is not None:
        assert settings.preshared_key == (None if edit.preshared_key.is_zero else edit.preshared_key)
    if edit.allowed_ips is not None:
        assert set(settings.allowed_ips) == set(edit.allowed_ips)
    if edit.endpoint is not None:
        assert settings.endpoint == (None if edit.endpoint == NO_ENDPOINT else edit.endpoint)
    if edit.persistent_keepalive is not None:
        assert settings.persistent_keepalive == edit.persistent_keepalive
    if edit.name:
        assert peer.name == edit.name


@given(data=everything, edit=edits, number=st.integers(0, 5))
def test_what_was_set_is_read_back_and_nothing_else_changes(data: bytes, edit: PeerEdit, number: int) -> None:
    document = parse(data)
    peers = peers_of(document)
    assume(peers and is_editable(data))
    key = peers[number % len(peers)].public_key
    peer = require_peer(document, key)
    try:
        changed = edit_peer(document, key, edit)
    except InvalidValue:
        assert edit.name
        return
    new_key = edit.public_key or key
    after = next(p for p in peers_of(changed) if p.public_key == new_key and p.enabled == peer.enabled)
    says(after, edit)
    assert not lost(document, changed) - own_lines(document, peer)
    assert others(changed, key, new_key) == others(document, key)
    again = edit_peer(changed, new_key, replace(edit, public_key=None))
    assert bytes(again) == bytes(changed)


@given(data=everything, number=st.integers(0, 5))
def test_saving_a_form_without_a_change_changes_nothing(data: bytes, number: int) -> None:
    document = parse(data)
    peers = peers_of(document)
    assume(peers and is_editable(data))
    peer = require_peer(document, peers[number % len(peers)].public_key)
    nothing = only_changes(peer.as_edit(), peer.as_edit())
    assert nothing == PeerEdit()
    assert bytes(edit_peer(document, peer.public_key, nothing)) == data


@given(data=everything, edit=edits)
def test_a_peer_added_and_removed_leaves_the_same_bytes(data: bytes, edit: PeerEdit) -> None:
    document = parse(data)
    assume(is_editable(data) and not data.endswith(b"\r"))
    edit = replace(edit, public_key=NEW)
    try:
        changed = add_peer(document, edit)
    except InvalidValue:
        assert edit.name
        return
    added = find_peer(changed, NEW)
    assert added is not None and added.enabled
    says(added, edit)
    assert not lost(document, changed)
    assert others(changed, NEW) == others(document)
    removed = bytes(remove_peer(changed, NEW))
    assert removed == data or not data


@given(data=everything, number=st.integers(0, 5))
def test_removing_a_peer_takes_only_its_own_lines(data: bytes, number: int) -> None:
    document = parse(data)
    peers = peers_of(document)
    assume(peers and is_editable(data))
    peer = require_peer(document, peers[number % len(peers)].public_key)
    changed = remove_peer(document, peer.public_key)
    gone = lost(document, changed)
    del gone[b""]
    assert all(raw.strip() == b"" or raw in own_lines(document, peer) for raw in gone)
    left = {(one.public_key, one.enabled) for one in peers_of(changed)}
    assert left == {(one.public_key, one.enabled) for one in peers} - {(peer.public_key, peer.enabled)}


@given(data=everything, number=st.integers(0, 5))
def test_disabled_and_enabled_again_leaves_the_same_bytes(data: bytes, number: int) -> None:
    document = parse(data)
    peers = [peer for peer in peers_of(document) if peer.enabled]
    disabled = {peer.public_key for peer in peers_of(document) if not peer.enabled}
    assume(peers and is_editable(data))
    peer = peers[number % len(peers)]
    assume(peer.public_key not in disabled)
    try:
        off = disable_peer(document, peer.public_key)
    except EditRefused:
        return
    found = find_peer(off, peer.public_key)
    assert found is not None and not found.enabled
    assert found.settings == peer.settings
    assert peer.public_key not in {block.public_key for block in read_config(off).config.blocks}
    assert others(off, peer.public_key) == others(document, peer.public_key)
    assert found.name == peer.name
    assert bytes(enable_peer(off, peer.public_key)) == data


@pytest.mark.parametrize("above", [True, False])
def test_a_disabled_comment_right_beside_a_peer_is_not_taken_along(above: bool) -> None:
    peer = f"### begin alice ###\n[Peer]\nPublicKey = {KEYS[0]}\n### end alice ###\n"
    comment = "#[disabled] # of somebody else\n"
    data = (comment + peer if above else peer + comment).encode()
    try:
        off = disable_peer(parse(data), KEYS[0])
    except EditRefused as refusal:
        assert "right beside the peer" in refusal.text
    else:
        assert bytes(enable_peer(off, KEYS[0])) == data


@pytest.mark.parametrize("data", WORLDS)
def test_every_convention_goes_through_everything(data: bytes) -> None:
    document = parse(data)
    peer = require_peer(document, KEYS[0])
    if peer.enabled:
        off = disable_peer(document, KEYS[0])
        assert all(
            raw.startswith(b"#[disabled] ")
            for block in require_peer(off, KEYS[0]).blocks
            for raw in off.lines[block.lead : block.end]
        )
        assert bytes(enable_peer(off, KEYS[0])) == data
        document = off
    edited = edit_peer(document, KEYS[0], PeerEdit(endpoint=EndpointConfig("a.example.com", 5), name="zoe"))
    on = enable_peer(edited, KEYS[0])
    config = read_config(on)
    assert not [finding for finding in config.findings.sorted() if finding.severity.value == "error"]
    block = next(block for block in config.config.blocks if block.public_key == KEYS[0])
    assert block.endpoint == EndpointConfig("a.example.com", 5)
    assert peer_names(on)[KEYS[0]] == "zoe"
    if peer.name and b"friendly_json" not in data:
        assert b"alice" not in b"".join(raw for raw in on.lines if b"wgclient" not in raw)
    assert others(on, KEYS[0]) == others(parse(data), KEYS[0])


@pytest.mark.parametrize("data", WORLDS)
def test_a_name_is_taken_out(data: bytes) -> None:
    changed = rename_peer(parse(data), KEYS[0], "")
    peer = require_peer(changed, KEYS[0])
    assert peer.name in ("", "hers")
    assert b"### end" not in bytes(changed)


def test_a_new_peer_stands_at_the_end_in_wgtuis_form() -> None:
    edit = PeerEdit("alice", KEYS[0], PRESHARED, (prefix_of("10.0.0.2/32"), prefix_of("fd00::2/128")))
    changed = add_peer(parse(b"[Interface]\r\nListenPort = 1"), edit)
    assert bytes(changed).decode() == (
        "[Interface]\r\nListenPort = 1\r\n\r\n[Peer]\r\n# Name = alice\r\n"
        f"PublicKey = {KEYS[0]}\r\nPresharedKey = {PRESHARED.reveal()}\r\n"
        "AllowedIPs = 10.0.0.2/32, fd00::2/128"
    )


def test_allowed_ips_stay_on_their_lines() -> None:
    text = (
        f"[Peer]\nPublicKey = {KEYS[0]}\n  allowedips=10.0.0.2/32,10.0.0.3 # her\n"
        "AllowedIPs = 10.1.0.9/16 # LAN\n"
    )
    wanted = tuple(map(prefix_of, ("10.0.0.3/32", "10.1.0.0/16", "10.2.0.0/16")))
    changed = edit_peer(parse(text.encode()), KEYS[0], PeerEdit(allowed_ips=wanted))
    assert bytes(changed).decode() == text.replace("10.0.0.2/32,", "").replace(
        "10.1.0.9/16", "10.1.0.9/16, 10.2.0.0/16"
    )
    none = edit_peer(changed, KEYS[0], PeerEdit(allowed_ips=()))
    assert bytes(none).decode() == f"[Peer]\nPublicKey = {KEYS[0]}\n"


def test_the_last_line_counts_and_the_others_go() -> None:
    text = (
        f"[Peer]\nPublicKey = {KEYS[0]}\nEndpoint = a:1\nEndpoint = b:2 # now\nAllowedIPs = 10.0.0.2/32\n\n"
        f"[Peer]\nPublicKey = {KEYS[0]}\nAllowedIPs = 10.0.0.3/32\n"
    )
    peer = require_peer(parse(text.encode()), KEYS[0])
    assert peer.settings.endpoint == EndpointConfig("b", 2)
    assert peer.settings.allowed_ips == (prefix_of("10.0.0.3/32"),)
    edit = PeerEdit(endpoint=EndpointConfig("c", 3), allowed_ips=(prefix_of("10.0.0.4/32"),))
    assert bytes(edit_peer(parse(text.encode()), KEYS[0], edit)).decode() == (
        f"[Peer]\nPublicKey = {KEYS[0]}\nEndpoint = c:3 # now\n\n"
        f"[Peer]\nPublicKey = {KEYS[0]}\nAllowedIPs = 10.0.0.4/32\n"
    )


def test_keys_are_rotated_in_all_blocks() -> None:
    text = f"[Peer]\npublickey={KEYS[0]} # x\n[Peer]\nPublicKey = {KEYS[0]}\nPresharedKey = {SECRET}\n"
    changed = edit_peer(parse(text.encode()), KEYS[0], PeerEdit(public_key=NEW, preshared_key=PRESHARED))
    assert bytes(changed).decode() == text.replace(str(KEYS[0]), str(NEW)).replace(SECRET, PRESHARED.reveal())


def test_a_moved_prefix_leaves_its_former_owner() -> None:
    prefix: Prefix = prefix_of("10.8.0.2/32")
    document = edit_peer(parse(TYPICAL), KEYS[2], PeerEdit(allowed_ips=(prefix,)))
    changed = take_prefixes(document, KEYS[2], [prefix])
    owners = {peer.public_key: peer.allowed_ips for peer in read_config(changed).config.peers()}
    assert owners == {KEYS[0]: (prefix_of("fd08::2/128"),), KEYS[2]: (prefix,)}
    assert b"AllowedIPs = fd08::2/128 # phone\n" in bytes(changed)


def test_edits_that_would_not_do_what_was_meant_are_refused() -> None:
    document = parse(TYPICAL)
    with pytest.raises(EditRefused):
        edit_peer(document, NEW, PeerEdit(name="x"))
    with pytest.raises(EditRefused):
        edit_peer(document, KEYS[0], PeerEdit(public_key=KEYS[1]))
    with pytest.raises(EditRefused):
        add_peer(document, PeerEdit(public_key=KEYS[1]))
    with pytest.raises(EditRefused):
        add_peer(document, PeerEdit(name="x"))
    with pytest.raises(EditRefused):
        disable_peer(document, KEYS[1])
    with pytest.raises(EditRefused):
        enable_peer(document, KEYS[0])
    for data in (b"\xff\xfe[\0", TYPICAL + b"\0", TYPICAL + b"\xef\xbb\xbf", TYPICAL + b"[Pear]"):
        with pytest.raises(EditRefused):
            remove_peer(parse(data), KEYS[0])


def test_a_block_mixed_with_another_is_not_switched_but_can_be_removed() -> None:
    text = (
        f"[Peer]\nPublicKey = {KEYS[0]}\n#[disabled] [Peer]\n#[disabled] PublicKey = {KEYS[1]}\n"
        "AllowedIPs = 10.0.0.2/32\n"
    )
    document = parse(text.encode())
    with pytest.raises(EditRefused):
        disable_peer(document, KEYS[0])
    with pytest.raises(EditRefused):
        enable_peer(document, KEYS[1])
    assert bytes(remove_peer(document, KEYS[0])).decode() == "".join(text.splitlines(True)[2:4])


@pytest.mark.parametrize(
    "name", ["a\n[Peer]", "a\rb", "a\0b", "a\x1b[0m", "\u202eevil", SECRET, "---", "a\u2028b"]
)
def test_evil_names_are_refused(name: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        add_peer(parse(TYPICAL), PeerEdit(name, NEW))
    assert SECRET not in str(caught.value)
    with pytest.raises(InvalidValue):
        rename_peer(parse(TYPICAL), KEYS[0], name)


def test_what_stands_behind_an_empty_line_is_not_the_peers() -> None:
    old = f"# [Peer]\n# PublicKey = {KEYS[3]}\n\n"
    text = f"[Interface]\nMTU = 1420\n\n{PEER}\n{old}# Bob\n[Peer]\nPublicKey = {KEYS[1]}\n"
    removed = remove_peer(parse(text.encode()), KEYS[0])
    assert bytes(removed).decode() == text.replace(f"{PEER}\n", "")
    off = disable_peer(parse(text.encode()), KEYS[0])
    assert old in bytes(off).decode()
