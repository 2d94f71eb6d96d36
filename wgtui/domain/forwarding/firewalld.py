"""What `firewall-cmd` is told about an interface, in hook commands.

firewalld rejects in its own nftables chains whatever no zone accepts, and no accept elsewhere changes that.
So the interface joins the zone `trusted`, from which everything is let through; a policy lets through what
goes into that zone; and the listen port is opened in the zone of the uplink. Rules that drop, clamp or
masquerade work beside it and stand in our own table.
What shall outlast `firewall-cmd --reload` is told with `--permanent` too (firewalld 1.3, `FlushAllOnReload`).
A policy can be made in no other way than permanently, and is in force after a reload
(firewalld.policies(5)).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from wgtui.domain.forwarding.rules import Family, FilterRule, LinkMatch, Purpose

ZONE: Final = "trusted"
"""The zone that lets everything through."""

RELOAD: Final = ("--reload",)
"""What puts permanent settings in force."""

_RUNNING: Final = "! firewall-cmd -q --state"
_ZONE: Final = re.compile(r" --zone=(?P<zone>[^\s;]+)")
_PORT: Final = re.compile(r"--(?:add|remove)-port=(?P<port>\d+)/udp")
_JOIN: Final = re.compile(r"--(?:change|remove)-interface=(?P<name>[^\s;]+)")
_POLICY: Final = re.compile(r"--(?:new|delete)-policy=w-(?P<name>[^\s;]+)")
_SAYABLE: Final = re.compile(r"[A-Za-z0-9_-]{1,15}|%i")
"""Names that a policy's name can end with: it has 17 characters at most (`max_policy_name_len`)."""

_FORWARDING: Final = (Purpose.FORWARD_IN, Purpose.FORWARD_OUT, Purpose.RELAY)


def policy(interface: str) -> str:
    """The name of the policy for what goes into a tunnel."""
    return f"w-{interface}"


def as_held(rules: Iterable[FilterRule], zone: str) -> list[FilterRule]:
    """The rules that go to a zone: `trusted` takes the interface, any other one takes ports.

    An interface with a name that no policy can have gets none.
    """
    held: dict[FilterRule, None] = {}
    for rule in rules:
        if zone == ZONE and rule.purpose in _FORWARDING:
            name = next(
                link.name for link in (rule.incoming, rule.outgoing) if link is not None and not link.negated
            )
            held[FilterRule(Purpose.FORWARD_IN, Family.BOTH, LinkMatch(name))] = None
            if rule.purpose is Purpose.FORWARD_OUT and _SAYABLE.fullmatch(name):
                held[FilterRule(Purpose.FORWARD_OUT, Family.BOTH, outgoing=LinkMatch(name))] = None
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
        if rule.outgoing is not None:
            name = policy(rule.outgoing.name)
            # What a policy has already it refuses to be given again, and that is no reason to stop.
            yield (
                f"{_RUNNING} || firewall-cmd --info-policy={name} >/dev/null 2>&1 || {{ {'; '.join(ups)}; }}",
                f"{_RUNNING} || {{ {' && '.join(downs)}; }} || true",
            )
        else:
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
    if rule.outgoing is not None:
        return _of_policy(zone, policy(rule.outgoing.name), up)
    if rule.incoming is not None:
        what = f"{'--change-interface' if up else '--remove-interface'}={rule.incoming.name}"
    else:
        what = f"{'--add-port' if up else '--remove-port'}={rule.udp_port}/udp"
    return (("--permanent", f"--zone={zone}", what), (f"--zone={zone}", what))


def _of_policy(zone: str, name: str, up: bool) -> tuple[tuple[str, ...], ...]:
    if not up:
        return (("--permanent", f"--delete-policy={name}"), RELOAD)
    own = ("--permanent", f"--policy={name}")
    return (
        ("--permanent", f"--new-policy={name}"),
        (*own, "--set-target=ACCEPT"),
        (*own, "--add-ingress-zone=ANY"),
        (*own, f"--add-egress-zone={zone}"),
        RELOAD,
    )


def read(command: str) -> tuple[str, FilterRule] | None:
    """The zone and the rule that a command of ours puts in force or takes back; None for any other."""
    zone, port, join, made = (pattern.search(command) for pattern in (_ZONE, _PORT, _JOIN, _POLICY))
    where = zone["zone"] if zone is not None else ZONE
    if made is not None:
        rule = FilterRule(Purpose.FORWARD_OUT, Family.BOTH, outgoing=LinkMatch(made["name"]))
    elif zone is None:
        return None
    elif port is not None:
        rule = FilterRule(Purpose.PORT, Family.BOTH, udp_port=int(port["port"]))
    elif join is not None:
        rule = FilterRule(Purpose.FORWARD_IN, Family.BOTH, LinkMatch(join["name"]))
    else:
        return None
    return (where, rule) if command in next(line_pairs(where, [rule])) else None
