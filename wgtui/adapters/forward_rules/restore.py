"""Rules of ours through `iptables-save` and `iptables-restore`, in either backend."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from wgtui.adapters.forward_rules.backends import LEGACY, Backend
from wgtui.adapters.netns import call_in_netns
from wgtui.adapters.programs import Finished, find_program, run
from wgtui.domain.errors import HostCommandFailed, PermissionRefused, WgtuiError
from wgtui.domain.forwarding import Family, FilterRule, PlacedRule, RuleState
from wgtui.domain.forwarding import iptables as words_of

ATTEMPTS: Final = 8
"""How often a change is tried that somebody else's changes come between."""

_TABLES: Final = ("filter", "nat", "mangle")
_NAMES: Final = {4: "/proc/thread-self/net/ip_tables_names", 6: "/proc/thread-self/net/ip6_tables_names"}
_IPV6: Final = "/proc/thread-self/net/if_inet6"


@dataclass(frozen=True, slots=True)
class Found:
    """One rule of ours, as `iptables-save` prints it.

    Attributes:
        rule: What it says.
        packets: That it matched.
        bytes: Likewise.
    """

    rule: FilterRule
    packets: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Edit:
    """What to change in the rules of one family.

    Attributes:
        remove: Rules, each as often as it is there.
        add: Rules that are not there.
    """

    remove: tuple[FilterRule, ...]
    add: tuple[FilterRule, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to change."""
        return not (self.remove or self.add)


def saved(backend: Backend, version: int, netns: str | None) -> str:
    """What `iptables-save` prints, counters included; empty where that packet filter is not in use.

    Nothing is asked of the legacy backend that would make its tables: they change the way of packets.
    """
    program = backend.program(version, "save")
    if find_program(program) is None or not _is_in_use(backend, version, netns):
        return ""
    try:
        return run([program, "-c"], netns=netns).require_success("list its rules").text()
    except PermissionRefused:
        raise
    except HostCommandFailed:
        if backend.plain:
            raise
        return ""


def read(backend: Backend, version: int, interface: str, netns: str | None) -> tuple[Found, ...]:
    """Rules of an interface in one backend and family, in order, each as often as it is there."""
    return tuple(found_in(saved(backend, version, netns), version, interface))


def found_in(text: str, version: int, interface: str) -> Iterator[Found]:
    """The rules of an interface in what `iptables-save -c` prints."""
    table = ""
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif f"wgtui:{interface}:" in line:
            found = _read_line(line, version, interface, table)
            if found is not None:
                yield found


def _read_line(line: str, version: int, interface: str, table: str) -> Found | None:
    try:
        counters, command, chain, *given = shlex.split(line)
        packets, size = (int(number) for number in counters.strip("[]").split(":"))
    except ValueError:
        return None
    rule = words_of.read_words(tuple(given), interface, Family(version))
    if rule is None or (command, chain, table) != ("-A", rule.hook.value, words_of.table_of(rule)):
        return None
    return Found(rule, packets, size)


def states(backend: Backend, found: Iterable[Found]) -> Iterator[RuleState]:
    """Rules with their place, each once, those that stand there twice with the sum of their counters."""
    totals: dict[FilterRule, tuple[int, int]] = {}
    for one in found:
        packets, size = totals.get(one.rule, (0, 0))
        totals[one.rule] = (packets + one.packets, size + one.bytes)
    for rule, (packets, size) in totals.items():
        yield RuleState(PlacedRule(backend.place, rule), packets, size)


def edit_of(found: Iterable[Found], going: frozenset[FilterRule], coming: Iterable[FilterRule]) -> Edit:
    """What is left to change, with what is there."""
    present = tuple(one.rule for one in found)
    return Edit(
        tuple(rule for rule in present if rule in going),
        tuple(rule for rule in dict.fromkeys(coming) if rule not in present),
    )


def script(edit: Edit, interface: str) -> str:
    """An edit as `iptables-restore --noflush` reads it."""
    lines = []
    for table in _TABLES:
        commands = [
            *(f"-D {_spec(rule, interface)}" for rule in edit.remove if words_of.table_of(rule) == table),
            *(
                f"{words_of.adding(rule)} {_spec(rule, interface)}"
                for rule in edit.add
                if words_of.table_of(rule) == table
            ),
        ]
        if commands:
            lines += [f"*{table}", *commands, "COMMIT"]
    return "".join(f"{line}\n" for line in lines)


def _spec(rule: FilterRule, interface: str) -> str:
    # What iptables-restore takes for quotes are double quotes; no word of ours has any, or a space.
    return " ".join((rule.hook.value, *words_of.words(rule, interface)))


def change(
    backend: Backend,
    version: int,
    interface: str,
    going: frozenset[FilterRule],
    coming: tuple[FilterRule, ...],
    netns: str | None,
) -> None:
    """Put a change of one backend and family in force, each table whole or not at all.

    `iptables-restore` commits at the end of each table, in either backend (`iptables/xtables-restore.c`).
    Where somebody else removed a rule of ours between the look and the change, it refuses the table, and
    what is left is tried again.
    """
    for attempt in range(ATTEMPTS):
        edit = edit_of(read(backend, version, interface, netns), going, coming)
        if edit.is_empty:
            return
        done = restore(backend, version, script(edit, interface), netns)
        if done.status == 0:
            return
        if attempt == ATTEMPTS - 1:
            done.require_success(f"change the rules of {interface}")


def restore(backend: Backend, version: int, text: str, netns: str | None) -> Finished:
    """Run `iptables-restore`; it waits while another one holds the lock of legacy tables."""
    program = backend.program(version, "restore")
    return run([program, "--noflush", "-w", "10"], stdin=text.encode(), netns=netns)


def has_version(version: int, netns: str | None) -> bool:
    """Whether the kernel speaks this version of IP."""
    return version == 4 or _content(_IPV6, netns) is not None


def _is_in_use(backend: Backend, version: int, netns: str | None) -> bool:
    if not has_version(version, netns):
        return False
    return backend.variant != LEGACY or bool(_content(_NAMES[version], netns))


def _content(path: str, netns: str | None) -> str | None:
    def content() -> str:
        with open(path) as file:
            return file.read()

    with suppress(OSError, WgtuiError):
        return call_in_netns(netns, content)
    return None
