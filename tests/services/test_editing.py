"""Edits of peers and interfaces as plans: the file, what runs, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.interface_host import FOLDER, OTHER_KEY, PEER_KEY, PRIVATE_KEY, InterfaceHost
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.addresses import Prefix, prefix_of
from wgtui.domain.change import PeerChange
from wgtui.domain.config import read_config
from wgtui.domain.device import Device, Peer
from wgtui.domain.editing import NO_PRESHARED_KEY, InterfaceEdit, PeerEdit
from wgtui.domain.errors import ConfigRefused, ConfigUnreadable, EditRefused
from wgtui.domain.grammar.quick import parse_address
from wgtui.domain.host import FileImage, UnitState
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.plan import ConfigureDevice, Plan, SetFile
from wgtui.domain.wgquick import parse
from wgtui.services.editing import ConfigEditor, InterfacePlans, NewPeer, PeerPlans

PEER = PublicKey.parse(PEER_KEY)
OTHER = PublicKey.parse(OTHER_KEY)
TWO_PEERS = f"""\
[Interface]
PrivateKey = {PRIVATE_KEY}
Address = 10.0.0.1/24
ListenPort = 51820

[Peer]
# Name = home
PublicKey = {PEER_KEY}
AllowedIPs = 10.0.0.2/32, 192.168.2.0/24

[Peer]
# Name = phone
PublicKey = {OTHER_KEY}
AllowedIPs = 10.0.0.3/32
"""


class Relay(InterfaceHost):
    """A relay with two peers, up."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.up(TWO_PEERS)
        editor = ConfigEditor(self.context, FOLDER, self.made)
        self.peers = PeerPlans(editor, NaclKeypairs())
        self.interfaces = InterfacePlans(editor, NaclKeypairs())

    def text(self, path: str = f"{FOLDER}/wg0.conf") -> str:
        """A file as text."""
        return self.files.files[path].content.decode()

    @property
    def device(self) -> Device:
        """What runs."""
        return self.context.host.wireguard.read("wg0")

    def allowed(self, key: PublicKey) -> set[str]:
        """A running peer's allowed IPs."""
        peer = self.device.peer(key)
        assert peer is not None
        return {str(prefix) for prefix in peer.allowed_ips}

    def essence(self) -> object:
        """The host's state without the order of peers: one that comes back comes last."""
        devices, *others = self.state()
        return [replace(device, peers=()) for device in devices], frozenset(self.device.peers), others

    def apply(self, plan: Plan) -> None:
        """Apply it, undo it, see that nothing is left of it, and apply it again."""
        before = self.essence()
        applied = self.transaction.apply(plan)
        after = self.essence()
        assert applied.number is not None
        undone = self.transaction.undo(applied.number)
        assert self.essence() == before
        assert undone.number is not None
        self.transaction.undo(undone.number)
        assert self.essence() == after


@pytest.fixture
def relay() -> Relay:
    return Relay()


def prefixes(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(prefix_of, texts))


def changes_of(plan: Plan) -> tuple[PeerChange, ...]:
    """What a plan sends to peers."""
    return tuple(
        peer for step in plan.steps if isinstance(step, ConfigureDevice) for peer in step.change.peers
    )


def test_a_new_peer_comes_into_the_file_the_device_and_the_routes(relay: Relay) -> None:
    key = NaclKeypairs().public_key(NaclKeypairs().generate_private_key())
    edit = PeerEdit(name="lab", public_key=key, allowed_ips=prefixes("10.0.0.4/32", "172.16.0.0/12"))
    relay.apply(relay.peers.add("wg0", edit))
    assert relay.text().endswith(
        f"[Peer]\n# Name = lab\nPublicKey = {key}\nAllowedIPs = 10.0.0.4/32, 172.16.0.0/12\n"
    )
    assert relay.allowed(key) == {"10.0.0.4/32", "172.16.0.0/12"}
    assert relay.destinations() == {"192.168.2.0/24", "172.16.0.0/12"}


def test_an_edit_sends_nothing_to_other_peers(relay: Relay) -> None:
    plan = relay.peers.edit("wg0", PEER, PeerEdit(persistent_keepalive=25))
    assert [change.public_key for change in changes_of(plan)] == [PEER]
    relay.apply(plan)
    assert "PersistentKeepalive = 25" in relay.text()


def test_a_prefix_moves_from_peer_to_peer(relay: Relay) -> None:
    relay.apply(
        relay.peers.edit("wg0", OTHER, PeerEdit(allowed_ips=prefixes("10.0.0.3/32", "192.168.2.0/24")))
    )
    assert relay.allowed(PEER) == {"10.0.0.2/32"}
    assert "AllowedIPs = 10.0.0.2/32\n" in relay.text()
    assert relay.destinations() == {"192.168.2.0/24"}


