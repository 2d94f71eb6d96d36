"""A server that PiVPN set up and wg-quick brought up, adopted: its peers' files work from another host."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.operator_rig import Operator, operator_in
from tests.netns.support import UserspaceHost, userspace_host
from tests.support.foreign_rig import all_secrets, public
from tests.support.foreign_servers import SERVERS
from tests.support.waiting import eventually


@pytest.fixture
def road() -> Iterator[UserspaceHost]:
    """The host of a peer, somewhere else."""
    with userspace_host() as host:
        yield host


@pytest.fixture
def pivpn(tmp_path: Path, road: UserspaceHost) -> Iterator[Operator]:
    """The operator of a server that PiVPN set up, which runs, and which the peer's host can reach."""
    server = SERVERS["pivpn"](tmp_path / "root")
    with operator_in(tmp_path) as operator:
        subprocess.run(["cp", "-a", f"{server.folder}/.", str(operator.folder / "conf")], check=True)
        (operator.folder / "conf/wg7.conf").unlink()
        for file in (operator.folder / "conf/configs").glob("*.conf"):
            text = file.read_text().replace("vpn.example.org", "192.0.2.1")
            text = text.replace("0.0.0.0/0, ::/0", "10.8.0.0/24").replace("DNS = ", "# DNS = ")
            file.write_text(text)
        _join(operator.host, road)
        up = operator.host.command("wg-quick", "up", str(operator.folder / "conf/wg0.conf"))
        subprocess.run(up, check=True, capture_output=True, timeout=60)
        yield operator
        operator.run("down", "wg0", "--yes")


def _join(one: UserspaceHost, other: UserspaceHost) -> None:
    """A cable between two hosts."""
    ends = ["ip", "link", "add", "up0", "netns", one.netns, "type", "veth"]
    subprocess.run([*ends, "peer", "name", "up0", "netns", other.netns], check=True)
    for host, address in ((one, "192.0.2.1/24"), (other, "192.0.2.2/24")):
        host.run("ip", "address", "add", address, "dev", "up0")
        host.run("ip", "link", "set", "up0", "up")


def test_a_peers_exported_file_reaches_the_adopted_server(
    pivpn: Operator, road: UserspaceHost, tmp_path: Path
) -> None:
    file = pivpn.folder / "conf/wg0.conf"
    before = {path: path.read_bytes() for path in (pivpn.folder / "conf").rglob("*") if path.is_file()}
    report = json.loads(pivpn.type("adopt", "wg0", "--json"))
    (found,) = report["interfaces"]
    assert [tool["name"] for tool in found["tools"]] == ["PiVPN"]
    states = {peer["name"]: (peer["state"], peer["can_export"]) for peer in found["peers"]}
    assert states == {"alice": ("enabled", True), "bob": ("disabled", True), "carol": ("enabled", True)}
    text = pivpn.type("adopt")
    exported = {name: pivpn.type("export", "wg0", name) for name in ("alice", "carol")}
    assert exported["alice"] == (pivpn.folder / "conf/configs/alice.conf").read_text()
    for secret in all_secrets():
        assert secret not in json.dumps(report) + text
    after = {path: path.read_bytes() for path in (pivpn.folder / "conf").rglob("*") if path.is_file()}
    assert after == before

    (tmp_path / "road").mkdir()
    elsewhere = Operator(road, tmp_path / "road")
    (tmp_path / "road/conf/wg9.conf").write_text(exported["alice"])
    elsewhere.type("up", "wg9")
    road.run("ping", "-n", "-c", "1", "-W", "5", "10.8.0.1")
    assert _handshake(pivpn, "alice")
    # Carol's was put together from her key: nobody says yet where the relay is.
    carol = exported["carol"].replace("# Endpoint = ADDRESS:PORT of the relay", "Endpoint = 192.0.2.1:51820")
    elsewhere.type("down", "wg9")
    (tmp_path / "road/conf/wg9.conf").write_text(carol)
    elsewhere.type("up", "wg9")
    road.run("ping", "-n", "-c", "1", "-W", "5", "10.8.0.1")
    assert _handshake(pivpn, "carol")
    elsewhere.type("down", "wg9")
    assert file.read_bytes() == before[file]


def _handshake(operator: Operator, name: str) -> int:
    """When the server heard of a peer last."""

    def latest() -> int:
        lines = operator.host.run("wg", "show", "wg0", "latest-handshakes").splitlines()
        return int(dict(line.split("\t") for line in lines).get(public(name), "0"))

    return eventually(f"a handshake with {name}", latest)


def test_a_server_that_runs_is_edited_without_a_restart_and_keeps_its_marks(pivpn: Operator) -> None:
    file = pivpn.folder / "conf/wg0.conf"
    before = file.read_text()
    pivpn.type("peer", "disable", "wg0", "alice")
    assert public("alice") not in pivpn.host.run("wg", "show", "wg0", "peers")
    pivpn.type("peer", "enable", "wg0", "bob")
    assert public("bob") in pivpn.host.run("wg", "show", "wg0", "peers")
    assert "#[disabled] ### begin alice ###\n" in file.read_text()
    assert "\n### begin bob ###\n[Peer]\n" in file.read_text()
    for number in (2, 1):
        pivpn.type("undo", str(number), "--yes")
    assert file.read_text() == before
    said = pivpn.type("adopt", "wg0", "--keep-files", "--dry-run")
    assert "peers/wg0/carol.conf" in said
    assert not (pivpn.folder / "conf/peers").exists()
    pivpn.type("adopt", "wg0", "--keep-files")
    assert (pivpn.folder / "conf/peers/wg0/carol.conf").stat().st_mode & 0o777 == 0o600
    assert "no line that says it is written anew" in pivpn.refused("adopt", "wg0", "--take-over")
    assert "has no file" in pivpn.refused("adopt", "wg5")
    assert "name the interface" in pivpn.refused("adopt", "--take-over", code=2)
