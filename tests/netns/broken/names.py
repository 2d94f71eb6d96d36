"""Names that lead where a file of hosts says, looked up by the system's own resolver."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.support.mounts import with_mounts
from wgtui.adapters.endpoint_resolver import HostEndpointResolver
from wgtui.domain.addresses import Endpoint
from wgtui.domain.grammar.endpoint import EndpointConfig


class HostsResolver:
    """The system's resolver, to which the file is /etc/hosts."""

    def __init__(self, hosts: Path) -> None:
        self.hosts = hosts

    def resolve(
        self, endpoints: Sequence[EndpointConfig], timeout: float
    ) -> dict[EndpointConfig, Endpoint | None]:
        """See `wgtui.ports.resolver.EndpointResolver`."""
        found: dict[EndpointConfig, Endpoint | None] = {}

        def look_up() -> None:
            subprocess.run(["mount", "--bind", str(self.hosts), "/etc/hosts"], check=True)
            found.update(HostEndpointResolver().resolve(endpoints, timeout))

        with_mounts(look_up)
        return found
