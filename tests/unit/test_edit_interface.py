"""Editing `[Interface]`: what was meant is read back, and nobody else's line changes."""

from __future__ import annotations

import json
from collections import Counter
from ipaddress import IPv4Interface, IPv6Interface
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.config_strategies import KEYS, SECRET, TYPICAL, files
from wgtui.domain.config import read_config
from wgtui.domain.editing import (
    NO_PRIVATE_KEY,
    InterfaceEdit,
    edit_interface,
    interface_values,
    new_interface,
    only_changes,
)
from wgtui.domain.editing.editable import require_editable
from wgtui.domain.errors import EditRefused, InvalidValue
from wgtui.domain.keys import PrivateKey
from wgtui.domain.names import named_peers
from wgtui.domain.wgquick import Document, parse

PRIVATE = PrivateKey(bytes([8]) * 31 + bytes([64]))
ORACLE = Path(__file__).parents[1] / "conformance" / "data" / "wg-quick-oracle.jsonl"
CASES = [json.loads(line)["config"].encode("latin-1") for line in ORACLE.read_text("utf-8").splitlines()]
LISTS = b"""\
[Interface]
  Address = 10.8.0.1/24, 10.9.0.1/24 # both
address=fd08::1/64
DNS = 1.1.1.1 example.org
PostUp = a # 1
# between
PostUp = b
PostUp=c #3

[Peer]
"""

hooks = st.lists(st.sampled_from(["a # 1", "b", "echo '#x' = é", "iptables -A %i"]), max_size=4).map(tuple)
V4, OTHER_V4, V6 = IPv4Interface("10.8.0.1/24"), IPv4Interface("10.9.0.1/24"), IPv6Interface("fd08::1/64")
servers = st.lists(st.sampled_from(["1.1.1.1", "fd00::53", "9.9.9.9"]), unique=True, max_size=3).map(tuple)
domains = st.lists(st.sampled_from(["example.org", "lan"]), unique=True, max_size=2).map(tuple)
edits = st.builds(
    InterfaceEdit,
    private_key=st.sampled_from([None, PRIVATE, NO_PRIVATE_KEY]),
    addresses=st.none() | st.lists(st.sampled_from([V4, OTHER_V4, V6]), unique=True, max_size=3).map(tuple),
    listen_port=st.sampled_from([None, 0, 51821]),
    mtu=st.sampled_from([None, 0, 1400]),
    dns_servers=st.none() | servers,
    dns_search=st.none() | domains,
    table=st.sampled_from([None, "", "off", "1234"]),
    fwmark=st.sampled_from([None, 0, 0xCA6C]),
    pre_up=st.none() | hooks,
    post_up=st.none() | hooks,
    pre_down=st.none() | hooks,
    post_down=st.none() | hooks,
    save_config=st.sampled_from([None, False, True]),
)
everything = files | st.sampled_from(
    [*CASES, LISTS, LISTS.replace(b"\n", b"\r\n"), b"", b"\xef\xbb\xbf[Peer]"]
)


def is_editable(data: bytes) -> bool:
    try:
        require_editable(parse(data))
    except EditRefused:
        return False
    return True


