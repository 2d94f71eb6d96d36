"""The ports of the host that this process is in, all real."""

from __future__ import annotations

from pathlib import Path

from wgtui.adapters.endpoint_resolver import HostEndpointResolver
from wgtui.adapters.files import HostFiles
from wgtui.adapters.firewall import HostFirewall
from wgtui.adapters.forward_rules import HostForwardRules
from wgtui.adapters.hooks import BashHooks
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.network import RtnlNetwork
from wgtui.adapters.resolvconf import ResolvconfProgram
from wgtui.adapters.services_file import udp_service_port
from wgtui.adapters.sysctl import ProcSysctls
from wgtui.adapters.systemd import SystemdUnits
from wgtui.adapters.wireguard.factory import AutoDevices, KernelDevices
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.adapters.wireguard.select import AutoWireGuard
from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.adapters.wireguard.userspace import UserspaceDevices
from wgtui.services.apply import HostPorts
from wgtui.services.interfaces import PlannerContext


def real_ports(netns: str | None = None, socket_dir: Path = Path("/run/wireguard")) -> HostPorts:
    """The ports through which a plan is applied."""
    return HostPorts(
        files=HostFiles(),
        wireguard=AutoWireGuard(KernelWireGuard(netns), UapiWireGuard(socket_dir)),
        devices=AutoDevices(KernelDevices(netns), UserspaceDevices(socket_dir)),
        network=RtnlNetwork(netns),
        sysctls=ProcSysctls(netns),
        firewall=HostFirewall(netns),
        forward_rules=HostForwardRules(netns),
        resolvconf=ResolvconfProgram(),
        hooks=BashHooks(netns),
        units=SystemdUnits(netns),
    )


def planner_context(ports: HostPorts, netns: str | None = None, timeout: float = 2.0) -> PlannerContext:
    """What planners look at.

    Args:
        ports: Of the host.
        netns: Network namespace that they work in.
        timeout: Seconds for the look-up of names.
    """
    return PlannerContext(
        ports,
        HostEndpointResolver(netns),
        NaclKeypairs().public_key,
        udp_service_port,
        resolve_timeout=timeout,
    )