def test_a_prefix_that_goes_takes_its_route_along(relay: Relay) -> None:
    relay.apply(relay.peers.edit("wg0", PEER, PeerEdit(allowed_ips=prefixes("10.0.0.2/32"))))
    assert relay.destinations() == set()


def test_drift_is_left_as_it_is(relay: Relay) -> None:
    drifted = relay.text().replace("10.0.0.3/32", "10.0.0.33/32").replace("51820", "51999")
    relay.write(drifted)
    plan = relay.peers.edit("wg0", PEER, PeerEdit(persistent_keepalive=25))
    assert [change.public_key for change in changes_of(plan)] == [PEER]
    relay.apply(plan)
    assert relay.allowed(OTHER) == {"10.0.0.3/32"}
    assert relay.device.listen_port == 51820


@pytest.mark.parametrize("key", [PEER, OTHER])
def test_disable_and_enable(relay: Relay, key: PublicKey) -> None:
    text, peers = relay.text(), set(relay.device.peers)
    relay.apply(relay.peers.disable("wg0", key))
    assert relay.device.peer(key) is None
    assert [peer.enabled for peer in relay.peers.list("wg0") if peer.public_key == key] == [False]
    relay.apply(relay.peers.enable("wg0", key))
    assert relay.text() == text
    assert set(relay.device.peers) == peers


def test_remove(relay: Relay) -> None:
    relay.apply(relay.peers.remove("wg0", PEER))
    assert PEER_KEY not in relay.text()
    assert relay.device.peer(PEER) is None
    assert relay.destinations() == set()


def test_a_peer_with_generated_keys_gets_a_file_of_its_own(relay: Relay) -> None:
    new = NewPeer(
        PeerEdit(name="laptop", allowed_ips=prefixes("10.0.0.4/32")),
        addresses=(parse_address("10.0.0.4/24"),),
        reaches=prefixes("10.0.0.0/24", "192.168.2.0/24"),
        with_preshared_key=True,
    )
    plan = relay.peers.add_new("wg0", new)
    assert "PrivateKey" not in str(plan)
    relay.apply(plan)
    path = f"{FOLDER}/peers/wg0/laptop.conf"
    assert relay.files.files[path].mode == 0o600
    own = read_config(parse(relay.files.files[path].content)).config
    peer = relay.peers.find("wg0", "laptop")
    assert own.private_key is not None
    assert NaclKeypairs().public_key(own.private_key) == peer.public_key
    (relay_peer,) = own.peers()
    assert relay_peer.public_key == relay.device.public_key
    assert relay_peer.preshared_key == peer.settings.preshared_key
    assert relay_peer.persistent_keepalive == 25
    assert relay.peers.own_file("wg0", peer) == relay.files.files[path].content


def test_keys_are_renewed_on_both_sides(relay: Relay) -> None:
    new = NewPeer(PeerEdit(name="laptop", allowed_ips=prefixes("10.0.0.4/32")), (), prefixes("10.0.0.0/24"))
    relay.apply(relay.peers.add_new("wg0", new))
    old = relay.peers.find("wg0", "laptop")
    plan = relay.peers.rotate("wg0", old.public_key, key_pair=True, preshared_key=True)
    assert "until it has its new file" in plan.notes[0]
    relay.apply(plan)
    renewed = relay.peers.find("wg0", "laptop")
    assert renewed.public_key != old.public_key
    assert relay.device.peer(old.public_key) is None
    own = read_config(parse(relay.files.files[f"{FOLDER}/peers/wg0/laptop.conf"].content)).config
    assert own.peers()[0].preshared_key == renewed.settings.preshared_key
    running = relay.device.peer(renewed.public_key)
    assert running is not None
    assert running.preshared_key == renewed.settings.preshared_key


def test_keys_that_are_not_here_are_not_renewed(relay: Relay) -> None:
    with pytest.raises(EditRefused, match="not on this host"):
        relay.peers.rotate("wg0", PEER, key_pair=True, preshared_key=False)


def test_a_renamed_peer_takes_its_file_along_and_a_removed_one_too(relay: Relay) -> None:
    new = NewPeer(PeerEdit(name="laptop"), (), prefixes("10.0.0.0/24"))
    relay.apply(relay.peers.add_new("wg0", new))
    key = relay.peers.find("wg0", "laptop").public_key
    relay.apply(relay.peers.edit("wg0", key, PeerEdit(name="old laptop")))
    assert not [path for path in relay.files.files if path.endswith("laptop.conf")]
    assert len([path for path in relay.files.files if "/peers/" in path]) == 1
    relay.apply(relay.peers.remove("wg0", key))
    assert not [path for path in relay.files.files if "/peers/" in path]


