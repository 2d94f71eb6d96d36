"""Drift between file, kernel and boot: seen, said, and ended either way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address, ip_interface
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.interface_host import FOLDER, OTHER_KEY, PEER_KEY, PRIVATE_KEY, InterfaceHost
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.config import EndpointConfig
from wgtui.domain.drift import Difference, DriftKind
from wgtui.domain.errors import DeviceGone, EditRefused
from wgtui.domain.host import DnsSettings, UnitState
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.network import LinkSettings, link_route
from wgtui.domain.plan import Plan
from wgtui.domain.tunnel import link_address
from wgtui.services.drift import Comparison, DriftPlans, compare, plan_adopting
from wgtui.services.editing import ConfigEditor
from wgtui.services.interfaces import plan_sync

HOME, PHONE = PublicKey.parse(PEER_KEY), PublicKey.parse(OTHER_KEY)
OFFICE = NaclKeypairs().public_key(PrivateKey(bytes(range(32))))
STRANGER = NaclKeypairs().public_key(PrivateKey(bytes(range(1, 33))))
SECRET = PresharedKey(bytes(range(32)))
FILE = f"""\
# The relay at the harbour
[Interface]
PrivateKey = {PRIVATE_KEY}   # of 2024
Address = 10.0.0.1/24, fd00::1/64
ListenPort=51820
MTU = 1380
DNS = 9.9.9.9

[Peer]
# Name = home
PublicKey = {PEER_KEY}
AllowedIPs = 10.0.0.2/32, 192.168.2.0/24
Endpoint = home.example.com:7
PersistentKeepalive = 15

[Peer]
# Name = phone
PublicKey = {OTHER_KEY}
AllowedIPs = 10.0.0.3/32
PresharedKey = {SECRET.reveal()}

#[disabled] [Peer]
#[disabled] # Name = office
#[disabled] PublicKey = {OFFICE}
#[disabled] AllowedIPs = 10.0.0.4/32, 172.16.0.0/12
"""
AT_HOME = Endpoint(ip_address("192.0.2.7"), 7)
ELSEWHERE = Endpoint(ip_address("2001:db8::9"), 9)
NOW = 1_000_000.0


class Relay(InterfaceHost):
    """A relay that runs as its file says, brought up by its unit's own means."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.resolver.found[EndpointConfig("home.example.com", 7)] = AT_HOME
        self.up(FILE)
        self.units.units["wg-quick@wg0.service"] = UnitState(enabled=True, active=True)
        self.editor = ConfigEditor(self.context, FOLDER, self.made)
        self.plans = DriftPlans(self.editor, self.made)

    def compare(self, *, recorded: bool = True) -> Comparison:
        """What differs."""
        return compare(self.context, self.source(), self.made() if recorded else None, NOW)

    def up_again(self, text: str) -> None:
        """Take it down, and bring it up with another file, without a unit."""
        self.units.units.clear()
        self.down()
        self.up(text)

    @property
    def drift(self) -> tuple[Difference, ...]:
        """What differs."""
        return self.compare().differences

    @property
    def kinds(self) -> list[DriftKind]:
        """What kind of things differ."""
        return [difference.kind for difference in self.drift]

    @property
    def text(self) -> str:
        """The file."""
        return self.source().data.decode()

    def keep_file(self, difference: Difference) -> Plan:
        """Keep the file's."""
        plan = self.plans.keep_file("wg0", difference, NOW)
        self.transaction.apply(plan)
        return plan

    def keep_kernel(self, difference: Difference) -> Plan:
        """Keep the kernel's."""
        plan = self.plans.keep_kernel("wg0", difference, NOW)
        self.transaction.apply(plan)
        return plan

    def set_peer(self, key: PublicKey, **values: Any) -> None:
        """`wg set wg0 peer KEY ...`."""
        self.world.configure("wg0", DeviceChange(peers=(replace(PeerChange(key), **values),)))

    def set_mtu(self, mtu: int) -> None:
        """`ip link set wg0 mtu ...`."""
        self.network.set_link("wg0", LinkSettings(True, mtu))


Mutation = Callable[[Relay], object]


