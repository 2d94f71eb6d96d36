"""Servers of every program: what is found of them, and that nothing is written by looking."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.services.adopting_host import AdoptingHost
from tests.support.foreign_rig import KEYPAIRS, Server, all_secrets, client_file, preshared, public, secret
from tests.support.foreign_servers import SERVERS
from wgtui.commands.adopt_text import adoption_json, adoption_text
from wgtui.domain.addresses import prefix_of
from wgtui.domain.config import read_config
from wgtui.domain.editing import PeerEdit
from wgtui.domain.errors import NothingToShare
from wgtui.domain.keys import PrivateKey
from wgtui.domain.wgquick import parse
from wgtui.services.adopting.report import AdoptionReport, WayOut
from wgtui.services.check import check
from wgtui.services.editing import NewPeer

FOLDER = "/etc/wireguard"


@pytest.fixture(params=list(SERVERS))
def host(request: pytest.FixtureRequest, tmp_path: Path) -> AdoptingHost:
    """One program's server."""
    return AdoptingHost(SERVERS[request.param](tmp_path))


def test_names_states_and_keys_are_found(host: AdoptingHost) -> None:
    found = {peer.name: peer for peer in host.interface.peers}
    assert list(found) == list(host.server.peers)
    for name, expected in host.server.peers.items():
        peer = found[name]
        assert str(peer.public_key) == public(name)
        assert peer.state.value == expected.state
        assert peer.key_path.endswith(expected.key) and bool(peer.key_path) == bool(expected.key)
        assert peer.has_whole_file == expected.whole
        assert (peer.name_from == str(host.server.file)) == expected.named_in_file
    assert host.report.problems == ()


def test_the_program_is_told_and_what_it_will_do(host: AdoptingHost) -> None:
    names = [tool.name for tool in host.interface.tools]
    assert names == ([host.server.tool] if host.server.tool else [])
    codes = {warning.code for warning in host.interface.warnings}
    assert bool(codes & {"overwritten", "overwritten-later"}) == host.server.rewritten
    assert all(warning.hint for warning in host.interface.warnings)
    findings = check(host.server.file.read_bytes(), "wg0.conf").findings
    lints = [finding for finding in findings if finding.code == "overwritten"]
    assert len(lints) == ("overwritten" in codes)
    assert all(str(host.server.tool) in lint.text for lint in lints)


def test_every_key_that_is_found_gives_a_file_that_works_with_the_relay(host: AdoptingHost) -> None:
    for peer in host.peers.list(host.server.interface):
        expected = host.server.peers[next(n for n in host.server.peers if public(n) == str(peer.public_key))]
        content = host.peers.own_file(host.server.interface, peer)
        assert (content is not None) == bool(expected.key)
        if content is None:
            continue
        report = check(content, "-")
        assert report.ok, report.findings
        config = report.config
        assert config.private_key is not None
        assert KEYPAIRS.public_key(config.private_key) == peer.public_key
        assert config.quick.addresses
        (relay,) = config.peers()
        assert str(relay.public_key) == public("relay")
        assert relay.preshared_key == peer.settings.preshared_key
        assert relay.allowed_ips
        if expected.whole:
            path = host.interface.peers[list(host.server.peers).index(_name(host, peer.public_key))].key_path
            assert content == Path(path).read_bytes()
        elif host.server.found_endpoint:
            assert str(relay.endpoint) == host.server.found_endpoint
        else:
            assert b"# Endpoint = ADDRESS:PORT of the relay\n" in content


def _name(host: AdoptingHost, key: object) -> str:
    return next(name for name in host.server.peers if public(name) == str(key))


def test_looking_writes_nothing_and_shows_no_secret(host: AdoptingHost) -> None:
    before = host.everything()
    report = host.report
    shown = adoption_text(report, "/etc/wireguard") + json.dumps(adoption_json(report)) + repr(report)
    for peer in host.peers.list(host.server.interface):
        shown += repr(host.peers.foreign_file(host.server.interface, peer))
    assert host.everything() == before
    for text in all_secrets(("relay", *host.server.peers)):
        assert text not in shown
        assert text.rstrip("=") not in shown


def test_a_key_that_only_looks_right_by_its_name_is_not_taken(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["pivpn"](tmp_path))
    host.server.put("etc/wireguard/keys/alice_priv", secret("mallory"))
    host.server.put("etc/wireguard/configs/alice.conf", client_file("mallory", 2))
    host.server.put("srv/operator/configs/alice.conf", client_file("mallory", 2))
    alice, bob, _ = host.interface.peers
    assert alice.key_path == "" and not alice.can_export
    assert bob.key_path
    host.server.put("srv/operator/whatever.conf", client_file("alice", 2))
    assert host.interface.peers[0].key_path.endswith("srv/operator/whatever.conf")


