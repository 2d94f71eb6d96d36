"""The ports of the host that this process is in, in full."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

from wgtui.adapters.files import HostFiles
from wgtui.adapters.network.rtnl import RtnlNetwork
from wgtui.adapters.sysctl import ProcSysctls
from wgtui.adapters.wireguard.factory import AutoDevices, KernelDevices
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.adapters.wireguard.select import AutoWireGuard
from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.adapters.wireguard.userspace import UserspaceDevices
from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.host import DnsSettings, GuardRules, UnitState
from wgtui.ports.resolver import EndpointResolver
from wgtui.services.apply import HostPorts


def _call(*command: str, data: str = "") -> str:
    done = subprocess.run(command, input=data, capture_output=True, text=True)
    if done.returncode:
        raise HostCommandFailed(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout


class _Nft:
    def has_guard(self, interface: str) -> bool:
        return any(line.endswith(f" wg-quick-{interface}") for line in self._tables())

    def _tables(self) -> list[str]:
        return _call("nft", "list", "tables").splitlines()

    def add_guard(self, rules: GuardRules) -> None:
        text = ""
        for wanted, family, version in ((rules.ipv4, "ip", 4), (rules.ipv6, "ip6", 6)):
            if not wanted:
                continue
            table = f"{family} wg-quick-{rules.interface}"
            text += f"add table {table}\n"
            for chain, hook, priority in (
                ("preraw", "prerouting", -300),
                ("premangle", "prerouting", -150),
                ("postmangle", "postrouting", -150),
            ):
                text += f"add chain {table} {chain} {{ type filter hook {hook} priority {priority}; }}\n"
            for address in rules.addresses:
                if address.interface.version == version:
                    text += (
                        f'add rule {table} preraw iifname != "{rules.interface}" '
                        f"{family} daddr {address.interface.ip} fib saddr type != local drop\n"
                    )
            text += f"add rule {table} postmangle meta l4proto udp mark {rules.fwmark} ct mark set mark\n"
            text += f"add rule {table} premangle meta l4proto udp meta mark set ct mark\n"
        _call("nft", "-f", "-", data=text)

    def remove_guard(self, interface: str) -> None:
        for line in self._tables():
            if line.endswith(f" wg-quick-{interface}"):
                _call("nft", "delete", *line.split())


class _Resolvconf:
    def is_available(self) -> bool:
        return shutil.which("resolvconf") is not None

    def read(self, interface: str) -> DnsSettings | None:
        try:
            lines = _call("resolvconf", "-l", interface).splitlines()
        except HostCommandFailed:
            return None
        words = [line.split() for line in lines]
        servers = tuple(line[1] for line in words if line[0] == "nameserver")
        return DnsSettings(servers, tuple(w for line in words if line[0] == "search" for w in line[1:]))

    def set(self, interface: str, settings: DnsSettings) -> None:
        text = "".join(f"nameserver {server}\n" for server in settings.servers)
        text += f"search {' '.join(settings.search)}\n" if settings.search else ""
        _call("resolvconf", "-a", interface, "-m", "0", "-x", data=text)

    def unset(self, interface: str) -> None:
        _call("resolvconf", "-d", interface, "-f")


class _Hooks:
    def run(self, command: str, interface: str, config_path: str) -> None:
        options = ["-e", "-o", "pipefail", "-O", "extglob", "-c"]
        text = command.replace("%i", interface)
        done = subprocess.run(
            ["env", f"INTERFACE={interface}", "bash", *options, text],
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        if done.returncode:
            raise HostCommandFailed(f"It ended with status {done.returncode}.")


class _NoUnits:
    def is_available(self) -> bool:
        return False

    def state(self, unit: str) -> UnitState | None:
        return None

    def set(self, unit: str, state: UnitState) -> None:
        raise HostCommandFailed("no systemd")


class _Resolver:
    def resolve(
        self, endpoints: Sequence[EndpointConfig], timeout: float
    ) -> dict[EndpointConfig, Endpoint | None]:
        return {endpoint: self._one(endpoint) for endpoint in endpoints}

    def _one(self, endpoint: EndpointConfig) -> Endpoint | None:
        try:
            found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_DGRAM)
        except OSError:
            return None
        address = found[0][4]
        return Endpoint(ip_address(str(address[0]).partition("%")[0]), endpoint.port)


def real_ports(socket_dir: Path = Path("/run/wireguard")) -> tuple[HostPorts, EndpointResolver]:
    """The ports through which a plan is applied, and the resolver."""
    ports = HostPorts(
        files=HostFiles(),
        wireguard=AutoWireGuard(KernelWireGuard(), UapiWireGuard(socket_dir)),
        devices=AutoDevices(KernelDevices(), UserspaceDevices(socket_dir)),
        network=RtnlNetwork(),
        sysctls=ProcSysctls(),
        firewall=_Nft(),
        resolvconf=_Resolvconf(),
        hooks=_Hooks(),
        units=_NoUnits(),
    )
    return ports, _Resolver()
