"""Plans are applied whole or not at all, and taken back, whatever happens in between."""

from __future__ import annotations

from ipaddress import IPv4Address
from random import Random

import pytest

from tests.services.changing_host import FILE, MARK, ChangingHost, Killed, public_key, random_plan
from wgtui.domain.addresses import Endpoint
from wgtui.domain.applying import undoing
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation
from wgtui.domain.errors import (
    AnotherOperator,
    FileChanged,
    HostChanged,
    JournalProblem,
    PermissionRefused,
    UnsettledChange,
    WgtuiError,
)
from wgtui.domain.host import FileImage
from wgtui.domain.journal import EntryState
from wgtui.domain.network import LinkSettings
from wgtui.domain.plan import ConfigureDevice, DeviceImage, Plan, RunHooks, SetDevice, SetFile, SetSysctl
from wgtui.services.journal import Journal
from wgtui.services.transaction import Transaction

seeds = pytest.mark.parametrize("seed", range(200))


@pytest.fixture
def host() -> ChangingHost:
    return ChangingHost()


def sysctl_plan() -> Plan:
    return Plan("Set the mark", (SetSysctl(MARK, "0", "1"),))


def number_of_calls(seed: int) -> int:
    """How many calls of ports it takes to apply the plan of this seed."""
    host = ChangingHost()
    plan = random_plan(host, Random(seed))
    host.transaction().apply(plan)
    return len(host.faults.calls)


@seeds
def test_undo_is_the_way_back(seed: int) -> None:
    host = ChangingHost()
    before = host.state()
    applied = host.transaction().apply(random_plan(host, Random(seed)))
    assert applied.number is not None
    after = host.state()
    assert after != before
    undone = host.transaction().undo(applied.number)
    assert host.state() == before
    assert host.journal().entry(applied.number).state is EntryState.UNDONE
    # The undoing can be undone in its turn.
    assert undone.number is not None
    host.transaction().undo(undone.number)
    assert host.state() == after


@seeds
@pytest.mark.parametrize("late", [False, True])
def test_a_fault_at_any_call_leaves_no_trace(seed: int, late: bool) -> None:
    calls = number_of_calls(seed)
    position = Random(seed).randrange(calls)
    host = ChangingHost()
    plan = random_plan(host, Random(seed))
    before = host.state()
    host.faults.fail("*", after=position, late=late)
    with pytest.raises(WgtuiError, match="as it was told to"):
        host.transaction().apply(plan)
    assert host.state() == before, f"call {position}: {host.faults.calls[position]}"


@seeds
@pytest.mark.parametrize("late", [False, True])
def test_a_process_that_is_killed_at_any_call_leaves_an_entry_to_take_back(seed: int, late: bool) -> None:
    position = Random(seed).randrange(number_of_calls(seed))
    host = ChangingHost()
    plan = random_plan(host, Random(seed))
    before = host.state()
    host.faults.fail("*", after=position, late=late, error=Killed())
    host.faults.fail("*", after=position, times=10_000, error=Killed())
    with pytest.raises(Killed):
        host.transaction().apply(plan)
    host.faults.clear()
    entry = host.journal().unsettled()
    if entry is not None:
        with pytest.raises(UnsettledChange, match=f"wgtui undo {entry.number}"):
            host.transaction().apply(sysctl_plan())
        host.transaction().undo(entry.number)
        assert host.journal().unsettled() is None
        assert host.journal().entry(entry.number).state is EntryState.REVERTED
    elif host.store.entries and host.journal().entry(1).state is EntryState.APPLIED:
        host.transaction().undo(1)
    assert host.state() == before, f"call {position}"


@seeds
def test_a_killed_process_leaves_an_entry_that_can_be_completed(seed: int) -> None:
    whole = ChangingHost()
    whole.transaction().apply(random_plan(whole, Random(seed)))
    calls = len(whole.faults.calls)
    host = ChangingHost()
    host.faults.fail("*", after=Random(seed).randrange(calls), times=10_000, error=Killed())
    with pytest.raises(Killed):
        host.transaction().apply(random_plan(host, Random(seed)))
    host.faults.clear()
    entry = host.journal().unsettled()
    if entry is not None:
        host.transaction().confirm(entry.number)
        assert host.state() == whole.state()
        assert host.journal().entry(entry.number).state is EntryState.APPLIED


def test_nothing_to_do_makes_no_entry(host: ChangingHost) -> None:
    assert host.transaction().apply(Plan("Nothing", ())).number is None
    assert list(host.journal().entries()) == []


