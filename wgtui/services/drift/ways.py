"""The two ways out of a difference, as plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from wgtui.domain.applying import undoing
from wgtui.domain.change import DeviceChange
from wgtui.domain.config import read_config
from wgtui.domain.drift import Difference, DriftKind, in_file, only_new
from wgtui.domain.errors import EditRefused
from wgtui.domain.host import UnitState
from wgtui.domain.network import MAIN_TABLE
from wgtui.domain.plan import (
    ConfigureDevice,
    Plan,
    SetFile,
    SetGuard,
    SetRoute,
    SetRule,
    SetSysctl,
    SetUnit,
    Step,
)
from wgtui.services.drift.comparing import compare
from wgtui.services.editing import ConfigEditor, OpenFile
from wgtui.services.interfaces import accepted_config, plan_down, plan_sync, plan_up
from wgtui.services.interfaces.units import unit_of

_ADDRESSES = (DriftKind.ADDRESS_MISSING, DriftKind.ADDRESS_UNKNOWN)
_ROUTES = (DriftKind.ROUTE_MISSING, DriftKind.ROUTE_STALE)


class DriftPlans:
    """Plans that end differences. The host is looked at anew: what was resolved meanwhile needs no step.

    Args:
        editor: Opens files.
        made: Finds the plan by which an interface was brought up, None for none.
    """

    def __init__(self, editor: ConfigEditor, made: Callable[[str], Plan | None]) -> None:
        self._editor = editor
        self._context = editor.context
        self._made = made

    def keep_file(self, interface: str, difference: Difference, now: float) -> Plan:
        """Bring the kernel in line with the file in this one thing; of boot, do what a reboot would.

        Raises:
            WgtuiError: The file is refused, or the host cannot be read.
        """
        opened = self._editor.open(interface)
        title = f"Keep the file's on {interface}"
        present = self._present(opened, difference, now)
        if present is None:
            return Plan(title, ())
        if difference.kind is DriftKind.NOT_UP:
            return plan_up(self._context, opened.source)
        if difference.kind is DriftKind.NOT_AT_BOOT:
            return plan_down(self._context, interface, opened.source, self._made(interface))
        return Plan(title, tuple(self._steps(opened, present)), (present.file_way,))

    def keep_kernel(self, interface: str, difference: Difference, now: float) -> Plan:
        """Bring the file in line with the kernel in this one thing; of boot, let it be so after a reboot.

        Raises:
            EditRefused: No file can say it, or this one cannot be edited without guessing.
            WgtuiError: The edited file is refused, or the host cannot be read.
        """
        opened = self._editor.open(interface)
        title = f"Keep the kernel's on {interface}"
        present = self._present(opened, difference, now)
        if present is None:
            return Plan(title, ())
        if present.kind in (DriftKind.NOT_UP, DriftKind.NOT_AT_BOOT):
            return Plan(title, tuple(self._enabled(interface, present)), (present.kernel_way,))
        if present.edit is None:
            raise EditRefused("The kernel's cannot be kept.", hint=present.kernel_way)
        data = bytes(in_file(opened.document, present.edit))
        accepted_config(self._context, replace(opened.source, data=data))
        written = replace(opened.image, content=data)
        step = SetFile(opened.source.path, opened.image, written)
        return Plan(title, (step,) if written != opened.image else (), (present.kernel_way,))

    def _present(self, opened: OpenFile, difference: Difference, now: float) -> Difference | None:
        """The same difference as it is now."""
        made = self._made(opened.interface)
        found = compare(self._context, opened.source, made, now, opened.document).differences
        return next((one for one in found if one.key == difference.key), None)

    def _enabled(self, interface: str, difference: Difference) -> Iterator[Step]:
        unit = unit_of(interface)
        state = self._context.host.units.state(unit)
        if state is not None:
            yield SetUnit(unit, state, UnitState(difference.kind is DriftKind.NOT_AT_BOOT, state.active))

    def _steps(self, opened: OpenFile, difference: Difference) -> Iterator[Step]:
        if difference.kind in _ROUTES and difference.route is not None:
            yield SetRoute(difference.route, present=difference.kind is DriftKind.ROUTE_MISSING)
        elif difference.kind is DriftKind.DEFAULT_ROUTE:
            yield from self._default_route(opened)
        elif difference.kind is DriftKind.FWMARK and not read_config(opened.document).config.fwmark:
            # What a file does not mention, sync leaves as it is.
            yield from self._configured(opened.interface, DeviceChange(fwmark=0))
        else:
            yield from self._of_sync(opened, difference)

    def _of_sync(self, opened: OpenFile, difference: Difference) -> Iterator[Step]:
        """What sync does with the file, and would not do if the file had the kernel's in this one thing."""
        assert difference.edit is not None
        # A record makes sync leave addresses that others added.
        made = None if difference.kind in _ADDRESSES else self._made(opened.interface)
        agreed = replace(opened.source, data=bytes(in_file(opened.document, difference.edit)))
        wanted = plan_sync(self._context, opened.source, made)
        others = plan_sync(self._context, agreed, made)
        known, known_steps = _change_of(others), frozenset(others.steps)
        renewed = frozenset[Step]() if difference.kind in _ADDRESSES else _renewed(wanted)
        for step in wanted.steps:
            if isinstance(step, ConfigureDevice):
                yield from self._configured(opened.interface, only_new(step.change, known))
            elif step not in known_steps and step not in renewed:
                yield step

    def _default_route(self, opened: OpenFile) -> Iterator[Step]:
        for step in plan_sync(self._context, opened.source, self._made(opened.interface)).steps:
            match step:
                case SetRule() | SetGuard() | SetSysctl():
                    yield step
                case SetRoute(route=route) if not route.destination.prefixlen and route.table != MAIN_TABLE:
                    yield step
                case ConfigureDevice(change=change):
                    yield from self._configured(opened.interface, DeviceChange(fwmark=change.fwmark))
                case _:
                    pass

    def _configured(self, interface: str, change: DeviceChange) -> Iterator[Step]:
        if not change.is_empty:
            device = self._context.host.wireguard.read(interface)
            yield ConfigureDevice(interface, change, undoing(change, device))


def _renewed(plan: Plan) -> frozenset[Step]:
    """Steps that take routes away and put the same ones back, around an address that comes or goes."""
    steps = [step for step in plan.steps if isinstance(step, SetRoute)]
    gone = {step.route.key for step in steps if not step.present}
    back = {step.route.key for step in steps if step.present}
    return frozenset(step for step in steps if step.route.key in gone & back)


def _change_of(plan: Plan) -> DeviceChange:
    return next((step.change for step in plan.steps if isinstance(step, ConfigureDevice)), DeviceChange())
