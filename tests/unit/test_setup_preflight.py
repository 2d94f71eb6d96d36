"""What stands in the way of setting a host up."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from wgtui.adapters.host_facts import ProcInspector
from wgtui.adapters.simulated.host_facts import PLAIN_HOST
from wgtui.domain.setup.facts import ClockFacts, HostFacts, KernelSupport
from wgtui.domain.setup.preflight import Existing, FindingLevel, PreflightFinding, judge_host

NOTHING = Existing()
NO_GO = PLAIN_HOST.programs
WITH_GO = NO_GO | {"wireguard-go"}
NOW = 1_800_000_000.0


def finding(facts: HostFacts, topic: str, existing: Existing = NOTHING) -> PreflightFinding:
    return next(one for one in judge_host(facts, existing) if one.topic == topic)


def test_a_plain_server_is_all_good() -> None:
    assert {one.level for one in judge_host(PLAIN_HOST, NOTHING)} == {FindingLevel.GOOD}


def test_all_that_is_not_good_has_a_reason_or_a_remedy() -> None:
    worst = replace(
        PLAIN_HOST,
        net_admin=False,
        support=KernelSupport.MISSING,
        programs=frozenset(),
        systemd=False,
        network_manager=True,
        others=(("systemd-networkd", "wg0"),),
        container="lxc",
        clock=ClockFacts(0.0, synchronised=False),
    )
    for one in judge_host(worst, Existing(("wg0",), ("wg0", "wg1"))):
        assert one.level is FindingLevel.GOOD or one.why or one.remedy or one.level is FindingLevel.NOTICE
        assert one.text.endswith(".")


@pytest.mark.parametrize(
    ("support", "programs", "tun", "level"),
    [
        (KernelSupport.LOADED, NO_GO, False, FindingLevel.GOOD),
        (KernelSupport.LOADABLE, NO_GO, False, FindingLevel.GOOD),
        (KernelSupport.MISSING, NO_GO, True, FindingLevel.BLOCKING),
        (KernelSupport.MISSING, WITH_GO, True, FindingLevel.NOTICE),
        (KernelSupport.MISSING, WITH_GO, False, FindingLevel.BLOCKING),
        (KernelSupport.REMOVED, NO_GO, True, FindingLevel.BLOCKING),
        (KernelSupport.HIDDEN, NO_GO, True, FindingLevel.WARNING),
        (KernelSupport.HIDDEN, WITH_GO, True, FindingLevel.NOTICE),
    ],
)
def test_wireguard_of_the_kernel_or_in_its_place(
    support: KernelSupport, programs: frozenset[str], tun: bool, level: FindingLevel
) -> None:
    facts = replace(PLAIN_HOST, support=support, programs=programs, tun=tun)
    assert finding(facts, "WireGuard").level is level


@pytest.mark.parametrize(
    ("clock", "level"),
    [
        (ClockFacts(NOW, synchronised=True), FindingLevel.GOOD),
        (ClockFacts(NOW, synchronised=False, keeper="chrony"), FindingLevel.NOTICE),
        (ClockFacts(NOW, synchronised=False), FindingLevel.WARNING),
        (ClockFacts(NOW, synchronised=None), FindingLevel.NOTICE),
        (ClockFacts(86400.0, synchronised=True), FindingLevel.WARNING),
    ],
)
def test_the_clock(clock: ClockFacts, level: FindingLevel) -> None:
    assert finding(replace(PLAIN_HOST, clock=clock), "clock").level is level


def test_interfaces_of_others_are_named() -> None:
    facts = replace(PLAIN_HOST, others=(("NetworkManager", "wg0"),))
    assert (
        "NetworkManager has a WireGuard interface of its own: wg0." in finding(facts, "other managers").text
    )
    existing = Existing(("wg0",), ("wg0", "wg9"))
    texts = [one.text for one in judge_host(PLAIN_HOST, existing) if one.topic == "existing"]
    assert texts == ["There are files of: wg0.", "These run without a file in this folder: wg9."]


def test_this_host_is_looked_at_in_no_time() -> None:
    started = time.monotonic()
    facts = ProcInspector().look()
    assert time.monotonic() - started < 0.3
    assert "bash" in facts.programs
    assert abs(facts.clock.now - time.time()) < 60


class TestFacts:
    """Facts of a host whose files are made for it."""

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        return tmp_path

    def put(self, root: Path, path: str, text: str = "") -> None:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def test_interfaces_that_other_programs_have(self, root: Path) -> None:
        self.put(root, "etc/systemd/network/10-wg.netdev", "[NetDev]\nName=wg5\nKind=wireguard\n")
        self.put(root, "etc/systemd/network/20-br.netdev", "[NetDev]\nName=br0\nKind=bridge\n")
        folder = "etc/NetworkManager/system-connections"
        text = "[connection]\nid=home\ntype=wireguard\ninterface-name=wg6\n[wireguard]\nprivate-key=x\n"
        self.put(root, f"{folder}/home.nmconnection", text)
        self.put(root, f"{folder}/broken.nmconnection", "no section\n")
        self.put(root, "etc/netplan/50.yaml", "network:\n  tunnels:\n    wg7:\n      mode: wireguard\n")
        assert ProcInspector(root=root).look().others == (
            ("systemd-networkd", "wg5"),
            ("NetworkManager", "wg6"),
            ("netplan", ""),
        )

    def test_udp_ports_that_are_bound(self, root: Path) -> None:
        head = "  sl  local_address rem_address   st tx_queue rx_queue\n"
        line = " 1234: 00000000:CA6C 00000000:0000 07 00000000:00000000 00:00000000 00000000     0\n"
        line6 = f"   70: {'0' * 32}:0035 {'0' * 32}:0000 07\n"
        self.put(root, "proc/thread-self/net/udp", head + line)
        self.put(root, "proc/thread-self/net/udp6", head + line6)
        assert ProcInspector(root=root).look().udp_ports == {51820, 53}

    @pytest.mark.parametrize(
        ("path", "text", "kind"),
        [
            ("run/systemd/container", "lxc\n", "lxc"),
            (".dockerenv", "", "docker"),
            ("run/.containerenv", "", "podman"),
            ("proc/vz/version", "", "openvz"),
            ("proc/1/environ", "TERM=linux\0container=lxc-libvirt\0", "lxc-libvirt"),
            ("proc/1/environ", "mycontainer=x\0", ""),
        ],
    )
    def test_the_kind_of_container(self, root: Path, path: str, text: str, kind: str) -> None:
        self.put(root, path, text)
        assert ProcInspector(root=root).look().container == kind

    def test_the_module_on_the_disk(self, root: Path) -> None:
        import os

        assert ProcInspector(root=root).look().support is KernelSupport.MISSING
        self.put(root, "lib/modules/0.0.1/modules.dep")
        assert ProcInspector(root=root).look().support is KernelSupport.REMOVED
        self.put(
            root,
            f"lib/modules/{os.uname().release}/modules.dep",
            "kernel/drivers/net/wireguard/wireguard.ko.xz: kernel/net/ipv4/udp_tunnel.ko\n",
        )
        assert ProcInspector(root=root).look().support is KernelSupport.LOADABLE
        self.put(root, "sys/module/wireguard/version")
        assert ProcInspector(root=root).look().support is KernelSupport.LOADED

    def test_what_keeps_the_clock_and_who_resolves(self, root: Path) -> None:
        self.put(root, "run/chrony/chronyd.pid", "1\n")
        self.put(root, "etc/resolv.conf", "# x\nnameserver 127.0.0.53\nnameserver 9.9.9.9\nsearch a\n")
        facts = ProcInspector(root=root).look()
        assert facts.clock.keeper == "chrony"
        assert facts.resolvers == ("127.0.0.53", "9.9.9.9")
