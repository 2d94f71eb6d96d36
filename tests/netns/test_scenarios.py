"""Real packets through the scenarios' tunnels."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.netns.support import ping, reaches, read
from tests.support.waiting import eventually
from tests.support.wg_dump import DumpedDevice, dump, told
from wgtui.adapters.lab import LabHandle
from wgtui.domain.device import Device, Peer

RECEIVER = """
import socket
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 7777))
udp.settimeout(10)
print("ready", flush=True)
print(udp.recvfrom(100)[1][0])
"""
SENDER = """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"hello", ("192.168.2.5", 7777))
"""


def peer(lab: LabHandle, owner: str) -> Peer:
    """The host's peer that owns an allowed IP."""
    return next(
        found
        for found in read(lab, lab.host.name).peers
        if owner in [str(prefix) for prefix in found.allowed_ips]
    )


def seen_sender(lab: LabHandle, node: str) -> str:
    """The address from which the LAN host sees a datagram come that a node sends."""
    command = lab.command("lanhost", [sys.executable, "-I", "-c", RECEIVER])
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as receiver:
        assert receiver.stdout is not None
        assert receiver.stdout.readline() == "ready\n"
        sent = lab.run(node, [sys.executable, "-I", "-c", SENDER])
        assert sent.returncode == 0, sent.stderr
        return receiver.stdout.read().strip()


def at_one_moment(lab: LabHandle, node: str) -> tuple[Device, DumpedDevice]:
    """A node's device as our adapters and as wg read it, with nothing happening in between."""

    def attempt() -> tuple[Device, DumpedDevice] | None:
        before = dump(lab.command(node, []))
        ours = read(lab, node)
        return (ours, before["wg0"]) if dump(lab.command(node, [])) == before else None

    pair = eventually("a moment without traffic", attempt)
    assert pair is not None
    return pair


class TestRelay:
    def test_the_laptop_reaches_the_lan_host_through_relay_and_gateway(self, relay_lab: LabHandle) -> None:
        eventually("the laptop reaches the LAN host", reaches(relay_lab, "laptop", "192.168.2.5"))
        assert seen_sender(relay_lab, "laptop") == "192.168.2.2"

    def test_the_relay_knows_who_owns_what(self, relay_lab: LabHandle) -> None:
        device = read(relay_lab, "relay")
        assert device.listen_port == 43155
        assert {tuple(map(str, found.allowed_ips)) for found in device.peers} == {
            ("5.5.5.2/32", "192.168.2.0/24"),
            ("5.5.5.3/32",),
            ("5.5.5.4/32",),
        }

    def test_the_peers_reach_each_other_through_the_relay(self, relay_lab: LabHandle) -> None:
        eventually("the laptop reaches the relay", reaches(relay_lab, "laptop", "5.5.5.1"))
        eventually("the laptop reaches the gateway", reaches(relay_lab, "laptop", "5.5.5.2"))
        eventually("the gateway reaches the laptop", reaches(relay_lab, "gateway", "5.5.5.3"))
        eventually("the phone reaches the laptop", reaches(relay_lab, "phone", "5.5.5.3"))

    def test_the_relay_sees_the_routers_not_the_machines_behind_them(self, relay_lab: LabHandle) -> None:
        eventually("the laptop reaches the relay", reaches(relay_lab, "laptop", "5.5.5.1"))
        assert str(peer(relay_lab, "5.5.5.2/32").endpoint).startswith("198.51.100.20:")
        assert str(peer(relay_lab, "5.5.5.3/32").endpoint).startswith("198.51.100.140:")

    def test_the_gateway_is_followed_when_its_nat_port_changes(self, relay_lab: LabHandle) -> None:
        before = peer(relay_lab, "5.5.5.2/32").endpoint
        assert before is not None
        relay_lab.roam()
        eventually("the gateway calls again", reaches(relay_lab, "gateway", "5.5.5.1"))
        after = peer(relay_lab, "5.5.5.2/32").endpoint
        assert after is not None
        assert (after.address, after.port != before.port) == (before.address, True)
        eventually("the LAN host is reached again", reaches(relay_lab, "laptop", "192.168.2.5"))


