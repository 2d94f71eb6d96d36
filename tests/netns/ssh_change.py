"""Change the tunnel that one is logged in by: `ssh_change.py STATE-DIR ORDER`, on the relay of an `SshRig`.

Orders: `risks CHANGE`, `apply CHANGE SECONDS [die]`, `confirm NUMBER`, and `revert NUMBER [--after SECONDS]`,
which is what the countdown runs. Changes: `take-prefix` (the operator's address goes to the other peer),
`delete` (the whole device), `rename-phone` (only the other peer).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from wgtui.adapters.clock import SystemClock
from wgtui.adapters.countdown import wait_detached
from wgtui.adapters.files import HostFiles
from wgtui.adapters.host_lock import FileHostLock
from wgtui.adapters.journal_files import JournalFiles
from wgtui.adapters.links import RtnlLinks
from wgtui.adapters.network import RtnlNetwork
from wgtui.adapters.operator import Operator
from wgtui.adapters.reverter import HostReverter
from wgtui.adapters.simulated.host import (
    SimulatedFirewall,
    SimulatedHooks,
    SimulatedResolvconf,
    SimulatedUnits,
)
from wgtui.adapters.ssh_session import current_sessions
from wgtui.adapters.sysctl import ProcSysctls
from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.adapters.wireguard.userspace import UserspaceDevices
from wgtui.domain.applying import undoing
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.network import LinkSettings
from wgtui.domain.plan import ConfigureDevice, DeviceImage, Plan, SetDevice
from wgtui.services.apply import HostPorts
from wgtui.services.journal import Journal
from wgtui.services.session_guard import SessionGuard
from wgtui.services.transaction import Transaction

DEVICE = "wg0"


def main(state_dir: str, order: str, what: str, *more: str) -> None:
    """Carry out one order."""
    if order == "revert" and more:
        wait_detached(float(more[1]))
    host = _ports()
    journal = Journal(JournalFiles(Path(state_dir)), SystemClock(), "the test", "this boot")
    lock = FileHostLock(Path(state_dir), Operator("root"))
    reverter = HostReverter(
        [state_dir], systemd=False, program=[sys.executable, str(Path(__file__).resolve())]
    )
    transaction = Transaction(host, journal, lock, reverter)
    match order:
        case "risks":
            guard = SessionGuard(current_sessions(), RtnlLinks(), host.network, host.wireguard)
            for risk in guard.risks(_plan(host, what)):
                print(risk.severity.value, risk.text)
        case "apply":
            applied = transaction.apply(_plan(host, what), confirm_within=float(more[0]))
            if more[1:] == ("die",):
                os.kill(os.getpid(), signal.SIGKILL)
            print("entry", applied.number)
        case "confirm":
            transaction.confirm(int(what))
        case "revert":
            transaction.revert_at_deadline(int(what))


def _ports() -> HostPorts:
    return HostPorts(
        files=HostFiles(),
        wireguard=UapiWireGuard(),
        devices=UserspaceDevices(),
        network=RtnlNetwork(),
        sysctls=ProcSysctls(),
        firewall=SimulatedFirewall(),
        resolvconf=SimulatedResolvconf(),
        hooks=SimulatedHooks(),
        units=SimulatedUnits(),
    )


def _plan(host: HostPorts, what: str) -> Plan:
    device = host.wireguard.read(DEVICE)
    operator, phone = sorted(device.peers, key=lambda peer: peer.endpoint is None)
    if what == "delete":
        link = host.network.link(DEVICE)
        assert link is not None
        addresses = tuple(one for one in host.network.addresses(DEVICE) if not one.kernel_made)
        routes = tuple(route for route in host.network.routes(link=DEVICE) if route.protocol != 2)
        image = DeviceImage(device, LinkSettings(link.up, link.mtu), addresses, routes)
        return Plan("Delete the tunnel", (SetDevice(DEVICE, image, None),))
    if what == "take-prefix":
        change = PeerChange(phone.public_key, update_only=True, allowed_ips=operator.allowed_ips)
    else:
        change = PeerChange(phone.public_key, update_only=True, persistent_keepalive=25)
    whole = DeviceChange(peers=(change,))
    return Plan("Change a peer", (ConfigureDevice(DEVICE, whole, undoing(whole, device)),))


if __name__ == "__main__":
    main(*sys.argv[1:])
