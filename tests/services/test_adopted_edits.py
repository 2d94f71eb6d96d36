"""Edits of servers that other programs set up: only the lines that are meant change, markers stay."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.services.adopting_host import AdoptingHost
from tests.support.foreign_rig import disabled, peer_lines, preshared, public, secret
from tests.support.foreign_servers import SERVERS
from wgtui.domain.addresses import prefix_of
from wgtui.domain.config import read_config
from wgtui.domain.editing import FilePeer, PeerEdit
from wgtui.domain.errors import EditRefused
from wgtui.domain.keys import PublicKey
from wgtui.domain.names import read_names
from wgtui.domain.plan import Plan
from wgtui.domain.wgquick import parse
from wgtui.services.adopting.report import PeerState, WayOut


@pytest.fixture(params=list(SERVERS))
def host(request: pytest.FixtureRequest, tmp_path: Path) -> AdoptingHost:
    """One program's server."""
    return AdoptingHost(SERVERS[request.param](tmp_path))


def first(host: AdoptingHost) -> FilePeer:
    """The server's first peer."""
    return host.peers.list(host.server.interface)[0]


def lines(text: str) -> list[str]:
    """Lines with their ends, of which the last need not have one."""
    return [line.removesuffix("\n") for line in text.splitlines(keepends=True)]


