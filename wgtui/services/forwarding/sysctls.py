"""Settings of the kernel that forwarding needs: now, and after a reboot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from wgtui.domain.forwarding.sysctl_files import IP_FORWARD, IPV6_FORWARDING, with_settings
from wgtui.domain.host import FileImage
from wgtui.domain.plan import SetFile, SetSysctl, Step
from wgtui.services.apply import HostPorts

_PROTOCOL_RA: Final = 9
"""Of routes that a router advertised (`linux/rtnetlink.h`)."""


def wanted_settings(host: HostPorts, *, ipv4: bool, ipv6: bool) -> dict[str, str]:
    """The settings that switch forwarding on, in the order in which to set them.

    A host that forwards IPv6 takes router advertisements, and so its default route, only where accept_ra is 2
    (kernel `Documentation/networking/ip-sysctl.rst`).
    """
    wanted = {IP_FORWARD: "1"} if ipv4 else {}
    if ipv6:
        wanted |= dict.fromkeys(_advertised(host), "2")
        wanted[IPV6_FORWARDING] = "1"
    return wanted


def setting_steps(host: HostPorts, wanted: dict[str, str], file: str) -> tuple[Step, ...]:
    """The steps to have these settings now and at boot; what holds already gets none.

    Args:
        host: Its ports.
        wanted: By dotted name.
        file: That keeps them over a reboot; empty for none.
    """
    return (*_file_step(host, wanted, file), *_live_steps(host, wanted))


def missing_settings(host: HostPorts, wanted: dict[str, str]) -> tuple[str, ...]:
    """Those that this kernel does not have, as IPv6's where it is switched off."""
    return tuple(name for name in wanted if host.sysctls.read(name) is None)


def _advertised(host: HostPorts) -> Iterator[str]:
    """`accept_ra` of the links whose default route a router advertised, unless it is 2 already."""
    links = {
        route.link
        for route in host.network.routes()
        if route.destination.version == 6
        and not route.destination.prefixlen
        and route.protocol == _PROTOCOL_RA
        and route.link
    }
    for link in sorted(links):
        name = f"net.ipv6.conf.{link.replace('.', '/')}.accept_ra"
        if host.sysctls.read(name) == "1":
            yield name


def _live_steps(host: HostPorts, wanted: dict[str, str]) -> Iterator[SetSysctl]:
    for name, value in wanted.items():
        present = host.sysctls.read(name)
        if present is not None and present != value:
            yield SetSysctl(name, present, value)


def _file_step(host: HostPorts, wanted: dict[str, str], file: str) -> Iterator[SetFile]:
    if not wanted or not file:
        return
    before = host.files.read(file)
    content = with_settings(before.content if before else None, wanted)
    if content is None or (before is not None and before.content == content):
        return
    yield SetFile(file, before, replace(before, content=content) if before else FileImage(content, 0o644))
