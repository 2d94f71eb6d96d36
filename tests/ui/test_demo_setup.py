"""Setting up one more interface on the demo's host."""

from __future__ import annotations

from dataclasses import replace

from wgtui import wiring
from wgtui.domain.setup import DraftPeer, Scenario, complete
from wgtui.domain.setup.preflight import FindingLevel


def test_the_demo_can_be_set_up() -> None:
    with wiring.demo().changes() as changes:
        facts = changes.preflight.facts()
        assert not [one for one in changes.preflight.findings(facts) if one.level is FindingLevel.BLOCKING]
        proposals = changes.proposer.propose(facts)
        assert proposals.name not in changes.configs.names()
        draft = proposals.draft(Scenario.RELAY)
        answers = complete(replace(draft, peers=(DraftPeer(name="phone"),)))
        changes.transaction.apply(changes.setup.plan(answers))
        assert proposals.name in changes.host.wireguard.names()
        assert changes.sharing.find(proposals.name, "phone").content.startswith(b"[Interface]")
