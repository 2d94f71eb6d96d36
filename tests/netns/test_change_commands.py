"""The commands that change a host, as an operator types them, on real devices."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.netns.support import UserspaceHost, eventually, userspace_host
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.keys import PublicKey

KEYPAIRS = NaclKeypairs()
PRIVATE = KEYPAIRS.generate_private_key()


def new_key() -> PublicKey:
    """A public key of nobody."""
    return KEYPAIRS.public_key(KEYPAIRS.generate_private_key())


ALICE, BOB = new_key(), new_key()
FILE = f"""\
# the relay of the house
[Interface]
PrivateKey = {PRIVATE.reveal()}
Address = 10.7.0.1/24, fd07::1/64
ListenPort = 51877
PostUp = echo up >> {{notes}}
PreDown = echo down >> {{notes}}

[Peer]
# Name = alice
PublicKey = {ALICE}
AllowedIPs = 10.7.0.2/32, 192.168.2.0/24

[Peer]
# Name = bob
PublicKey = {BOB}
AllowedIPs = 10.7.0.3/32
"""


@dataclass
class Operator:
    """Types `wgtui` commands on a host of its own."""

    host: UserspaceHost
    folder: Path
    stdin: str = field(default="", init=False)

    def __post_init__(self) -> None:
        (self.folder / "conf").mkdir(exist_ok=True)
        self.file.write_text(FILE.format(notes=self.folder / "notes"))
        self.file.chmod(0o640)

    @property
    def file(self) -> Path:
        """The interface's file."""
        return self.folder / "conf/wg7.conf"

    def type(self, *words: str, code: int = 0) -> str:
        """A command, which ends with a code; returns standard output."""
        done = self.run(*words)
        assert done.returncode == code, f"{words}: {done.stderr}"
        assert "Traceback" not in done.stderr
        assert PRIVATE.reveal() not in done.stdout + done.stderr
        return done.stdout

    def refused(self, *words: str, code: int = 1) -> str:
        """A command that is refused in one line; returns that line."""
        done = self.run(*words)
        assert done.returncode == code, done.stdout
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, whatever comes of it."""
        return subprocess.run(
            self.command(*words),
            capture_output=True,
            text=True,
            input=self.stdin,
            timeout=60,
            check=False,
            env=_environment(),
        )

    def command(self, *words: str) -> list[str]:
        """The command line of a command."""
        options = ["--netns", self.host.netns, "--config-dir", str(self.folder / "conf")]
        options += ["--socket-dir", str(self.host.socket_dir), "--state-dir", str(self.folder / "state")]
        return [sys.executable, "-m", "wgtui", *words, *options]

    def state(self) -> tuple[str, ...]:
        """What the kernel and WireGuard say, without what changes by itself."""
        commands = (["ip", "-o", "address"], ["ip", "route", "show", "table", "all"], ["ip", "-6", "route"])
        words = ("fe80", "table local", "multicast")
        shown = [self.host.run(*command).splitlines() for command in (*commands, ["ip", "rule"])]
        lines = [line.partition(" valid_lft")[0] for text in shown for line in text]
        lines = [line.partition(":")[2] or line for line in lines if not any(word in line for word in words)]
        return (
            *lines,
            *sorted(self.host.run("wg", "show", "all", "dump").splitlines()),
            self.file.read_text(),
        )

    def routes(self) -> set[str]:
        """Destinations that wgtui routed through the tunnel."""
        shown = self.host.run("ip", "-4", "route", "show", "dev", "wg7", "proto", "boot")
        return {line.split()[0] for line in shown.splitlines()}

    def allowed(self, key: PublicKey) -> set[str]:
        """What `wg` says that a peer is allowed."""
        lines = self.host.run("wg", "show", "wg7", "allowed-ips").splitlines()
        found = {line.split("\t")[0]: line.split("\t")[1] for line in lines}
        return set(found[str(key)].split())


def _environment() -> dict[str, str]:
    """Of a console: nobody's session is at risk."""
    return {name: value for name, value in os.environ.items() if name != "SSH_CONNECTION"}


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with userspace_host() as host:
        host.run("ip", "link", "set", "lo", "up")
        made = Operator(host, tmp_path)
        yield made
        if "wg7" in host.run("ip", "-o", "link"):
            made.run("down", "wg7", "--yes")


