"""The Forwarding screen: every switch, who decides besides, and the changes, with the keyboard alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.forwarding_host import ForwardingHost, relay_file
from tests.services.test_forwarding import WithLegacy
from tests.ui.forwarding_world import Bench, opened_forwarding
from tests.ui.settling import press, settle
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES
from wgtui.adapters.simulated.packet_filter import DOCKER, OPEN
from wgtui.domain.errors import HostCommandFailed, PermissionRefused
from wgtui.domain.forwarding import HiddenRules, PathLink, SwitchName
from wgtui.domain.forwarding.sysctl_files import IP_FORWARD
from wgtui.domain.ruleset import RulesetReading
from wgtui.domain.ruleset.reading import ReadProblem
from wgtui.domain.session import Risk, Severity
from wgtui.ui.presentation.forwarding import ForwardingPage
from wgtui.ui.screens.forwarding import ForwardingScreen
from wgtui.ui.screens.overview import OverviewScreen

BY_HAND = (
    "PostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables -A FORWARD -o %i -j ACCEPT\n"
    "PostDown = iptables -D FORWARD -i %i -j ACCEPT; iptables -D FORWARD -o %i -j ACCEPT\n"
)
RISK = Risk(Severity.WILL, "The packets of your own session go through this rule.")


def by_hand() -> Bench:
    """A relay whose operator wrote the rules of the tutorial into the file."""
    rules = "[7:420] -A FORWARD -i wg0 -j ACCEPT\n[9:540] -A FORWARD -o wg0 -j ACCEPT\n"
    background = DOCKER.replace("[0:0] -A DOCKER !", f"{rules}[0:0] -A DOCKER !")
    return Bench(ForwardingHost(hooks_of_file=BY_HAND), background)


@pytest.mark.parametrize("size", SIZES)
async def test_who_drops_is_named_and_mended_in_every_size(size: tuple[int, int]) -> None:
    async with opened_forwarding(size=size) as shown:
        assert max(map(len, shown.lines())) <= size[0]
        assert shown.row("relay peers").startswith("relay peers ! off · off · off")
        assert shown.row("isolate peers").startswith("isolate peers · off · off · off")
        await shown.choose("relay peers")
        await shown.press("d")
        await shown.until(
            "Docker's policy DROP of the chain FORWARD", "x Let packets between peers of wg0 pass"
        )
        await shown.press("d", "x")
        await shown.until("Turn relay on for wg0")
        await shown.apply()
        assert shown.row("relay peers").startswith("relay peers ● on ● on ● on")
        assert shown.row("IPv4 forwarding").startswith("IPv4 forwarding ● on ● on ● on")
        assert shown.bench.host.sysctls.values[IP_FORWARD] == "1"
        assert "wgtui:%i:relay" in shown.bench.host.text()
        await shown.press("escape")
        assert isinstance(shown.app.screen, OverviewScreen)


async def test_the_same_key_goes_back_and_the_palette_opens_it() -> None:
    async with opened_forwarding() as shown:
        await shown.press("F")
        assert isinstance(shown.app.screen, OverviewScreen)
        await shown.press("ctrl+p", *"forwarding and nat")
        await shown.app.workers.wait_for_complete()
        await settle(shown.pilot)
        await shown.press("enter")
        await shown.wait(lambda: isinstance(shown.app.screen, ForwardingScreen))


async def test_space_turns_a_switch_on_and_off_and_that_can_be_undone() -> None:
    async with opened_forwarding() as shown:
        before = shown.bench.host.text()
        await shown.choose("isolate peers")
        await shown.press("space")
        await shown.until("Turn isolate on for wg0")
        await shown.apply()
        assert "isolate peers ● on ● on" in shown.row("isolate peers")
        await shown.press("enter")
        await shown.until("Turn isolate off for wg0")
        await shown.apply()
        assert "isolate peers · off · off" in shown.row("isolate peers")
        assert shown.bench.host.text() == before
        await shown.press("c")
        await shown.until("Turn isolate off for wg0", "Turn isolate on for wg0")
        await shown.press("u")
        await shown.until("Undo entry", "[ Apply ]")
        await shown.press("a")
        await shown.wait(lambda: "wgtui:%i:isolate" in shown.bench.host.text())
        await shown.press("escape")
        await shown.wait(lambda: "isolate peers ● on" in shown.row("isolate peers"))


async def test_relaying_ends_isolation_and_the_review_says_so() -> None:
    bench = Bench()
    bench.host.apply_once(bench.host.plans.switch("wg0", SwitchName.ISOLATE, on=True))
    async with opened_forwarding(bench) as shown:
        await shown.until("● on")
        await shown.choose("relay peers")
        await shown.press("space")
        await shown.until("no longer drop packets between peers of wg0")
        await shown.apply()
        assert "relay peers ● on" in shown.row("relay peers")
        assert "isolate peers · off" in shown.row("isolate peers")


async def test_the_interface_to_masquerade_on_is_chosen_uplinks_first() -> None:
    async with opened_forwarding() as shown:
        await shown.choose("masquerade")
        await shown.press("space")
        await shown.until("Masquerade on which interface?", "eth0 uplink 192.0.2.0/24", "lan0 172.20.0.0/24")
        await shown.press("down", "enter")
        await shown.until("Turn masquerade lan0 on for wg0")
        await shown.apply()
        assert "masquerade lan0 ● on ● on" in shown.row("masquerade lan0")
        await shown.press("n")
        await shown.until("Turn masquerade eth0 on for wg0")
        await shown.apply()
        assert "● on" in shown.row("masquerade eth0")
        await shown.press("n")
        assert shown.toasts()[-1] == "Every other interface of this host masquerades already."
        await shown.choose("masquerade lan0")
        await shown.press("space")
        await shown.apply()
        assert not [line for line in shown.table() if line.startswith("masquerade lan0")]


async def test_choosing_can_be_given_up() -> None:
    async with opened_forwarding() as shown:
        for key in ("escape", "right"):
            await shown.press("n")
            await shown.until("Masquerade on which interface?")
            await shown.press(key, *(["enter"] if key == "right" else []))
            assert shown.app.screen is shown.forwarding


@pytest.mark.parametrize("size", SIZES)
async def test_a_hand_written_line_is_shown_and_taken_over(size: tuple[int, int]) -> None:
    async with opened_forwarding(by_hand(), size) as shown:
        assert "tunnel in/out ● on ● by hand ● on 16" in shown.row("tunnel in/out")
        await shown.choose("tunnel in/out")
        await shown.press("d")
        await shown.until("a command of somebody's own does it, wg0.conf:5:", "t Put wgtui's own lines")
        await shown.press("t")
        await shown.until("Take over wg0.conf:5")
        await shown.press("3")
        await shown.until("- PostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables")
        await shown.apply()
        assert "iptables -A FORWARD -i %i -j ACCEPT;" not in shown.bench.host.text()
        await shown.press("escape")
        assert "tunnel in/out ● on ● on ● on" in shown.row("tunnel in/out")


async def test_a_line_that_cannot_be_taken_over_says_why() -> None:
    bench = by_hand()
    async with opened_forwarding(bench) as shown:
        view = shown.forwarding.view
        assert view is not None
        reason = "It does more than one switch does."
        lines = tuple(replace(line, can_be_taken_over=False, reason=reason) for line in view.hand_written)
        shown.forwarding.take(ForwardingPage("wg0", replace(view, hand_written=lines)))
        await shown.choose("tunnel in/out")
        await shown.until("wg0.conf:5 cannot be taken over: It does more than one switch does.")
        await shown.press("t")
        assert shown.toasts()[-1].endswith(reason)


async def test_a_change_that_can_cut_the_session_waits_for_its_confirmation() -> None:
    bench = Bench(risks=(RISK,))
    async with opened_forwarding(bench) as shown:
        await shown.choose("isolate peers")
        await shown.press("space")
        await shown.until(RISK.text)
        await shown.apply()
        await shown.until("is taken back in")
        await shown.press("y")
        await shown.wait(lambda: shown.app.waiting_change is None)


async def test_from_interface_to_interface() -> None:
    bench = Bench()
    bench.host.write(relay_file(address="10.9.0.1/24", port="ListenPort = 51999\n"), "wg1")
    async with opened_forwarding(bench) as shown:
        assert "UDP port 51820" in shown.text()
        await shown.press("right_square_bracket")
        await shown.until("UDP port 51999", "wg1 is not up")
        await shown.press("left_square_bracket")
        await shown.wait(lambda: "UDP port 51820" in shown.text())
        await shown.press("shift+tab")
        await shown.wait(lambda: "UDP port 51999" in shown.text())


async def test_counters_move_and_nothing_is_painted_while_they_stand_still() -> None:
    bench = Bench()
    clock = [0.0]
    bench.host.forward_rules.now = lambda: clock[0]
    bench.host.apply_once(bench.host.plans.switch("wg0", SwitchName.RELAY, on=True))
    async with opened_forwarding(bench, interval=0.01) as shown:
        page = shown.forwarding.page
        assert "relay peers ● on ● on ● on 0" in shown.row("relay peers")
        await shown.pilot.pause(2.2)
        assert shown.forwarding.page is page
        clock[0] = 100.0
        await shown.wait(lambda: "1,700" in shown.row("relay peers"))
        await shown.choose("relay peers")
        await shown.until("Its rules met 1,700 packets")


async def test_what_others_change_is_seen_at_the_next_look() -> None:
    async with opened_forwarding() as shown:
        shown.bench.host.packet_filter.background = OPEN
        await shown.press("f5")
        await shown.wait(lambda: "relay peers ○ open" in shown.row("relay peers"))


@pytest.mark.parametrize("size", SIZES)
async def test_what_cannot_be_read_is_a_sentence(size: tuple[int, int]) -> None:
    class Blind:
        def read(self) -> RulesetReading:
            problem = ReadProblem("nft may not list its rules.", "Run wgtui as root.", is_permission=True)
            return RulesetReading(problems=(problem,))

    bench = Bench()
    bench.host.packet_filter = Blind()  # type: ignore[assignment]
    async with opened_forwarding(bench, size) as shown:
        await shown.until("! nft may not list its rules. Run wgtui as root.")
        assert "relay peers ? unknown" in shown.row("relay peers")


async def test_without_file_and_interface_the_pane_says_so() -> None:
    async with opened_forwarding() as shown:
        await shown.press("tab")
        await shown.until("wg1")
        await shown.wait(lambda: shown.forwarding.page is not None)
        assert shown.forwarding.page is not None
        problem = shown.forwarding.page.problem
        assert problem is not None
        await shown.until(problem.text)


@pytest.mark.parametrize(
    "error", [PermissionRefused("Only root can.", hint="Use sudo."), HostCommandFailed("no")]
)
async def test_a_host_that_cannot_be_opened_is_told_once(error: PermissionRefused) -> None:
    bench = Bench(refusal=error)
    app = bench.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        while app.snapshot is None:
            await pilot.pause(0.01)
        await press(pilot, "F")
        for _ in range(200):
            if app._notifications:
                break
            await pilot.pause(0.02)
        assert error.text in next(iter(app._notifications)).message


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_text_of_others_stays_text(size: tuple[int, int], ascii_only: bool) -> None:
    async with opened_forwarding(by_hand(), size, ascii=ascii_only) as shown:
        view = shown.forwarding.view
        assert view is not None
        for evil in EVIL_STRINGS:
            rows = tuple(
                replace(row, note=evil, culprit=evil, disk=replace(row.disk, where=evil, line=evil),
                        boot=replace(row.boot, reason=evil), fix=row.fix and replace(row.fix, text=evil))
                for row in view.rows
            )  # fmt: skip
            hand = tuple(replace(line, line=evil, where=evil, reason=evil) for line in view.hand_written)
            links = (PathLink(evil, (), True, False, evil), *view.path.links)
            path = replace(view.path, links=links, peers=(replace(view.path.peers[0], name=evil),))
            deciders = tuple(replace(one, who=evil, text=evil) for one in view.deciders)
            hidden = (HiddenRules(evil, evil, (evil, evil)),)
            evil_view = replace(
                view, rows=rows, hand_written=hand, path=path, deciders=deciders, hidden=hidden,
                backend=(evil,), problems=(evil,),
            )  # fmt: skip
            shown.forwarding.take(ForwardingPage("wg0", evil_view))
            await settle(shown.pilot)
            for _ in range(4):
                assert_clean(shown.lines())
                await shown.press("pagedown")
            if ascii_only:
                assert shown.text().isascii()


async def test_markup_in_a_foreign_rule_stays_literal() -> None:
    rule = '-A FORWARD -i wg0 -m comment --comment "[bold]loud[/] [@click=app.quit]x[/]" -j DROP\n'
    background = OPEN.replace(
        ":FORWARD ACCEPT [0:0]\nCOMMIT\n*nat", f":FORWARD ACCEPT [0:0]\n{rule}COMMIT\n*nat"
    )
    async with opened_forwarding(Bench(background=background), (120, 36)) as shown:
        await shown.choose("relay peers")
        await shown.until("[bold]loud[/] [@click=app.quit]x[/]")


@pytest.mark.parametrize("size", SIZES)
async def test_rules_that_iptables_does_not_show_are_listed(size: tuple[int, int]) -> None:
    bench = Bench()
    bench.host.packet_filter = WithLegacy(bench.host.forward_rules, DOCKER)
    async with opened_forwarding(bench, size) as shown:
        seen = set()
        await shown.press("d")
        for _ in range(6):
            seen.add(shown.everything())
            await shown.press("pagedown")
        text = " ".join(seen)
        assert "1 rule of iptables-legacy is in force too" in text
        assert "-A FORWARD -s 10.0.0.0/8 -j DROP" in text
        assert "rules go to iptables-nft" in text


async def test_a_key_in_a_command_is_hidden() -> None:
    secret = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
    hooks = f"PostUp = echo {secret} | wg set %i peer x preshared-key /dev/stdin\n"
    async with opened_forwarding(Bench(ForwardingHost(hooks_of_file=hooks)), (120, 36)) as shown:
        await shown.until("echo (hidden)")
        assert secret not in shown.text()


async def test_the_drawing_marks_where_packets_stop() -> None:
    async with opened_forwarding(size=(120, 36)) as shown:
        text = shown.everything()
        assert "phone 10.0.0.3/32" in text
        assert "home 10.0.0.2/32, 192.168.2.0/24" in text
        assert "! passes no IPv4 on" in text
        assert "· peers from peer to peer · not reached" in text
        assert "decides. Packets are lost there." in text
        await shown.press("home", "x")
        await shown.apply()
        text = shown.everything()
        assert "● passes IPv4 on" in text
        assert "! peers from peer to peer · stop here" in text
        assert "! eth0 internet, 192.0.2.0/24" in text
        assert "! lan0 172.20.0.0/24 · Docker drops" in text
        await shown.choose("tunnel in/out")
        await shown.press("x")
        await shown.apply()
        text = shown.everything()
        assert "● lan0 172.20.0.0/24 · pass" in text
        await shown.choose("relay peers")
        await shown.press("x")
        await shown.apply()
        await shown.press("d")
        await shown.until("It would drop packets, but")


@pytest.mark.parametrize("size", SIZES)
async def test_help_names_keys_and_states(size: tuple[int, int]) -> None:
    async with opened_forwarding(size=size) as shown:
        await shown.press("question_mark")
        seen: set[str] = set()
        for _ in range(8):
            seen.update(shown.lines())
            await shown.press("pagedown")
        text = " ".join(" ".join(seen).split())
        for words in ("blocked", "by hand", "Masquerade on one more interface", "lost at the"):
            assert words in text


async def test_a_double_click_turns_a_switch() -> None:
    async with opened_forwarding() as shown:
        region = shown.forwarding.table.region
        at = (4, region.y + 1 + [line.startswith("MSS") for line in shown.table()].index(True))
        await shown.pilot.click(offset=at)
        await settle(shown.pilot)
        assert shown.forwarding.selected is not None
        assert shown.forwarding.selected.switch is SwitchName.MSS
        await shown.pilot.click(offset=at, times=2)
        await shown.until("Turn mss on for wg0")
