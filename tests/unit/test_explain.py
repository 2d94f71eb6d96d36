"""Where each value of a peer came from."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.explain import FilePlaces, Origin, Whence, explain, places_of
from wgtui.domain.first_contact import Scene
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.snapshot import DeviceState, EndpointSighting, PeerState
from wgtui.domain.verdict.evidence import Evidence, FileFacts, InFile
from wgtui.domain.verdict.judge import judge
from wgtui.domain.wgquick import parse

KEY, OTHER = PublicKey(bytes([1] * 32)), PublicKey(bytes([2] * 32))
FILE = f"""\
[Interface]
Address = 10.7.0.1/24
ListenPort = 51820
MTU = 1380

[Peer]
PublicKey = {OTHER}
AllowedIPs = 10.7.0.9/32
PersistentKeepalive = 99

[Peer]
# Name = alice
PublicKey = {KEY}
AllowedIPs = 10.7.0.2/32
AllowedIPs = 192.168.2.0/24
Endpoint = home.example:51820
PersistentKeepalive = 15
"""
PATH = "/etc/wireguard/wg0.conf"
THERE = Endpoint(ip_address("198.51.100.7"), 51820)
PREFIXES = (prefix_of("10.7.0.2/32"), prefix_of("192.168.2.0/24"))
PEER = Peer(KEY, endpoint=THERE, allowed_ips=PREFIXES, persistent_keepalive=15, latest_handshake=90.0)
STATE = PeerState(PEER, "alice", endpoints=(EndpointSighting(THERE, 0.0, first_look=True),))
DEVICE = DeviceState("wg0", Device("wg0", Implementation.KERNEL, listen_port=51820), (STATE,), mtu=1380)
PLACES = places_of(PATH, parse(FILE.encode()), KEY)


def told(
    state: PeerState = STATE,
    places: FilePlaces = PLACES,
    *,
    endpoint: EndpointConfig | None = EndpointConfig("home.example", 51820),  # noqa: B008
    resolved: Endpoint | None = None,
    device: DeviceState = DEVICE,
) -> dict[str, Whence]:
    facts = FileFacts(peer=InFile(11, endpoint, allowed_ips=PREFIXES))
    evidence = Evidence("wg0", state.peer, Scene(100.0), device.device, file=facts, resolved=resolved)
    values = explain(judge(evidence), evidence, device, state, places)
    return {value.label or value.value: value for value in values}


def test_every_value_has_its_line() -> None:
    values = told(resolved=THERE)
    assert values["Name"].text == f"Line 12 of {PATH}."
    assert values["Allowed IPs"].text == f"Line 14 of {PATH}."
    assert values["192.168.2.0/24"].text == f"Line 15 of {PATH}."
    assert values["Endpoint"].text == f"Line 16 of {PATH}: home.example leads there."
    assert values["Keepalive"].text == f"Line 17 of {PATH}."
    assert values["Listen port"].text == f"Line 3 of {PATH}."
    assert values["MTU"].text == f"Line 4 of {PATH}."


def test_the_lines_of_another_peer_are_not_its_own() -> None:
    other = places_of(PATH, parse(FILE.encode()), OTHER)
    assert (other.name, other.peer["persistentkeepalive"], "endpoint" in other.peer) == (0, 9, False)
    assert set(other.allowed_ips) == {prefix_of("10.7.0.9/32")}


def test_an_endpoint_that_moved_was_learned() -> None:
    before = Endpoint(ip_address("192.0.2.1"), 1)
    sightings = (EndpointSighting(THERE, 5.0), EndpointSighting(before, 0.0, first_look=True))
    value = told(replace(STATE, endpoints=sightings), endpoint=None)["Endpoint"]
    assert value.origin is Origin.LEARNED
    assert "moved 1 times" in value.text
    assert told(endpoint=EndpointConfig("198.51.100.7", 51820))["Endpoint"].origin is Origin.FILE
    assert told(endpoint=EndpointConfig("192.0.2.9", 51820))["Endpoint"].origin is Origin.LEARNED


def test_a_peer_without_an_endpoint_has_to_speak_first() -> None:
    state = replace(STATE, peer=replace(PEER, endpoint=None), endpoints=())
    assert "first packet that the peer sends" in told(state)["Endpoint"].text


def test_what_runs_and_is_not_in_the_file() -> None:
    extra = prefix_of("10.99.0.0/16")
    peer = replace(PEER, allowed_ips=(extra, PREFIXES[0]), preshared_key=PresharedKey(bytes([5] * 32)))
    values = told(replace(STATE, peer=peer))
    assert values["Allowed IPs"].origin is Origin.RUNNING
    assert values["not 192.168.2.0/24"].text.startswith("Line 15")
    assert values["Preshared key"].origin is Origin.RUNNING


def test_a_disabled_peer_has_nothing_on_the_running_interface() -> None:
    device = replace(DEVICE, peers=(), disabled=(STATE,))
    values = told(places=FilePlaces(PATH, name=3), device=device)
    assert set(values) == {"Verdict", "Name", "Allowed IPs", "192.168.2.0/24"}
    assert {values[label].origin for label in ("Allowed IPs", "192.168.2.0/24")} == {Origin.FILE}
    assert "comment" in values["Allowed IPs"].text


def test_defaults_where_no_file_says_anything() -> None:
    state = PeerState(Peer(KEY, latest_handshake=90.0))
    device = replace(DEVICE, mtu=1420)
    values = told(state, FilePlaces(), endpoint=None, device=device)
    for label in ("Name", "Endpoint", "Keepalive", "Preshared key", "Listen port", "MTU"):
        assert values[label].origin is Origin.DEFAULT, label
    assert values["Allowed IPs"].value == "none"
