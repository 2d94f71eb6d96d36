"""Our rules in the language of `nft` (nftables 1.0, `nft(8)`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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

_NUMBERS: Final = {Family.IPV4: "ipv4", Family.IPV6: "ipv6"}
_STATEMENTS: Final = {
    Action.ACCEPT: "accept",
    Action.DROP: "drop",
    Action.MASQUERADE: "masquerade",
    Action.CLAMP_MSS: "tcp option maxseg size set rt mtu",
}
_CHAINS: Final = {
    "input": "type filter hook input priority 0",
    "forward": "type filter hook forward priority 0",
    "mangle": "type filter hook forward priority -150",
    "postrouting": "type nat hook postrouting priority 100",
}
_RULE: Final = re.compile(
    r"(?:meta nfproto (?P<family>ipv4|ipv6) )?"
    r'(?:iifname (?P<not_in>!= )?"(?P<in>[^"]+)" )?'
    r'(?:oifname (?P<not_out>!= )?"(?P<out>[^"]+)" )?'
    r"(?:udp dport (?P<port>\d+) )?"
    r"(?:tcp flags & \(syn \| rst\) == syn )?"
    r"counter (?P<does>[a-z ]+) "
    r'comment "wgtui:(?P<interface>[^":]+):(?P<purpose>[a-z-]+)"'
)


def table(interface: str) -> str:
    """Family and name of an interface's own table."""
    return f"inet wgtui-{interface}"


def is_table_name(interface: str) -> bool:
    """Whether `nft` takes a table by the name of the interface."""
    return set(interface).isdisjoint("=+")


def chain_of(rule: FilterRule) -> str:
    """The chain of our own table that a rule stands in."""
    if rule.action is Action.CLAMP_MSS:
        return "mangle"
    return {Hook.INPUT: "input", Hook.FORWARD: "forward"}.get(rule.hook, "postrouting")


def statement(rule: FilterRule, interface: str, table_family: str = "inet") -> str:
    """A rule as it stands behind `add rule`, with counter and tag.

    Args:
        rule: Of any family.
        interface: Whose tag it carries.
        table_family: Of its table: `inet`, or the rule's own, where `nft` refuses to be told it again.
    """
    asks_family = rule.family in _NUMBERS and table_family == "inet"
    parts = [
        *([f"meta nfproto {_NUMBERS[rule.family]}"] if asks_family else []),
        *_link("iifname", rule.incoming),
        *_link("oifname", rule.outgoing),
        *([f"udp dport {rule.udp_port}"] if rule.udp_port is not None else []),
        *(["tcp flags & (syn | rst) == syn"] if rule.action is Action.CLAMP_MSS else []),
        f"counter {_STATEMENTS[rule.action]}",
        f'comment "{tag(interface, rule.purpose)}"',
    ]
    return " ".join(parts)


def _link(key: str, link: LinkMatch | None) -> tuple[str, ...]:
    if link is None:
        return ()
    return (f'{key} != "{link.name}"',) if link.negated else (f'{key} "{link.name}"',)


def read_statement(text: str, interface: str, table_family: str = "inet") -> FilterRule | None:
    """The rule of ours that a text spells, as `statement` makes it; None for any other."""
    match = _RULE.fullmatch(text)
    if match is None or match["interface"] != interface:
        return None
    if match["purpose"] not in {purpose.value for purpose in Purpose}:
        return None
    named = {"ip": "ipv4", "ip6": "ipv6"}.get(table_family, match["family"] or "")
    rule = FilterRule(
        Purpose(match["purpose"]),
        {"ipv4": Family.IPV4, "ipv6": Family.IPV6}.get(named, Family.BOTH),
        incoming=LinkMatch(match["in"], bool(match["not_in"])) if match["in"] else None,
        outgoing=LinkMatch(match["out"], bool(match["not_out"])) if match["out"] else None,
        udp_port=int(match["port"]) if match["port"] else None,
    )
    return rule if statement(rule, interface, table_family) == text else None


def removal(interface: str) -> str:
    """Commands that remove an interface's own table, and do nothing where there is none."""
    return f"add table {table(interface)}; delete table {table(interface)}"


def replacement(rules: Iterable[FilterRule], interface: str) -> str:
    """Commands that make an interface's own table hold these rules and no others, all at once."""
    chains = "; ".join(_chains(tuple(rules), interface))
    return f"{removal(interface)}; table {table(interface)} {{ {chains}; }}"


def chain_kind(name: str) -> str:
    """What a chain of our own table is: its type, hook and priority."""
    return _CHAINS[name]


_LISTED: Final = (
    (re.compile(r"counter packets \d+ bytes \d+ "), "counter "),
    # nftables 1.0.1 and later print the same match in this way.
    (re.compile(r"tcp flags syn / syn,rst "), "tcp flags & (syn | rst) == syn "),
)


def read_listed(text: str, interface: str, table_family: str) -> FilterRule | None:
    """The rule of ours that a line of `nft list ruleset` shows; None for any other."""
    for pattern, ours in _LISTED:
        text = pattern.sub(ours, text)
    return read_statement(text, interface, table_family)


def _chains(rules: tuple[FilterRule, ...], interface: str) -> Iterator[str]:
    for name, kind in _CHAINS.items():
        held = [statement(rule, interface) for rule in rules if chain_of(rule) == name]
        if held:
            yield f"chain {name} {{ {kind}; {'; '.join(held)}; }}"
