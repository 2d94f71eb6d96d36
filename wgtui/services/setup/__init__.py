"""Setting a host up: what to look at, what to propose, and the plan for the answers."""

from __future__ import annotations

from wgtui.services.setup.drafts import Drafts
from wgtui.services.setup.plans import PreparedPeer, PreparedSetup, SetupPlans
from wgtui.services.setup.preflight import Preflight, filter_findings
from wgtui.services.setup.proposals import DnsChoice, LinkFacts, Proposals, Proposer
from wgtui.services.setup.tools import SetupTools

__all__ = [
    "DnsChoice",
    "Drafts",
    "LinkFacts",
    "Preflight",
    "PreparedPeer",
    "PreparedSetup",
    "Proposals",
    "Proposer",
    "SetupPlans",
    "SetupTools",
    "filter_findings",
]
