"""The doctor on a host in memory: what it reads, what it plans, and what it says when it cannot read."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import replace
from ipaddress import ip_interface
from typing import Any

import pytest

from tests.services.file_configs import FileConfigs
from tests.services.forwarding_host import ForwardingHost, relay_file
from tests.services.interface_host import FOLDER, OTHER_KEY, PEER_KEY, PRIVATE_KEY
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.host_facts import SimulatedInspector
from wgtui.domain.doctor import DoctorFinding, Severity
from wgtui.domain.errors import DeviceGone, NetworkError, WgtuiError
from wgtui.domain.host import FileImage, UnitState
from wgtui.domain.network import LinkSettings
from wgtui.domain.session import Risk
from wgtui.services.changes import Changes
from wgtui.services.doctor import Doctor, DoctorReport, doctor_fix_words, doctor_json
from wgtui.services.setup import SetupTools


def no_risks(_plan: object) -> tuple[Risk, ...]:
    return ()


def changes_of(host: ForwardingHost) -> Changes:
    return Changes(
        host=host.context.host,
        context=host.context,
        config_dir=FOLDER,
        configs=FileConfigs(host),
        links=host.links,
        keypairs=NaclKeypairs(),
        journal=host.journal,
        transaction=host.transaction,
        risks=no_risks,
        tools=SetupTools(SimulatedInspector(), lambda size: bytes(size), "/var/lib/wgtui", ""),
        packet_filter=host.packet_filter,
    )


def doctor_of(host: ForwardingHost, folder_mode: int = 0o755) -> Doctor:
    return Doctor(changes_of(host), FakeClock(), lambda _path: folder_mode)


def examined(host: ForwardingHost, **more: Any) -> DoctorReport:
    return doctor_of(host, **more).examine()


def finding(report: DoctorReport, code: str) -> DoctorFinding:
    return next(one for one in report.findings if one.code == code)


@pytest.fixture
def host() -> ForwardingHost:
    """A relay that forwards, now and after a reboot."""
    made = ForwardingHost()
    made.sysctls.values["net.ipv4.ip_forward"] = "1"
    made.put("/etc/sysctl.d/50-relay.conf", "net.ipv4.ip_forward = 1\n")
    return made


def test_a_healthy_host(host: ForwardingHost) -> None:
    report = examined(host)
    assert report.is_healthy, [(one.code, one.text) for one in report.problems]
    assert report.interfaces == ("wg0",)
    data = doctor_json(report)
    json.dumps(data)
    assert (data["schema"], data["healthy"]) == (1, True)
    assert PRIVATE_KEY not in json.dumps(data)


def mend(host: ForwardingHost, code: str) -> None:
    """Apply the fix of a finding, after which it is no longer found."""
    doctor = doctor_of(host)
    one = finding(doctor.examine(), code)
    assert one.severity.is_problem
    assert one.fix is not None
    assert doctor_fix_words(one.fix).endswith(".")
    plan = doctor.plan(one.fix)
    assert plan is not None
    host.transaction.apply(plan)
    assert code not in {left.code for left in examined(host).problems}


def test_forwarding_is_off_and_mended(host: ForwardingHost) -> None:
    host.sysctls.values["net.ipv4.ip_forward"] = "0"
    mend(host, "ip-forward")
    assert host.sysctls.values["net.ipv4.ip_forward"] == "1"


def test_a_file_is_open_and_closed(host: ForwardingHost) -> None:
    path = f"{FOLDER}/wg0.conf"
    image = host.files.read(path)
    assert image is not None
    host.files.write(path, replace(image, mode=0o644))
    assert examined(host, folder_mode=0o700).is_healthy
    mend(host, "world-accessible")
    closed = host.files.read(path)
    assert closed is not None
    assert (closed.mode, closed.content) == (0o600, image.content)


def test_a_peer_is_missing_and_added(host: ForwardingHost) -> None:
    host.world.devices["wg0"].peers.clear()
    report = examined(host)
    assert report.problems[0].code == "peer-missing"
    for _ in range(2):
        doctor = doctor_of(host)
        fix = doctor.examine().problems[0].fix
        assert fix is not None
        plan = doctor.plan(fix)
        assert plan is not None
        host.transaction.apply(plan)
    assert examined(host).is_healthy


def test_an_interface_is_down_and_brought_up(host: ForwardingHost) -> None:
    host.units.available = False
    host.down()
    mend(host, "interface-down")
    assert "wg0" in host.context.host.wireguard.names()


def test_an_interface_is_not_enabled_and_will_be(host: ForwardingHost) -> None:
    host.units.units["wg-quick@wg0.service"] = UnitState(enabled=False, active=False)
    mend(host, "not-at-boot")
    assert host.units.units["wg-quick@wg0.service"].enabled


def test_an_mtu_is_too_large_and_set(host: ForwardingHost) -> None:
    text = relay_file().replace("[Peer]", "MTU = 1480\n\n[Peer]", 1)
    host.sync(
        text.replace("AllowedIPs = 10.0.0.3/32", "AllowedIPs = 10.0.0.3/32\nEndpoint = 203.0.113.9:51820")
    )
    mend(host, "mtu-too-large")
    link = host.network.link("wg0")
    assert link is not None
    assert link.mtu == 1440


def test_save_config_is_taken_out(host: ForwardingHost) -> None:
    host.sync(relay_file("SaveConfig = true\n"))
    doctor = doctor_of(host)
    one = finding(doctor.examine(), "save-config")
    assert one.severity is Severity.NOTE
    assert one.fix is not None
    plan = doctor.plan(one.fix)
    assert plan is not None
    host.transaction.apply(plan)
    assert "SaveConfig" not in host.text()


def test_two_files_with_one_port(host: ForwardingHost) -> None:
    host.write(relay_file(address="10.9.0.1/24"), "wg1")
    first = examined(host).problems[0]
    assert (first.code, first.interface) == ("port-shared", "wg1")
    assert doctor_of(host).examine("wg0").is_healthy


def test_a_subnet_of_a_lan(host: ForwardingHost) -> None:
    host.network.add_link("lan1", ip_interface("10.0.0.77/24"))
    host.links.names.append("lan1")
    assert "collision" in {one.code for one in examined(host).problems}


def test_an_own_file_of_another_relay(host: ForwardingHost) -> None:
    keys = NaclKeypairs()
    own = keys.generate_private_key()
    public = keys.public_key(own)
    host.sync(relay_file().replace(OTHER_KEY, str(public)))
    text = (
        f"[Interface]\nPrivateKey = {own.reveal()}\nAddress = 10.0.0.3/24\n\n[Peer]\n"
        f"PublicKey = {PEER_KEY}\nAllowedIPs = 10.0.0.0/24\nEndpoint = vpn.example.net:51820\n"
        "PersistentKeepalive = 25\n"
    )
    host.files.write(f"{FOLDER}/peers/wg0/phone.conf", FileImage(text.encode()))
    first = examined(host).problems[0]
    assert (first.code, first.peer, first.certain) == ("own-file-relay-key", public, False)
    assert own.reveal() not in json.dumps(doctor_json(examined(host)))


def test_what_cannot_be_read_is_a_finding(host: ForwardingHost, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NetworkError("The kernel said no.", hint="Ask again.")

    monkeypatch.setattr(host.network, "routes", refuse)
    report = examined(host)
    assert not report.is_healthy
    assert "The kernel said no." in finding(report, "not-read").text
    assert finding(report, "interface").severity is Severity.OK


def test_a_defect_in_one_part_leaves_the_others(
    host: ForwardingHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(host.links, "all", break_down)
    report = examined(host)
    assert "ZeroDivisionError" in finding(report, "not-read").text
    assert "wireguard" in {one.code for one in report.findings}


def test_an_interface_that_does_not_exist(host: ForwardingHost) -> None:
    with pytest.raises(DeviceGone, match="wg9"):
        doctor_of(host).examine("wg9")


def test_a_broken_file_is_named(host: ForwardingHost) -> None:
    host.write(relay_file().replace("ListenPort = 51820", "ListenPort = many"))
    first = examined(host).problems[0]
    assert first.code == "file-refused"
    assert "line 4" in first.text


def test_a_fix_that_is_gone(host: ForwardingHost) -> None:
    path = f"{FOLDER}/wg0.conf"
    image = host.files.read(path)
    assert image is not None
    host.files.write(path, replace(image, mode=0o644))
    doctor = doctor_of(host)
    fix = finding(doctor.examine(), "world-accessible").fix
    assert fix is not None
    host.files.remove(path)
    with pytest.raises(WgtuiError):
        doctor.plan(fix)


def test_many_peers_cost_no_more_than_their_share() -> None:
    """Eight times the peers take about eight times as long, and not sixty-four times."""

    def seconds(count: int) -> float:
        made = ForwardingHost()
        text = relay_file().partition("[Peer]")[0].replace("10.0.0.1/24", "10.0.0.1/16")
        for number in range(1, count + 1):
            key = base64.b64encode(number.to_bytes(4, "big") + bytes(28)).decode()
            place = f"{number // 250}.{number % 250 + 2}"
            text += f"\n[Peer]\nPublicKey = {key}\nAllowedIPs = 10.0.{place}/32, 172.{place}.0/24\n"
        made.sync(text)
        started = time.process_time()
        report = doctor_of(made).examine()
        assert "interface" in {one.code for one in report.findings}
        return time.process_time() - started

    seconds(10)
    assert seconds(800) < 24 * max(seconds(100), 0.01)


def test_a_link_that_is_off_is_switched_on(host: ForwardingHost) -> None:
    link = host.network.link("wg0")
    assert link is not None
    host.network.set_link("wg0", LinkSettings(False, link.mtu))
    mend(host, "interface-down")
    again = host.network.link("wg0")
    assert again is not None
    assert again.up
