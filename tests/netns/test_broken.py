"""Broken relays, each in one way, and healthy ones: what is named first, and that nothing is named at all.

All of them are made at the same time as far as the processors go round; each test waits for its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import pytest

from tests.netns.broken.case import Case, Tool
from tests.netns.broken.handshake_cases import HANDSHAKE
from tests.netns.broken.healthy import HEALTHY, Healthy
from tests.netns.broken.naming import TOOLS, Diagnosis, diagnose, examine
from tests.netns.broken.passing_cases import PASSING
from tests.netns.support import skip_unless_userspace_devices_work
from wgtui.domain.fixes import ByHand

CASES: Final[tuple[Case, ...]] = (*HANDSHAKE, *PASSING)
"""All broken relays."""

ASKED: Final = tuple(case for case in CASES if any(one.tool in TOOLS for one in case.expected))
"""Those that the tools of this program can name."""

_AT_ONCE: Final = 8
"""Relays at the same time: most of the time they wait for handshakes."""


class Runner:
    """Runs relays in threads, in the order in which they are asked for first."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        self._running: dict[str, Future[Diagnosis]] = {}

    def result(self, name: str, everything: dict[str, Callable[[], Diagnosis]]) -> Diagnosis:
        """One relay's; begins with all of them at the first call.

        Args:
            name: Which.
            everything: Those that this session of tests asks for.
        """
        for one, run in everything.items():
            if one not in self._running:
                self._running[one] = self._pool.submit(run)
        return self._running[name].result()

    def close(self) -> None:
        """Wait for what runs, drop what waits."""
        self._pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def everything(request: pytest.FixtureRequest) -> dict[str, Callable[[], Diagnosis]]:
    """What the selected tests ask for, and no more."""
    wanted: dict[str, Callable[[], Diagnosis]] = {}
    for item in request.session.items:
        one = getattr(item, "callspec", None)
        subject = one.params.get("case") if one is not None else None
        if isinstance(subject, Case) and not _missing(subject):
            wanted[subject.name] = lambda case=subject: diagnose(case)  # type: ignore[misc]
        elif isinstance(subject, Healthy):
            wanted[subject.name] = lambda case=subject: examine(case)  # type: ignore[misc]
    return wanted


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    skip_unless_userspace_devices_work()
    made = Runner()
    try:
        yield made
    finally:
        made.close()


def _missing(case: Case) -> list[str]:
    needed = ("nft", "iptables", *case.needs)
    return [program for program in needed if shutil.which(program) is None]


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.name)
def test_the_cause_is_named_first(
    case: Case, runner: Runner, everything: dict[str, Callable[[], Diagnosis]]
) -> None:
    if missing := _missing(case):
        pytest.skip(f"needs {', '.join(missing)}")
    said = runner.result(case.name, everything)
    assert not said.worked_before, "the break breaks nothing"
    assert said.agrees(case), f"{said.named}, not {case.expected}: {said.said}"
    by_hand = said.fix is None or isinstance(said.fix, ByHand)
    assert case.mends or by_hand, f"{said.fix} is offered, and nobody tries whether it mends"
    assert not case.mends or said.works_after, f"{said.fix} is offered and does not mend it"


@pytest.mark.parametrize("case", HEALTHY, ids=lambda case: case.name)
def test_no_alarm_on_a_healthy_relay(
    case: Healthy, runner: Runner, everything: dict[str, Callable[[], Diagnosis]]
) -> None:
    if missing := [program for program in ("nft", "iptables") if shutil.which(program) is None]:
        pytest.skip(f"needs {', '.join(missing)}")
    said = runner.result(case.name, everything)
    assert not said.named, f"{said.named}: {said.said}"


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 40
    assert len(HEALTHY) >= 20
    assert len({*(one.name for one in CASES), *(one.name for one in HEALTHY)}) == len(CASES) + len(HEALTHY)
    assert Tool.VERDICT in TOOLS