def _allowed(relay: Relay) -> None:
    more, less = prefix_of("192.168.9.0/24"), prefix_of("192.168.2.0/24")
    relay.set_peer(HOME, allowed_ips=(more,), removed_allowed_ips=(less,))


def _drop_rules(relay: Relay) -> None:
    for rule in relay.network.rules():
        if rule.invert or rule.suppress_prefix_length is not None:
            relay.network.remove_rule(rule)


MUTATIONS: dict[DriftKind, Mutation] = {
    DriftKind.PEER_MISSING: lambda relay: relay.set_peer(PHONE, remove=True),
    DriftKind.PEER_UNKNOWN: lambda relay: relay.set_peer(
        STRANGER, allowed_ips=(prefix_of("10.0.0.9/32"),), persistent_keepalive=5, preshared_key=SECRET
    ),
    DriftKind.PEER_DISABLED: lambda relay: relay.set_peer(OFFICE, allowed_ips=(prefix_of("10.0.0.4/32"),)),
    DriftKind.ALLOWED_IPS: _allowed,
    DriftKind.ENDPOINT: lambda relay: relay.set_peer(HOME, endpoint=ELSEWHERE),
    DriftKind.KEEPALIVE: lambda relay: relay.set_peer(HOME, persistent_keepalive=0),
    DriftKind.PRESHARED_KEY: lambda relay: relay.set_peer(PHONE, preshared_key=PresharedKey(bytes(32))),
    DriftKind.PRIVATE_KEY: lambda relay: relay.world.configure(
        "wg0", DeviceChange(private_key=PrivateKey(bytes(range(3, 35))))
    ),
    DriftKind.LISTEN_PORT: lambda relay: relay.world.configure("wg0", DeviceChange(listen_port=7777)),
    DriftKind.FWMARK: lambda relay: relay.world.configure("wg0", DeviceChange(fwmark=0x99)),
    DriftKind.MTU: lambda relay: relay.set_mtu(1400),
    DriftKind.ADDRESS_MISSING: lambda relay: relay.network.remove_address(
        "wg0", link_address(ip_interface("10.0.0.1/24"))
    ),
    DriftKind.ADDRESS_UNKNOWN: lambda relay: relay.network.add_address(
        "wg0", link_address(ip_interface("10.7.0.1/24"))
    ),
    DriftKind.DNS: lambda relay: relay.resolvconf.settings.update(wg0=DnsSettings(("1.1.1.1",), ("lan",))),
    DriftKind.ROUTE_MISSING: lambda relay: relay.network.remove_route(
        link_route(prefix_of("192.168.2.0/24"), "wg0")
    ),
    DriftKind.ROUTE_STALE: lambda relay: relay.network.add_route(
        link_route(prefix_of("192.168.77.0/24"), "wg0")
    ),
    DriftKind.NOT_AT_BOOT: lambda relay: relay.units.units.update(
        {"wg-quick@wg0.service": UnitState(enabled=False, active=True)}
    ),
}
NO_FILE_SAYS = (DriftKind.ROUTE_MISSING, DriftKind.DEFAULT_ROUTE)


@pytest.fixture
def relay() -> Relay:
    return Relay()


def test_after_up_nothing_differs(relay: Relay) -> None:
    assert relay.compare() == Comparison(True)
    assert relay.compare(recorded=False) == Comparison(True)


@pytest.mark.parametrize("kind", MUTATIONS)
def test_a_difference_is_seen_and_said_in_a_sentence(relay: Relay, kind: DriftKind) -> None:
    MUTATIONS[kind](relay)
    found = relay.drift[0]
    assert found.kind is kind
    for text in (found.text, found.file_way, found.kernel_way):
        assert text.endswith(".")
        assert PRIVATE_KEY not in text
        assert SECRET.reveal() not in text
    assert SECRET.reveal() not in repr(found)


@pytest.mark.parametrize("kind", [kind for kind in MUTATIONS if kind is not DriftKind.NOT_AT_BOOT])
def test_keep_the_file_s_then_nothing_differs(relay: Relay, kind: DriftKind) -> None:
    before = relay.text
    MUTATIONS[kind](relay)
    while relay.drift:
        relay.keep_file(relay.drift[0])
    assert relay.text == before
    assert plan_sync(relay.context, relay.source(), relay.made()).is_empty


