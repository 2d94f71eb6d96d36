"""What `firewall-cmd` is told about an interface, in hook commands.

firewalld rejects in its own nftables chains whatever no zone accepts, and no accept elsewhere changes that.
So the interface joins the zone `trusted`, from which everything is let through, and the listen port is opened
in the zone of the uplink. Rules that drop, clamp or masquerade work beside it and stand in our own table.
Over `firewall-cmd --reload` an interface stays in its zone, and a port only with `--permanent`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from wgtui.domain.forwarding.rules import Family, FilterRule, LinkMatch, Purpose

ZONE: Final = "trusted"
"""The zone that lets everything through."""

_RUNNING: Final = "! firewall-cmd -q --state"
_PORT: Final = re.compile(r"--zone=(?P<zone>\S+) --add-port=(?P<port>\d+)/udp")
_JOIN: Final = f"--zone={ZONE} --change-interface="
_FORWARDING: Final = (Purpose.FORWARD_IN, Purpose.FORWARD_OUT, Purpose.RELAY)


def as_held(rules: Iterable[FilterRule], zone: str) -> list[FilterRule]:
    """The rules that go to a zone: `trusted` takes the interface, any other one takes ports."""
    held: dict[FilterRule, None] = {}
    for rule in rules:
        if zone == ZONE and rule.purpose in _FORWARDING:
            names = [link.name for link in (rule.incoming, rule.outgoing) if link and not link.negated]
            held[FilterRule(Purpose.FORWARD_IN, Family.BOTH, LinkMatch(names[0]))] = None
        elif zone != ZONE and rule.purpose is Purpose.PORT:
            held[FilterRule(Purpose.PORT, Family.BOTH, udp_port=rule.udp_port)] = None
    return list(held)


def line_pairs(zone: str, rules: Iterable[FilterRule]) -> Iterator[tuple[str, str]]:
    """The commands that put each rule in force, and take it back.

    Args:
        zone: Where they go.
        rules: As `as_held` gives them.
    """
    for rule in rules:
        if rule.incoming is not None:
            join = f"firewall-cmd -q {_JOIN}{rule.incoming.name}"
            leave = join.replace("--change-interface", "--remove-interface")
            yield f"{_RUNNING} || {join}", f"{_RUNNING} || {leave} || true"
        else:
            change = f"--zone={zone} --add-port={rule.udp_port}/udp"
            both = " && ".join(f"firewall-cmd -q{kind} {change}" for kind in (" --permanent", ""))
            removal = both.replace("--add-port", "--remove-port")
            yield f"{_RUNNING} || {{ {both}; }}", f"{_RUNNING} || {{ {removal}; }} || true"


def plain_commands(zone: str, going: Iterable[FilterRule], coming: Iterable[FilterRule]) -> Iterator[str]:
    """The same commands for a host on which firewalld runs."""
    for rules, up in ((going, False), (coming, True)):
        for rule in rules:
            yield from _plain(zone, rule, up)


def _plain(zone: str, rule: FilterRule, up: bool) -> Iterator[str]:
    for words in arguments(zone, rule, up):
        yield f"firewall-cmd {' '.join(words)}"


def arguments(zone: str, rule: FilterRule, up: bool) -> tuple[tuple[str, ...], ...]:
    """What `firewall-cmd` is given, call by call, to put a rule in force or to take it back.

    Args:
        zone: Where it goes.
        rule: As `as_held` gives it.
        up: Whether it shall be in force.
    """
    if rule.incoming is not None:
        verb = "--change-interface" if up else "--remove-interface"
        return ((f"--zone={zone}", f"{verb}={rule.incoming.name}"),)
    words = (f"--zone={zone}", f"{'--add-port' if up else '--remove-port'}={rule.udp_port}/udp")
    return (("--permanent", *words), words)


def read_up(command: str) -> tuple[str, FilterRule] | None:
    """The zone and the rule that a command of ours puts in force; None for any other command."""
    port = _PORT.search(command)
    if port is not None:
        zone, rule = port["zone"], FilterRule(Purpose.PORT, Family.BOTH, udp_port=int(port["port"]))
    elif _JOIN in command:
        zone, name = ZONE, command.rpartition("=")[2]
        rule = FilterRule(Purpose.FORWARD_IN, Family.BOTH, LinkMatch(name))
    else:
        return None
    return (zone, rule) if next(line_pairs(zone, [rule]))[0] == command else None
