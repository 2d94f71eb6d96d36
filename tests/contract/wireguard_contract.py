"""What every implementation of the `WireGuard` port does. Subclass `WireGuardContract` and give it a `rig`.

class TestMine(WireGuardContract):
    @pytest.fixture
    def rig(self) -> Iterator[Rig]:
        ...
        yield Rig(wireguard=..., device="wg0", vanish=...)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

import pytest

from wgtui.domain.addresses import Endpoint, Prefix, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.errors import DeviceGone
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.ports.wireguard import WireGuard


@dataclass(frozen=True)
class Rig:
    """One fresh device behind an implementation of the port.

    Attributes:
        wireguard: The implementation.
        device: Name of a device that has no key, no peers, no fwmark.
        vanish: Makes the device disappear.
        implementation: What `Device.implementation` shall say.
        keeps_order: Whether peers are reported in the order of insertion.
        keeps_allowed_order: Whether allowed IPs are.
    """

    wireguard: WireGuard
    device: str
    vanish: Callable[[], None]
    implementation: Implementation = Implementation.KERNEL
    keeps_order: bool = True
    keeps_allowed_order: bool = True

    def read(self) -> Device:
        """The device now."""
        return self.wireguard.read(self.device)

    def set(self, *peers: PeerChange, **settings: object) -> Device:
        """Apply a change and read back."""
        self.wireguard.configure(self.device, DeviceChange(peers=peers, **settings))  # type: ignore[arg-type]
        return self.read()


def public_key(number: int) -> PublicKey:
    """A public key that is the same in every run."""
    return PublicKey(hashlib.sha256(b"peer %d" % number).digest())


def preshared_key(number: int) -> PresharedKey:
    """A preshared key that is the same in every run."""
    return PresharedKey(hashlib.sha256(b"preshared %d" % number).digest())


def prefixes(*texts: str) -> tuple[Prefix, ...]:
    """Allowed IPs."""
    return tuple(prefix_of(text) for text in texts)


def endpoint(host: str, port: int) -> Endpoint:
    """An endpoint."""
    return Endpoint(ip_address(host), port)


def peer_of(device: Device, number: int) -> Peer:
    """The peer with `public_key(number)`, which has to be there."""
    peer = device.peer(public_key(number))
    assert peer is not None, f"peer {number} is missing"
    return peer


def allowed(device: Device, number: int) -> set[str]:
    """A peer's allowed IPs as text, without their order."""
    return {str(prefix) for prefix in peer_of(device, number).allowed_ips}


