"""`wgtui journal`: what was changed on this host, newest first."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import datetime
from typing import Any

from wgtui import wiring
from wgtui.commands.plan_text import render_plan
from wgtui.domain.journal import Entry
from wgtui.domain.plan import commands, sentence
from wgtui.domain.text import printable
from wgtui.streams import complain, say

SCHEMA = 1


def run(args: Namespace) -> int:
    """List the entries, or show one whole."""
    journal = wiring.journal(wiring.host_of(args))
    if args.entry is not None:
        entry = journal.entry(args.entry)
        say(_as_json([entry]) if args.json else f"{_line(entry)}\n{_story(entry)}{render_plan(entry.plan)}")
        return 0
    entries = list(journal.entries())
    if args.json:
        say(_as_json(entries))
    elif entries:
        say("".join(f"{_line(entry)}\n" for entry in entries))
    else:
        say("Nothing was changed on this host by wgtui yet.\n")
    for number in journal.unreadable():
        complain(f"wgtui: Entry {number} cannot be read: it is damaged, or of another version of wgtui.\n")
    return 0


def _line(entry: Entry) -> str:
    when = datetime.fromtimestamp(entry.at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return f"{entry.number:>4}  {when}  {entry.state.value:<24}  {printable(entry.plan.title, 120)}"


def _story(entry: Entry) -> str:
    lines = [f"  By {printable(entry.by, 120)}."] if entry.by else []
    if entry.netns:
        lines.append(f"  In the network namespace {printable(entry.netns, 120)}.")
    if entry.why:
        lines.append(f"  {printable(entry.why, 400)}")
    lines += [f"  Not taken back: {printable(sentence(entry.plan.steps[step]), 400)}" for step in entry.left]
    return "".join(f"{line}\n" for line in lines)


def _as_json(entries: list[Entry]) -> str:
    data = {"schema": SCHEMA, "entries": [_entry_json(entry) for entry in entries]}
    return json.dumps(data, indent=2) + "\n"


def _entry_json(entry: Entry) -> dict[str, Any]:
    """An entry without secrets: steps as sentences and commands."""
    return {
        "id": entry.number,
        "at": entry.at,
        "by": entry.by,
        "netns": entry.netns or None,
        "title": entry.plan.title,
        "state": entry.state.name.lower(),
        "deadline": entry.deadline,
        "undoes": entry.undoes,
        "undone_by": entry.undone_by,
        "why": entry.why,
        "left": list(entry.left),
        "steps": [{"sentence": sentence(step), "commands": list(commands(step))} for step in entry.plan.told],
    }
