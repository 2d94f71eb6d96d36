"""The screen against other terminal programs: start, keys, bytes, processor time, memory; `status`.

All programs of a table are measured in turns, in the same run, in the same kind of terminal.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.ui_device import real_device, why_not
from tests.benchmarks.ui_programs import (
    BTOP,
    DEMO,
    HTOP,
    TALL,
    TEXTUAL_DEMO,
    Program,
    Started,
    home_of_others,
    present,
    started,
    wgtui,
)
from tests.benchmarks.ui_table import Table, percentile
from tests.support.terminal import NotSeen
from tests.support.terminal_process import family, pss_bytes

ROUNDS = 5
KEYS = 30
QUIET = 0.06
"""Seconds without output after which an answer to a key is complete."""
LOOK = 5.0
"""Seconds for which steady output is watched."""
MEBIBYTE = 1024 * 1024


def start_up() -> None:
    """First painted row and first answered key."""
    few, many = wgtui("wgtui, 50 peers", "still", 50), wgtui("wgtui, 10,000 peers", "still", 10_000)
    table = Table("Start-up", ["first rows ms", "first key ms", "with names ms"])
    with home_of_others() as home:
        for _ in range(ROUNDS):
            for program in present([few, many, DEMO, TEXTUAL_DEMO, BTOP]):
                with started(program, home=home) as run:
                    table.add(program.name, _first_frame_and_key(run, program))
    for program in (few, many, DEMO):
        table.compare(program.name, "first rows ms", TEXTUAL_DEMO.name, "0.5")
        table.compare(program.name, "first rows ms", BTOP.name, "1, the next goal")
        table.compare(program.name, "first key ms", TEXTUAL_DEMO.name, "0.5")
    table.print()


def _first_frame_and_key(run: Started, program: Program) -> dict[str, float]:
    terminal = run.terminal
    terminal.wait_for(program.painted)
    painted, before = run.since_start(), terminal.text
    terminal.press(program.key)
    terminal.wait_for(lambda: terminal.text != before)
    times = {"first rows ms": painted * 1000, "first key ms": run.since_start() * 1000}
    if program.complete:
        terminal.wait_for(program.complete)
        times["with names ms"] = run.since_start() * 1000
    return times


def keys() -> None:
    """From a key to the last byte of its answer."""
    many = wgtui("wgtui, 10,000 peers", "still", 10_000)
    moving = wgtui("wgtui, 10,000 peers, 50 moving", "moving", 10_000, 50)
    programs = present([many, moving, BTOP, HTOP])
    table = Table("Key to quiet", ["p50 ms", "p95 ms", "bytes/key", "page p50 ms", "page p95 ms"])
    with home_of_others() as home:
        for _ in range(ROUNDS):
            for program in programs:
                with started(program, interpret=False, home=home) as run:
                    table.add(program.name, _answers(run, program))
    for program in (many, moving):
        table.compare(program.name, "p50 ms", BTOP.name, "1")
        table.compare(program.name, "p95 ms", BTOP.name, "2")
    table.print()


def _answers(run: Started, program: Program) -> dict[str, float]:
    terminal = run.terminal
    terminal.wait_bytes(program.painted.encode())
    _settle(run)
    steps, step_bytes = _press_often(run, "down")
    pages, _ = _press_often(run, "pagedown")
    return {
        "p50 ms": percentile(steps, 0.5),
        "p95 ms": percentile(steps, 0.95),
        "bytes/key": step_bytes,
        "page p50 ms": percentile(pages, 0.5),
        "page p95 ms": percentile(pages, 0.95),
    }


def _press_often(run: Started, key: str) -> tuple[list[float], float]:
    """Milliseconds to the end of each answer, and the mean bytes of one."""
    terminal = run.terminal
    times, before_all = [], len(terminal.output)
    for _ in range(KEYS):
        before, at = len(terminal.output), time.monotonic()
        terminal.press(key)
        try:
            terminal.wait_bytes(b"", start=before + 1, deadline=0.3)
        except NotSeen:
            continue
        terminal.wait_quiet(QUIET)
        times.append((terminal.chunks[-1][0] - at) * 1000)
    return times or [float("nan")], (len(terminal.output) - before_all) / KEYS


def steady() -> None:
    """Bytes, processor time and memory while the program is left alone."""
    ours = [
        wgtui("wgtui, 50 rows moving", "moving", 50, 50),
        wgtui("wgtui, 50 rows still", "still", 50),
        wgtui("wgtui, 1,000 peers, 50 moving", "moving", 1_000, 50),
        wgtui("wgtui, 1,000 peers moving", "moving", 1_000, 1_000),
        wgtui("wgtui, 10,000 peers still", "still", 10_000),
    ]
    table = Table(f"Left alone, {TALL[0]}x{TALL[1]}", ["bytes/s", "CPU %", "PSS MiB"])
    with home_of_others() as home, _watch_wg() as watch:
        programs = present([*ours, BTOP, HTOP, TEXTUAL_DEMO])
        for _ in range(3):
            for program in programs + watch:
                with started(program, TALL, interpret=False, home=home) as run:
                    table.add(program.name, _left_alone(run, program))
    table.compare(ours[0].name, "bytes/s", BTOP.name, "0.5; next goal 0.15")
    table.limit(ours[1].name, "bytes/s", "0")
    for program in ours[2:4]:
        table.compare(program.name, "CPU %", BTOP.name, "2")
    for program in ours:
        table.limit(program.name, "PSS MiB", "45")
    if watch:
        table.compare(watch[1].name, "bytes/s", watch[0].name, "1")
        table.compare(watch[1].name, "CPU %", watch[0].name, "none")
    table.print()


def _left_alone(run: Started, program: Program) -> dict[str, float]:
    terminal = run.terminal
    terminal.wait_bytes(program.painted.encode())
    _settle(run)
    cpu, at = terminal.cpu(), time.monotonic()
    written = len(terminal.collect(LOOK))
    seconds = time.monotonic() - at
    return {
        "bytes/s": written / seconds,
        "CPU %": (terminal.cpu() - cpu) / seconds * 100,
        "PSS MiB": sum(map(pss_bytes, family(terminal.pid))) / MEBIBYTE,
    }


def _settle(run: Started) -> None:
    """Let the start be over: its second frame, its late imports."""
    run.terminal.collect(2.0)


@contextmanager
def _watch_wg() -> Iterator[list[Program]]:
    """`watch wg` and our screen on a real device, where one can be made."""
    if reason := why_not():
        print(f"watch wg: {reason}: left out")
        yield []
        return
    with real_device() as device:
        yield present(device.programs)


def status() -> None:
    """`wgtui status` against `wg show`, both as processes, on the same device."""
    table = Table("One look at a device with 50 peers, as a process", ["ms"])
    if reason := why_not():
        print(f"status: {reason}: left out")
        return
    ours = [sys.executable, "-m", "wgtui", "status", "--config-dir", "/nonexistent"]
    commands = {
        "wg show": ["wg", "show"],
        "wgtui status": ours,
        "wgtui status --json": [*ours, "--json"],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    with real_device() as device:
        for _ in range(ROUNDS):
            for name, milliseconds in device.time(5, commands).items():
                table.add(name, {"ms": milliseconds})
    table.compare("wgtui status", "ms", "wg show", "3")
    table.compare("wgtui status", "ms", "python -c pass", "none")
    table.print()