def test_up_down_and_their_undoing(operator: Operator) -> None:
    nothing = operator.state()
    assert "ip link add dev wg7 type wireguard" in operator.type("up", "wg7", "--dry-run")
    assert operator.state() == nothing
    operator.type("up", "wg7")
    assert operator.routes() == {"192.168.2.0/24"}
    assert operator.allowed(ALICE) == {"10.7.0.2/32", "192.168.2.0/24"}
    running = operator.state()
    assert "already exists" in operator.refused("up", "wg7")
    operator.type("down", "wg7")
    assert operator.state() == nothing
    operator.type("undo", "2", "--yes")
    assert operator.state() == running
    operator.type("down", str(operator.file))
    assert operator.state() == nothing
    assert "nothing was to be done" in operator.type("undo", "1", "--yes")
    assert (operator.folder / "notes").read_text() == "up\ndown\nup\ndown\n"
    assert "is not up" in operator.refused("down", "wg7")


def test_undo_of_up_is_down(operator: Operator) -> None:
    nothing = operator.state()
    operator.type("up", "wg7")
    operator.type("undo", "1", "--yes")
    assert operator.state() == nothing
    assert "taken back already" in operator.refused("undo", "1", "--yes")


def test_sync_follows_the_file_routes_included(operator: Operator) -> None:
    operator.type("up", "wg7")
    operator.file.write_text(operator.file.read_text().replace("192.168.2.0/24", "192.168.3.0/24"))
    assert "nothing was to be done" not in operator.type("sync", "wg7")
    assert operator.routes() == {"192.168.3.0/24"}
    assert operator.allowed(ALICE) == {"10.7.0.2/32", "192.168.3.0/24"}
    assert "nothing was to be done" in operator.type("sync", "wg7")


def test_a_failing_hook_leaves_nothing(operator: Operator) -> None:
    nothing = operator.state()
    operator.file.write_text(operator.file.read_text().replace("PreDown = echo down", "PostUp = false"))
    failing = operator.file.read_text()
    said = operator.refused("up", "wg7")
    assert "PostUp" in said
    assert "taken back" in said
    assert operator.state() == (*nothing[:-1], failing)
    entries = json.loads(operator.type("journal", "--json"))["entries"]
    assert [entry["state"] for entry in entries] == ["reverted"]


def test_peers_by_command(operator: Operator) -> None:
    operator.type("up", "wg7")
    before = operator.state()
    carol = new_key()
    operator.type("peer", "add", "wg7", "carol", "--public-key", str(carol), "--keepalive", "25")
    assert operator.allowed(carol) == {"10.7.0.4/32", "fd07::4/128"}
    operator.type("peer", "edit", "wg7", "carol", "--allowed-ips", "10.7.0.4/32, 192.168.2.0/24")
    assert operator.allowed(carol) == {"10.7.0.4/32", "192.168.2.0/24"}
    assert operator.allowed(ALICE) == {"10.7.0.2/32"}
    operator.type("peer", "disable", "wg7", "alice")
    peers = json.loads(operator.type("peer", "list", "wg7", "--json"))["peers"]
    assert {peer["name"]: peer["enabled"] for peer in peers} == {"alice": False, "bob": True, "carol": True}
    assert str(ALICE) not in operator.host.run("wg", "show", "wg7", "peers")
    operator.type("peer", "enable", "wg7", "alice")
    operator.type("peer", "remove", "wg7", "carol", "--yes")
    for number in range(6, 1, -1):
        operator.type("undo", str(number), "--yes")
    assert operator.state() == before
    assert operator.file.stat().st_mode & 0o777 == 0o640


def test_a_preshared_key_comes_from_standard_input_and_is_never_told(operator: Operator) -> None:
    secret = KEYPAIRS.generate_preshared_key().reveal()
    operator.type("up", "wg7")
    operator.stdin = secret + "\n"
    said = operator.type("peer", "edit", "wg7", "bob", "--preshared-key-file", "-")
    said += operator.type("peer", "show", "wg7", "bob") + operator.type("journal", "2")
    assert secret not in said
    assert secret in operator.type("peer", "show", "wg7", "bob", "--show-keys")
    assert secret in operator.host.run("wg", "show", "wg7", "preshared-keys")
    operator.stdin = "no key\n"
    assert "standard input" in operator.refused("peer", "edit", "wg7", "bob", "--preshared-key-file", "-")


