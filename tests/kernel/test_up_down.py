"""`up`, `down` and `sync` on the kernel's devices, beside `wg-quick` itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conformance.quick_cases import CASES, file
from tests.conformance.quick_state import State, state, without_random_port
from tests.kernel.support import run
from tests.support.host_ports import planner_context, real_ports
from tests.support.needs import needs
from wgtui.adapters.clock import SystemClock
from wgtui.adapters.host_lock import FileHostLock
from wgtui.adapters.journal_files import JournalFiles
from wgtui.adapters.operator import Operator
from wgtui.domain.errors import DeviceBusy
from wgtui.domain.plan import Plan
from wgtui.services.interfaces import Source, find_source, plan_down, plan_sync, plan_up
from wgtui.services.journal import Journal
from wgtui.services.transaction import Transaction

_UPLINK = """
ip link set lo up
ip link add wan type veth peer name wanpeer
for link in wan wanpeer; do ip link set $link addrgenmode none up; done
ip address add 192.0.2.2/24 dev wan
ip address add 2001:db8::2/64 dev wan nodad
ip route add default via 192.0.2.1
ip -6 route add default via 2001:db8::1
"""

pytestmark = needs("wg-quick", "nft")


@dataclass
class Host:
    """A network namespace with an uplink, and a folder of files."""

    netns: str
    folder: Path

    def __post_init__(self) -> None:
        self.prefix = ("nsenter", f"--net=/run/netns/{self.netns}")
        run(*self.prefix, "sh", "-ec", _UPLINK)
        self.ports = real_ports(self.netns, self.folder / "sockets")
        self.context = planner_context(self.ports, self.netns)
        self.journal = Journal(JournalFiles(self.folder), SystemClock(), "the test")
        self.transaction = Transaction(self.ports, self.journal, FileHostLock(self.folder, Operator("test")))

    def write(self, config: str) -> Source:
        """Write the interface's file."""
        path = self.folder / "wgo.conf"
        path.write_text(config)
        path.chmod(0o600)
        return find_source(self.ports.files, str(path), "/etc/wireguard")

    def state(self) -> State:
        """What the host is like."""
        return state(self.prefix)

    def wg_quick(self, verb: str) -> None:
        """Run `wg-quick`, which has to succeed."""
        run(*self.prefix, "wg-quick", verb, str(self.folder / "wgo.conf"))

    def made(self) -> Plan | None:
        """What the journal tells of the interface."""
        link = self.ports.network.link("wgo")
        return self.journal.made_by("wgo", link.index) if link else None

    def apply(self, plan: Plan) -> int:
        """Apply a plan; its number in the journal."""
        number = self.transaction.apply(plan).number
        assert number is not None
        return number


@pytest.fixture
def host(new_netns: Callable[[], str], tmp_path: Path) -> Iterator[Host]:
    host = Host(new_netns(), tmp_path)
    yield host
    host.ports.close()


@pytest.mark.parametrize("case", ["relay", "full"])
def test_the_same_as_wg_quick(host: Host, case: str) -> None:
    config = CASES[case]
    source = host.write(config)
    before = host.state()
    host.wg_quick("up")
    theirs = without_random_port(host.state(), config)
    host.wg_quick("down")
    run(*host.prefix, "sysctl", "-qw", "net.ipv4.conf.all.src_valid_mark=0")
    host.apply(plan_up(host.context, source))
    ours = without_random_port(host.state(), config)
    assert ours == theirs
    assert plan_sync(host.context, source, host.made()).is_empty
    down = host.apply(plan_down(host.context, "wgo", source, host.made()))
    assert host.state() == before
    host.transaction.undo(down)
    assert without_random_port(host.state(), config) == ours


def test_a_busy_port_leaves_nothing_behind(host: Host) -> None:
    """A device of the kernel binds its port when it comes up, half way through the plan."""
    run("ip", "-n", host.netns, "link", "add", "wg9", "type", "wireguard")
    run(*host.prefix, "wg", "set", "wg9", "listen-port", "5555")
    run("ip", "-n", host.netns, "link", "set", "wg9", "up")
    before = host.state()
    source = host.write(file("Address = 10.0.0.1/24\nListenPort = 5555", "AllowedIPs = 0.0.0.0/0"))
    with pytest.raises(DeviceBusy, match="listen port is in use"):
        host.apply(plan_up(host.context, source))
    assert host.state() == before


def test_sync_brings_a_default_route_and_takes_it_away(host: Host) -> None:
    without = file("Address = 10.0.0.1/24\nListenPort = 5555", "AllowedIPs = 10.7.0.0/16")
    host.apply(plan_up(host.context, host.write(without)))
    before = host.state()
    full = host.write(without.replace("10.7.0.0/16", "0.0.0.0/0"))
    host.apply(plan_sync(host.context, full, host.made()))
    assert plan_sync(host.context, full, host.made()).is_empty
    assert "-4 32765:\tnot from all fwmark 0xca6c lookup 51820" in host.state()["rules"]
    host.apply(plan_sync(host.context, host.write(without), host.made()))
    assert {**host.state(), "src_valid_mark": ["0"]} == before
