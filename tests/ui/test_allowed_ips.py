"""The Allowed IPs map: who owns what, what is wrong and why, who gets a packet."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_interface

import pytest

from tests.ui.map_world import Host, MapScreen, opened_map
from tests.ui.settling import settle
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES, opened
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.scenarios import Scenario, crowded_world, demo_world
from wgtui.domain.addresses import Address, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.errors import NetworkError
from wgtui.domain.network import MAIN_TABLE, LinkAddress, Route, Rule, link_route
from wgtui.ui.screens.allowed_ips import AllowedIpsScreen
from wgtui.ui.screens.overview import OverviewScreen


@pytest.mark.parametrize("size", SIZES)
async def test_every_prefix_has_its_owner_and_state_and_the_rule_is_there(size: tuple[int, int]) -> None:
    async with opened_map(Host(), size) as shown:
        text = shown.text()
        assert "On the relay, AllowedIPs is what belongs to that peer; on a peer" in text
        assert "16 prefixes, 11 peers" in text
        assert max(map(len, shown.screen.lines())) <= size[0]
        seen = set(shown.rows())
        await shown.press("end")
        seen.update(shown.rows())
        rows = "\n".join(seen)
        for words in ("192.168.2.0/24", "home-gateway", "● owned", "▼ goes to eth0", "· owns nothing"):
            assert words in rows


async def test_m_opens_and_closes_it_and_so_does_escape() -> None:
    host = Host()
    async with opened(host.look(), ownership=host.ownership) as screen:
        for leave in ("m", "escape"):
            await screen.press("m")
            assert "On the relay, AllowedIPs" in screen.text()
            await screen.press(leave)
            assert "On the relay, AllowedIPs" not in screen.text()
            assert "home-gateway" in screen.text()


async def test_the_palette_opens_it() -> None:
    host = Host()
    async with opened(host.look(), ownership=host.ownership) as screen:
        await screen.press("ctrl+p", *"allowed ips map")
        await screen.app.workers.wait_for_complete()
        await settle(screen.pilot)
        await screen.press("enter")
        await settle(screen.pilot)
        assert isinstance(screen.app.screen, AllowedIpsScreen)


async def test_without_what_it_is_read_with_there_is_no_map() -> None:
    async with opened(Host().look()) as screen:
        await screen.press("m")
        assert isinstance(screen.app.screen, OverviewScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_help_names_its_keys_and_states(size: tuple[int, int]) -> None:
    async with opened_map(Host(), size) as shown:
        await shown.press("question_mark")
        seen: set[str] = set()
        for _ in range(6):
            seen.update(shown.screen.lines())
            await shown.press("pagedown")
        text = " ".join(" ".join(seen).split())
        for words in ("shadowed by", "lost to ...", "Who gets this packet", "Clear the answer"):
            assert words in text
        assert "Open the next interface" not in text
        await shown.press("escape")
        assert shown.map


# The selected row


async def choose(shown: MapScreen, text: str) -> None:
    """Select the first row that a filter leaves."""
    keys = ["space" if character == " " else character for character in text]
    await shown.press("slash", "ctrl+u", *keys, "enter", "home")


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("192.168.2", "The kernel leads it into wg0 by the route 192.168.2.0/24."),
        ("10.20.0.0/16", "backup-server owns 10.20.7.0/24 of it. The longer prefix wins"),
        (
            "camera 5.5.5.10",
            "The file names it at camera (its [Peer] of line 46), but new-phone has it. A prefix has one",
        ),
        ("172.30", "The kernel leads it to eth0 by the default route, not into wg1. spare-phone may send"),
        ("owns nothing", "camera owns no prefix: wg0 drops whatever comes from it"),
    ],
)
@pytest.mark.parametrize("size", SIZES)
async def test_the_detail_says_why(size: tuple[int, int], which: str, words: str) -> None:
    async with opened_map(Host(), size) as shown:
        await choose(shown, which)
        assert words in shown.text()


async def test_a_default_route_by_wg_quicks_rules_is_named() -> None:
    host = Host()
    network = host.scenario.network
    key = next(iter(host.scenario.world.devices["wg1"].peers))
    change = PeerChange(key, update_only=True, allowed_ips=(prefix_of("0.0.0.0/0"),))
    host.scenario.world.configure("wg1", DeviceChange(peers=(change,)))
    network.add_route(link_route(prefix_of("0.0.0.0/0"), "wg1", 51820))
    network.add_rule(Rule(4, 51820, fwmark=51820, invert=True))
    network.add_rule(Rule(4, MAIN_TABLE, suppress_prefix_length=0))
    async with opened_map(host) as shown:
        await choose(shown, "0.0.0.0/0")
        assert "10.44.0.3/32 of it, and 1 more prefix of other peers lie in it." in shown.text()
        assert "the default route of table 51820, where wg-quick's rule sends what carries" in shown.text()
        await shown.press("w", *"9.9.9.9", "enter")
        await shown.wait_for("travel-router gets it, on wg1.")


async def test_the_same_prefix_on_two_interfaces_is_shadowed_where_no_route_leads() -> None:
    host = Host()
    key = next(iter(host.scenario.world.devices["wg1"].peers))
    change = PeerChange(key, update_only=True, allowed_ips=(prefix_of("192.168.2.0/24"),))
    host.scenario.world.configure("wg1", DeviceChange(peers=(change,)))
    async with opened_map(host, (120, 36)) as shown:
        await choose(shown, "192.168.2 wg1")
        assert "shadowed by home-gateway" in shown.rows()[0]
        assert "The kernel leads it into wg0, where home-gateway owns 192.168.2.0/24." in shown.text()


async def test_without_routes_it_says_so_and_shows_owners() -> None:
    host = Host()
    host.scenario.world.faults.network["routes"] = NetworkError("The routes cannot be read: no memory.")
    async with opened_map(host) as shown:
        assert "The routes cannot be read: no memory. So only who owns what is shown" in shown.text()
        assert "● owned" in shown.rows()[0]


# The table


async def test_sorting_keeps_the_selection_and_the_peers_without_a_prefix_at_the_end() -> None:
    async with opened_map(Host(), (120, 36)) as shown:
        await shown.press("down", "down")
        chosen = shown.map.rows.selected
        for _ in range(5):
            await shown.press("s")
            assert shown.map.rows.selected == chosen
            assert shown.rows()[-1].startswith("no prefix")
        await shown.press("r")
        assert shown.rows()[-1].startswith("no prefix")


async def test_sorting_by_state_puts_what_is_wrong_first() -> None:
    async with opened_map(Host()) as shown:
        while "sorted by state" not in shown.text():
            await shown.press("s")
        assert "lost to new-phone" in shown.rows()[0]


async def test_a_filter_narrows_by_prefix_owner_interface_state_and_route() -> None:
    async with opened_map(Host()) as shown:
        for typed, count in (
            ("wg1", 3),
            ("lost", 1),
            ("office", 3),
            ("fd00", 1),
            ("default eth0", 1),
            ("nowhere", 0),
        ):
            await choose(shown, typed)
            assert len(shown.rows()) == count, typed
        await shown.press("escape")
        assert "row 1 of 17" in shown.text()


async def test_a_click_selects_and_sorts() -> None:
    async with opened_map(Host()) as shown:
        await shown.screen.pilot.click("#prefixes", offset=(3, 3))
        await settle(shown.screen.pilot)
        assert shown.map.rows.cursor == 2
        await shown.screen.pilot.click("#prefixes", offset=(22, 0))
        await settle(shown.screen.pilot)
        assert "sorted by owner" in shown.text()


async def test_a_new_route_shows_and_f5_does_not_wait_for_it() -> None:
    host = Host()
    async with opened_map(host) as shown:
        await choose(shown, "172.30")
        assert "goes to eth0" in shown.rows()[0]
        host.scenario.network.add_route(link_route(prefix_of("172.30.0.0/24"), "wg1"))
        await shown.press("f5")
        await shown.wait_until(lambda: "● owned" in shown.rows()[0])


# Who gets this packet?


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("10.20.7.4", "backup-server gets it, on wg0. The kernel takes the route 10.20.0.0/16."),
        ("5.5.5.200", "no peer owns 5.5.5.200 there, and WireGuard answers"),
        ("172.30.0.9", "it is led to eth0, which is no WireGuard interface."),
        ("5.5.5.1", "This host itself gets it"),
        ("fd00:20::7", "office-gateway gets it, on wg0."),
    ],
)
async def test_an_address_is_answered_while_it_is_typed(
    size: tuple[int, int], address: str, words: str
) -> None:
    async with opened_map(Host(), size) as shown:
        await shown.press("w", *address)
        await shown.wait_for(words)
        await shown.press("enter")
        assert words in shown.text()
        await shown.press("escape")
        assert words not in shown.text()
        assert shown.map


async def test_an_answer_selects_the_prefix_that_matched_and_leaves_the_cursor_alone_then() -> None:
    async with opened_map(Host()) as shown:
        await shown.press("w", *"10.20.7.4", "enter")
        await shown.wait_for("10.20.7.0/24 · backup-server · wg0")
        await shown.press("home")
        assert "5.5.5.2/32 · home-gateway · wg0" in shown.text()
        await shown.press("f5")
        await shown.screen.pilot.pause(0.1)
        assert "5.5.5.2/32 · home-gateway · wg0" in shown.text()


async def test_a_digit_starts_a_question_and_letters_are_text_then() -> None:
    async with opened_map(Host()) as shown:
        await shown.press("5", *".5.5.3q")
        assert "Who gets this packet? 5.5.5.3q_" in shown.text()
        await shown.press("backspace")
        await shown.wait_for("laptop gets it, on wg0.")


async def test_what_is_no_address_is_told_at_enter_and_asks_nobody() -> None:
    async with opened_map(Host()) as shown:
        await shown.press("w", *"5.5.5.0/24", "enter")
        assert '"5.5.5.0/24" is no address' in shown.text()
        await shown.press("escape", "w", *"fe80::1")
        assert "fe80::1 is link-local" in shown.text()


async def test_an_answer_follows_the_routes() -> None:
    host = Host()
    async with opened_map(host) as shown:
        await shown.press("w", *"172.30.0.9", "enter")
        await shown.wait_for("it is led to eth0")
        host.scenario.network.add_route(link_route(prefix_of("172.30.0.0/24"), "wg1"))
        await shown.press("f5")
        await shown.wait_for("spare-phone gets it, on wg1.")


async def test_a_kernel_that_answers_otherwise_is_believed_and_told() -> None:
    host = Host()

    def by_eth0(address: Address, *, mark: int = 0, source: Address | None = None) -> Route | None:
        return link_route(prefix_of(str(address)), "eth0")

    host.scenario.network.route_to = by_eth0  # type: ignore[method-assign]
    async with opened_map(host) as shown:
        await shown.press("w", *"5.5.5.3")
        await shown.wait_for("By its rules and routes as wgtui reads them the way would be: 5.5.5.0/24 wg0.")
        assert "it is led to eth0" in shown.text()


async def test_an_address_can_be_pasted() -> None:
    from textual.events import Paste

    async with opened_map(Host()) as shown:
        shown.map.post_message(Paste("5.5.5.3\nrm -rf /"))
        await shown.wait_for("laptop gets it, on wg0.")
        assert "rm -rf" not in shown.text()


# What others wrote, and how much


def evil_host(clock: FakeClock) -> Scenario:
    """Peers named as nobody should be named, some of them in each other's way."""
    scenario = demo_world(clock)
    for device in ("wg0", "wg1"):
        text = ["[Interface]\n"]
        for key, name in zip(scenario.world.devices[device].peers, EVIL_STRINGS, strict=False):
            shown = name.replace("\n", " ").replace("\r", " ")
            text.append(f"[Peer]\n# Name = {shown}\nPublicKey = {key}\nAllowedIPs = 10.9.9.0/24\n")
        scenario.files.write(device, "".join(text).encode("utf-8", "replace"))
    scenario.network.add_link("evil\x1b]0;[/x]")
    scenario.network.add_address("evil\x1b]0;[/x]", LinkAddress(ip_interface("172.30.0.1/25")))
    return scenario


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", SIZES)
async def test_evil_names_and_links_are_text(size: tuple[int, int], ascii_only: bool) -> None:
    async with opened_map(Host(evil_host), size, ascii_only=ascii_only) as shown:
        for row in range(len(shown.map.rows.rows)):
            shown.map.action_first()
            shown.map.action_move(row)
            await settle(shown.screen.pilot)
            assert_clean(shown.screen.lines())
        for address in ("172.30.0.9", "5.5.5.3", "x\u202e[/x]"):
            await shown.press("w", "ctrl+u", *address, "enter")
            await shown.screen.pilot.pause(0.05)
            assert_clean(shown.screen.lines())
        if ascii_only:
            assert shown.screen.text().isascii()


async def test_without_colour_the_states_are_words() -> None:
    async with opened_map(Host(), color="none") as shown:
        assert "! lost to new-phone" in shown.text()


async def test_ten_thousand_peers_do_not_hold_up_the_keys() -> None:
    host = Host(lambda clock: crowded_world(clock, peers=10_000))
    # The names in so large a file come with the second look.
    host.look()
    async with opened(host.look(), ownership=host.ownership) as screen:
        await screen.press("m")
        shown = MapScreen(screen)
        await shown.press("question_mark", "escape")
        await shown.wait_until(lambda: bool(shown.map.rows.rows))
        assert "10000 prefixes, 10000 peers" in shown.text()
        await shown.press("end")
        assert "row 10000 of 10000" in shown.text()
        await choose(shown, "peer-09999")
        assert len(shown.rows()) == 1
        same = host.look()
        for _ in range(3):
            await screen.show(replace(same, number=same.number + 1))
        assert len(shown.rows()) == 1
