"""Files that are broken, endless or meant to deceive give one line each: no crash, no wait, no escape."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from tests.services.adopting_host import AdoptingHost
from tests.support.foreign_panels import database
from tests.support.foreign_rig import Server, client_file, public, secret
from tests.support.foreign_servers import SERVERS
from wgtui.commands.adopt_text import adoption_json, adoption_text
from wgtui.services.adopting.report import PeerState

FOLDER = "etc/wireguard"


@pytest.fixture
def host(tmp_path: Path) -> AdoptingHost:
    """PiVPN's server, which goes on to be found whatever lies beside it."""
    return AdoptingHost(SERVERS["pivpn"](tmp_path))


def problems(host: AdoptingHost) -> list[str]:
    """What could not be read; the server itself is found as ever, in no time."""
    started = time.monotonic()
    report = host.report
    assert time.monotonic() - started < 10
    found = report.interface("wg0")
    assert found is not None and [peer.name for peer in found.peers] == list(host.server.peers)
    assert found.peers[0].key_path
    text = adoption_text(report, FOLDER)
    assert "\x1b" not in text and "\u202e" not in text and "\r" not in text
    json.dumps(adoption_json(report))
    root = str(host.server.root)
    return [problem.replace(root, "") for problem in report.problems]


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("wg0.json", b"{", "/etc/wireguard/wg0.json is not JSON that can be read."),
        ("wg0.json", b"\xff\xfe\0", "/etc/wireguard/wg0.json is not JSON that can be read."),
        ("deep.json", b"[" * 200_000, "/etc/wireguard/deep.json is not JSON that can be read."),
        ("digits.json", b"9" * 10_000, "/etc/wireguard/digits.json is not JSON that can be read."),
        ("wgc-wg0/0002-x.toml", b"= 1", "/etc/wireguard/wgc-wg0/0002-x.toml is not TOML that can be read."),
        (
            "wgc-wg0/0002-x.toml",
            b"a = " + b"[" * 100_000,
            "/etc/wireguard/wgc-wg0/0002-x.toml is not TOML that can be read.",
        ),
        ("wgc-wg0/0001-server.toml", b"\xff", "/etc/wireguard/wgc-wg0/0001-server.toml is not TOML that can"),
        ("wg-easy.db", b"", "/etc/wireguard/wg-easy.db is not an SQLite database."),
        (
            "wg-easy.db",
            b"SQLite format 3\0" + b"\xff" * 9000,
            "/etc/wireguard/wg-easy.db is a database that cannot be read",
        ),
        ("configs/big.conf", bytes(300 * 1024), "/etc/wireguard/configs/big.conf is larger than 256 KiB"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_a_broken_file_is_one_line(host: AdoptingHost, path: str, data: bytes, said: str) -> None:
    host.server.put(f"{FOLDER}/{path}", data)
    (problem,) = problems(host)
    assert problem.startswith(said) and "\n" not in problem


@pytest.mark.parametrize(
    "data",
    [
        b"null",
        b"[]",
        b"3",
        b'{"server": 1, "clients": 2}',
        b'{"server": {}, "clients": {"a": 1, "b": {"privateKey": 5, "name": ["x"], "enabled": "yes"}}}',
        b'{"allocated_ips": 1, "private_key": null, "allowed_ips": [null, {"a": 1}, "x/y"]}',
        b'{"privateKey": {}, "enable": 7}',
        b'{"mtu": 1e999, "endpoint_address": ["x"], "dns_servers": "\\ud800 \\n"}',
    ],
)
def test_json_of_another_shape_tells_nothing(host: AdoptingHost, data: bytes) -> None:
    host.server.put(f"{FOLDER}/odd.json", data)
    assert problems(host) == []


def test_what_is_no_file_is_neither_waited_for_nor_followed(host: AdoptingHost) -> None:
    configs = host.server.folder / "configs"
    os.mkfifo(configs / "pipe.conf")
    (configs / "loop.conf").symlink_to("loop.conf")
    (configs / "nowhere.conf").symlink_to("/nonexistent/x")
    (configs / "folder.conf").mkdir()
    (configs / "zero.conf").symlink_to("/dev/zero")
    os.mkfifo(host.server.folder / "some.key")
    (host.server.folder / "clients").symlink_to(host.server.folder, target_is_directory=True)
    (host.server.folder / "round").symlink_to("round")
    # The linked folder holds the same files once more, and no end of them.
    said = [problem for problem in problems(host) if "/clients/" not in problem]
    assert len(said) == 4
    for name in ("pipe", "folder", "zero"):
        assert any(f"{name}.conf is not a regular file." in problem for problem in said)
    assert any("loop.conf cannot be read: Too many levels of symbolic links." in problem for problem in said)


def test_names_and_paths_that_would_reach_the_terminal(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["wg_easy_json"](tmp_path))
    evil = "\x1b]0;owned\x07\u202eevil\r\n[Peer]\nPublicKey = x"
    path = host.server.folder / "wg0.json"
    data = json.loads(path.read_text())
    for client in data["clients"].values():
        client["name"] = evil
    path.write_text(json.dumps(data))
    host.server.put(f"{FOLDER}/clients/\x1b[31m\n{secret('x')}/x.conf", client_file("alice", 2))
    text = adoption_text(host.report, "x\x1b")
    assert all(character.isprintable() or character == "\n" for character in text)
    left_out = next(peer for peer in host.interface.peers if peer.state is PeerState.LEFT_OUT)
    assert "\n" not in left_out.name


def test_values_from_foreign_files_cannot_break_a_line(tmp_path: Path) -> None:
    host = AdoptingHost(SERVERS["wg_dashboard"](tmp_path))
    rows: list[tuple[str, tuple[object, ...]]] = [
        (
            "wg0",
            (
                public("alice"),
                secret("alice"),
                "9.9.9.9\nPostUp = touch /owned",
                "0.0.0.0/0\n[Peer]",
                "alice\n[Peer]",
                "10.8.0.2/32",
                2**62,
                -1,
                "vpn.example.org\nPostUp = x",
                b"\xff",
            ),
        )
    ]
    columns = (
        "id, private_key, DNS, endpoint_allowed_ip, name, allowed_ip, mtu, keepalive, remote_endpoint, p"
    )
    files = database(tmp_path, f"CREATE TABLE wg0 ({columns});", rows)
    host.server.put("opt/WGDashboard/src/db/wgdashboard.db", files[""])
    content = host.peers.own_file("wg0", host.peers.find("wg0", public("alice")))
    assert content is not None
    assert b"PostUp" not in content and content.count(b"[Peer]") == 1
    assert b"MTU" not in content


def test_a_database_of_somebody_who_means_harm(tmp_path: Path) -> None:
    server = Server(tmp_path, "", {})
    host = AdoptingHost(server)
    endless = (
        "CREATE VIEW clients_table AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
        "SELECT id, id AS private_key FROM n;"
        'CREATE TABLE "a""b; DROP TABLE x" (id, private_key, endpoint_allowed_ip);'
        "CREATE TABLE interfaces_table (name);"
    )
    many: list[tuple[str, tuple[object, ...]]] = [('"a""b; DROP TABLE x"', ("x", secret("x"), "y"))]
    server.put(f"{FOLDER}/wg-easy.db", database(tmp_path, endless, many)[""])
    started = time.monotonic()
    assert host.report.problems == ()
    assert time.monotonic() - started < 10


def test_more_files_than_anybody_has(host: AdoptingHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wgtui.services.adopting.gathering.MOST_FILES", 3)
    (problem,) = host.report.problems
    assert problem.startswith("There are more than 3 files to look at")


def test_a_server_whose_own_file_is_broken_is_told_and_hides_no_other(host: AdoptingHost) -> None:
    host.server.put(f"{FOLDER}/wg1.conf", b"\x00\xff[Interface\nPrivateKey = ?\n[Peer]\n")
    (host.server.folder / "wg2.conf").symlink_to("wg2.conf")
    os.mkfifo(host.server.folder / "wg3.conf")
    assert len(problems(host)) == 2
    assert [one.name for one in host.report.interfaces] == ["wg0", "wg1"]
