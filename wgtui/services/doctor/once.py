"""Ports that are asked once: an examination looks at one moment of a host, and reads each thing one time."""

from __future__ import annotations

from collections.abc import Sequence

from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig
from wgtui.domain.ruleset.reading import CountedRule, RulesetReading
from wgtui.ports.packet_filter import PacketFilterReader
from wgtui.ports.resolver import EndpointResolver


class OnceReadFilter:
    """Implements `wgtui.ports.packet_filter.PacketFilterReader` over another one."""

    def __init__(self, reader: PacketFilterReader) -> None:
        self._reader = reader
        self._reading: RulesetReading | None = None

    def read(self) -> RulesetReading:
        """The rules as they were at the first call."""
        if self._reading is None:
            self._reading = self._reader.read()
        return self._reading

    def counters(self) -> tuple[CountedRule, ...]:
        """The rules that count packets, as they are now."""
        return self._reader.counters()


class OnceResolver:
    """Implements `wgtui.ports.resolver.EndpointResolver` over another one; each name is waited for once."""

    def __init__(self, resolver: EndpointResolver) -> None:
        self._resolver = resolver
        self._known: dict[EndpointConfig, Endpoint | None] = {}

    def resolve(
        self, endpoints: Sequence[EndpointConfig], timeout: float
    ) -> dict[EndpointConfig, Endpoint | None]:
        """All at once; those that were asked for before are as they were."""
        new = [endpoint for endpoint in dict.fromkeys(endpoints) if endpoint not in self._known]
        if new:
            self._known |= self._resolver.resolve(new, timeout)
        return {endpoint: self._known.get(endpoint) for endpoint in endpoints}
