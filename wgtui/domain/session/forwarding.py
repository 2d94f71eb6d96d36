"""How a change of the forwarding switches' rules can cut a session."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.forwarding import (
    FilterRule,
    FirewalldPlace,
    Hook,
    PlacedRule,
    Purpose,
    added,
    removed,
    spoken,
)
from wgtui.domain.plan import Plan, SetForwardRules
from wgtui.domain.session.facts import Risk, SessionFacts, Severity


def forwarding_risks(plan: Plan, facts: SessionFacts) -> Iterator[Risk]:
    """Reasons from rules that let this host's own packets in, and go.

    A session ends at this host: rules of FORWARD, also those that drop, do not see its packets, nor do those
    that carry its tunnel. Masquerading and the MSS are settled at a connection's first packet.
    """
    for step in plan.steps:
        if isinstance(step, SetForwardRules):
            yield from _step_risks(step, facts)


def may_shut_out(step: SetForwardRules) -> bool:
    """Whether a step takes a rule away that lets packets for this host itself in."""
    return any(_opens_this_host(one) for one in removed(step.before, step.after))


def may_reload(step: SetForwardRules) -> bool:
    """Whether a step makes firewalld load its permanent settings, as a policy that comes or goes does."""
    changed = (*removed(step.before, step.after), *added(step.before, step.after))
    return any(
        isinstance(one.place, FirewalldPlace) and one.rule.purpose is Purpose.FORWARD_OUT for one in changed
    )


def _opens_this_host(placed: PlacedRule) -> bool:
    return placed.rule.hook is Hook.INPUT or _is_trust(placed)


def _is_trust(placed: PlacedRule) -> bool:
    return isinstance(placed.place, FirewalldPlace) and placed.rule.incoming is not None


def _step_risks(step: SetForwardRules, facts: SessionFacts) -> Iterator[Risk]:
    name = step.interface
    comes_over = name in facts.links
    carries = any(leg.device is not None and leg.device.name == name for leg in facts.legs)
    if may_reload(step):
        text = (
            "firewalld loads its permanent settings: what was opened only at run time, SSH too, is closed to "
            "new connections."
        )
        yield Risk(Severity.MAY, text)
    for placed in removed(step.before, step.after):
        where = spoken(placed.place)
        if placed.rule.hook is Hook.INPUT and carries:
            yield Risk(Severity.MAY, _port_text(placed.rule, name, where))
        elif _is_trust(placed) and comes_over:
            text = (
                f"firewalld no longer trusts {name}, which your session comes over: it stays reachable only "
                "where the zone that is then in force allows SSH."
            )
            yield Risk(Severity.MAY, text)


def _port_text(rule: FilterRule, name: str, where: str) -> str:
    return (
        f"The rule that opens UDP port {rule.udp_port} goes ({where}), by which the tunnel {name} is reached "
        "that your session comes over: where the chain drops what no rule allows, the session ends."
    )
