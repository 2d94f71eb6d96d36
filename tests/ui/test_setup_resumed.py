"""The setup wizard after a dropped session: no answer is lost, and nothing is half made."""

from __future__ import annotations

import pytest

from tests.ui.setup import add_phone, setting_up
from wgtui.demo import DemoHost
from wgtui.domain.config import read_config
from wgtui.domain.setup import Draft, DraftForwarding, DraftNetwork, Role, Scenario
from wgtui.domain.wgquick import parse
from wgtui.ui.presentation.setup.words import Step

RESUMED = (Step.SCENARIO, Step.NETWORK, Step.FORWARDING, Step.PEERS, Step.REVIEW)


@pytest.mark.parametrize("step", RESUMED)
async def test_a_dropped_session_loses_no_answer(step: Step) -> None:
    async with setting_up() as ui:
        await ui.go(Step.SCENARIO)
        await ui.press("2", "1")
        if step is not Step.SCENARIO:
            await ui.go(Step.NETWORK)
            await ui.replace("IPv4 address", "10.99.1.1/24")
        if step in (Step.PEERS, Step.REVIEW):
            await ui.go(Step.PEERS)
            await add_phone(ui)
        await ui.go(step)
        before = ui.wizard.session.draft
        host = ui.host
    assert host.scenario.files.names() == ()
    async with setting_up(host=host) as ui:
        await ui.until("Go on where you left the setup?")
        await ui.press("enter")
        await ui.at(step)
        assert ui.wizard.session.draft == before


async def test_a_session_that_drops_in_the_middle_of_a_word_keeps_the_word() -> None:
    async with setting_up() as ui:
        await ui.go(Step.PEERS)
        await ui.open("a", "Peer 1 of 1")
        await ui.press("right")
        await ui.goto("Name")
        await ui.write("hom")
        host = ui.host
    async with setting_up(host=host) as ui:
        await ui.until("Go on where you left the setup?")
        await ui.press("enter")
        await ui.until("Peer 1 of 1", "hom")
        peer = ui.wizard.session.draft.peers[0]
        assert (peer.name, peer.role) == ("hom", Role.GATEWAY)
        await ui.press("escape")
        await ui.at(Step.PEERS)
        await ui.until("The LAN behind it is missing.")


async def test_starting_anew_drops_the_answers_and_not_now_keeps_them() -> None:
    async with setting_up() as ui:
        await ui.go(Step.NETWORK)
        await ui.replace("Interface", "wg9")
        host = ui.host
    async with setting_up(host=host) as ui:
        await ui.until("Go on where you left the setup?")
        await ui.press("right", "right", "enter")
        await ui.until("press I")
        assert ui.draft.interface.name == "wg9"
        await ui.open("I", "Go on where you left the setup?")
        await ui.press("right", "enter")
        await ui.at(Step.PREFLIGHT)
        assert ui.wizard.session.draft.interface.name is None
        await ui.wait(lambda: ui.draft.interface.name is None, "the draft to be gone")


async def test_where_there_are_interfaces_the_way_back_is_said() -> None:
    host = DemoHost(lambda data: read_config(parse(data)).config, sessions=())
    with host.changes() as changes:
        changes.drafts.save(Draft(Scenario.RELAY, DraftNetwork(name="wg5"), page="network"))
    async with setting_up(host=host) as ui:
        await ui.wait(lambda: any("Press I to go on" in text for text in ui.toasts()), "the toast")
        await ui.open("I", "Go on where you left the setup?", "page 3 of 6")
        await ui.press("enter")
        await ui.at(Step.NETWORK)
        await ui.until("wg5")


async def test_an_uplink_that_has_gone_meanwhile_is_told() -> None:
    draft = Draft(
        scenario=Scenario.GATEWAY, forwarding=DraftForwarding(masquerade="ppp0"), page=Step.FORWARDING.value
    )
    async with setting_up() as ui:
        host = ui.host
    with host.changes() as changes:
        changes.drafts.save(draft)
    async with setting_up(host=host) as ui:
        await ui.until("Go on where you left the setup?")
        await ui.press("enter")
        await ui.at(Step.FORWARDING)
        await ui.until("This host has no interface ppp0 now. Choose another")
        await ui.goto("Masquerade on")
        await ui.press("left")
        await ui.until("eth1 leads to")
        await ui.wait(lambda: "has no interface ppp0" not in ui.everything())
