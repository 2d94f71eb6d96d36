"""The operator's own SSH session, the way it takes, and what of a plan can cut it."""

from __future__ import annotations

from wgtui.domain.session.analysis import how_it_may_cut, in_order, with_unknown_way
from wgtui.domain.session.facts import Leg, Risk, SessionFacts, Severity, owner_of
from wgtui.domain.session.routing import Packet, Routing
from wgtui.domain.session.ssh import SshSession, parse_ssh_connection

__all__ = [
    "Leg",
    "Packet",
    "Risk",
    "Routing",
    "SessionFacts",
    "Severity",
    "SshSession",
    "how_it_may_cut",
    "in_order",
    "owner_of",
    "parse_ssh_connection",
    "with_unknown_way",
]