# RFC 7748, section 6.1, Alice. The private key is not clamped as it stands there.
PRIVATE = PrivateKey(bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
PUBLIC = PublicKey(bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"))
NO_PRIVATE_KEY = PrivateKey(bytes(32))
NO_PRESHARED_KEY = PresharedKey(bytes(32))


class WireGuardContract:
    """The suite."""

    @pytest.fixture
    def rig(self) -> Rig:
        raise AssertionError("the subclass has to provide a rig")

    # Listing and reading

    def test_a_device_is_listed(self, rig: Rig) -> None:
        assert rig.device in rig.wireguard.names()

    def test_names_are_sorted(self, rig: Rig) -> None:
        names = rig.wireguard.names()
        assert list(names) == sorted(names)

    def test_a_fresh_device_has_nothing(self, rig: Rig) -> None:
        device = rig.read()
        assert device.name == rig.device
        assert device.implementation is rig.implementation
        assert (device.private_key, device.public_key, device.fwmark, device.peers) == (None, None, 0, ())

    @pytest.mark.parametrize("name", ["nosuch", "a-name-that-no-link-may-have", ""])
    def test_a_device_that_is_not_there_is_gone(self, rig: Rig, name: str) -> None:
        with pytest.raises(DeviceGone):
            rig.wireguard.read(name)
        with pytest.raises(DeviceGone):
            rig.wireguard.configure(name, DeviceChange(fwmark=1))

    def test_a_device_that_vanishes_is_gone(self, rig: Rig) -> None:
        rig.read()
        rig.vanish()
        with pytest.raises(DeviceGone):
            rig.read()
        assert rig.device not in rig.wireguard.names()

    # The device's own settings

    def test_a_private_key_is_clamped_and_gives_the_public_key(self, rig: Rig) -> None:
        device = rig.set(private_key=PRIVATE)
        assert device.private_key == PRIVATE.clamped() != PRIVATE
        assert device.public_key == PUBLIC

    def test_the_zero_private_key_removes_it(self, rig: Rig) -> None:
        rig.set(private_key=PRIVATE)
        device = rig.set(private_key=NO_PRIVATE_KEY)
        assert device.private_key is None
        assert device.public_key is None

    def test_fwmark_is_set_and_cleared(self, rig: Rig) -> None:
        assert rig.set(fwmark=0xFFFFFFFF).fwmark == 0xFFFFFFFF
        assert rig.set(fwmark=0).fwmark == 0

    def test_the_listen_port_is_set(self, rig: Rig) -> None:
        assert rig.set(listen_port=51999).listen_port == 51999

    def test_what_is_not_named_stays(self, rig: Rig) -> None:
        rig.set(
            PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.1/32")),
            private_key=PRIVATE,
            fwmark=7,
            listen_port=51999,
        )
        device = rig.set(PeerChange(public_key(2)))
        assert (device.private_key, device.fwmark, device.listen_port) == (PRIVATE.clamped(), 7, 51999)
        assert allowed(device, 1) == {"10.0.0.1/32"}

    def test_an_empty_change_does_nothing(self, rig: Rig) -> None:
        before = rig.set(PeerChange(public_key(1)), private_key=PRIVATE)
        assert rig.set() == before

    # Peers

    def test_a_peer_comes_back_as_it_was_set(self, rig: Rig) -> None:
        change = PeerChange(
            public_key(1),
            preshared_key=preshared_key(1),
            endpoint=endpoint("192.0.2.7", 51820),
            persistent_keepalive=25,
            allowed_ips=prefixes("10.66.0.2/32", "192.168.50.0/24", "fd66::2/128"),
        )
        peer = peer_of(rig.set(change), 1)
        assert peer.preshared_key == preshared_key(1)
        assert peer.endpoint == endpoint("192.0.2.7", 51820)
        assert peer.persistent_keepalive == 25
        assert set(peer.allowed_ips) == set(change.allowed_ips)
        assert (peer.latest_handshake, peer.rx_bytes, peer.tx_bytes) == (None, 0, 0)

    def test_a_bare_peer_has_nothing(self, rig: Rig) -> None:
        assert peer_of(rig.set(PeerChange(public_key(1))), 1) == Peer(public_key(1))

    def test_an_ipv6_endpoint(self, rig: Rig) -> None:
        device = rig.set(PeerChange(public_key(1), endpoint=endpoint("2001:db8::7", 65535)))
        assert peer_of(device, 1).endpoint == endpoint("2001:db8::7", 65535)

    def test_zero_clears_keepalive_and_preshared_key(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1), preshared_key=preshared_key(1), persistent_keepalive=65535))
        device = rig.set(PeerChange(public_key(1), preshared_key=NO_PRESHARED_KEY, persistent_keepalive=0))
        assert (peer_of(device, 1).preshared_key, peer_of(device, 1).persistent_keepalive) == (None, 0)

    def test_a_change_to_one_peer_leaves_the_others_alone(self, rig: Rig) -> None:
        others = [
            PeerChange(
                public_key(number),
                preshared_key=preshared_key(number),
                endpoint=endpoint("192.0.2.1", number),
                persistent_keepalive=number,
                allowed_ips=prefixes(f"10.0.0.{number}/32"),
            )
            for number in range(1, 6)
        ]
        before = rig.set(*others)
        after = rig.set(PeerChange(public_key(3), persistent_keepalive=99))
        for number in (1, 2, 4, 5):
            assert peer_of(after, number) == peer_of(before, number)
        assert peer_of(after, 3).persistent_keepalive == 99
        assert peer_of(after, 3).endpoint == endpoint("192.0.2.1", 3)

    def test_a_peer_is_removed(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1)), PeerChange(public_key(2)))
        device = rig.set(PeerChange(public_key(1), remove=True))
        assert [peer.public_key for peer in device.peers] == [public_key(2)]

    def test_removing_a_peer_that_is_not_there_is_no_error(self, rig: Rig) -> None:
        assert rig.set(PeerChange(public_key(9), remove=True)).peers == ()

    def test_update_only_never_creates(self, rig: Rig) -> None:
        change = PeerChange(public_key(9), update_only=True, allowed_ips=prefixes("10.0.0.0/8"))
        assert rig.set(change).peers == ()

    def test_update_only_updates(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1)))
        device = rig.set(PeerChange(public_key(1), update_only=True, persistent_keepalive=5))
        assert peer_of(device, 1).persistent_keepalive == 5

    def test_replace_peers_drops_all_others(self, rig: Rig) -> None:
        rig.set(*(PeerChange(public_key(number)) for number in range(5)))
        device = rig.set(PeerChange(public_key(7)), replace_peers=True)
        assert [peer.public_key for peer in device.peers] == [public_key(7)]

    def test_replace_peers_with_none_empties_the_device(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1)))
        assert rig.set(replace_peers=True).peers == ()

    def test_the_device_is_never_its_own_peer(self, rig: Rig) -> None:
        assert rig.set(PeerChange(PUBLIC), private_key=PRIVATE).peers == ()

    def test_peers_keep_their_order(self, rig: Rig) -> None:
        numbers = [5, 3, 9, 1, 7]
        device = rig.set(*(PeerChange(public_key(number)) for number in numbers))
        keys = [peer.public_key for peer in device.peers]
        wanted = [public_key(number) for number in numbers]
        assert (keys if rig.keeps_order else set(keys)) == (wanted if rig.keeps_order else set(wanted))

    # Allowed IPs

    def test_allowed_ips_add_up(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.1/32")))
        device = rig.set(PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.2/32", "::/0")))
        assert allowed(device, 1) == {"10.0.0.1/32", "10.0.0.2/32", "::/0"}

    def test_allowed_ips_keep_their_order(self, rig: Rig) -> None:
        wanted = prefixes("10.9.0.0/16", "fd00::/8", "10.1.0.0/16", "0.0.0.0/0", "10.5.0.1/32")
        got = peer_of(rig.set(PeerChange(public_key(1), allowed_ips=wanted)), 1).allowed_ips
        assert got == wanted if rig.keeps_allowed_order else set(got) == set(wanted)

    def test_allowed_ips_are_replaced(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.1/32", "10.0.0.2/32")))
        device = rig.set(
            PeerChange(public_key(1), replace_allowed_ips=True, allowed_ips=prefixes("10.0.0.3/32"))
        )
        assert allowed(device, 1) == {"10.0.0.3/32"}

    def test_allowed_ips_are_cleared(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.1/32", "fd00::/8")))
        assert allowed(rig.set(PeerChange(public_key(1), replace_allowed_ips=True)), 1) == set()

    def test_a_prefix_moves_to_who_names_it_last(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.0/24", "10.0.1.0/24")))
        device = rig.set(PeerChange(public_key(2), allowed_ips=prefixes("10.0.0.0/24")))
        assert (allowed(device, 1), allowed(device, 2)) == ({"10.0.1.0/24"}, {"10.0.0.0/24"})

    def test_a_longer_prefix_of_another_peer_does_not_move(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.0/24")))
        device = rig.set(PeerChange(public_key(2), allowed_ips=prefixes("10.0.0.0/8", "10.0.0.1/32")))
        assert allowed(device, 1) == {"10.0.0.0/24"}

    def test_a_single_allowed_ip_is_removed(self, rig: Rig) -> None:
        rig.set(PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.1/32", "10.0.0.2/32", "fd00::/64")))
        device = rig.set(
            PeerChange(public_key(1), removed_allowed_ips=prefixes("10.0.0.1/32", "fd00::/64")),
        )
        assert allowed(device, 1) == {"10.0.0.2/32"}

    def test_removing_what_another_peer_owns_does_nothing(self, rig: Rig) -> None:
        rig.set(
            PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.1/32")),
            PeerChange(public_key(2), allowed_ips=prefixes("10.0.0.2/32")),
        )
        device = rig.set(PeerChange(public_key(1), removed_allowed_ips=prefixes("10.0.0.2/32")))
        assert (allowed(device, 1), allowed(device, 2)) == ({"10.0.0.1/32"}, {"10.0.0.2/32"})

    def test_removals_and_moves_in_one_change(self, rig: Rig) -> None:
        rig.set(
            PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.1/32", "10.0.0.2/32", "10.0.0.3/32")),
            PeerChange(public_key(2), allowed_ips=prefixes("10.0.0.4/32")),
        )
        device = rig.set(
            PeerChange(public_key(2), allowed_ips=prefixes("10.0.0.1/32")),
            PeerChange(
                public_key(1),
                removed_allowed_ips=prefixes("10.0.0.2/32"),
                allowed_ips=prefixes("10.0.0.5/32"),
                persistent_keepalive=9,
            ),
        )
        assert allowed(device, 1) == {"10.0.0.3/32", "10.0.0.5/32"}
        assert allowed(device, 2) == {"10.0.0.1/32", "10.0.0.4/32"}
        assert peer_of(device, 1).persistent_keepalive == 9

    @pytest.mark.parametrize("replaces", [False, True])
    def test_what_is_taken_away_is_not_added(self, rig: Rig, replaces: bool) -> None:
        rig.set(
            PeerChange(public_key(1), allowed_ips=prefixes("10.0.0.1/32")),
            PeerChange(public_key(2), allowed_ips=prefixes("10.0.0.2/32")),
        )
        both = prefixes("10.0.0.1/32", "10.0.0.2/32", "10.0.0.3/32")
        device = rig.set(
            PeerChange(
                public_key(1),
                replace_allowed_ips=replaces,
                allowed_ips=(*both, *prefixes("10.0.0.4/32")),
                removed_allowed_ips=both,
            )
        )
        assert (allowed(device, 1), allowed(device, 2)) == ({"10.0.0.4/32"}, {"10.0.0.2/32"})

    # Sizes

    def test_many_peers_in_one_change(self, rig: Rig) -> None:
        changes = [
            PeerChange(
                public_key(number),
                preshared_key=preshared_key(number),
                endpoint=endpoint("198.51.100.1", number + 1),
                allowed_ips=prefixes(f"10.1.{number >> 8}.{number & 255}/32"),
            )
            for number in range(700)
        ]
        device = rig.set(*changes, private_key=PRIVATE, fwmark=5, replace_peers=True)
        assert (len(device.peers), device.fwmark, device.public_key) == (700, 5, PUBLIC)
        for number in (0, 1, 349, 698, 699):
            assert peer_of(device, number).endpoint == endpoint("198.51.100.1", number + 1)
            assert peer_of(device, number).allowed_ips == changes[number].allowed_ips

    def test_many_allowed_ips_of_one_peer(self, rig: Rig) -> None:
        many = prefixes(
            *(f"10.2.{n >> 8}.{n & 255}/32" for n in range(1500)), *(f"fd00::{n:x}/128" for n in range(800))
        )
        rig.set(PeerChange(public_key(2), allowed_ips=prefixes("172.16.0.0/12")))
        change = PeerChange(public_key(1), replace_allowed_ips=True, persistent_keepalive=3, allowed_ips=many)
        device = rig.set(PeerChange(public_key(3)), change, PeerChange(public_key(4)))
        assert len(device.peers) == 4
        assert set(peer_of(device, 1).allowed_ips) == set(many)
        assert len(peer_of(device, 1).allowed_ips) == len(many)
        assert peer_of(device, 1).persistent_keepalive == 3

    # Secrets

    def test_no_representation_shows_a_secret(self, rig: Rig) -> None:
        device = rig.set(PeerChange(public_key(1), preshared_key=preshared_key(1)), private_key=PRIVATE)
        shown = f"{device!r} {device} {device.peers!r}"
        assert PRIVATE.clamped().reveal() not in shown
        assert preshared_key(1).reveal() not in shown
