"""What an edit of a file changes of the running interface, and nothing of what had drifted before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wgtui.domain.applying import undoing
from wgtui.domain.change import DeviceChange
from wgtui.domain.device import Device
from wgtui.domain.plan import ConfigureDevice, Plan, Step


def steps_of_edit(before: Plan, after: Plan, device: Device) -> tuple[Step, ...]:
    """The steps that an edit calls for.

    Args:
        before: What would bring the interface in line with the file as it was: the drift.
        after: The same with the edited file.
        device: The interface as it is.

    Returns:
        The steps of `after` that are not in `before`. Of a device's configuration, what the drift does not
        ask for as well; a peer that drifted and was edited is brought in line as a whole.
    """
    return tuple(_new_steps(before, after, device))


def _new_steps(before: Plan, after: Plan, device: Device) -> Iterator[Step]:
    drift = frozenset(step for step in before.steps if not isinstance(step, ConfigureDevice))
    change_before = next(
        (step.change for step in before.steps if isinstance(step, ConfigureDevice)), DeviceChange()
    )
    for step in after.steps:
        if isinstance(step, ConfigureDevice):
            change = _without(step.change, change_before)
            if not change.is_empty:
                yield ConfigureDevice(step.interface, change, undoing(change, device))
        elif step not in drift:
            yield step


def _without(change: DeviceChange, other: DeviceChange) -> DeviceChange:
    known = set(other.peers)
    return replace(
        change,
        private_key=None if change.private_key == other.private_key else change.private_key,
        listen_port=None if change.listen_port == other.listen_port else change.listen_port,
        fwmark=None if change.fwmark == other.fwmark else change.fwmark,
        peers=tuple(peer for peer in change.peers if peer not in known),
    )