def test_generated_keys_let_the_peer_talk(operator: Operator) -> None:
    operator.type("up", "wg7")
    operator.type("peer", "add", "wg7", "laptop", "--generate-preshared-key", "--calls", "192.0.2.1:51877")
    own = operator.folder / "conf/peers/wg7/laptop.conf"
    assert own.stat().st_mode & 0o777 == 0o600
    assert "Endpoint = 192.0.2.1:51877" in own.read_text()
    assert operator.run("check", str(own)).returncode == 0
    before = own.read_text()
    operator.type("peer", "rotate", "wg7", "laptop", "--yes")
    assert own.read_text() != before
    key = own.read_text().split("PrivateKey = ")[1].split("\n")[0]
    public = subprocess.run(["wg", "pubkey"], input=key, capture_output=True, text=True, check=True).stdout
    assert public.strip() in operator.host.run("wg", "show", "wg7", "peers")


def test_interfaces_by_command(operator: Operator) -> None:
    operator.type("interface", "create", "wg8", "--address", "10.8.0.1/24", "--listen-port", "51888")
    assert "(hidden)" in operator.type("interface", "show", "wg8")
    operator.type("up", "wg8")
    operator.type("interface", "edit", "wg8", "--listen-port", "51889", "--mtu", "1300")
    assert operator.host.run("wg", "show", "wg8", "listen-port").strip() == "51889"
    assert "mtu 1300" in operator.host.run("ip", "link", "show", "wg8")
    assert "is up" in operator.refused("interface", "delete", "wg8", "--yes")
    operator.type("down", "wg8")
    operator.type("interface", "delete", "wg8", "--yes")
    assert not (operator.folder / "conf/wg8.conf").exists()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("up", "nosuch"), "nosuch.conf does not exist"),
        (("peer", "list", "nosuch"), "has no file"),
        (("peer", "edit", "wg7", "nobody", "--keepalive", "1"), "no peer nobody"),
        (("peer", "edit", "wg7", "bob", "--allowed-ips", "10.0.0.300"), "10.0.0.300"),
        (("peer", "add", "wg7", "x", "--public-key", "abc"), "44 characters"),
        (("peer", "add", "wg7", "x", "--public-key", str(BOB)), "public key"),
        (("peer", "rotate", "wg7", "bob", "--yes"), "not on this host"),
        (("interface", "create", "wg7"), "exists already"),
        (("undo", "7"), "no entry 7"),
        (("confirm", "7"), "no entry 7"),
        (("journal", "7"), "no entry 7"),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line_and_changes_nothing(
    operator: Operator, words: tuple[str, ...], part: str
) -> None:
    before = operator.state()
    assert part in operator.refused(*words)
    assert operator.state() == before


def test_a_key_in_a_hook_is_told_by_no_command(operator: Operator) -> None:
    hook = f"PostUp = echo {PRIVATE.reveal()} > /dev/null\nPreDown"
    operator.file.write_text(operator.file.read_text().replace("PreDown", hook))
    assert "echo (hidden)" in operator.type("up", "wg7", "--dry-run")
    operator.type("up", "wg7")
    for words in (("journal", "1"), ("journal", "--json"), ("down", "wg7", "--dry-run")):
        operator.type(*words)
    assert "echo (hidden)" in operator.type("journal", "1")


def test_a_change_waits_for_its_confirmation_and_is_taken_back(operator: Operator) -> None:
    nothing = operator.state()
    operator.type("up", "wg7", "--confirm-within", "60")
    assert "wgtui confirm 1" in operator.refused("down", "wg7")
    operator.type("confirm", "1")
    operator.type("down", "wg7", "--confirm-within", "2")
    eventually("the tunnel is back", lambda: "wg7" in operator.host.run("wg", "show", "interfaces"))
    states = [entry["state"] for entry in json.loads(operator.type("journal", "--json"))["entries"]]
    assert states == ["reverted", "applied"]
    operator.type("down", "wg7")
    assert operator.state() == nothing


def kill_in_the_midst(operator: Operator) -> None:
    """Begin to bring wg7 up, and kill the process when its interface stands and a hook runs."""
    mark = operator.folder / "in the midst"
    hook = f"PreUp = test -e '{mark}' || {{ touch '{mark}'; exec sleep 30; }}\nPostUp = echo up"
    operator.file.write_text(operator.file.read_text().replace("PostUp = echo up", hook))
    with subprocess.Popen(operator.command("up", "wg7"), env=_environment()) as process:
        eventually("the hook runs", mark.exists, 20)
        assert "wg7" in operator.host.run("ip", "-o", "link")
        process.kill()
    entries = json.loads(operator.type("journal", "--json"))["entries"]
    assert [entry["state"] for entry in entries] == ["unfinished"]
    said = operator.refused("peer", "edit", "wg7", "bob", "--keepalive", "5")
    assert "cut off" in said
    assert "wgtui undo 1" in said