@pytest.mark.parametrize("kind", [kind for kind in MUTATIONS if kind not in NO_FILE_SAYS])
def test_keep_the_kernel_s_then_nothing_differs(relay: Relay, kind: DriftKind) -> None:
    MUTATIONS[kind](relay)
    device, lines = relay.context.host.wireguard.read("wg0"), relay.text.splitlines()
    while kept_ones := [one for one in relay.drift if one.keeps_kernel]:
        relay.keep_kernel(kept_ones[0])
    assert relay.context.host.wireguard.read("wg0") == device, "the kernel stays as it is"
    kept = relay.text.splitlines()
    for comment in [line for line in lines if line.startswith("#") and "disabled" not in line]:
        gone = kind is DriftKind.PEER_MISSING and comment == "# Name = phone"
        assert gone or comment in kept


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(sorted(MUTATIONS, key=lambda kind: kind.value)), unique=True), st.data())
def test_any_differences_end_with_the_file_s(kinds: list[DriftKind], data: st.DataObject) -> None:
    relay = Relay()
    for kind in kinds:
        if kind is not DriftKind.NOT_AT_BOOT:
            MUTATIONS[kind](relay)
    for _ in range(40):
        if not relay.drift:
            break
        chosen = data.draw(st.sampled_from(relay.drift))
        relay.keep_file(chosen)
        assert chosen.key not in [one.key for one in relay.drift]
    assert relay.drift == ()
    assert plan_sync(relay.context, relay.source(), relay.made()).is_empty
    assert relay.text == FILE


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(sorted(MUTATIONS, key=lambda kind: kind.value)), unique=True), st.data())
def test_any_differences_end_with_the_kernel_s(kinds: list[DriftKind], data: st.DataObject) -> None:
    relay = Relay()
    for kind in kinds:
        MUTATIONS[kind](relay)
    before = relay.context.host.wireguard.read("wg0")
    for _ in range(40):
        open_ones = [one for one in relay.drift if one.keeps_kernel]
        if not open_ones:
            break
        chosen = data.draw(st.sampled_from(open_ones))
        relay.keep_kernel(chosen)
        assert chosen.key not in [one.key for one in relay.drift]
    assert {one.kind for one in relay.drift} <= set(NO_FILE_SAYS)
    assert relay.context.host.wireguard.read("wg0") == before


def test_one_of_two_differences_of_a_peer_is_ended_alone(relay: Relay) -> None:
    relay.set_peer(HOME, persistent_keepalive=99, preshared_key=SECRET)
    keepalive = next(one for one in relay.drift if one.kind is DriftKind.KEEPALIVE)
    relay.keep_file(keepalive)
    assert relay.kinds == [DriftKind.PRESHARED_KEY]
    relay.keep_kernel(relay.drift[0])
    assert relay.drift == ()
    assert "PersistentKeepalive = 15\n" in relay.text


def test_keeping_ends_only_what_was_chosen_in_the_file(relay: Relay) -> None:
    relay.set_peer(HOME, persistent_keepalive=99)
    relay.keep_kernel(relay.drift[0])
    assert relay.text == FILE.replace("PersistentKeepalive = 15", "PersistentKeepalive = 99")


def test_what_was_ended_meanwhile_needs_no_step(relay: Relay) -> None:
    relay.set_peer(HOME, persistent_keepalive=99)
    (difference,) = relay.drift
    relay.set_peer(HOME, persistent_keepalive=15)
    assert relay.plans.keep_file("wg0", difference, NOW).is_empty
    assert relay.plans.keep_kernel("wg0", difference, NOW).is_empty


def test_a_peer_that_is_heard_from_elsewhere_has_moved_and_that_is_no_drift(relay: Relay) -> None:
    relay.set_peer(HOME, endpoint=ELSEWHERE)
    world_peer = relay.context.host.wireguard.read("wg0").peer(HOME)
    assert world_peer is not None
    assert relay.kinds == [DriftKind.ENDPOINT]
    relay.world.device("wg0").peers[HOME] = replace(world_peer, latest_handshake=NOW - 60)
    assert relay.kinds == []


