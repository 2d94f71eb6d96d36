"""What a host is like."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.setup.facts import HostFacts


class HostInspector(Protocol):
    """Looks at a host without touching it."""

    def look(self) -> HostFacts:
        """All facts at this moment. Never raises: what cannot be read counts as not there."""
        ...
