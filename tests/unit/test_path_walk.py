"""The path walk over the tutorial's relay, whole and broken at one station at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_interface

import pytest

from wgtui.domain.addresses import Address, Endpoint, prefix_of
from wgtui.domain.errors import PathRefused
from wgtui.domain.fixes import AllowFix, FarAllowFix, SettingFix, SwitchFix, SyncFix
from wgtui.domain.forwarding import SwitchName
from wgtui.domain.keys import PublicKey
from wgtui.domain.path import (
    Direction,
    FarSide,
    FilterAnswer,
    HopKind,
    HopState,
    PathDevice,
    PathPeer,
    Probe,
    RouteAnswer,
    RouteFate,
    SpotKind,
    spot_of,
    version_of,
    walk,
)

NOW = 1_000_000.0
HOME, LAPTOP = PublicKey(bytes([1]) * 32), PublicKey(bytes([2]) * 32)
LAN = prefix_of("192.168.2.0/24")
TUNNEL = prefix_of("5.5.5.0/24")

GATEWAY = PathPeer(
    HOME,
    "home",
    (prefix_of("5.5.5.2/32"), LAN),
    Endpoint(ip_address("203.0.113.9"), 40000),
    NOW - 20,
    far=FarSide(
        (ip_interface("5.5.5.2/24"),),
        (TUNNEL,),
        keepalive=25,
        forwards=frozenset({4}),
        lets_through=True,
        masquerades=frozenset({4}),
    ),
)
ROAMING = PathPeer(
    LAPTOP,
    "laptop",
    (prefix_of("5.5.5.3/32"),),
    Endpoint(ip_address("198.51.100.7"), 51000),
    NOW - 30,
    far=FarSide((ip_interface("5.5.5.3/24"),), (TUNNEL, LAN)),
)
RELAY = PathDevice("wg0", (ip_interface("5.5.5.1/24"),), 1420, (GATEWAY, ROAMING))


@dataclass
class View:
    """A host in memory: all is well unless a test changes it."""

    devices: tuple[PathDevice, ...] = (RELAY,)
    now: float = NOW
    settings: dict[str, str] = field(default_factory=dict)
    routes: dict[str, RouteAnswer] = field(default_factory=dict)
    drops: Callable[[Probe], FilterAnswer | None] = lambda probe: None
    masquerading: set[str] = field(default_factory=set)

    def is_own(self, address: Address) -> bool:
        return any(address == own.ip for device in self.devices for own in device.addresses)

    def route(self, destination: Address, *, source: Address | None = None, in_link: str = "") -> RouteAnswer:
        if str(destination) in self.routes:
            return self.routes[str(destination)]
        if self.is_own(destination):
            return RouteAnswer(RouteFate.HERE)
        for device in self.devices:
            if device.owner(destination):
                return RouteAnswer(RouteFate.LINK, device.name, mtu=device.mtu)
        return RouteAnswer(RouteFate.LINK, "eth0", mtu=1500)

    def setting(self, name: str) -> str | None:
        return self.settings.get(name, "1")

    def filtered(self, probe: Probe) -> FilterAnswer:
        return self.drops(probe) or FilterAnswer(passes=True)

    def hides_source(self, probe: Probe) -> bool:
        return probe.out_link in self.masquerading


def walked(view: View, origin: str = "laptop", target: str = "192.168.2.5"):  # type: ignore[no-untyped-def]
    version = version_of(origin, target, view, "wg0")
    return walk(view, spot_of(origin, view, "wg0", version), spot_of(target, view, "wg0", version))


def relay(*peers: PathPeer, **changes: object) -> tuple[PathDevice, ...]:
    return (replace(RELAY, peers=peers or RELAY.peers, **changes),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("origin", "target"),
    [
        ("laptop", "192.168.2.5"),
        ("laptop", "home"),
        ("host", "192.168.2.5"),
        ("home", "laptop"),
        ("laptop", "host"),
    ],
)
def test_a_whole_relay_breaks_nowhere(origin: str, target: str) -> None:
    found = walked(View(), origin, target)
    assert found.broken is None
    assert {hop.direction for hop in found.hops} == set(Direction)


def test_nothing_but_what_cannot_be_seen_is_doubted() -> None:
    assert walked(View()).doubts == ()
    unseen = relay(GATEWAY, replace(ROAMING, far=None))
    assert {hop.kind for hop in walked(View(devices=unseen)).doubts} == {HopKind.FAR_FILE}


def broken_at(view: View, kind: HopKind, origin: str = "laptop", target: str = "192.168.2.5") -> object:
    hop = walked(view, origin, target).broken
    assert hop is not None
    assert hop.kind is kind, hop
    return hop.fix


def test_the_peers_own_file_does_not_send_it_into_the_tunnel() -> None:
    narrow = replace(ROAMING, far=FarSide(reaches=(TUNNEL,)))
    fix = broken_at(View(devices=relay(GATEWAY, narrow)), HopKind.FAR_FILE)
    assert fix == FarAllowFix("wg0", LAPTOP, prefix_of("192.168.2.5/32"))


def test_the_gateways_own_file_does_not_accept_it() -> None:
    assert GATEWAY.far is not None
    narrow = replace(GATEWAY, far=replace(GATEWAY.far, reaches=(prefix_of("5.5.5.1/32"),)))
    fix = broken_at(View(devices=relay(narrow, ROAMING)), HopKind.FAR_FILE)
    assert fix == FarAllowFix("wg0", HOME, prefix_of("5.5.5.3/32"))


def test_the_peer_has_never_shaken_hands() -> None:
    silent = replace(ROAMING, latest_handshake=None)
    broken_at(View(devices=relay(GATEWAY, silent)), HopKind.SESSION)


def test_the_source_belongs_to_somebody_else() -> None:
    bare = replace(ROAMING, allowed_ips=())
    greedy = replace(GATEWAY, allowed_ips=(*GATEWAY.allowed_ips, prefix_of("5.5.5.3/32")))
    view = View(devices=relay(greedy, bare))
    hop = walk(view, replace(spot_of("5.5.5.3", view, "wg0", 4), key=LAPTOP), spot_of("home", view, "wg0", 4))
    assert hop.broken is not None
    assert hop.broken.kind is HopKind.SOURCE
    assert hop.broken.fix == AllowFix("wg0", LAPTOP, prefix_of("5.5.5.3/32"))


def test_the_reverse_path_filter_drops_it() -> None:
    view = View(routes={"192.168.2.5": RouteAnswer(RouteFate.WRONG_WAY_IN)})
    fix = broken_at(view, HopKind.REVERSE_PATH)
    assert fix == SettingFix("net.ipv4.conf.wg0.rp_filter", "2")


def test_no_route_leads_there() -> None:
    view = View(routes={"192.168.2.5": RouteAnswer(RouteFate.NONE)})
    assert broken_at(view, HopKind.ROUTE) == SyncFix("wg0")


def test_the_route_leads_out_of_another_link() -> None:
    view = View(routes={"192.168.2.5": RouteAnswer(RouteFate.LINK, "eth1")})
    assert broken_at(view, HopKind.ROUTE) == SyncFix("wg0")


def test_forwarding_is_off() -> None:
    view = View(settings={"net.ipv4.ip_forward": "0"})
    assert broken_at(view, HopKind.FORWARDING) == SwitchFix("wg0", SwitchName.IPV4, on=True)


def test_the_host_itself_needs_no_forwarding() -> None:
    view = View(settings={"net.ipv4.ip_forward": "0"})
    assert walked(view, "host", "192.168.2.5").broken is None


def test_the_packet_filter_drops_it() -> None:
    view = View(drops=lambda probe: FilterAnswer(False, True, "Docker drops it.") if probe.out_link else None)
    assert broken_at(view, HopKind.FILTER) == SwitchFix("wg0", SwitchName.RELAY, on=True)


def test_answers_can_be_dropped_alone() -> None:
    view = View(drops=lambda probe: FilterAnswer(False, True, "So it is.") if probe.is_reply else None)
    hop = walked(view).broken
    assert hop is not None
    assert (hop.kind, hop.direction) == (HopKind.FILTER, Direction.BACK)


def test_an_uncertain_filter_is_a_doubt() -> None:
    view = View(drops=lambda probe: FilterAnswer(False, False, "Perhaps."))
    found = walked(view)
    assert found.broken is None
    assert {hop.state for hop in found.hops if hop.kind is HopKind.FILTER} == {HopState.DOUBT}


def test_the_gateway_has_no_endpoint_yet() -> None:
    waiting = replace(GATEWAY, endpoint=None, latest_handshake=None)
    broken_at(View(devices=relay(waiting, ROAMING)), HopKind.SESSION)


def test_the_gateways_file_does_not_forward() -> None:
    assert GATEWAY.far is not None
    plain = replace(GATEWAY, far=replace(GATEWAY.far, forwards=frozenset(), lets_through=False))
    broken_at(View(devices=relay(plain, ROAMING)), HopKind.FAR_LAN)


def test_the_internet_needs_masquerade() -> None:
    full = replace(
        ROAMING, far=FarSide(reaches=(prefix_of("0.0.0.0/0"),)), allowed_ips=(prefix_of("10.5.5.3/32"),)
    )
    view = View(devices=relay(GATEWAY, full))
    fix = broken_at(view, HopKind.TRANSLATION, target="internet")
    assert fix == SwitchFix("wg0", SwitchName.MASQUERADE, on=True, target="eth0")
    view.masquerading = {"eth0"}
    assert walked(view, target="internet").broken is None


def test_ipv6_needs_its_mtu() -> None:
    def with_v6(peer: PathPeer, address: str) -> PathPeer:
        assert peer.far is not None
        reaches = (*peer.far.reaches, prefix_of("fd05::/64"))
        return replace(
            peer, allowed_ips=(*peer.allowed_ips, prefix_of(address)), far=replace(peer.far, reaches=reaches)
        )

    peers = with_v6(GATEWAY, "fd05::2/128"), with_v6(ROAMING, "fd05::3/128")
    view = View(devices=relay(*peers, mtu=1200))
    broken_at(view, HopKind.MTU, "laptop", "fd05::2")


def test_ends_are_found_by_name_key_and_address() -> None:
    view = View()
    assert spot_of(str(HOME)[:8], view, "wg0", 4).label == "home (5.5.5.2)"
    assert spot_of("5.5.5.3", view, "wg0", 4).kind is SpotKind.PEER
    assert spot_of("192.168.2.5", view, "wg0", 4).kind is SpotKind.BEHIND_PEER
    assert spot_of("5.5.5.1", view, "wg0", 4).kind is SpotKind.HOST
    assert spot_of("192.0.2.1", view, "wg0", 4).kind is SpotKind.OUTSIDE
    for wrong in ("nobody", "host\x1b[31m"):
        with pytest.raises(PathRefused) as refused:
            spot_of(wrong, view, "wg0", 4)
        assert "\x1b" not in str(refused.value)
    with pytest.raises(PathRefused):
        spot_of("home", view, "wg0", 6)


@pytest.mark.parametrize(
    ("origin", "target"),
    [("home", "192.168.2.5"), ("192.168.2.5", "192.168.2.6"), ("host", "5.5.5.1"), ("192.0.2.1", "internet")],
)
def test_ends_on_the_same_side_are_none_of_this_hosts_business(origin: str, target: str) -> None:
    with pytest.raises(PathRefused, match="on the same side"):
        walked(View(), origin, target)
