"""Plans that give an interface its MTU or its link back, and what the kernel took off with them."""

from __future__ import annotations

from dataclasses import replace

from wgtui.domain.editing import InterfaceEdit, edit_interface
from wgtui.domain.errors import DeviceGone
from wgtui.domain.network import LinkSettings
from wgtui.domain.plan import Plan, SetAddress, SetFile, SetLink, SetRoute, Step
from wgtui.domain.text import printable
from wgtui.services.changes import Changes
from wgtui.services.interfaces import Source, accepted_config, plan_sync


def plan_mtu(changes: Changes, interface: str, mtu: int) -> Plan:
    """Set the MTU in the file and at once; addresses and routes that a smaller one took off come back.

    Raises:
        WgtuiError: The file cannot be edited, or the host cannot be read.
    """
    opened = changes.editor.open(interface)
    data = bytes(edit_interface(opened.document, InterfaceEdit(mtu=mtu)))
    source = replace(opened.source, data=data)
    accepted_config(changes.context, source)
    written = SetFile(source.path, opened.image, replace(opened.image, content=data))
    steps: list[Step] = [written] if data != opened.source.data else []
    return Plan(f"Set the MTU of {interface} to {mtu}", (*steps, *_lost(changes, source)))


def plan_link_up(changes: Changes, interface: str) -> Plan:
    """Switch the link of an interface on; its routes and IPv6 addresses, which went with it, come back.

    Raises:
        DeviceGone: There is no such interface.
        WgtuiError: The host cannot be read.
    """
    link = changes.host.network.link(interface)
    if link is None:
        raise DeviceGone(f"There is no interface {printable(interface, 40)} any more.")
    steps: tuple[Step, ...] = ()
    if not link.up:
        steps = (SetLink(interface, LinkSettings(False, link.mtu), LinkSettings(True, link.mtu)),)
    source = changes.editor.open(interface).source
    return Plan(f"Switch the link of {interface} on", (*steps, *_lost(changes, source)))


def _lost(changes: Changes, source: Source) -> list[Step]:
    """MTU, addresses and routes that a running interface should have by its file, and does not."""
    if source.interface not in changes.host.wireguard.names():
        return []
    plan = plan_sync(changes.context, source, changes.made(source.interface))
    # The MTU comes first: IPv6 takes no address on a link with a smaller one.
    return sorted(filter(_gives_back, plan.steps), key=lambda step: not isinstance(step, SetLink))


def _gives_back(step: Step) -> bool:
    return isinstance(step, SetLink) or (isinstance(step, SetAddress | SetRoute) and step.present)
