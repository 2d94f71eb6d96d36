"""Entries of the journal: what was planned, how far it came, and how it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from wgtui.domain.plan.codec import plan_from_json, to_json
from wgtui.domain.plan.plan import Plan

SCHEMA = 1
"""Version of the records."""

Record = Mapping[str, object]


class EntryState(Enum):
    """How an entry stands."""

    UNFINISHED = "unfinished"
    """Nothing says that the steps ended: it is being applied or taken back now, or that was cut off."""

    WAITING = "waiting for confirmation"
    """Applied, and taken back at its deadline unless it is confirmed."""

    APPLIED = "applied"

    REVERTED = "taken back"
    """By itself: a step failed, the deadline passed, or it was cut off."""

    PARTLY_REVERTED = "partly taken back"
    """Some of it could not be taken back and needs a hand."""

    UNDONE = "undone"
    """By another entry, on the operator's order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One plan that was applied, or was to be.

    Attributes:
        number: What `wgtui undo` takes.
        plan: All of it, with what it replaced.
        at: Unix time in seconds when it was begun.
        by: Who, in words.
        state: How it stands.
        begun: Numbers of the steps that were begun and not taken back since, from 0.
        done: Those of them that were finished.
        undoes: The entry that this one took back.
        undone_by: The entry that took this one back.
        deadline: Unix time at which it is taken back unless confirmed; None where it need not be.
        why: Why it was taken back, a whole sentence; empty where it was not.
        left: Numbers of steps that could not be taken back.
        boot: Tells the host's runs apart: what is not in files is gone after the next start.
        made: Interfaces that it made, with the index that the kernel gave their links, which tells them from
            later ones of the same name.
        netns: The network namespace that it changed; empty for wgtui's own.
    """

    number: int
    plan: Plan
    at: float
    by: str
    state: EntryState = EntryState.UNFINISHED
    begun: frozenset[int] = frozenset()
    done: frozenset[int] = frozenset()
    undoes: int | None = None
    undone_by: int | None = None
    deadline: float | None = None
    why: str = ""
    left: tuple[int, ...] = ()
    boot: str = ""
    made: tuple[tuple[str, int], ...] = ()
    netns: str = ""


def begin(
    plan: Plan,
    at: float,
    by: str,
    *,
    undoes: int | None = None,
    deadline: float | None = None,
    boot: str = "",
    netns: str = "",
) -> Record:
    """The first record of an entry."""
    return {
        "event": "begin",
        "schema": SCHEMA,
        "at": at,
        "by": by,
        "boot": boot,
        "netns": netns,
        "undoes": undoes,
        "deadline": deadline,
        "plan": to_json(plan),
    }


def step_begun(step: int) -> Record:
    """A step is about to be taken."""
    return {"event": "step begun", "step": step}


def step_done(step: int) -> Record:
    """A step was taken."""
    return {"event": "step done", "step": step}


def link_made(interface: str, index: int) -> Record:
    """An interface was made."""
    return {"event": "link made", "interface": interface, "index": index}


def taking_back() -> Record:
    """Its steps are about to be taken back."""
    return {"event": "taking back"}


def step_undone(step: int) -> Record:
    """A step was taken back, or had never had an effect."""
    return {"event": "step undone", "step": step}


def all_applied(at: float) -> Record:
    """The last step was taken."""
    return {"event": "applied", "at": at}


def extended(deadline: float) -> Record:
    """The operator has until then to confirm it."""
    return {"event": "extended", "deadline": deadline}


def confirmed(at: float) -> Record:
    """The operator can still reach the host."""
    return {"event": "confirmed", "at": at}


def reverted(at: float, why: str, left: Iterable[int] = ()) -> Record:
    """It was taken back by itself."""
    return {"event": "reverted", "at": at, "why": why, "left": list(left)}


def undone(at: float, by: int) -> Record:
    """Another entry took it back."""
    return {"event": "undone", "at": at, "by": by}


def read_entry(number: int, records: Iterable[Record]) -> Entry:
    """Fold an entry's records. Events of other versions are passed over.

    Raises:
        ValueError: The first record does not describe a plan, or not as this version does.
    """
    rest = iter(records)
    entry = _read_begin(number, next(rest, {}))
    for record in rest:
        entry = with_record(entry, record)
    return entry


def _read_begin(number: int, record: Record) -> Entry:
    at, deadline, undoes = (record.get(name) for name in ("at", "deadline", "undoes"))
    if record.get("event") != "begin" or not isinstance(at, int | float):
        raise ValueError("the entry has no beginning")
    if record.get("schema") != SCHEMA:
        raise ValueError("its records are of another version")
    return Entry(
        number=number,
        plan=plan_from_json(record.get("plan")),
        at=at,
        by=str(record.get("by", "")),
        undoes=undoes if isinstance(undoes, int) else None,
        deadline=deadline if isinstance(deadline, int | float) else None,
        boot=str(record.get("boot", "")),
        netns=str(record.get("netns", "")),
    )


def with_record(entry: Entry, record: Record) -> Entry:
    """The entry after one more event."""
    step = record.get("step")
    match record.get("event"):
        case "step begun" if isinstance(step, int):
            return replace(entry, begun=entry.begun | {step})
        case "step done" if isinstance(step, int):
            return replace(entry, done=entry.done | {step})
        case "step undone" if isinstance(step, int):
            return replace(entry, begun=entry.begun - {step}, done=entry.done - {step})
        case "taking back":
            return replace(entry, state=EntryState.UNFINISHED)
        case "link made":
            interface, index = record.get("interface"), record.get("index")
            if isinstance(interface, str) and isinstance(index, int):
                return replace(entry, made=(*entry.made, (interface, index)))
            return entry
        case "applied":
            waits = entry.deadline is not None
            return replace(entry, state=EntryState.WAITING if waits else EntryState.APPLIED)
        case "extended":
            deadline = record.get("deadline")
            return replace(entry, deadline=deadline) if isinstance(deadline, int | float) else entry
        case "confirmed":
            settled = entry.state is EntryState.WAITING
            return replace(entry, deadline=None, state=EntryState.APPLIED if settled else entry.state)
        case "reverted":
            left = record.get("left")
            numbers = tuple(item for item in left if isinstance(item, int)) if isinstance(left, list) else ()
            state = EntryState.PARTLY_REVERTED if numbers else EntryState.REVERTED
            return replace(entry, state=state, why=str(record.get("why", "")), left=numbers, deadline=None)
        case "undone":
            by = record.get("by")
            return replace(entry, state=EntryState.UNDONE, undone_by=by if isinstance(by, int) else None)
        case _:
            return entry
