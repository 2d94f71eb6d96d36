"""Echo requests in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from wgtui.domain.addresses import Address
from wgtui.domain.echo import EchoResult


@dataclass
class SimulatedEcho:
    """`Echo` in which all addresses answer but those that are silent.

    Attributes:
        silent: Addresses that do not.
        asked: Those that were asked.
        narrow: Larger packets than this are lost without a word; 0 for none.
    """

    silent: set[Address] = field(default_factory=set)
    asked: list[Address] = field(default_factory=list)
    narrow: int = 0

    def ask(
        self,
        address: Address,
        *,
        source: Address | None = None,
        link: str = "",
        count: int = 3,
        timeout: float = 1.0,
        size: int = 0,
    ) -> EchoResult:
        """Ask an address; the answer comes at once."""
        self.asked.append(address)
        lost = address in self.silent or (0 < self.narrow < size)
        return EchoResult(count, 0) if lost else EchoResult(count, count, 0.012)