def lost(before: Document, after: Document) -> Counter[bytes]:
    def lines(document: Document) -> Counter[bytes]:
        return Counter(raw.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n") for raw in document.lines)

    return lines(before) - lines(after)


@given(data=everything, edit=edits)
def test_what_was_set_is_read_back_and_nothing_else_changes(data: bytes, edit: InterfaceEdit) -> None:
    assume(is_editable(data))
    document = parse(data)
    changed = edit_interface(document, edit)
    before, after = interface_values(document), interface_values(changed)
    for name in InterfaceEdit.__slots__:
        wanted = getattr(edit, name)
        if wanted is None and name.startswith("dns") and (edit.dns_servers, edit.dns_search) == (None, None):
            assert getattr(after, name) == getattr(before, name)
        elif wanted is not None:
            assert getattr(after, name) == wanted, name
    reading = read_config(document)
    own = Counter(
        document.lines[statement.index].rstrip(b"\r\n")
        for statements in reading.interface.values()
        for statement in statements
    )
    assert not lost(document, changed) - own
    assert read_config(changed).config.peers() == reading.config.peers()
    assert [peer.name for peer in named_peers(changed)] == [peer.name for peer in named_peers(document)]
    assert bytes(edit_interface(changed, edit)) == bytes(changed)


@given(data=everything)
def test_saving_a_form_without_a_change_changes_nothing(data: bytes) -> None:
    assume(is_editable(data))
    document = parse(data)
    nothing = only_changes(interface_values(document), interface_values(document))
    assert nothing == InterfaceEdit()
    assert bytes(edit_interface(document, nothing)) == data


def test_lists_and_hooks_stay_on_their_lines() -> None:
    edit = InterfaceEdit(
        addresses=(OTHER_V4, V6, IPv6Interface("fd09::1/64")),
        dns_servers=("1.1.1.1", "9.9.9.9"),
        post_up=("a # 1", "new", "c #3", "d"),
    )
    assert bytes(edit_interface(parse(LISTS), edit)) == (
        b"[Interface]\n  Address = 10.9.0.1/24 # both\naddress=fd08::1/64, fd09::1/64\n"
        b"DNS = 1.1.1.1, 9.9.9.9, example.org\nPostUp = a # 1\n# between\nPostUp = new\nPostUp=c #3\n"
        b"PostUp = d\n\n[Peer]\n"
    )


def test_an_order_that_matters_goes_before_the_lines() -> None:
    edit = InterfaceEdit(addresses=(V6, V4))
    changed = bytes(edit_interface(parse(LISTS), edit))
    assert changed.startswith(b"[Interface]\naddress=fd08::1/64, 10.8.0.1/24\nDNS")


def test_a_first_hook_goes_in_front_of_the_others() -> None:
    changed = bytes(edit_interface(parse(LISTS), InterfaceEdit(post_up=("z", "a # 1", "b", "c #3"))))
    assert changed == LISTS.replace(b"PostUp = a", b"PostUp = z\nPostUp = a")


def test_the_last_line_of_all_sections_counts() -> None:
    text = (
        b"[Interface]\nMTU = 1400\nListenPort = 1\n[Peer]\n[Interface]\nListenPort=2 # now\nListenPort = 3\n"
    )
    changed = edit_interface(parse(text), InterfaceEdit(listen_port=4, fwmark=0xCA6C))
    assert bytes(changed) == (
        b"[Interface]\nMTU = 1400\nFwMark = 0xca6c\n[Peer]\n[Interface]\nListenPort = 4\n"
    )


def test_new_keys_stand_in_the_usual_order() -> None:
    edit = InterfaceEdit(PRIVATE, (V4,), 5, 1400, ("1.1.1.1",), (), "off", save_config=True)
    changed = edit_interface(parse(b"[Interface]\n# ours\n\tListenPort = 1\n\n[Peer]\n"), edit)
    assert bytes(changed).decode() == (
        f"[Interface]\nPrivateKey = {PRIVATE.reveal()}\nAddress = 10.8.0.1/24\n# ours\n\tListenPort = 5\n"
        "\tMTU = 1400\n\tDNS = 1.1.1.1\n\tTable = off\n\tSaveConfig = true\n\n[Peer]\n"
    )


def test_a_new_file() -> None:
    edit = InterfaceEdit(PRIVATE, (V4, V6), 51820, fwmark=1, post_up=("a", "b # c"), post_down=("d",))
    document = new_interface(edit)
    assert bytes(document).decode() == (
        f"[Interface]\nPrivateKey = {PRIVATE.reveal()}\nAddress = 10.8.0.1/24, fd08::1/64\n"
        "ListenPort = 51820\nFwMark = 0x1\nPostUp = a\nPostUp = b # c\nPostDown = d\n"
    )
    assert read_config(document).findings.sorted() == ()


def test_a_file_of_peers_gets_its_interface_on_top() -> None:
    peers = f"# alice\n[Peer]\nPublicKey = {KEYS[0]}\n".encode()
    changed = edit_interface(parse(peers), InterfaceEdit(mtu=1400))
    assert bytes(changed) == b"[Interface]\nMTU = 1400\n\n" + peers


@pytest.mark.parametrize(
    "edit",
    [
        InterfaceEdit(post_up=("a\n[Peer]",)),
        InterfaceEdit(table="off\rx"),
        InterfaceEdit(dns_servers=(f"1.1.1.1 # {SECRET}",)),
    ],
)
def test_a_value_cannot_break_out_of_its_line(edit: InterfaceEdit) -> None:
    with pytest.raises(InvalidValue) as caught:
        edit_interface(parse(TYPICAL), edit)
    assert SECRET not in str(caught.value)
