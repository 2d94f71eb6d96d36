"""Peers that a file switches off, for those who list them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.domain.addresses import prefix_of
from wgtui.domain.editing import disable_peer, peers_of
from wgtui.domain.names import read_disabled
from wgtui.domain.wgquick import parse

KEY = "qz8kpZIOS3oYtHXmW1VrHzTk7YLJqfTRIwXfQ1DXxHA="
FILE = f"""[Interface]
ListenPort = 51820

[Peer]
# Name = phone
PublicKey = {KEY}
AllowedIPs = 10.0.0.2/32, 10.0.0.3
AllowedIPs = fd00::2/128, nonsense
"""


def test_what_disabling_leaves_is_found() -> None:
    document = parse(FILE.encode())
    peer = peers_of(document)[0]
    assert read_disabled(bytes(document)) == ()
    (found,) = read_disabled(bytes(disable_peer(document, peer.public_key)))
    assert (found.public_key, found.name) == (peer.public_key, "phone")
    assert found.allowed_ips == (prefix_of("10.0.0.2/32"), prefix_of("10.0.0.3/32"))


@pytest.mark.parametrize("mark", ["#[disabled] ", "#[disabled]", "#! "])
def test_the_marks_of_other_tools_are_known(mark: str) -> None:
    data = "".join(mark + line for line in FILE.splitlines(keepends=True)[3:])
    assert [str(peer.public_key) for peer in read_disabled(data.encode())] == [KEY]


def test_a_block_without_a_key_is_no_peer() -> None:
    assert read_disabled(b"#[disabled] [Peer]\n#[disabled] PublicKey = x\n") == ()


@given(st.binary())
def test_any_bytes_can_be_read(data: bytes) -> None:
    assert isinstance(read_disabled(b"#! [Peer]\n" + data), tuple)
