"""What firewalld holds of our rules, through `firewall-cmd`."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from wgtui.adapters.programs import Finished, find_program, run
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.forwarding import (
    Family,
    FilterRule,
    FirewalldPlace,
    LinkMatch,
    PlacedRule,
    Purpose,
    RuleState,
)
from wgtui.domain.forwarding import firewalld as words_of

_PROGRAM: Final = "firewall-cmd"
_NOT_RUNNING: Final = (252, 36)
"""Its status where firewalld does not run, or there is no message bus (firewall-cmd(1), exit codes)."""

_THERE_ALREADY: Final = frozenset(
    {
        11,  # ALREADY_ENABLED
        16,  # ZONE_ALREADY_SET
        26,  # NAME_CONFLICT: the policy is made already
    }
)
_GONE_ALREADY: Final = frozenset(
    {
        12,  # NOT_ENABLED
        17,  # UNKNOWN_INTERFACE: it is in no zone any more
        140,  # INVALID_POLICY: there is none of the name
    }
)
_NO_POLICIES: Final = 2
"""The status of versions before 0.9 for options about policies."""

_HEAD: Final = re.compile(r"(?P<name>\S+)(?: \([a-z, ]+\))?$")
"""The first line of a zone or policy, such as `public (default, active)`."""

_PORT: Final = re.compile(r"(\d+)/udp")


class FirewalldRules:
    """Reads and changes zones.

    Args:
        available: Whether firewalld is of the network namespace that is worked in.
        variables: More of the environment, such as `DBUS_SYSTEM_BUS_ADDRESS`.
    """

    def __init__(self, available: bool = True, variables: Mapping[str, str] | None = None) -> None:
        self._available = available
        self._variables = dict(variables or {})

    def read(self, interface: str, ports: Container[int]) -> tuple[RuleState, ...]:
        """The interface in the zone that trusts it, and zones that open one of some UDP ports."""
        # firewall-cmd takes a third of a second, also to find out that there is nobody to ask.
        if not self._available or find_program(_PROGRAM) is None or not _runs():
            return ()
        done = self._run("--list-all-zones")
        if done.status in _NOT_RUNNING:
            return ()
        text = done.require_success("list its zones").text()
        found = tuple(rules_in(text, interface, ports))
        trusted = any(one.rule.incoming is not None for one in found)
        policies = tuple(self._policies(interface)) if trusted else ()
        return tuple(RuleState(placed) for placed in (*found, *policies))

    def change(self, going: Iterable[PlacedRule], coming: Iterable[PlacedRule]) -> None:
        """Put a change in force, call by call, what is taken away first.

        Raises:
            HostCommandFailed: firewalld does not run, or refuses.
        """
        for placed, up in (*((one, False) for one in going), *((one, True) for one in coming)):
            if isinstance(placed.place, FirewalldPlace):
                self._set(placed.place.zone, placed.rule, up)

    def _set(self, zone: str, rule: FilterRule, up: bool) -> None:
        if not self._available:
            raise HostCommandFailed("firewalld is not of this network namespace.")
        changes = False
        for words in words_of.arguments(zone, rule, up):
            if words == words_of.RELOAD and not changes:
                return
            done = self._run(*words)
            if done.status not in (_THERE_ALREADY if up else _GONE_ALREADY):
                done.require_success("open a zone" if up else "close a zone")
                changes = True

    def _policies(self, interface: str) -> Iterator[PlacedRule]:
        done = self._run("--list-all-policies")
        if done.status != _NO_POLICIES:
            yield from policies_in(done.require_success("list its policies").text(), interface)

    def _run(self, *arguments: str) -> Finished:
        return run([_PROGRAM, *arguments], variables=self._variables)


def policies_in(text: str, interface: str) -> Iterator[PlacedRule]:
    """The rule that the interface's own policy is, in what `firewall-cmd --list-all-policies` prints."""
    name, target = "", ""
    for line in text.splitlines():
        if line and not line[0].isspace():
            head = _HEAD.match(line)
            name, target = (head["name"] if head else ""), ""
        key, _, value = line.strip().partition(":")
        if key == "target":
            target = value.strip()
        is_own = (name, target) == (words_of.policy(interface), "ACCEPT")
        if is_own and key == "egress-zones" and words_of.ZONE in value.split():
            rule = FilterRule(Purpose.FORWARD_OUT, Family.BOTH, outgoing=LinkMatch(interface))
            yield PlacedRule(FirewalldPlace(words_of.ZONE), rule)


def _runs() -> bool:
    """Whether a process by the name of firewalld runs."""
    for path in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):
            if path.read_text().strip() == "firewalld":
                return True
    return False


def rules_in(text: str, interface: str, ports: Container[int]) -> Iterator[PlacedRule]:
    """The rules in what `firewall-cmd --list-all-zones` prints."""
    zone = ""
    for line in text.splitlines():
        if line and not line[0].isspace():
            name = _HEAD.match(line)
            zone = name["name"] if name else ""
        key, _, value = line.strip().partition(":")
        if key == "interfaces" and zone == words_of.ZONE and interface in value.split():
            rule = FilterRule(Purpose.FORWARD_IN, Family.BOTH, LinkMatch(interface))
            yield PlacedRule(FirewalldPlace(zone), rule)
        elif key == "ports" and zone != words_of.ZONE:
            for port in map(int, _PORT.findall(value)):
                if port in ports:
                    opened = FilterRule(Purpose.PORT, Family.BOTH, udp_port=port)
                    yield PlacedRule(FirewalldPlace(zone), opened)