def test_a_peer_without_an_endpoint_in_the_file_may_be_anywhere(relay: Relay) -> None:
    relay.set_peer(PHONE, endpoint=ELSEWHERE)
    assert relay.kinds == []


def test_a_name_that_is_not_found_is_not_compared_and_that_is_said(relay: Relay) -> None:
    relay.resolver.found.clear()
    assert relay.compare() == Comparison(
        True, (), ("The endpoint home.example.com was not found, so it is not compared.",)
    )


def test_automatic_values_and_a_picked_port_are_no_drift() -> None:
    relay = Relay()
    relay.up_again(
        f"[Interface]\nPrivateKey = {PRIVATE_KEY}\nAddress = 10.0.0.2/32\n"
        f"[Peer]\nPublicKey = {PEER_KEY}\nAllowedIPs = 0.0.0.0/0, ::/0\n"
    )
    relay.world.configure("wg0", DeviceChange(listen_port=40123))
    assert relay.context.host.wireguard.read("wg0").fwmark
    assert relay.kinds == []


@pytest.mark.parametrize("recorded", [True, False])
def test_rules_of_a_default_route_that_somebody_removed(recorded: bool) -> None:
    relay = Relay()
    relay.up_again(
        f"[Interface]\nPrivateKey = {PRIVATE_KEY}\nAddress = 10.0.0.2/32\n"
        f"[Peer]\nPublicKey = {PEER_KEY}\nAllowedIPs = 0.0.0.0/0, ::/0\n"
    )
    _drop_rules(relay)
    (difference,) = relay.compare(recorded=recorded).differences
    assert difference.kind is DriftKind.DEFAULT_ROUTE
    with pytest.raises(EditRefused, match="Table = off"):
        relay.keep_kernel(difference)
    relay.keep_file(difference)
    assert relay.kinds == []


def test_what_hooks_name_is_no_drift() -> None:
    relay = Relay()
    hook = "PostUp = ip address add 10.9.9.9/32 dev %i; wg set %i fwmark 0x99\n"
    relay.up_again(FILE.replace("ListenPort", hook + "ListenPort"))
    MUTATIONS[DriftKind.FWMARK](relay)
    relay.network.add_address("wg0", link_address(ip_interface("10.9.9.9/32")))
    assert relay.kinds == []


def test_an_interface_that_is_down_and_comes_up_at_boot(relay: Relay) -> None:
    relay.units.units.clear()
    relay.down()
    relay.units.units["wg-quick@wg0.service"] = UnitState(enabled=True, active=False)
    (difference,) = relay.drift
    assert difference.text == "wg0 comes up at boot, but is down now."
    relay.keep_kernel(difference)
    assert relay.units.units["wg-quick@wg0.service"] == UnitState(enabled=False, active=False)
    assert relay.compare() == Comparison(False)


def test_boot_is_not_judged_by_a_file_elsewhere(relay: Relay) -> None:
    source = replace(relay.source(), path="/tmp/wg0.conf")
    relay.units.units["wg-quick@wg0.service"] = UnitState(enabled=False, active=False)
    assert compare(relay.context, source, None, NOW).differences == ()


def test_a_file_from_what_runs_says_what_runs(relay: Relay) -> None:
    relay.files.remove(f"{FOLDER}/wg0.conf")
    plan = plan_adopting(relay.editor, "wg0")
    relay.transaction.apply(plan)
    assert relay.kinds == [DriftKind.DNS], "the kernel does not know DNS servers"
    assert relay.files.files[f"{FOLDER}/wg0.conf"].mode == 0o600
    with pytest.raises(EditRefused, match="already"):
        plan_adopting(relay.editor, "wg0")


def test_a_file_from_what_runs_without_routes_makes_none(relay: Relay) -> None:
    relay.files.remove(f"{FOLDER}/wg0.conf")
    relay.network.remove_route(link_route(prefix_of("192.168.2.0/24"), "wg0"))
    relay.transaction.apply(plan_adopting(relay.editor, "wg0"))
    assert "Table = off\n" in relay.text
    assert [kind for kind in relay.kinds if kind is not DriftKind.DNS] == []


def test_nothing_is_written_for_what_is_not_there(relay: Relay) -> None:
    with pytest.raises(DeviceGone):
        plan_adopting(relay.editor, "wg7")
