"""Our rules in the words of `iptables`, which `iptables-save` and `iptables-restore` share.

The words stand in the order in which `iptables-save` prints them, so that a rule that was read back can be
compared as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Final

from wgtui.domain.forwarding.rules import (
    Action,
    Family,
    FilterRule,
    Hook,
    LinkMatch,
    Purpose,
    tag,
)

_TARGETS: Final = {
    Action.ACCEPT: ("ACCEPT",),
    Action.DROP: ("DROP",),
    Action.MASQUERADE: ("MASQUERADE",),
    Action.CLAMP_MSS: ("TCPMSS", "--clamp-mss-to-pmtu"),
}


def table_of(rule: FilterRule) -> str:
    """The table that a rule stands in: `filter`, `nat` or `mangle`."""
    if rule.action is Action.CLAMP_MSS:
        return "mangle"
    return "nat" if rule.hook is Hook.POSTROUTING else "filter"


def goes_first(rule: FilterRule) -> bool:
    """Whether it has to stand before the rules of others: it decides what they may decide otherwise."""
    return rule.action in (Action.ACCEPT, Action.DROP)


def adding(rule: FilterRule) -> str:
    """The command that adds a rule where it has to stand."""
    return "-I" if goes_first(rule) else "-A"


def words(rule: FilterRule, interface: str) -> tuple[str, ...]:
    """Matches, tag and target of a rule of one family.

    Args:
        rule: Of IPv4 or IPv6.
        interface: Whose tag it carries.
    """
    return tuple(_words(rule, interface))


def _words(rule: FilterRule, interface: str) -> Iterator[str]:
    if rule.source is not None:
        yield from ("-s", str(rule.source))
    yield from _link("-i", rule.incoming)
    yield from _link("-o", rule.outgoing)
    if rule.udp_port is not None:
        yield from ("-p", "udp", "-m", "udp", "--dport", str(rule.udp_port))
    elif rule.action is Action.CLAMP_MSS:
        yield from ("-p", "tcp", "-m", "tcp", "--tcp-flags", "SYN,RST", "SYN")
    yield from ("-m", "comment", "--comment", tag(interface, rule.purpose))
    yield from ("-j", *_TARGETS[rule.action])


def _link(option: str, link: LinkMatch | None) -> tuple[str, ...]:
    if link is None:
        return ()
    return ("!", option, link.name) if link.negated else (option, link.name)


def read_words(given: tuple[str, ...], interface: str, family: Family) -> FilterRule | None:
    """The rule of ours that these words spell, as `words` makes them; None for any other.

    Args:
        given: Without the table, the command and the chain.
        interface: Whose tag to look for.
        family: Of the program that they are for.
    """
    if "--comment" not in given[:-1]:
        return None
    prefix, _, name = given[given.index("--comment") + 1].rpartition(":")
    if prefix != f"wgtui:{interface}" or name not in {purpose.value for purpose in Purpose}:
        return None
    matches: dict[str, str] = {}
    negated: set[str] = set()
    for before, word, value in zip(("", *given), given, given[1:], strict=False):
        if word in ("-i", "-o", "-s", "--dport"):
            matches[word] = value
            if before == "!":
                negated.add(word)
    try:
        rule = FilterRule(
            Purpose(name),
            family,
            incoming=_match("-i", matches, negated),
            outgoing=_match("-o", matches, negated),
            source=ip_network(matches["-s"]) if "-s" in matches else None,
            udp_port=int(matches["--dport"]) if "--dport" in matches else None,
        )
    except ValueError:
        return None
    return rule if words(rule, interface) == given else None


def _match(option: str, matches: dict[str, str], negated: set[str]) -> LinkMatch | None:
    return LinkMatch(matches[option], option in negated) if option in matches else None
