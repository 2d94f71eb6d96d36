"""Interfaces that `wg-quick@.service` brings up: they go up and down through it, so that it knows."""

from __future__ import annotations

from dataclasses import replace

from wgtui.domain.host import UnitState
from wgtui.domain.plan import SetUnit
from wgtui.services.interfaces.context import PlannerContext
from wgtui.services.interfaces.source import Source


def unit_of(interface: str) -> str:
    """The unit of an interface."""
    return f"wg-quick@{interface}.service"


def driving_unit(context: PlannerContext, interface: str, source: Source | None) -> UnitState | None:
    """The state of an interface's unit when that is enabled or active, else None.

    A file other than the unit's own has nothing to do with it.
    """
    own_path = f"{context.unit_config_dir}/{interface}.conf"
    units = context.host.units
    if (source is not None and source.path != own_path) or not units.is_available():
        return None
    state = units.state(unit_of(interface))
    return state if state is not None and (state.enabled or state.active) else None


def start_steps(interface: str, state: UnitState) -> tuple[SetUnit, ...]:
    """Start a unit. One that counts as started though its interface is gone has to be stopped first."""
    unit = unit_of(interface)
    stopped, started = replace(state, active=False), replace(state, active=True)
    start = SetUnit(unit, stopped, started)
    return (SetUnit(unit, started, stopped), start) if state.active else (start,)


def stop_steps(interface: str, state: UnitState) -> tuple[SetUnit, ...]:
    """Stop a unit."""
    return (SetUnit(unit_of(interface), state, replace(state, active=False)),)
