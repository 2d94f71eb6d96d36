"""Reading the packet filter of one host (or network namespace), whichever backends hold its rules."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.ruleset.reading import CountedRule, RulesetReading


class PacketFilterReader(Protocol):
    """Reads rules; changes nothing, and loads no module of a backend that is not in use.

    Nothing is raised: what cannot be read is a problem in the reading.
    """

    def read(self) -> RulesetReading:
        """Read everything."""
        ...

    def counters(self) -> tuple[CountedRule, ...]:
        """Read the rules that count packets, and nothing that they refer to, so that it stays cheap.

        Sets of addresses may be large and are left out: what a packet meets is asked of a whole reading.
        """
        ...