def difference(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that went, and lines that came, whatever their order."""
    old, new = Counter(lines(before)), Counter(lines(after))
    return sorted((old - new).elements()), sorted((new - old).elements())


def apply(host: AdoptingHost, plan: Plan) -> tuple[list[str], list[str]]:
    """Apply a plan, see that undoing it gives back the same bytes, and give the lines it changes."""
    before, files = host.text, host.everything()
    number = host.transaction.apply(plan).number
    assert number is not None
    after = host.text
    changed = {path for path, data in host.everything().items() if files.get(path) != data}
    assert changed == {str(host.server.file.relative_to(host.server.root))}
    host.transaction.undo(number)
    assert host.everything() == files
    host.transaction.apply(plan)
    return difference(before, after)


def test_changing_allowed_ips_changes_one_line(host: AdoptingHost) -> None:
    key = first(host).public_key
    edit = PeerEdit(allowed_ips=(prefix_of("10.8.0.77/32"),))
    gone, come = apply(host, host.peers.edit(host.server.interface, key, edit))
    assert len(gone) == len(come) == 1
    assert gone[0].startswith("AllowedIPs") and come[0].startswith("AllowedIPs") and "10.8.0.77/32" in come[0]


def test_renaming_changes_only_what_says_the_name(host: AdoptingHost) -> None:
    peer = first(host)
    before = host.text
    gone, come = apply(host, host.peers.edit(host.server.interface, peer.public_key, PeerEdit(name="zoe")))
    assert read_names(host.text.encode())[peer.public_key] == "zoe"
    assert all("zoe" in line for line in come)
    if peer.name:
        # Every marker is the one that was there, with the other name in its place.
        assert [line.replace("zoe", peer.name) for line in come] == gone
    else:
        assert gone == [] and come == ["# Name = zoe"]
    host.transaction.apply(host.peers.edit(host.server.interface, peer.public_key, PeerEdit(name=peer.name)))
    assert host.text == before


def test_disabling_marks_the_peers_lines_and_enabling_gives_the_file_back(host: AdoptingHost) -> None:
    peer, before = first(host), host.text
    gone, come = apply(host, host.peers.disable(host.server.interface, peer.public_key))
    assert come == sorted(f"#[disabled] {line}" for line in gone)
    assert f"PublicKey = {peer.public_key}" in gone or f"PublicKey={peer.public_key}" in gone
    found = host.interface.peers[0]
    assert (found.public_key, found.state) == (peer.public_key, PeerState.DISABLED)
    host.transaction.apply(host.peers.enable(host.server.interface, peer.public_key))
    assert host.text == before


def test_adding_and_removing_a_peer_leaves_all_others_alone(host: AdoptingHost) -> None:
    before = host.text
    key = PublicKey.parse(public("new"))
    edit = PeerEdit(name="new", public_key=key, allowed_ips=(prefix_of("10.8.0.99/32"),))
    gone, come = apply(host, host.peers.add(host.server.interface, edit))
    assert gone == []
    assert host.text.startswith(before.rstrip("\n"))
    assert {f"PublicKey = {key}", "AllowedIPs = 10.8.0.99/32", "[Peer]"} <= set(come)
    assert read_names(host.text.encode())[key] == "new"
    report = host.interface
    assert report.peers[len(host.peers.list(host.server.interface)) - 1].name == "new"
    host.transaction.apply(host.peers.remove(host.server.interface, key))
    assert host.text == before


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("pivpn", "\n### begin new ###\n[Peer]\nPublicKey = {}\n### end new ###\n"),
        ("angristan", "\n### Client new\n[Peer]\nPublicKey = {}\n"),
        ("nyr", "\n# BEGIN_PEER new\n[Peer]\nPublicKey = {}\n# END_PEER new\n"),
        ("wireme", "\n# wireme-name: new\n[Peer]\nPublicKey = {}\n"),
        ("wg_commander", "\n# peer new\n[Peer]\nPublicKey = {}\n"),
        ("exporter", "\n[Peer]\n# friendly_name = new\nPublicKey = {}\n"),
        ("wgg", "\n[Peer]\n# Name = new\nPublicKey = {}\n"),
    ],
)
def test_a_new_peer_is_marked_as_its_program_marks_them(tmp_path: Path, server: str, expected: str) -> None:
    host = AdoptingHost(SERVERS[server](tmp_path))
    key = PublicKey.parse(public("new"))
    host.transaction.apply(host.peers.add("wg0", PeerEdit(name="new", public_key=key)))
    assert host.text.endswith(expected.format(key))


def test_a_program_is_taken_over_by_taking_out_its_header_only(host: AdoptingHost) -> None:
    has_header = any(warning.way_out is WayOut.TAKE_OVER for warning in host.interface.warnings)
    if not has_header:
        with pytest.raises(EditRefused, match="no line that says"):
            host.ways.plan(host.server.interface, (WayOut.TAKE_OVER,))
        return
    names = read_names(host.server.file.read_bytes())
    plan = host.ways.plan(host.server.interface, (WayOut.TAKE_OVER,))
    assert f"does not stop {host.server.tool}" in plan.notes[0]
    gone, come = apply(host, plan)
    assert come == [] and 1 <= len(gone) <= 2
    assert all(line.startswith("#") for line in gone)
    assert read_names(host.server.file.read_bytes()) == names
    codes = [warning.code for warning in host.interface.warnings]
    assert "overwritten" not in codes
    # Its own state may still be there, and then that is said.
    assert "overwritten-later" in codes or host.server.tool == "WireGuard Portal"


def test_save_config_is_turned_off_and_names_are_written(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["wg_dashboard"](tmp_path))
    ways = {warning.way_out for warning in host.interface.warnings} - {None}
    assert ways == {WayOut.SAVE_CONFIG_OFF, WayOut.WRITE_NAMES, WayOut.WRITE_LEFT_OUT}
    wanted = (WayOut.SAVE_CONFIG_OFF, WayOut.WRITE_NAMES)
    gone, come = apply(host, host.ways.plan("wg0", wanted))
    assert gone == ["SaveConfig = true"] and come == ["# Name = alice"]
    assert [warning.code for warning in host.interface.warnings] == ["overwritten-later", "left-out"]


@pytest.mark.parametrize(
    ("server", "allowed"),
    [
        ("wg_easy_json", ["10.8.0.3/32"]),
        ("wg_easy_database", ["10.8.0.3/32", "fd00::3/128"]),
        ("wireguard_ui", ["10.8.0.3/32"]),
        ("wg_gen_web", ["10.8.0.3/32"]),
        ("wg_dashboard", ["10.8.0.3/32"]),
    ],
)
def test_peers_that_a_program_left_out_come_in_switched_off(
    tmp_path: Path, server: str, allowed: list[str]
) -> None:
    host = AdoptingHost(SERVERS[server](tmp_path))
    assert [str(prefix) for prefix in host.interface.peers[-1].allowed_ips] == allowed
    gone, come = apply(host, host.ways.plan("wg0", (WayOut.WRITE_LEFT_OUT,)))
    assert gone == [] and all(line.startswith("#[disabled] ") or not line for line in come)
    bob = host.peers.find("wg0", "bob")
    assert not bob.enabled and str(bob.public_key) == public("bob")
    assert [str(prefix) for prefix in bob.settings.allowed_ips] == allowed
    assert host.interface.peers[-1].state is PeerState.DISABLED
    assert "left-out" not in [warning.code for warning in host.interface.warnings]
    host.transaction.apply(host.peers.enable("wg0", bob.public_key))
    content = host.peers.own_file("wg0", host.peers.find("wg0", "bob"))
    assert content is not None and f"PresharedKey = {preshared('bob')}\n" in content.decode()


def test_files_are_kept_where_wgtui_has_its_own(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["pivpn"](tmp_path))
    host.transaction.apply(host.ways.plan("wg0", (WayOut.KEEP_FILES,)))
    kept = host.server.folder / "peers/wg0"
    assert sorted(path.name for path in kept.iterdir()) == ["alice.conf", "bob.conf", "carol.conf"]
    assert {path.stat().st_mode & 0o777 for path in kept.iterdir()} == {0o600}
    assert (kept / "alice.conf").read_bytes() == (host.server.folder / "configs/alice.conf").read_bytes()
    plan = host.ways.plan("wg0", (WayOut.KEEP_FILES,))
    assert plan.is_empty
    # From now on they are wgtui's: renewed with the peer's keys, and removed with the peer.
    key = host.peers.find("wg0", "carol").public_key
    host.transaction.apply(host.peers.rotate("wg0", key, key_pair=True, preshared_key=True))
    renewed = host.peers.find("wg0", "carol")
    assert renewed.public_key != key and host.peers.own_file("wg0", renewed)


def test_keys_of_an_adopted_peer_are_renewed_into_a_file_of_wgtuis_own(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["pivpn"](tmp_path))
    key, files = host.peers.find("wg0", "alice").public_key, host.everything()
    plan = host.peers.rotate("wg0", key, key_pair=True, preshared_key=True)
    assert any("configs/alice.conf keeps the old keys" in note for note in plan.notes)
    host.transaction.apply(plan)
    renewed = host.peers.find("wg0", "alice")
    own = (host.server.folder / "peers/wg0/alice.conf").read_text()
    config = read_config(parse(own.encode())).config
    assert config.peers()[0].preshared_key == renewed.settings.preshared_key
    assert secret("alice") not in own and preshared("alice") not in own
    assert "DNS = 9.9.9.9" in own
    after = host.everything()
    changed = [path for path in files if after[path] != files[path]]
    assert changed == ["etc/wireguard/wg0.conf"]


def test_pivpn_reads_back_what_wgtui_disables(tmp_path: Path) -> None:
    """Byte for byte what `pivpn -off` makes of the same client."""
    host = AdoptingHost(SERVERS["pivpn"](tmp_path))
    host.transaction.apply(host.peers.disable("wg0", host.peers.find("wg0", "carol").public_key))
    block = f"### begin carol ###\n[Peer]\n{peer_lines('carol', 4)}### end carol ###\n"
    assert host.text.endswith(disabled(block))
