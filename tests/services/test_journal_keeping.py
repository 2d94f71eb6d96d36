"""How long entries of the journal stay."""

from __future__ import annotations

from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.journal import SimulatedJournal
from wgtui.domain.plan import Plan, SetSysctl
from wgtui.services.journal import KEPT, Journal

PLAN = Plan("Forward", (SetSysctl("net.ipv4.ip_forward", "0", "1"),))


def test_old_entries_of_earlier_runs_are_forgotten() -> None:
    store = SimulatedJournal()
    earlier = Journal(store, FakeClock(), "root", boot="first")
    for _ in range(5):
        earlier.begin(PLAN).applied()
    now = Journal(store, FakeClock(), "root", boot="second")
    for _ in range(KEPT - 2):
        now.begin(PLAN).applied()
    assert now.numbers()[:2] == (4, 5)
    assert len(now.numbers()) == KEPT


def test_entries_of_this_run_stay() -> None:
    journal = Journal(SimulatedJournal(), FakeClock(), "root", boot="first")
    for _ in range(KEPT + 3):
        journal.begin(PLAN).applied()
    assert len(journal.numbers()) == KEPT + 3
