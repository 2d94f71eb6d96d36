"""What the planners look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wgtui.domain.grammar import ServicePort, no_services
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.ports.resolver import EndpointResolver
from wgtui.services.apply import HostPorts


@dataclass(frozen=True, slots=True)
class PlannerContext:
    """The host and what else a plan depends on. Planners only read.

    Attributes:
        host: Its ports.
        resolver: Looks up the names of endpoints.
        public_key_of: Derives public keys.
        service_port: Looks up UDP service names, which ports may be.
        resolve_timeout: Seconds for all names together.
        rt_tables: Files with the names of routing tables, later ones first heard.
        unit_config_dir: The folder whose files `wg-quick@.service` brings up.
    """

    host: HostPorts
    resolver: EndpointResolver
    public_key_of: Callable[[PrivateKey], PublicKey]
    service_port: ServicePort = no_services
    resolve_timeout: float = 5.0
    rt_tables: tuple[str, ...] = ("/usr/share/iproute2/rt_tables", "/etc/iproute2/rt_tables")
    unit_config_dir: str = "/etc/wireguard"
