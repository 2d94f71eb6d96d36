"""Packet filters of one host (or network namespace)."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.host import GuardRules


class Firewall(Protocol):
    """Reads and sets rules of the packet filter.

    Every method raises `HostCommandFailed` where the filter's program is missing or fails, and
    `PermissionRefused` without privilege.
    """

    def has_guard(self, interface: str) -> bool:
        """Whether there are rules for a default route through this tunnel, wgtui's or wg-quick's."""
        ...

    def add_guard(self, rules: GuardRules) -> None:
        """Add them, all or none, with the names and comments of `wg-quick`, which can then remove them."""
        ...

    def remove_guard(self, interface: str) -> None:
        """Remove them, whichever of nft and iptables holds them; none there is no error."""
        ...
