"""Whether a plan can cut the session of the operator who applies it.

A false alarm costs a key press, a miss costs the machine: what is not known to be harmless is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from wgtui.domain.plan import Plan, SetDns, SetFile, SetForwardRules, Step
from wgtui.domain.session.facts import Risk, SessionFacts, Severity
from wgtui.domain.session.forwarding import forwarding_risks, may_reload, may_shut_out
from wgtui.domain.session.links import link_risks
from wgtui.domain.session.programs import program_risks
from wgtui.domain.session.ssh import SshSession
from wgtui.domain.session.tunnels import tunnel_risks
from wgtui.domain.session.ways import way_risks


def how_it_may_cut(plan: Plan, session: SshSession, facts: SessionFacts) -> tuple[Risk, ...]:
    """The reasons why a plan can cut a session, the sure ones first; empty where it cannot.

    Files and DNS servers alone never cut one.

    Args:
        plan: What would be done.
        session: The operator's.
        facts: The way it takes on the host as it is now.
    """
    return in_order(
        (
            link_risks(plan, session, facts),
            tunnel_risks(plan, facts),
            way_risks(plan, facts),
            program_risks(plan, session, facts),
            forwarding_risks(plan, facts),
        )
    )


def with_unknown_way(plan: Plan, session: SshSession) -> tuple[Risk, ...]:
    """The same where it cannot be found out how the session reaches this host."""
    if all(_never_cuts(step) for step in plan.steps):
        return ()
    text = f"It is not known by which way your session from {session.client} reaches this host."
    return (Risk(Severity.MAY, text),)


def _never_cuts(step: Step) -> bool:
    """Whether a step leaves a session alone by whatever way that comes."""
    if isinstance(step, SetForwardRules):
        return not (may_shut_out(step) or may_reload(step))
    return isinstance(step, SetFile | SetDns)


def in_order(groups: Iterable[Iterable[Risk]]) -> tuple[Risk, ...]:
    """All risks, each once, the sure ones first."""
    risks = dict.fromkeys(chain.from_iterable(groups))
    return tuple(sorted(risks, key=lambda risk: risk.severity is Severity.MAY))
