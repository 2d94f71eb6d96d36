"""`SaveConfig` as a step of `down`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from wgtui.domain.config import InterfaceConfig
from wgtui.domain.device import Device
from wgtui.domain.errors import EditRefused, InvalidValue
from wgtui.domain.plan import SetFile
from wgtui.domain.saving import Running, brought_up_to_date
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse
from wgtui.services.interfaces.context import PlannerContext
from wgtui.services.interfaces.facts import look_up
from wgtui.services.interfaces.record import HookCommands
from wgtui.services.interfaces.source import Source

_ONLY_OWNER = 0o600


def save_steps(
    context: PlannerContext,
    source: Source,
    config: InterfaceConfig,
    device: Device,
    hooks: HookCommands,
    marks: Collection[int],
    notes: list[str],
) -> Iterator[SetFile]:
    """Bring a file up to date with its interface, where it asks for that and differs.

    Args:
        context: The host.
        source: The file.
        config: What it says.
        device: The interface.
        hooks: What they add is left out, for they add it again.
        marks: Of its default routes.
        notes: Told where the file cannot be edited; the interface goes down all the same.
    """
    network = context.host.network
    link, before = network.link(device.name), context.host.files.read(source.path)
    if not config.quick.save_config or link is None or before is None:
        return
    addresses = [
        address.interface
        for address in network.addresses(device.name)
        if not address.kernel_made
        and (address.interface in config.quick.addresses or not hooks.mention(str(address.interface.ip)))
    ]
    running = Running(device, addresses, link.mtu, marks)
    endpoints = look_up(context, config.peers(device.public_key))
    try:
        content = bytes(brought_up_to_date(parse(before.content), config, running, endpoints))
    except (EditRefused, InvalidValue) as error:
        notes.append(f"{printable(source.path, 4096)} is not brought up to date. {error}")
        return
    if content != before.content:
        yield SetFile(
            source.path, before, replace(before, content=content, mode=before.mode & _ONLY_OWNER or 0o600)
        )
