"""What `firewall-cmd` is told about an interface, in hook commands.

firewalld rejects in its own nftables chains whatever no zone accepts, and no accept elsewhere changes that.
So the interface joins the zone `trusted`, from which everything is let through, and the listen port is opened
in the zone of the uplink. Rules that drop, clamp or masquerade work beside it and stand in our own table.
What shall outlast `firewall-cmd --reload` is told with `--permanent` too (firewalld 1.3, `FlushAllOnReload`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from wgtui.domain.forwarding.rules import Family, FilterRule, LinkMatch, Purpose

ZONE: Final = "trusted"
"""The zone that lets everything through."""

_RUNNING: Final = "! firewall-cmd -q --state"
_ZONE: Final = re.compile(r" --zone=(?P<zone>[^\s;]+)")
_PORT: Final = re.compile(r"--(?:add|remove)-port=(?P<port>\d+)/udp")
_JOIN: Final = re.compile(r"--(?:change|remove)-interface=(?P<name>[^\s;]+)")
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
        ups, downs = (
            [f"firewall-cmd -q {' '.join(words)}" for words in arguments(zone, rule, up)]
            for up in (True, False)
        )
        yield (
            f"{_RUNNING} || {{ {' && '.join(ups)}; }}",
            f"{_RUNNING} || {{ {'; '.join(downs)}; }} || true",
        )


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
        what = f"{'--change-interface' if up else '--remove-interface'}={rule.incoming.name}"
    else:
        what = f"{'--add-port' if up else '--remove-port'}={rule.udp_port}/udp"
    return (("--permanent", f"--zone={zone}", what), (f"--zone={zone}", what))


def read(command: str) -> tuple[str, FilterRule] | None:
    """The zone and the rule that a command of ours puts in force or takes back; None for any other."""
    zone, port, join = (pattern.search(command) for pattern in (_ZONE, _PORT, _JOIN))
    if zone is None:
        return None
    if port is not None:
        rule = FilterRule(Purpose.PORT, Family.BOTH, udp_port=int(port["port"]))
    elif join is not None:
        rule = FilterRule(Purpose.FORWARD_IN, Family.BOTH, LinkMatch(join["name"]))
    else:
        return None
    return (zone["zone"], rule) if command in next(line_pairs(zone["zone"], [rule])) else None
