"""How kernel settings, packet filters, units and commands can cut a session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wgtui.domain.forwarding import is_own_down, read_up
from wgtui.domain.peer_file import SWITCHING_ON
from wgtui.domain.plan import Plan, RunHooks, SetGuard, SetSysctl, SetUnit
from wgtui.domain.session.facts import Risk, SessionFacts, Severity
from wgtui.domain.session.new_tunnels import leaves_session_alone
from wgtui.domain.session.ssh import SshSession

_PROTOCOL_RA: Final = 9
"""Routes that a router advertisement made (`RTPROT_RA`)."""

_QUICK_UNIT: Final = re.compile(r"wg-quick@(?P<link>.+)\.service")

_SPEECH: Final = re.compile(r"(echo|printf|logger|true|:|sleep|date|ping6?)\b[^;&|`$]*")
_SETTING: Final = re.compile(r"sysctl\s+(-[qweN]+\s+)*net[./][^;&|`$]*forward(ing)?\s*=\s*\d+")
_FORWARDING: Final = re.compile(
    r"(/\S*/)?ip6?tables\s+[^;&|`$]*"
    r"-[AIDC]\s+(FORWARD|POSTROUTING|WGTUI\S*)\s[^;&|`$]*"
)
_NFT_FORWARDING: Final = re.compile(r"(/\S*/)?nft\s+(?!-f)[^;&|`$]*\b(forward|postrouting)\b[^;&|`$]*")
_RELOAD: Final = "firewall-cmd -q --reload"
_NFT_REACHING_FURTHER: Final = re.compile(r"\b(input|output|prerouting|flush|delete|destroy|drop|reject)\b")


def program_risks(plan: Plan, session: SshSession, facts: SessionFacts) -> Iterator[Risk]:
    """Reasons from all steps outside links and routing."""
    for step in plan.steps:
        match step:
            case SetSysctl():
                yield from _setting_risks(step, facts)
            case SetGuard():
                yield from _guard_risks(step, session, facts)
            case SetUnit():
                yield from _unit_risks(step, plan, session, facts)
            case RunHooks():
                yield from _hook_risks(step)
            case _:
                pass


def _setting_risks(step: SetSysctl, facts: SessionFacts) -> Iterator[Risk]:
    """Settings that reach packets of this host itself.

    Forwarding is about packets between others, and so is no reason by itself. But a host that forwards IPv6
    takes no default route from router advertisements, and forgets those that it has (`net/ipv6/addrconf.c`,
    `addrconf_fixup_forwarding`).
    """
    words = step.name.split(".")
    if len(words) != 5 or words[2] != "conf" or step.before == step.after:
        return
    link, setting = words[3].replace("/", "."), words[4]
    if link not in ("all", "default", *facts.links):
        return
    name, version = step.name, 6 if words[1] == "ipv6" else 4
    if not any(facts.destinations(version)):
        return
    if setting == "disable_ipv6" and step.after != "0":
        yield Risk(Severity.WILL, f"{name} takes IPv6 away, which your session comes over.")
    elif setting == "forwarding" and version == 6 and step.after != "0" and _has_advertised_way(facts):
        text = (
            f"{name} makes the kernel forget the default route that a router advertised, which your session "
            "needs, unless accept_ra is 2."
        )
        yield Risk(Severity.MAY, text)
    elif (setting, step.after) in (("rp_filter", "1"), ("src_valid_mark", "0")):
        text = f"With {name} = {step.after} the kernel may drop packets that come in by another way than out."
        yield Risk(Severity.MAY, text)


def _has_advertised_way(facts: SessionFacts) -> bool:
    routes = (facts.routing.route_of(leg.packet) for leg in facts.legs)
    return any(route is not None and route.protocol == _PROTOCOL_RA for route in routes)


def _guard_risks(step: SetGuard, session: SshSession, facts: SessionFacts) -> Iterator[Risk]:
    rules, name = step.after, step.interface
    if rules is not None and name != facts.link:
        if any(address.interface.ip == session.server for address in rules.addresses):
            text = (
                f"Packets to {session.server} that do not come in by {name} are dropped, and those of your "
                "session do not."
            )
            yield Risk(Severity.WILL, text)
    elif rules is None and name in facts.links:
        text = f"The packet filter no longer marks packets for {name}, which your session comes over."
        yield Risk(Severity.MAY, text)


def _unit_risks(step: SetUnit, plan: Plan, session: SshSession, facts: SessionFacts) -> Iterator[Risk]:
    if step.before.active == step.after.active:
        return
    unit, match = step.unit, _QUICK_UNIT.fullmatch(step.unit)
    if match is None:
        yield Risk(Severity.MAY, f"What starting or stopping {unit} does to your session is not known.")
    elif not step.after.active and match["link"] in facts.links:
        yield Risk(Severity.WILL, f"{unit} is stopped, which deletes {match['link']} under your session.")
    elif not (step.after.active and leaves_session_alone(plan, match["link"], session, facts)):
        text = f"{unit} runs wg-quick, whose routes and commands this plan does not show."
        yield Risk(Severity.MAY, text)


def _hook_risks(step: RunHooks) -> Iterator[Risk]:
    for command in step.commands:
        if not is_harmless(command):
            text = f"{step.hook} of {step.interface} runs a command that may cut your session: {command}"
            yield Risk(Severity.MAY, text)


def is_harmless(command: str) -> bool:
    """Whether a command of a hook is one of those that are known to leave this host's own packets alone.

    These are forwarding and source NAT in the packet filter, the setting that allows forwarding, words, and
    what wgtui itself writes there, which at most drops packets between peers, but for a reload of firewalld:
    that closes what was opened only at run time.
    Everything else may cut a session: `ip`, `ufw`, `systemctl`, rules of INPUT, and every program whose
    doings cannot be told from its name.
    """
    if command in SWITCHING_ON or is_own_down(command) or read_up(command):
        return _RELOAD not in command
    return all(_is_harmless_part(part.strip()) for part in re.split(r"&&|\|\||;", command))


def _is_harmless_part(part: str) -> bool:
    if not part:
        return True
    if _NFT_FORWARDING.fullmatch(part):
        return not _NFT_REACHING_FURTHER.search(part)
    return any(pattern.fullmatch(part) for pattern in (_SPEECH, _SETTING, _FORWARDING))
