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

_SETTLED: Final = frozenset(
    {
        11,  # ALREADY_ENABLED
        12,  # NOT_ENABLED
        16,  # ZONE_ALREADY_SET
        17,  # UNKNOWN_INTERFACE: it is in no zone any more
    }
)
_ZONE: Final = re.compile(r"(?P<name>\S+)(?: \([a-z, ]+\))?$")
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
        return tuple(RuleState(placed) for placed in rules_in(text, interface, ports))

    def change(self, going: Iterable[PlacedRule], coming: Iterable[PlacedRule]) -> None:
        """Put a change in force, call by call, what is taken away first.

        Raises:
            HostCommandFailed: firewalld does not run, or refuses.
        """
        for placed, up in (*((one, False) for one in going), *((one, True) for one in coming)):
            if not isinstance(placed.place, FirewalldPlace):
                continue
            if not self._available:
                raise HostCommandFailed("firewalld is not of this network namespace.")
            for words in words_of.arguments(placed.place.zone, placed.rule, up):
                done = self._run(*words)
                if done.status not in _SETTLED:
                    done.require_success("open a zone" if up else "close a zone")

    def _run(self, *arguments: str) -> Finished:
        return run([_PROGRAM, *arguments], variables=self._variables)


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
            name = _ZONE.match(line)
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
