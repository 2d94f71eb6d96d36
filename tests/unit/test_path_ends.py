"""What can be chosen as an end of a path."""

from __future__ import annotations

from ipaddress import ip_network

from wgtui.domain.device import Peer
from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import DeviceState, PeerState
from wgtui.ui.presentation.path_ends import ends_of


def peer(number: int, name: str) -> PeerState:
    return PeerState(
        Peer(PublicKey(bytes([number]) * 32), allowed_ips=(ip_network(f"10.0.0.{number}/32"),)), name
    )


def test_peers_come_behind_the_host_by_their_names() -> None:
    peers = (peer(1, "phone10"), peer(2, ""), peer(3, "phone9"), peer(4, "Alice"))
    ends = ends_of(DeviceState("wg0", None, peers=peers))
    labels = [end.label for end in ends]
    nameless = peers[1].peer.public_key.short()
    assert labels == ["this host", "the internet", "Alice", "phone9", "phone10", nameless]
    assert [end.about for end in ends[2:4]] == ["10.0.0.4", "10.0.0.3"]


def test_without_an_interface_only_the_host_can_be_chosen() -> None:
    assert [end.value for end in ends_of(None)] == ["host", "internet"]