def test_the_failure_says_what_and_that_it_was_taken_back(host: ChangingHost) -> None:
    host.faults.fail("sysctls.write", after=1, error=PermissionRefused("No.", hint="Run wgtui as root."))
    plan = Plan("Two", (SetSysctl(MARK, "0", "1"), SetSysctl("net.ipv4.ip_forward", "0", "1")))
    with pytest.raises(PermissionRefused) as refusal:
        host.transaction().apply(plan)
    assert str(refusal.value) == "No. All that was done before it was taken back. Run wgtui as root."
    entry = host.journal().entry(1)
    assert (entry.state, entry.why) == (EntryState.REVERTED, "No.")


def test_what_cannot_be_taken_back_is_named_and_the_rest_is_taken_back(host: ChangingHost) -> None:
    host.faults.fail("network.rules", error=WgtuiError("No."))
    before = host.state()
    host.faults.clear()
    plan = Plan(
        "Three",
        (
            SetSysctl("net.ipv4.ip_forward", "0", "1"),
            SetSysctl(MARK, "0", "1"),
            SetSysctl("net.ipv6.conf.all.forwarding", "0", "1"),
        ),
    )
    host.faults.fail("sysctls.write", after=2, times=2, error=WgtuiError("No."))
    with pytest.raises(WgtuiError, match=f"Not taken back: Set {MARK} from 0 to 1"):
        host.transaction().apply(plan)
    entry = host.journal().entry(1)
    assert (entry.state, entry.left) == (EntryState.PARTLY_REVERTED, (1,))
    host.sysctls.values[MARK] = "0"
    assert host.state() == before


def test_a_file_changed_underneath_is_never_overwritten(host: ChangingHost) -> None:
    before = host.files.read(FILE)
    plan = Plan("Write", (SetFile(FILE, before, FileImage(b"ours", 0o640, 0, 7)),))
    host.files.files[FILE] = FileImage(b"theirs", 0o640, 0, 7)
    with pytest.raises(FileChanged, match=FILE):
        host.transaction().apply(plan)
    assert host.files.files[FILE].content == b"theirs"
    assert not host.store.entries


def test_undo_refuses_where_the_host_has_changed_since(host: ChangingHost) -> None:
    before = host.files.read(FILE)
    plan = Plan("Write", (SetFile(FILE, before, FileImage(b"ours", 0o640, 0, 7)), *sysctl_plan().steps))
    host.transaction().apply(plan)
    host.files.files[FILE] = FileImage(b"theirs", 0o640, 0, 7)
    with pytest.raises(FileChanged):
        host.transaction().undo(1)
    assert host.sysctls.values[MARK] == "1"
    assert host.journal().entry(1).state is EntryState.APPLIED


def test_undo_leaves_out_what_is_undone_already(host: ChangingHost) -> None:
    before = host.files.read(FILE)
    plan = Plan("Write", (SetFile(FILE, before, FileImage(b"ours", 0o640, 0, 7)), *sysctl_plan().steps))
    host.transaction().apply(plan)
    host.sysctls.values[MARK] = "0"
    assert [type(step) for step in host.transaction().undoing(1).steps] == [SetFile]
    host.transaction().undo(1)
    assert host.files.read(FILE) == before
    with pytest.raises(JournalProblem, match="taken back already by entry 2"):
        host.transaction().undo(1)


def test_undo_of_what_a_reboot_took_back_is_nothing_to_do(host: ChangingHost) -> None:
    host.transaction().apply(sysctl_plan())
    host.sysctls.values[MARK] = "0"
    assert host.transaction().undo(1).number is None
    assert host.journal().entry(1).state is EntryState.UNDONE


def hooked_tunnel() -> Plan:
    """A tunnel whose hooks take a note of their being run."""
    fresh = DeviceImage(Device("wg0", Implementation.KERNEL), LinkSettings(up=False, mtu=1420))
    hooks = RunHooks("wg0", FILE, "PostUp", ("up",), "PreDown", ("down",))
    return Plan("Bring wg0 up", (SetDevice("wg0", None, fresh), hooks))


