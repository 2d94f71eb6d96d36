"""No systemd runs where these tests do: a program of the same name stands in for it, first in the PATH."""

from __future__ import annotations

from pathlib import Path

import pytest

from wgtui.adapters.simulated.host import SimulatedUnits
from wgtui.adapters.systemd import SystemdUnits
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.host import UnitState
from wgtui.ports.programs import Units

UNIT = "wg-quick@wg0.service"

_SYSTEMCTL = """#!/bin/sh
cd "$(dirname "$0")" || exit 9
echo "$*" >>calls
verb=$1
for unit; do :; done
if [ "$verb" = show ]; then
    [ -e "unit-$unit" ] && load=loaded || load=not-found
    [ -e "enabled-$unit" ] && file=enabled || file=disabled
    [ -e "active-$unit" ] && active=active || active=inactive
    printf 'LoadState=%s\\nUnitFileState=%s\\nActiveState=%s\\n' $load $file $active
    exit 0
fi
[ -e "unit-$unit" ] || { echo "Failed to $verb unit: Unit file $unit does not exist." >&2; exit 1; }
[ -e broken ] && { echo "Job for $unit failed because of a timeout." >&2; exit 1; }
case $verb in
    enable) touch "enabled-$unit" ;;
    disable) rm -f "enabled-$unit" ;;
    start) touch "active-$unit" ;;
    stop) rm -f "active-$unit" ;;
    *) exit 9 ;;
esac
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "systemctl"
    program.write_text(_SYSTEMCTL)
    program.chmod(0o755)
    (tmp_path / f"unit-{UNIT}").touch()
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


@pytest.fixture(params=["real", "simulated"])
def units(request: pytest.FixtureRequest, folder: Path) -> Units:
    if request.param == "real":
        return SystemdUnits(running=folder)
    return SimulatedUnits(units={UNIT: UnitState(enabled=False, active=False)})


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("active", [True, False])
def test_a_unit_is_brought_into_a_state(units: Units, enabled: bool, active: bool) -> None:
    assert units.is_available()
    wanted = UnitState(enabled, active)
    units.set(UNIT, wanted)
    assert units.state(UNIT) == wanted
    units.set(UNIT, UnitState(enabled=False, active=False))
    assert units.state(UNIT) == UnitState(enabled=False, active=False)


def test_a_unit_that_does_not_exist(units: Units) -> None:
    assert units.state("nosuch.service") is None
    with pytest.raises(HostCommandFailed, match=r"nosuch\.service"):
        units.set("nosuch.service", UnitState(enabled=True, active=True))


def test_only_what_differs_is_ordered(folder: Path) -> None:
    units = SystemdUnits(running=folder)
    units.set(UNIT, UnitState(enabled=True, active=False))
    units.set(UNIT, UnitState(enabled=True, active=True))
    orders = [line for line in (folder / "calls").read_text().splitlines() if not line.startswith("show")]
    assert orders == [f"enable -- {UNIT}", f"start -- {UNIT}"]


def test_a_unit_that_does_not_start(folder: Path) -> None:
    (folder / "broken").touch()
    with pytest.raises(HostCommandFailed, match=rf"systemctl could not start {UNIT}: Job for .* failed"):
        SystemdUnits(running=folder).set(UNIT, UnitState(enabled=False, active=True))


def test_where_there_is_no_systemd(folder: Path) -> None:
    for units in (SystemdUnits(running=folder / "none"), SystemdUnits("somewhere", running=folder)):
        assert not units.is_available()
        assert units.state(UNIT) is None
    assert not (folder / "calls").exists()
