"""Whether a step was taken, seen from the host alone."""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from wgtui.domain.applying import holds
from wgtui.domain.errors import DeviceGone
from wgtui.domain.forwarding import added, removed
from wgtui.domain.host import FileImage
from wgtui.domain.network import PROTOCOL_KERNEL, Route
from wgtui.domain.plan import steps
from wgtui.domain.plan.steps import Step
from wgtui.services.apply.host import HostPorts


class Standing(Enum):
    """Where a step's resource is between its two states."""

    BEFORE = "before"
    AFTER = "after"
    ELSEWHERE = "elsewhere"
    """In neither: somebody else changed it."""
    ABSENT = "absent"
    """The interface that it is about does not exist."""
    UNKNOWN = "unknown"
    """The host cannot tell."""


def standing(step: Step, host: HostPorts) -> Standing:
    """Look at the host; raises what the ports raise."""
    link = steps.link_of(step)
    if link is not None and host.network.link(link) is None:
        return Standing.ABSENT
    match step:
        case steps.SetFile():
            return _file(step, host)
        case steps.SetDevice():
            exists = host.network.link(step.interface) is not None
            return _binary(exists == (step.after is not None))
        case steps.ConfigureDevice():
            return _configuration(step, host)
        case steps.SetLink():
            return _link(step, host)
        case steps.SetAddress():
            addresses = {address.interface for address in host.network.addresses(step.interface)}
            return _binary((step.address.interface in addresses) == step.present)
        case steps.SetRoute():
            table = host.network.routes(table=step.route.table)
            return _binary(any(_are_one(route, step.route) for route in table) == step.present)
        case steps.SetRule():
            return _binary(any(step.rule.matches(rule) for rule in host.network.rules()) == step.present)
        case steps.SetSysctl():
            return _value(host.sysctls.read(step.name), step.before, step.after)
        case steps.SetGuard():
            return _guard(step, host)
        case steps.SetForwardRules():
            return _forward_rules(step, host)
        case steps.SetDns():
            return _dns(step, host)
        case steps.SetUnit():
            return _value(host.units.state(step.unit), step.before, step.after)
        case steps.RunHooks():
            return Standing.UNKNOWN
        case _:
            assert_never(step)


def _are_one(route: Route, other: Route) -> bool:
    """Whether two routes are one. The kernel's own, which comes and goes with an address, is another."""
    kernel_made = PROTOCOL_KERNEL in (route.protocol, other.protocol)
    return route.key == other.key and (not kernel_made or route.protocol == other.protocol)


def _binary(is_after: bool) -> Standing:
    return Standing.AFTER if is_after else Standing.BEFORE


def _value(present: object, before: object, after: object) -> Standing:
    if present == after:
        return Standing.AFTER
    return Standing.BEFORE if present == before else Standing.ELSEWHERE


def _file(step: steps.SetFile, host: HostPorts) -> Standing:
    present = host.files.read(step.path)
    if _same(present, step.after):
        return Standing.AFTER
    return Standing.BEFORE if _same(present, step.before) else Standing.ELSEWHERE


def _same(one: FileImage | None, other: FileImage | None) -> bool:
    return one is None if other is None else other.same_as(one)


def _configuration(step: steps.ConfigureDevice, host: HostPorts) -> Standing:
    try:
        device = host.wireguard.read(step.interface)
    except DeviceGone:
        return Standing.ABSENT
    if holds(step.change, device):
        return Standing.AFTER
    if holds(step.undo, device):
        return Standing.BEFORE
    taken, untaken = (holds(change, device, roamed=True) for change in (step.change, step.undo))
    if taken and untaken:
        return Standing.UNKNOWN  # It is about endpoints alone, and the peers speak from others by now.
    if taken or untaken:
        return _binary(taken)
    return Standing.ELSEWHERE


def _link(step: steps.SetLink, host: HostPorts) -> Standing:
    link = host.network.link(step.interface)
    present = (link.up, link.mtu) if link else None
    before, after = ((state.up, state.mtu) for state in (step.before, step.after))
    return _value(present, before, after)


def _guard(step: steps.SetGuard, host: HostPorts) -> Standing:
    if step.before is not None and step.after is not None:
        return Standing.UNKNOWN
    return _binary(host.firewall.has_guard(step.interface) == (step.after is not None))


def _forward_rules(step: steps.SetForwardRules, host: HostPorts) -> Standing:
    before, after = (host.forward_rules.held(rules) for rules in (step.before, step.after))
    going, coming = removed(before, after), added(before, after)
    touched = (*going, *coming)
    if not touched:
        return Standing.BEFORE  # It changes nothing, so it fits always, and there is nothing to take back.
    found = {state.placed for state in host.forward_rules.read(step.interface, touched)}
    present = found.intersection(touched)
    return _value(present, set(going), set(coming))


def _dns(step: steps.SetDns, host: HostPorts) -> Standing:
    present = host.resolvconf.read(step.interface)
    if present is None and step.before is not None:
        return Standing.UNKNOWN  # Not every resolvconf can tell what is set.
    if step.before is None or step.after is None:
        return _binary((present is not None) == (step.after is not None))
    return _value(present, step.before, step.after)