def test_a_new_preshared_key_reaches_the_peers_own_file(relay: Relay) -> None:
    relay.apply(relay.peers.add_new("wg0", NewPeer(PeerEdit(name="laptop"), (), prefixes("10.0.0.0/24"))))
    peer = relay.peers.find("wg0", "laptop")
    secret = PresharedKey(b"p" * 32)

    def own() -> str:
        return (relay.peers.own_file("wg0", relay.peers.find("wg0", "laptop")) or b"").decode()

    before = own()
    plan = relay.peers.edit("wg0", peer.public_key, PeerEdit(preshared_key=secret))
    assert plan.notes[0] == "laptop cannot talk to wg0 until it has its new file."
    relay.apply(plan)
    assert f"PresharedKey = {secret.reveal()}\n" in own()
    relay.apply(relay.peers.edit("wg0", peer.public_key, PeerEdit(preshared_key=NO_PRESHARED_KEY)))
    assert own() == before
    relay.apply(relay.peers.edit("wg0", peer.public_key, PeerEdit(persistent_keepalive=5)))
    assert own() == before


def test_somebody_elses_file_is_not_taken_for_a_peers(relay: Relay) -> None:
    relay.files.write(
        f"{FOLDER}/peers/wg0/home.conf", FileImage(f"[Interface]\nPrivateKey={PRIVATE_KEY}\n".encode())
    )
    relay.apply(relay.peers.remove("wg0", PEER))
    assert f"{FOLDER}/peers/wg0/home.conf" in relay.files.files


def test_an_interface_that_is_down_is_only_written(relay: Relay) -> None:
    relay.down()
    plan = relay.peers.edit("wg0", PEER, PeerEdit(preshared_key=PresharedKey(b"p" * 32)))
    assert [type(step) for step in plan.steps] == [SetFile]
    assert "not up" in plan.notes[0]


def test_settings_of_a_running_interface(relay: Relay) -> None:
    addresses = (parse_address("10.0.0.1/24"), parse_address("fd00::1/64"))
    relay.apply(relay.interfaces.edit("wg0", InterfaceEdit(addresses=addresses, listen_port=51900, mtu=1300)))
    assert relay.device.listen_port == 51900
    assert relay.addresses() == {"10.0.0.1/24", "fd00::1/64"}
    assert "MTU = 1300" in relay.text()


def test_a_new_private_key_says_what_the_peers_need(relay: Relay) -> None:
    key = NaclKeypairs().generate_private_key()
    plan = relay.interfaces.edit("wg0", InterfaceEdit(private_key=key))
    assert "needs its new public key" in plan.notes[0]
    assert key.reveal() not in str(plan)
    relay.apply(plan)
    assert relay.device.private_key == key.clamped()


def test_create_and_delete_an_interface(relay: Relay) -> None:
    edit = InterfaceEdit(addresses=(parse_address("10.9.0.1/24"),), listen_port=51999)
    relay.apply(relay.interfaces.create("wg9", edit))
    assert relay.files.files[f"{FOLDER}/wg9.conf"].mode == 0o600
    relay.apply(relay.interfaces.delete("wg9"))
    with pytest.raises(EditRefused, match="wg0 is up"):
        relay.interfaces.delete("wg0")
    with pytest.raises(EditRefused, match="exists already"):
        relay.interfaces.create("wg0", edit)
    with pytest.raises(EditRefused, match="interface eth0 already"):
        relay.interfaces.create("eth0", edit)
    with pytest.raises(ConfigUnreadable, match="wg9"):
        relay.peers.list("wg9")


def test_a_deleted_interface_is_not_brought_up_at_boot(relay: Relay) -> None:
    unit = "wg-quick@wg9.service"
    relay.units.units[unit] = UnitState(enabled=True, active=False)
    relay.apply(relay.interfaces.create("wg9", InterfaceEdit()))
    relay.apply(relay.interfaces.delete("wg9"))
    assert relay.units.units[unit] == UnitState(enabled=False, active=False)


def test_a_broken_file_is_not_written(relay: Relay) -> None:
    relay.write(relay.text() + "Nonsense = 1\n")
    with pytest.raises(ConfigRefused, match=r"wg0\.conf:\d+"):
        relay.peers.edit("wg0", PEER, PeerEdit(persistent_keepalive=25))


def test_a_peer_is_found_by_name_and_key(relay: Relay) -> None:
    for which in ("home", PEER_KEY, PEER_KEY[:6]):
        assert relay.peers.find("wg0", which).public_key == PEER
    with pytest.raises(EditRefused, match="no peer nobody"):
        relay.peers.find("wg0", "nobody")
    relay.write(relay.text().replace("phone", "home"))
    with pytest.raises(EditRefused, match="2 peers home"):
        relay.peers.find("wg0", "home")


def test_silent_peers_stay_the_same(relay: Relay) -> None:
    before: dict[PublicKey, Peer] = {peer.public_key: peer for peer in relay.device.peers}
    relay.apply(relay.peers.edit("wg0", PEER, PeerEdit(persistent_keepalive=25)))
    assert relay.device.peer(OTHER) == before[OTHER]
