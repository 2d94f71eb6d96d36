"""DNS: servers that a tunnel brings, and names of endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig
from wgtui.domain.host import DnsSettings


class Resolvconf(Protocol):
    """The program resolvconf(8), as `wg-quick` uses it."""

    def is_available(self) -> bool:
        """Whether the host has the program."""
        ...

    def read(self, interface: str) -> DnsSettings | None:
        """What is set for an interface; None for nothing, or where the program cannot tell."""
        ...

    def set(self, interface: str, settings: DnsSettings) -> None:
        """Set servers and search domains; raises `HostCommandFailed`."""
        ...

    def unset(self, interface: str) -> None:
        """Remove what was set; nothing there is no error. Raises `HostCommandFailed`."""
        ...


class EndpointResolver(Protocol):
    """Looks up the host names of endpoints."""

    def resolve(
        self, endpoints: Sequence[EndpointConfig], timeout: float
    ) -> dict[EndpointConfig, Endpoint | None]:
        """All at once, within `timeout` seconds; None for those that could not be found in that time."""
        ...