def test_no_hook_is_run_where_its_interface_is_gone_or_back_already(host: ChangingHost) -> None:
    nothing = host.state()
    host.transaction().apply(hooked_tunnel())
    host.transaction().undo(1)
    host.transaction().undo(2)
    host.transaction().undo(3)
    assert host.hooks.runs == ["up", "down", "up", "down"]
    host.transaction().apply(hooked_tunnel())
    assert host.transaction().undo(4).number is None
    assert host.hooks.runs == ["up", "down", "up", "down", "up"]
    host.world.delete("wg0")
    assert host.transaction().undo(5).number is None
    assert host.hooks.runs == ["up", "down", "up", "down", "up"]
    assert host.state() == nothing


@pytest.mark.parametrize("boot", ["", "the next"])
def test_after_a_reboot_no_hook_takes_back_what_went_with_its_interface(
    host: ChangingHost, boot: str
) -> None:
    host.transaction().apply(hooked_tunnel(), confirm_within=60)
    host.world.delete("wg0")
    journal = Journal(host.store, host.clock, "", boot=boot)
    Transaction(host.ports(), journal, host.lock, host.reverters).undo(1)
    assert host.hooks.runs == (["up"] if boot else ["up", "down"])
    assert journal.entry(1).state is EntryState.REVERTED


def test_an_endpoint_is_set_where_its_peer_has_moved_since_the_plan_was_made(host: ChangingHost) -> None:
    def set_endpoint(port: int) -> DeviceChange:
        endpoint = Endpoint(IPv4Address("192.0.2.1"), port)
        return DeviceChange(peers=(PeerChange(public_key(3), update_only=True, endpoint=endpoint),))

    def port() -> int | None:
        peers = {peer.public_key: peer for peer in host.ports().wireguard.read("wg1").peers}
        endpoint = peers[public_key(3)].endpoint
        return endpoint.port if endpoint else None

    host.world.configure("wg1", set_endpoint(1))
    change = set_endpoint(2)
    step = ConfigureDevice("wg1", change, undoing(change, host.ports().wireguard.read("wg1")))
    host.world.configure("wg1", set_endpoint(3))
    host.transaction().apply(Plan("Call it there", (step,)))
    assert port() == 2
    host.world.configure("wg1", set_endpoint(4))
    assert host.transaction().undo(1).number is None
    assert port() == 4


def test_a_plan_whose_step_somebody_else_took_is_refused(host: ChangingHost) -> None:
    host.sysctls.values[MARK] = "1"
    with pytest.raises(HostChanged, match="taken by somebody else"):
        host.transaction().apply(sysctl_plan())


def test_a_second_operator_is_told(host: ChangingHost) -> None:
    transaction = host.transaction()
    host.lock.held_for = "Bring wg0 up"
    with pytest.raises(AnotherOperator, match="Bring wg0 up"):
        transaction.apply(sysctl_plan())


def test_what_waits_for_its_confirmation(host: ChangingHost) -> None:
    applied = host.transaction().apply(sysctl_plan(), confirm_within=60)
    assert applied.deadline == host.clock.now() + 60
    assert host.reverters.armed == {1: 60}
    assert host.journal().entry(1).state is EntryState.WAITING
    with pytest.raises(UnsettledChange, match="wgtui confirm 1"):
        host.transaction().apply(Plan("More", (SetSysctl("net.ipv4.ip_forward", "0", "1"),)))
    host.transaction().confirm(1)
    assert host.journal().entry(1).state is EntryState.APPLIED
    assert not host.transaction().revert_at_deadline(1)
    assert host.sysctls.values[MARK] == "1"
    with pytest.raises(JournalProblem, match="does not wait"):
        host.transaction().confirm(1)


def test_the_time_to_confirm_begins_when_slow_steps_are_done(host: ChangingHost) -> None:
    host.hooks.on_run = lambda _command: host.clock.advance(50)
    hook = RunHooks("wg1", FILE, "PostUp", ("slow",))
    applied = host.transaction().apply(Plan("Wait", (hook,)), confirm_within=60)
    assert applied.deadline == host.clock.now() + 60
    assert host.journal().entry(1).deadline == applied.deadline
    assert host.reverters.count == 2


def test_what_is_not_confirmed_is_taken_back(host: ChangingHost) -> None:
    before = host.state()
    host.transaction().apply(sysctl_plan(), confirm_within=60)
    assert host.transaction().revert_at_deadline(1)
    assert host.state() == before
    entry = host.journal().entry(1)
    assert (entry.state, entry.why) == (EntryState.REVERTED, "It was not confirmed in time.")
    with pytest.raises(JournalProblem, match="taken back already"):
        host.transaction().undo(1)


