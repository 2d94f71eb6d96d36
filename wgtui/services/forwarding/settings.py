"""The kernel settings behind `ipv4` and `ipv6`, turned on and off: now, and in wgtui's file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wgtui.domain.forwarding import SwitchName
from wgtui.domain.forwarding.lasting import SETTINGS
from wgtui.domain.forwarding.sysctl_files import IPV6_FORWARDING, OWN_FILE, read_entries, with_settings
from wgtui.domain.host import FileImage
from wgtui.domain.plan import SetFile, SetSysctl, Step
from wgtui.services.apply import HostPorts
from wgtui.services.forwarding.sysctls import missing_settings, setting_steps, wanted_settings


def on_steps(
    host: HostPorts, switches: Iterable[SwitchName], *, persistent: bool
) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """The steps that turn settings on, and what to say about it.

    Args:
        host: Its ports.
        switches: `ipv4`, `ipv6` or both.
        persistent: Whether the host's files are for what is changed.
    """
    given = tuple(switches)
    wanted = wanted_settings(host, ipv4=SwitchName.IPV4 in given, ipv6=SwitchName.IPV6 in given)
    missing = missing_settings(host, wanted)
    notes = tuple(f"This kernel has no setting {name}, so it passes nothing on there." for name in missing)
    present = {name: value for name, value in wanted.items() if name not in missing}
    steps = setting_steps(host, present, OWN_FILE if persistent else "")
    if not persistent:
        notes = (*notes, "A network namespace has no files of its own for settings: this ends with it.")
    return steps, notes


def off_steps(host: HostPorts, switch: SwitchName, *, persistent: bool) -> tuple[Step, ...]:
    """The steps that turn a setting off. What wgtui had set for IPv6's sake goes from its file as well."""
    name = SETTINGS[switch]
    steps: list[Step] = []
    present = host.sysctls.read(name)
    if persistent:
        before = host.files.read(OWN_FILE)
        content = before.content if before is not None else None
        going = [name]
        if switch is SwitchName.IPV6:
            entries = read_entries(OWN_FILE, content or b"")
            going += [entry.name for entry in entries if entry.name.endswith(".accept_ra")]
        after = with_settings(content, {}, going)
        if before is not None and after != content:
            image: FileImage | None = replace(before, content=after) if after is not None else None
            steps.append(SetFile(OWN_FILE, before, image))
    if present not in (None, "0"):
        steps.append(SetSysctl(name, present or "", "0"))
    return tuple(steps)


def needed_settings(host: HostPorts, families: Iterable[int]) -> tuple[SwitchName, ...]:
    """The settings that forwarding packets of these families needs."""
    wanted = {4: SwitchName.IPV4, 6: SwitchName.IPV6}
    found = [wanted[family] for family in sorted(families)]
    if host.sysctls.read(IPV6_FORWARDING) is None and SwitchName.IPV6 in found:
        found.remove(SwitchName.IPV6)
    return tuple(found)
