"""The ports through which a host is changed."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.ports.files import Files
from wgtui.ports.firewall import Firewall
from wgtui.ports.forward_rules import ForwardRules
from wgtui.ports.network import Network
from wgtui.ports.programs import Hooks, Units
from wgtui.ports.resolver import Resolvconf
from wgtui.ports.sysctls import Sysctls
from wgtui.ports.wireguard import DeviceFactory, WireGuard


@dataclass(frozen=True, slots=True)
class HostPorts:
    """Everything that a plan may touch. Belongs to one thread, for some of it holds sockets."""

    files: Files
    wireguard: WireGuard
    devices: DeviceFactory
    network: Network
    sysctls: Sysctls
    firewall: Firewall
    forward_rules: ForwardRules
    resolvconf: Resolvconf
    hooks: Hooks
    units: Units

    def close(self) -> None:
        """Release sockets."""
        self.wireguard.close()
        self.network.close()
