"""The application on a host that can be changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.services.changing_host import FILE, MARK, ChangingHost, Killed
from tests.ui.world import NOW, Screen, StillSource, first_look, relay
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.config_files import SimulatedConfigFiles
from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.adapters.simulated.host import SimulatedEndpointResolver
from wgtui.adapters.simulated.host_facts import SimulatedInspector, foreseeable
from wgtui.adapters.simulated.packet_filter import SimulatedPacketFilter
from wgtui.adapters.simulated.world import SimulatedLinks
from wgtui.domain.forwarding.sysctl_files import OWN_FILE
from wgtui.domain.host import FileImage
from wgtui.domain.keys import PrivateKey
from wgtui.domain.plan import Plan, RunHooks, SetFile, SetSysctl, Step
from wgtui.domain.session import Risk, Severity
from wgtui.services.changes import Changes
from wgtui.services.interfaces import PlannerContext
from wgtui.services.setup import SetupTools
from wgtui.services.transaction import Applied
from wgtui.ui.app import WgtuiApp
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions

SECRET = PrivateKey(bytes(range(32)))
RISKS = (
    Risk(Severity.WILL, "The replies to your session leave by wg1, which is deleted."),
    Risk(Severity.MAY, "PostUp runs a command of which nobody knows what it does."),
)
FILE_BEFORE = FileImage(
    b"[Interface]\nListenPort = 51821\nPrivateKey = " + SECRET.reveal().encode() + b"\n", 0o600, 0, 0
)
FILE_AFTER = FileImage(FILE_BEFORE.content.replace(b"51821", b"4500") + b"MTU = 1380\n", 0o600, 0, 0)


@dataclass
class Desk:
    """A host, what its changes risk, and the application on it."""

    host: ChangingHost = field(default_factory=ChangingHost)
    risks: Sequence[Risk] = ()
    applied: list[Applied] = field(default_factory=list)
    opened: int = 0

    def __post_init__(self) -> None:
        self.host.files.write(FILE, FILE_BEFORE)

    def open(self) -> Changes:
        """The services of the host."""
        self.opened += 1
        ports, keypairs = self.host.ports(), NaclKeypairs()
        return Changes(
            host=ports,
            context=PlannerContext(ports, SimulatedEndpointResolver(), keypairs.public_key),
            config_dir="/etc/wireguard",
            configs=SimulatedConfigFiles(),
            links=SimulatedLinks(self.host.world),
            keypairs=keypairs,
            journal=self.host.journal(),
            transaction=self.host.transaction(),
            risks=lambda _plan: self.risks,
            tools=SetupTools(SimulatedInspector(), foreseeable, "/var/lib/wgtui", OWN_FILE),
            packet_filter=SimulatedPacketFilter(SimulatedForwardRules()),
        )

    def app(self, **options: Any) -> WgtuiApp:
        """The application."""
        source = StillSource(relay())
        chosen = UiOptions(clock=self.host.clock, title="relay", interval=10_000.0, **options)
        return WgtuiApp(lambda: source, options=chosen, makers=Makers(changes=self.open))

    def settle(self, plan: Plan, **options: Any) -> int:
        """Apply a plan before the application starts; returns the entry's number."""
        applied = self.host.transaction().apply(plan, **options)
        assert applied.number is not None
        return applied.number

    def cut_off(self, plan: Plan, after: int) -> None:
        """Apply a plan in a process that is killed after some calls to the journal."""
        self.host.faults.fail("journal.append", after=after, error=Killed(), times=1000)
        try:
            self.host.transaction().apply(plan)
        except Killed:
            self.host.faults.clear()
        else:
            raise AssertionError("it was not cut off")


def file_plan(*more: Step, title: str = "Change the listen port of wg1") -> Plan:
    """A plan that changes a file and a setting."""
    steps = (SetFile(FILE, FILE_BEFORE, FILE_AFTER), SetSysctl(MARK, "0", "1"), *more)
    return Plan(title, steps, notes=("Peers find the new port only when they are told.",))


def long_plan(count: int = 40) -> Plan:
    """A plan of many steps."""
    hooks = (RunHooks("wg1", FILE, "PostUp", (f"echo {number}",), "PreDown", ()) for number in range(count))
    return Plan("Run many commands", tuple(hooks))


@dataclass
class Running(Screen):
    """The application, and the host that it changes."""

    desk: Desk

    def propose(self, plan: Plan | Callable[[Changes], Plan]) -> None:
        """Hand in a change, as a screen does."""
        planner = plan if callable(plan) else lambda _changes: plan
        self.app.changes.propose(planner, then=self.desk.applied.append)


@asynccontextmanager
async def running(
    desk: Desk | None = None, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Running]:
    """The application, open on a host that can be changed."""
    desk = desk or Desk()
    app = desk.app(**options)
    async with app.run_test(size=size) as pilot:
        await first_look(pilot)
        yield Running(app, pilot, StillSource(relay()), desk)
    assert app.finish_changes(5.0)


__all__ = ["NOW", "Desk", "Running", "running"]