class TestDirect:
    def test_the_server_reaches_the_lan_host_behind_the_gateway(self, direct_lab: LabHandle) -> None:
        eventually("the server reaches the LAN host", reaches(direct_lab, "server", "192.168.2.5"))
        assert seen_sender(direct_lab, "server") == "192.168.2.2"

    def test_each_side_has_the_scenarios_allowed_ips(self, direct_lab: LabHandle) -> None:
        (gateway,) = read(direct_lab, "server").peers
        (server,) = read(direct_lab, "gateway").peers
        assert [str(prefix) for prefix in gateway.allowed_ips] == ["5.5.5.2/32", "192.168.2.0/24"]
        assert [str(prefix) for prefix in server.allowed_ips] == ["5.5.5.1/32"]
        assert (server.persistent_keepalive, str(server.endpoint)) == (15, "203.0.113.10:43155")

    def test_the_server_follows_the_gateway(self, direct_lab: LabHandle) -> None:
        before = peer(direct_lab, "5.5.5.2/32").endpoint
        direct_lab.roam()
        eventually("the gateway calls again", reaches(direct_lab, "gateway", "5.5.5.1"))
        assert peer(direct_lab, "5.5.5.2/32").endpoint != before
        eventually("the LAN host is reached again", reaches(direct_lab, "server", "192.168.2.5"))


class TestQuickstart:
    def test_the_listener_cannot_call_before_the_dialler_has_spoken(self, quickstart_lab: LabHandle) -> None:
        lab = quickstart_lab
        (unknown,) = read(lab, "listener").peers
        assert (unknown.endpoint, unknown.latest_handshake) == (None, None)
        refused = ping(lab, "listener", "5.5.5.2")
        assert refused.returncode != 0
        if lab.implementation.value == "kernel":
            assert "Destination address required" in refused.stderr
        eventually("the dialler reaches the listener", reaches(lab, "dialler", "5.5.5.1"))
        eventually("the listener reaches the dialler", reaches(lab, "listener", "5.5.5.2"))
        (known,) = read(lab, "listener").peers
        assert str(known.endpoint).startswith("203.0.113.2:")
        assert known.latest_handshake is not None

    def test_the_ports_and_addresses_are_the_scenarios(self, quickstart_lab: LabHandle) -> None:
        assert read(quickstart_lab, "listener").listen_port == 10240
        assert str(read(quickstart_lab, "dialler").peers[0].endpoint) == "203.0.113.1:10240"
        assert quickstart_lab.host.tunnel_address == "5.5.5.1/24"
        assert quickstart_lab.nodes["dialler"].tunnel_address == "5.5.5.2/24"


class TestAgainstWg:
    """What our adapters read equals `wg show all dump` of the same moment."""

    @pytest.mark.parametrize("node", ["relay", "gateway", "laptop", "phone"])
    def test_device_and_peers_agree(self, relay_lab: LabHandle, node: str) -> None:
        eventually("the laptop reaches the LAN host", reaches(relay_lab, "laptop", "192.168.2.5"))

        ours, theirs = at_one_moment(relay_lab, node)
        assert told(ours) == theirs


class TestFiles:
    """Each node's file is what an operator would have written for the device that runs."""

    def test_the_relays_file_names_its_peers(self, relay_lab: LabHandle) -> None:
        text = (relay_lab.config_dir / "wg0.conf").read_text()
        assert re.findall(r"^# Name = (.*)$", text, re.MULTILINE) == ["home-gateway", "laptop", "phone"]
        assert "ListenPort = 43155" in text
        assert "AllowedIPs = 5.5.5.2/32, 192.168.2.0/24" in text

    def test_the_gateways_file_brings_the_tunnel_to_the_lan(self, relay_lab: LabHandle) -> None:
        text = (relay_lab.nodes["gateway"].config_dir / "wg0.conf").read_text()
        assert "PersistentKeepalive = 15" in text
        assert "AllowedIPs = 5.5.5.0/24" in text
        assert re.search(r"^PostUp = .*(MASQUERADE|masquerade)", text, re.MULTILINE)

    @pytest.mark.parametrize("node", ["relay", "gateway", "laptop", "phone"])
    def test_files_are_private_and_wg_quick_accepts_them(self, relay_lab: LabHandle, node: str) -> None:
        path = relay_lab.nodes[node].config_dir / "wg0.conf"
        assert path.stat().st_mode & 0o777 == 0o600
        stripped = subprocess.run(
            ["wg-quick", "strip", str(path)], capture_output=True, text=True, timeout=10, check=False
        )
        assert stripped.returncode == 0, stripped.stderr
        keys = re.findall(r"PublicKey = (\S+)", stripped.stdout)
        assert set(keys) == {str(found.public_key) for found in read(relay_lab, node).peers}

    def test_no_key_is_on_a_command_line_or_in_the_log(self, relay_lab: LabHandle) -> None:
        texts = [
            (node.config_dir / "wg0.conf").read_text()
            for node in relay_lab.nodes.values()
            if node.tunnel_address
        ]
        secrets = re.findall(r"(?:PrivateKey|PresharedKey) = (\S+)", "\n".join(texts))
        assert len(secrets) == 6
        said = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
        said += [path.read_bytes() for path in relay_lab.state_dir.parent.glob("log")]
        assert not [secret for secret in secrets if any(secret.encode() in line for line in said)]