def test_a_killed_command_is_taken_back_at_the_next_start(operator: Operator) -> None:
    nothing = operator.state()[:-1]
    kill_in_the_midst(operator)
    assert "wgtui undo" not in operator.type("undo", "1", "--yes")
    assert operator.state()[:-1] == nothing


def test_a_killed_command_is_completed_at_the_next_start(operator: Operator) -> None:
    kill_in_the_midst(operator)
    operator.type("confirm", "1")
    assert operator.routes() == {"192.168.2.0/24"}
    assert operator.allowed(ALICE) == {"10.7.0.2/32", "192.168.2.0/24"}
    assert (operator.folder / "notes").read_text() == "up\n"
    operator.type("down", "wg7")
    assert "wg7" not in operator.host.run("ip", "-o", "link")


def test_completing_it_can_be_read_before(operator: Operator) -> None:
    kill_in_the_midst(operator)
    before = operator.state()
    said = operator.type("confirm", "1", "--dry-run")
    assert "Set on wg7: its private key" in said
    assert "ip link add" not in said
    assert operator.state() == before
    operator.type("undo", "1", "--yes")


@pytest.mark.parametrize("deaf", [False, True], ids=["", "deaf"])
def test_ctrl_c_ends_a_hook_that_hangs_and_all_is_taken_back(operator: Operator, deaf: bool) -> None:
    nothing = operator.state()[:-1]
    mark = operator.folder / "in the midst"
    hook = f"PostUp = {'trap : TERM; ' if deaf else ''}touch '{mark}'; while true; do sleep 1; done || true"
    operator.file.write_text(operator.file.read_text().replace("PreDown", f"{hook}\nPreDown"))
    with subprocess.Popen(
        operator.command("up", "wg7"), env=_environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            eventually("the hook hangs", mark.exists, 20)
            process.send_signal(signal.SIGINT)
            if deaf:
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(2)
                process.send_signal(signal.SIGINT)
            assert process.wait(20) == 128 + signal.SIGINT
        finally:
            process.kill()
        said = process.stderr.read()
    assert said.count("\n") == 1
    assert "A PostUp command of wg7 failed" in said
    assert "taken back" in said
    assert operator.state()[:-1] == nothing
    assert (operator.folder / "notes").read_text() == "up\ndown\n"


def test_a_hang_up_waits_for_the_change_which_is_told(operator: Operator) -> None:
    mark = operator.folder / "in the midst"
    hook = f"PostUp = touch '{mark}'; while test -e '{mark}'; do sleep 0.05; done\nPreDown"
    operator.file.write_text(operator.file.read_text().replace("PreDown", hook))
    with subprocess.Popen(
        operator.command("up", "wg7"), env=_environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        eventually("it is at work", mark.exists, 20)
        process.send_signal(signal.SIGHUP)
        mark.unlink()
        assert process.wait(20) == -signal.SIGHUP
        assert "this was done" in process.stderr.read()
    assert operator.routes() == {"192.168.2.0/24"}


def test_a_tunnel_of_another_namespace_is_another(operator: Operator) -> None:
    operator.type("up", "wg7")
    with userspace_host() as host:
        other = replace(operator, host=host)
        said = other.refused("undo", "1", "--yes")
        assert f"--netns {operator.host.netns}" in said
        operator.file.write_text(operator.file.read_text().replace("echo down", "echo other"))
        host.devices.create("wg7")
        links = [json.loads(each.run("ip", "-j", "link", "show", "wg7"))[0] for each in (host, operator.host)]
        assert links[0]["ifindex"] == links[1]["ifindex"]
        other.type("down", "wg7")
        assert "wg7" not in host.run("ip", "-o", "link")
    assert (operator.folder / "notes").read_text() == "up\nother\n"


def test_two_operators_do_not_work_at_once(operator: Operator) -> None:
    mark = operator.folder / "in the midst"
    hook = f"PostUp = touch '{mark}'; while test -e '{mark}'; do sleep 0.05; done\nPreDown"
    operator.file.write_text(operator.file.read_text().replace("PreDown", hook))
    with subprocess.Popen(operator.command("up", "wg7"), env=_environment(), stdout=subprocess.PIPE) as first:
        eventually("the first one is at work", mark.exists, 20)
        said = operator.refused("peer", "edit", "wg7", "bob", "--keepalive", "5")
        mark.unlink()
        assert first.wait(20) == 0
    assert "Bring wg7 up" in said
    operator.type("peer", "edit", "wg7", "bob", "--keepalive", "5")
