"""The setup wizard on a simulated host, by the keyboard alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.setup import add_home, add_phone, apply, make_bare, setting_up
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES
from wgtui.adapters.simulated.host_facts import PLAIN_HOST
from wgtui.demo import DemoHost
from wgtui.domain.config import read_config
from wgtui.domain.setup import Draft, DraftPeer, Role, Scenario, read_answers
from wgtui.domain.wgquick import parse
from wgtui.ui.presentation.setup.words import Step
from wgtui.ui.screens.overview import OverviewScreen
from wgtui.ui.screens.waiting import WaitingScreen

KEY = "qz8kpZIOS3oYtHXmW1VrHzTk7YLJqfTRIwXfQ1DXxHA="


async def test_it_opens_by_itself_and_one_key_leaves_to_where_the_way_back_is_said() -> None:
    async with setting_up() as ui:
        await ui.at(Step.PREFLIGHT)
        await ui.until("Setup, 1 of 6", "It is ready.", "The clock is kept by NTP.")
        await ui.press("escape")
        await ui.until("No WireGuard interface on this host", "press I")
        assert isinstance(ui.app.screen, OverviewScreen)
        await ui.press("I")
        await ui.at(Step.PREFLIGHT)


async def test_it_does_not_open_where_there_is_an_interface() -> None:
    host = DemoHost(lambda data: read_config(parse(data)).config, sessions=())
    app, _ = make_bare(host)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.3)
        assert isinstance(app.screen, OverviewScreen)
    assert app.finish_changes(5.0)


@pytest.mark.parametrize("size", SIZES)
async def test_a_relay_from_nothing(size: tuple[int, int]) -> None:
    async with setting_up(size) as ui:
        await ui.go(Step.NETWORK)
        await ui.replace("IPv4 address", "10.66.0.0/22")
        await ui.goto("IPv6")
        await ui.press("space")
        await ui.replace("Public endpoint", "vpn.example.org")
        await ui.go(Step.PEERS)
        await add_phone(ui)
        await add_home(ui)
        assert ui.host.scenario.files.names() == ()
        await ui.go(Step.REVIEW)
        await apply(ui)
        await ui.until("wg0 is set up. What is left to do:", "wgtui export wg0 phone --qr")
        await ui.until("h on a peer shows its picture")
        await ui.press("enter")
        await ui.wait(lambda: isinstance(ui.app.screen, WaitingScreen), "the screen that waits")
        await ui.until("phone", "home")
        text = ui.file()
        assert "Address = 10.66.0.1/22, fd0" in text
        assert "ListenPort = 51820" in text
        assert "wgtui:%i:relay" in text
        assert "AllowedIPs = 10.66.0.3/32, fd09:a0b:c0d::3/128, 192.168.7.0/24" in text
        with ui.host.changes() as changes:
            phone = changes.host.files.read("/etc/wireguard/peers/wg0/phone.conf")
            assert changes.host.sysctls.read("net.ipv6.conf.all.forwarding") == "1"
        assert phone is not None
        assert b"Endpoint = vpn.example.org:51820" in phone.content
        assert b"AllowedIPs = 10.66.0.0/22, fd09:a0b:c0d::/64, 192.168.7.0/24" in phone.content
        assert ui.draft == Draft()


async def test_back_and_forward_lose_nothing() -> None:
    async with setting_up() as ui:
        await ui.go(Step.NETWORK)
        await ui.replace("Interface", "wg7")
        await ui.replace("Listen port", "4500")
        await ui.until("192.0.2.10:4500")
        await ui.press("ctrl+o")
        await ui.at(Step.SCENARIO)
        await ui.press("ctrl+o")
        await ui.at(Step.PREFLIGHT)
        await ui.go(Step.NETWORK)
        await ui.until("wg7", "4500")
        await ui.go(Step.FORWARDING)
        await ui.goto("MSS clamp")
        await ui.press("space", "ctrl+o")
        await ui.at(Step.NETWORK)
        await ui.go(Step.FORWARDING)
        await ui.until("TCP is kept to what fits the tunnel")
        draft = ui.wizard.session.draft
        assert (draft.interface.name, draft.interface.listen_port) == ("wg7", 4500)


async def test_switches_come_back_with_their_scenario() -> None:
    async with setting_up() as ui:
        await ui.go(Step.FORWARDING)
        await ui.goto("MSS clamp")
        await ui.press("space", "ctrl+o")
        await ui.at(Step.NETWORK)
        await ui.press("ctrl+o")
        await ui.at(Step.SCENARIO)
        await ui.press("4")
        await ui.until("eth0, to the internet")
        await ui.go(Step.FORWARDING)
        await ui.until("All traffic of the peers leaves by the uplink")
        assert ui.wizard.session.filled.forwarding.masquerade == "eth0"
        await ui.press("ctrl+o")
        await ui.at(Step.NETWORK)
        await ui.press("ctrl+o")
        await ui.at(Step.SCENARIO)
        await ui.press("1")
        await ui.go(Step.FORWARDING)
        assert ui.wizard.session.filled.forwarding.masquerade == ""
        assert ui.wizard.session.filled.forwarding.mss_clamp


@pytest.mark.parametrize(
    ("label", "text", "complaint"),
    [
        ("Interface", "no spaces", "An interface's name is"),
        ("Interface", "eth0", "There is an interface eth0 already."),
        ("IPv4 address", "10.66.0.300/24", "10.66.0.300"),
        ("IPv4 address", "10.66.0.1", "leaves no room for peers"),
        ("IPv4 address", "fd00::1/64", "This takes IPv4 addresses only."),
        ("IPv4 address", "", "This host needs an address in the tunnel."),
        ("Listen port", "70000", "70000"),
        ("Listen port", "53", "has UDP port 53 already"),
        ("Public endpoint", "two words", "two words"),
        ("LAN behind here", "192.168.2", "192.168.2"),
        ("DNS", "8.8.8", "8.8.8"),
    ],
)
@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
async def test_next_goes_to_what_is_wrong(
    size: tuple[int, int], label: str, text: str, complaint: str
) -> None:
    async with setting_up(size) as ui:
        ui.host.inspector.facts = replace(PLAIN_HOST, udp_ports=frozenset((53,)))
        await ui.press("r")
        await ui.wait(lambda: 53 in ui.wizard.session.scene.facts.udp_ports, "the second look")
        await ui.go(Step.NETWORK)
        await ui.replace(label, text)
        await ui.press("ctrl+n")
        await ui.until(complaint)
        assert ui.wizard.session.step is Step.NETWORK
        focused = ui.app.focused
        assert focused is not None
        assert any(getattr(node, "label", "") == label for node in focused.ancestors_with_self)


async def test_what_is_typed_is_never_taken_for_a_key() -> None:
    async with setting_up() as ui:
        await ui.go(Step.NETWORK)
        await ui.replace("Interface", "qImarp")
        await ui.go(Step.PEERS)
        await ui.open("a", "Peer 1 of 1")
        await ui.goto("Name")
        await ui.write("quit? I and m/a")
        await ui.press("ctrl+s")
        await ui.at(Step.PEERS)
        assert ui.wizard.session.draft.interface.name == "qImarp"
        assert ui.wizard.session.draft.peers[0].name == "quit? I and m/a"


async def test_leaving_asks_where_something_was_answered() -> None:
    async with setting_up() as ui:
        await ui.go(Step.NETWORK)
        await ui.press("escape")
        await ui.until("Leave the setup?", "Your answers are kept")
        await ui.press("enter")
        await ui.at(Step.NETWORK)
        await ui.press("escape")
        await ui.until("Leave the setup?")
        await ui.press("right", "enter")
        await ui.until("press I")
        await ui.wait(lambda: ui.draft.scenario is Scenario.RELAY, "the draft")


async def test_what_blocks_is_said_and_looked_at_again() -> None:
    host = make_bare()[1]
    host.inspector.facts = replace(PLAIN_HOST, net_admin=False)
    async with setting_up((60, 20), host) as ui:
        await ui.at(Step.PREFLIGHT)
        await ui.until("Not yet", "This program may not change the network.", "sudo wgtui")
        await ui.press("ctrl+n")
        assert ui.wizard.session.step is Step.PREFLIGHT
        host.inspector.facts = PLAIN_HOST
        await ui.press("r")
        await ui.until("It is ready.")
        await ui.go(Step.SCENARIO)


async def test_peers_are_edited_and_taken_out() -> None:
    async with setting_up() as ui:
        await ui.go(Step.PEERS)
        await add_phone(ui)
        await add_home(ui)
        await ui.press("up")
        await ui.open("enter", "Peer 1 of 2")
        await ui.replace("Name", "home")
        await ui.until("Two peers are called home.")
        await ui.press("ctrl+s")
        await ui.until("Peer 1 of 2")
        await ui.replace("Name", "tablet")
        await ui.goto("Keys")
        await ui.press("right")
        await ui.goto("Public key")
        await ui.write(KEY)
        await ui.press("ctrl+s")
        await ui.at(Step.PEERS)
        assert [str(peer.public_key) for peer in ui.wizard.session.draft.peers] == [KEY, "None"]
        await ui.press("down", "d")
        await ui.wait(lambda: len(ui.wizard.session.draft.peers) == 1)
        await ui.open("enter", "Peer 1 of 1")
        await ui.replace("Name", "nobody")
        await ui.press("escape")
        await ui.until("Leave this peer?")
        await ui.press("right", "enter")
        await ui.at(Step.PEERS)
        assert ui.wizard.session.draft.peers[0].name == "tablet"


@pytest.mark.parametrize("size", SIZES)
async def test_a_lan_gateway_joins_a_relay(size: tuple[int, int]) -> None:
    async with setting_up(size) as ui:
        await ui.go(Step.SCENARIO)
        await ui.press("5")
        await ui.until("the relay", "LAN 192.168.2.0/24")
        await ui.go(Step.NETWORK)
        assert "This host needs an address in the tunnel." not in ui.everything()
        await ui.press("ctrl+n")
        await ui.until("This host needs an address in the tunnel.")
        await ui.replace("IPv4 address", "10.66.0.9/24")
        await ui.go(Step.PEERS)
        await ui.press("ctrl+n")
        await ui.until("This host calls exactly one peer.")
        await ui.open("a", "The public side that this host calls")
        await ui.goto("Name")
        await ui.write("hub")
        await ui.goto("Public key")
        await ui.write(KEY)
        await ui.press("ctrl+s")
        await ui.until("This host has to know where to call it.")
        await ui.goto("Its endpoint")
        await ui.write("198.51.100.77:443")
        await ui.press("ctrl+s")
        await ui.at(Step.PEERS)
        await ui.go(Step.REVIEW)
        await apply(ui)
        await ui.until("What is left to do:", "Tell hub the public key of this host")
        text = ui.file()
        assert "Endpoint = 198.51.100.77:443" in text
        assert "AllowedIPs = 10.66.0.0/24" in text
        assert "PersistentKeepalive = 25" in text
        assert "MASQUERADE" in text


async def test_the_answers_are_written_as_a_file() -> None:
    async with setting_up() as ui:
        await ui.go(Step.PEERS)
        await add_phone(ui)
        await ui.go(Step.REVIEW)
        await ui.open("p", "The answers as a file", "setup --answers FILE")
        await ui.write("/root/relay.toml")
        await ui.press("enter")
        await ui.wait(lambda: "Written to /root/relay.toml." in ui.toasts(), "the toast")
        with ui.host.changes() as changes:
            image = changes.host.files.read("/root/relay.toml")
        assert image is not None
        answers = read_answers(image.content, "relay.toml")
        assert answers.scenario is Scenario.RELAY
        assert [peer.name for peer in answers.peers] == ["phone"]


async def test_what_exists_is_adopted_without_a_byte_written() -> None:
    host = DemoHost(lambda data: read_config(parse(data)).config, sessions=())
    with host.changes():
        before = {name: host.scenario.files.read(name) for name in host.scenario.files.names()}
    async with setting_up(host=host) as ui:
        await ui.press("I")
        await ui.at(Step.PREFLIGHT)
        await ui.go(Step.SCENARIO)
        await ui.press("6")
        await ui.go(Step.ADOPT)
        await ui.until("home-gateway", "5.5.5.2/32, 192.168.2.0/24", "Setup, 3 of 3")
        await ui.press("ctrl+n")
        await ui.wait(lambda: not ui.is_open, "the end")
        assert isinstance(ui.app.screen, OverviewScreen)
    assert {name: host.scenario.files.read(name) for name in host.scenario.files.names()} == before


def is_text(name: str) -> bool:
    """Whether a file of answers can hold it; no field takes what is not."""
    return bool(name.strip()) and "\ud800" not in name


async def test_hostile_names_are_only_text() -> None:
    peers = tuple(DraftPeer(name=name, role=Role.ROAMING) for name in EVIL_STRINGS if is_text(name))
    async with setting_up((120, 36)) as ui:
        await ui.at(Step.PREFLIGHT)
        ui.wizard.session.take(Draft(Scenario.RELAY, peers=peers))
        for step in (Step.NETWORK, Step.PEERS, Step.REVIEW):
            await ui.wizard._show(step)
            await ui.at(step)
            assert_clean(ui.lines())
        # Names that no file of answers could hold do not keep the program from ending.
        ui.wizard.session.take(Draft())
