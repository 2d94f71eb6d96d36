"""The packet filter rules of a default route, as steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.host import GuardRules
from wgtui.domain.network import LinkAddress
from wgtui.domain.plan import SetGuard
from wgtui.services.interfaces.context import PlannerContext


def guard_for(
    interface: str, mark: int, addresses: Iterable[LinkAddress], families: Collection[int]
) -> GuardRules:
    """The rules for default routes of some families; no families for rules of which nothing is known."""
    return GuardRules(interface, mark, tuple(addresses), ipv4=4 in families, ipv6=6 in families)


def guard_steps(
    context: PlannerContext, interface: str, before: GuardRules | None, after: GuardRules | None
) -> Iterator[SetGuard]:
    """Add, replace or remove the rules.

    Args:
        context: The host.
        interface: Name of the tunnel.
        before: What the rules are like if there are some; None for no idea.
        after: What they should be like.

    Raises:
        HostCommandFailed: Rules are wanted, and the host has no program for that.
    """
    try:
        there = context.host.firewall.has_guard(interface)
    except HostCommandFailed:
        if after is not None:
            raise
        there = False
    present = (before or guard_for(interface, 0, (), ())) if there else None
    if present != after:
        yield SetGuard(interface, present, after)
