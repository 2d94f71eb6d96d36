"""The Diagnose screen: what is wrong, why, what mends it, and whether one end reaches another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.diagnose_world import Diagnosed, Ward, diagnosed, first_diagnosis
from tests.ui.settling import settle
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES, StillSource, snapshot_of
from wgtui import wiring
from wgtui.adapters.clock import SystemClock
from wgtui.domain.doctor import Severity
from wgtui.domain.errors import NetworkError, PermissionRefused
from wgtui.ui.app import WgtuiApp
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.presentation.path_ends import PathEnd
from wgtui.ui.screens.overview import OverviewScreen

DROPS = "-P FORWARD DROP"


def broken() -> Ward:
    """A relay that does not forward."""
    ward = Ward()
    ward.host.sysctls.values["net.ipv4.ip_forward"] = "0"
    return ward


async def test_a_healthy_host_is_said_to_be_so() -> None:
    async with diagnosed() as shown:
        await shown.until("Nothing is wrong, as far as it can be seen from here.")
        assert {one.severity for one in shown.page.report.findings} <= {Severity.NOTE, Severity.OK}  # type: ignore[union-attr]


async def test_the_cause_comes_first_and_is_mended_by_a_key() -> None:
    async with diagnosed(broken()) as shown:
        await shown.until(
            "1 thing does not work.", "This host does not forward IPv4", "x Turn the switch ipv4"
        )
        await shown.press("x")
        await shown.until("net.ipv4.ip_forward")
        await shown.apply()
        await shown.until("Nothing is wrong")
        assert shown.ward.host.sysctls.values["net.ipv4.ip_forward"] == "1"


async def test_findings_are_walked_through_and_read_large() -> None:
    async with diagnosed(broken()) as shown:
        await shown.press("end")
        await shown.until("tools]")
        await shown.press("home", "enter")
        assert shown.page.has_class("-detail")
        await shown.press("escape")
        assert not shown.page.has_class("-detail")
        await shown.press("escape")
        assert isinstance(shown.app.screen, OverviewScreen)


async def test_the_list_is_examined_anew() -> None:
    async with diagnosed(broken()) as shown:
        shown.ward.host.sysctls.values["net.ipv4.ip_forward"] = "1"
        await shown.press("r")
        await shown.until("Nothing is wrong")


async def test_a_host_that_cannot_be_read_says_so() -> None:
    ward = Ward()

    def refuse(*_: object, **__: object) -> None:
        raise NetworkError("The kernel said no.")

    ward.host.network.routes = refuse  # type: ignore[method-assign, assignment]
    async with diagnosed(ward) as shown:
        await shown.until("The kernel said no.")


async def test_a_host_that_may_not_be_looked_at_says_so() -> None:
    refused = Ward(refusal=PermissionRefused("That needs root.", hint="Run: sudo wgtui."))
    async with diagnosed(refused) as shown:
        await shown.until("This host could not be examined.", "That needs root.", "Run: sudo wgtui.")
        await shown.press("tab")
        await shown.pick("f", "host")
        await shown.pick("t", "home")
        await shown.until("That needs root.")


async def test_the_demo_is_examined_and_walked() -> None:
    demo = wiring.demo()
    app = WgtuiApp(
        demo.monitor,
        options=UiOptions(clock=SystemClock(), title="demo"),
        makers=Makers(changes=demo.changes, diagnosis=demo.diagnosis),
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await first_diagnosis(pilot)
        shown = Diagnosed(app, pilot, StillSource(app.snapshot or snapshot_of()), Ward())
        await shown.until("do not work", "5.5.5.10/32 is given to camera")
        await shown.press("tab")
        await shown.pick("f", "laptop")
        await shown.pick("t", "192.168.2.5")
        await shown.press("p")
        await shown.until("answered 3 of 3 pings")


async def test_a_path_is_chosen_by_typing_and_walked() -> None:
    async with diagnosed() as shown:
        await shown.press("tab")
        await shown.pick("f", "phone")
        await shown.pick("t", "192.168.2.5")
        await shown.until("from phone", "to 192.168.2.5", "there phone", "This host forwards IPv4.")
        await shown.press("s")
        await shown.until("from 192.168.2.5", "to phone")


async def test_a_path_from_the_selected_peer_asks_only_for_the_other_end() -> None:
    async with diagnosed() as shown:
        await shown.press("escape")
        await shown.press("p")
        await shown.until("To where?", "the internet")
        await shown.press(*"home", "enter")
        await shown.wait(lambda: shown.page.walks == 1, "the walk")
        await shown.until("to home")


async def test_a_broken_path_is_mended_and_whole_again() -> None:
    async with diagnosed(broken()) as shown:
        await shown.press("tab")
        await shown.pick("f", "phone")
        await shown.pick("t", "home")
        assert shown.page.path.walk is not None
        assert shown.page.path.walk.broken is not None
        await shown.until("It does not get there.", "ip_forward is 0", "x Turn the switch ipv4")
        walks = shown.page.walks
        await shown.press("x")
        await shown.apply()
        await shown.wait(lambda: shown.page.walks > walks and shown.page.path.walk is not None)
        await shown.until("Nothing is broken here")


async def test_pings_do_not_block_the_screen() -> None:
    ward = Ward()
    ward.echo.hold()
    async with diagnosed(ward) as shown:
        await shown.press("tab")
        await shown.pick("f", "host")
        await shown.pick("t", "home")
        await shown.press("p")
        await shown.until("Walking ...")
        await shown.press("tab")
        await shown.until("Nothing is wrong")
        await shown.press("tab")
        walks = shown.page.walks
        ward.echo.release()
        await shown.wait(lambda: shown.page.walks > walks, "the ping")
        await shown.until("answered 3 of 3 pings of this host")


async def test_an_answer_for_an_older_question_is_not_shown() -> None:
    ward = Ward()
    async with diagnosed(ward) as shown:
        await shown.press("tab")
        await shown.pick("f", "phone")
        await shown.pick("t", "home")
        ward.echo.hold()
        await shown.press("p", "s")
        ward.echo.release()
        await shown.until("from home", "to phone")
        await shown.wait(lambda: not shown.page.path.is_busy)
        assert shown.page.path.walk is not None
        assert shown.page.path.walk.origin.label.startswith("home")


async def test_what_is_no_name_and_no_address_is_not_taken() -> None:
    async with diagnosed() as shown:
        await shown.press("tab", "f")
        await shown.until("From where?")
        await shown.press(*"nobody")
        await shown.until("Nothing is called so")
        await shown.press("enter")
        assert shown.app.screen is not shown.page
        await shown.press("escape")
        assert shown.app.screen is shown.page


async def test_an_address_that_is_nowhere_is_told_in_place_of_the_path() -> None:
    async with diagnosed() as shown:
        await shown.press("tab")
        await shown.pick("f", "home")
        await shown.pick("t", "fd99::1")
        await shown.until("has no IPv6 address")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_evil_text_is_text(size: tuple[int, int], ascii_only: bool) -> None:
    ward = Ward()
    async with diagnosed(ward, size, ascii=ascii_only) as shown:
        report = shown.page.report
        assert report is not None
        assert report.report is not None
        one = report.report.findings[0]
        for text in EVIL_STRINGS:
            evil = replace(one, severity=Severity.ERROR, text=text, why=text, command=text)
            shown.page.take_report(replace(report, report=replace(report.report, findings=(evil,))))
            await settle(shown.pilot)
            assert_clean(shown.lines())
        await shown.press("tab")
        for text in EVIL_STRINGS:
            shown.page._picked(0, PathEnd("host", text))
            await settle(shown.pilot)
            assert_clean(shown.lines())
        if ascii_only:
            assert shown.text().isascii()


async def test_help_tells_of_marks_and_keys() -> None:
    async with diagnosed(size=(120, 36)) as shown:
        await shown.press("question_mark")
        await shown.until("Choose where the path starts")
        await shown.press("end")
        await shown.until("something does not work", "the packet is lost here")