def test_what_an_unconfirmed_undo_brings_back_can_be_undone_again(host: ChangingHost) -> None:
    nothing = host.state()
    host.transaction().apply(sysctl_plan())
    there = host.state()
    host.transaction().undo(1, confirm_within=60)
    assert host.state() == nothing
    host.transaction().revert_at_deadline(2)
    assert host.state() == there
    assert host.journal().entry(1).state is EntryState.APPLIED
    host.transaction().undo(1, confirm_within=60)
    host.transaction().confirm(3)
    assert host.state() == nothing
    entry = host.journal().entry(1)
    assert (entry.state, entry.undone_by) == (EntryState.UNDONE, 3)


def test_what_was_half_taken_back_is_completed_before_it_is_kept(host: ChangingHost) -> None:
    steps = (*sysctl_plan().steps, SetSysctl("net.ipv4.ip_forward", "0", "1"))
    host.transaction().apply(Plan("Set both", steps), confirm_within=60)
    kept = host.state()
    host.faults.fail("sysctls.write", after=1, error=Killed())
    with pytest.raises(Killed):
        host.transaction().revert_at_deadline(1)
    assert host.journal().entry(1).state is EntryState.UNFINISHED
    assert host.transaction().confirming(1).steps == steps[1:]
    host.transaction().confirm(1)
    assert host.journal().entry(1).state is EntryState.APPLIED
    assert host.state() == kept


def test_nothing_is_applied_where_nobody_could_take_it_back(host: ChangingHost) -> None:
    host.reverters.arm = _refuse  # type: ignore[method-assign, assignment]
    with pytest.raises(WgtuiError, match="no such process"):
        host.transaction().apply(sysctl_plan(), confirm_within=60)
    assert host.sysctls.values[MARK] == "0"
    assert host.journal().unsettled() is None


def _refuse(number: int, seconds: float) -> object:
    raise WgtuiError("There is no such process.")


def test_a_full_disk_under_the_journal_stops_the_change(host: ChangingHost) -> None:
    before = host.state()
    host.faults.fail("journal.append", after=1, times=100, error=JournalProblem("No space left."))
    with pytest.raises(JournalProblem, match="No space left"):
        host.transaction().apply(sysctl_plan())
    assert host.state() == before


def test_a_failed_hook_runs_the_opposite_hook(host: ChangingHost) -> None:
    host.hooks.statuses["up 2"] = 1
    seed = next(seed for seed in range(1000) if "up 2" in str(random_plan(ChangingHost(), Random(seed))))
    before = host.state()
    with pytest.raises(WgtuiError, match="A PostUp command of wg0 failed"):
        host.transaction().apply(random_plan(host, Random(seed)))
    assert host.state() == before
    assert host.hooks.runs == ["pre", "up 1", "up 2", "down", "post down"]


def test_entries_that_make_no_sense_are_refused(host: ChangingHost) -> None:
    host.transaction().apply(sysctl_plan())
    host.store.create([])
    host.store.create([{**host.store.read(1)[0], "schema": 2}])
    for number, reason in ((2, "no beginning"), (3, "another version")):
        with pytest.raises(JournalProblem, match=reason):
            host.journal().entry(number)
    assert [entry.number for entry in host.journal().entries()] == [1]
    assert host.journal().unreadable() == (2, 3)


def test_an_entry_of_another_network_namespace_is_neither_undone_nor_kept(host: ChangingHost) -> None:
    host.transaction().apply(sysctl_plan(), confirm_within=60)
    journal = Journal(host.store, host.clock, "", netns="lab")
    transaction = Transaction(host.ports(), journal, host.lock, host.reverters)
    for refused in (transaction.undo, transaction.confirm, transaction.undoing, transaction.confirming):
        with pytest.raises(JournalProblem, match="Leave out: --netns"):
            refused(1)
    assert host.journal().entry(1).state is EntryState.WAITING


def test_the_journal_knows_which_interfaces_it_made(host: ChangingHost) -> None:
    seed = next(seed for seed in range(1000) if "up 2" in str(random_plan(ChangingHost(), Random(seed))))
    plan = random_plan(host, Random(seed))
    host.transaction().apply(plan)
    index = host.world.device("wg0").ifindex
    made = host.journal().made_by("wg0", index)
    assert made is not None
    assert made.steps == plan.steps
    assert host.journal().made_by("wg0", index + 1) is None
    assert host.journal().made_by("wg1", index) is None
    assert Journal(host.store, host.clock, "", boot="the next").made_by("wg0", index) is None