def test_a_file_with_old_keys_comes_out_with_the_relays_present_ones(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["pivpn"](tmp_path))
    path = host.server.folder / "configs/alice.conf"
    stale = (
        path.read_text().replace(preshared("alice"), preshared("old")).replace(public("relay"), public("x"))
    )
    path.write_text("# hers\n" + stale)
    peer = host.peers.find("wg0", "alice")
    found = host.peers.foreign_file("wg0", peer)
    assert found is not None and len(found.remarks) == 2
    assert found.content.decode() == path.read_text().replace(public("x"), public("relay")).replace(
        preshared("old"), preshared("alice")
    )
    host.server.file.write_text(host.text.replace(f"PresharedKey = {preshared('alice')}\n", ""))
    found = host.peers.foreign_file("wg0", host.peers.find("wg0", "alice"))
    assert found is not None and b"PresharedKey" not in found.content
    (relay,) = read_config(parse(found.content)).config.peers()
    assert relay.preshared_key is None


def test_what_is_missing_in_a_file_is_filled_from_the_programs_settings(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["pivpn"](tmp_path))
    found = host.peers.foreign_file("wg0", host.peers.find("wg0", "carol"))
    assert found is not None and not found.is_whole
    config = read_config(parse(found.content)).config
    assert config.private_key == PrivateKey.parse(secret("carol"))
    assert [str(address) for address in config.quick.addresses] == ["10.8.0.4/24"]
    assert config.quick.dns_servers == ("9.9.9.9",)
    assert config.quick.mtu == 1420
    (relay,) = config.peers()
    assert (str(relay.endpoint), relay.persistent_keepalive) == ("vpn.example.org:51820", 25)
    assert [str(prefix) for prefix in relay.allowed_ips] == ["0.0.0.0/0", "::/0"]


def test_wgtuis_own_file_goes_before_all_others(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["pivpn"](tmp_path))
    own = client_file("alice", 2, "192.0.2.1:1")
    host.server.put("etc/wireguard/peers/wg0/alice.conf", own)
    assert host.peers.own_file("wg0", host.peers.find("wg0", "alice")) == own.encode()


def test_a_list_of_names_is_not_in_the_way_of_peers_own_files(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["wgg"](tmp_path))
    edit = PeerEdit(name="laptop", allowed_ips=(prefix_of("10.8.0.9/32"),))
    host.transaction.apply(host.peers.add_new("wg0", NewPeer(edit, (), (prefix_of("10.8.0.0/24"),))))
    assert (host.server.folder / "peers.d/wg0/laptop.conf").is_file()
    assert host.interface.peers[-1].key_path.endswith("peers.d/wg0/laptop.conf")
    assert host.peers.own_file("wg0", host.peers.find("wg0", "laptop")) is not None


def test_an_adopted_peers_file_is_shared_and_not_forgotten(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["pivpn"](tmp_path))
    shared = host.sharing.find("wg0", "alice")
    assert shared.content.decode() == client_file("alice", 2)
    assert shared.found_in.endswith("configs/alice.conf") and shared.said == ()
    (host.server.root / "etc/pivpn/wireguard/setupVars.conf").unlink()
    (said,) = host.sharing.find("wg0", "carol").said
    assert "was put together" in said
    with pytest.raises(NothingToShare, match=r"configs/alice\.conf, which is not wgtui's"):
        host.sharing.forgetting("wg0", host.peers.find("wg0", "alice").public_key)


def test_a_program_whose_server_is_not_here_is_told_apart(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["by_hand"](tmp_path))
    relay = {"privateKey": secret("elsewhere"), "publicKey": public("elsewhere"), "address": "10.9.0.1"}
    kept = host.server.put("root/.wg-easy/wg0.json", json.dumps({"server": relay, "clients": {}}))
    report = host.report
    assert [(tool.name, tool.evidence) for tool in report.tools] == [("wg-easy", (str(kept),))]
    assert host.interface.tools == ()
    assert f"Also found: wg-easy ({kept})." in adoption_text(report, FOLDER)


def test_folders_that_the_operator_names_are_looked_into(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["by_hand"](tmp_path))
    own = client_file("phone", 3).replace(f"PresharedKey = {preshared('phone')}\n", "")
    host.server.put("mnt/backup/phone.conf", own)
    assert not host.interface.peers[1].key_path
    named = str(host.server.root / "mnt/backup")
    found = host.adoption.look((named,)).interface("wg0")
    assert found is not None and found.peers[1].key_path == f"{named}/phone.conf"
    host.transaction.apply(host.ways.plan("wg0", (WayOut.KEEP_FILES,), (named,)))
    assert (host.server.folder / "peers/wg0/phone.conf").read_text() == own


def test_a_clients_file_among_the_interfaces_is_told_as_such(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["easy_wg_quick"](tmp_path))
    client = host.report.interface("wgclient_alice")
    assert client is not None and client.client_of == "wghub"
    assert host.interface.client_of == ""
    relay = host.peers.list("wgclient_alice")[0]
    assert host.peers.own_file("wgclient_alice", relay) is None


def test_nothing_at_all_is_said(tmp_path: Path) -> None:
    host = AdoptingHost(Server(tmp_path, "", {}))
    assert host.report == AdoptionReport(())
    assert adoption_text(host.report, FOLDER) == f"There is no server in {FOLDER}.\n"
