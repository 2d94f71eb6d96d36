"""Our own rules read back from PostUp and PostDown commands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from wgtui.domain.forwarding import firewalld, iptables, nftables
from wgtui.domain.forwarding.lines import NAME, hook_lines, own_table_lines, renamed
from wgtui.domain.forwarding.places import (
    FirewalldPlace,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    PlacedRule,
)
from wgtui.domain.forwarding.rules import Family, FilterRule, Purpose


@dataclass(frozen=True, slots=True)
class ReadLines:
    """What commands of hooks say, as far as they are ours.

    Attributes:
        rules: In the order of the commands.
        own_up: Indices of our own among the PostUp commands.
        own_down: Likewise among the PostDown commands.
    """

    rules: tuple[PlacedRule, ...]
    own_up: frozenset[int]
    own_down: frozenset[int]


def read_lines(post_up: Iterable[str], post_down: Iterable[str], interface: str) -> ReadLines:
    """The rules that a file's own commands put in force, and which commands those are.

    A command counts as ours only where it is to the letter what we would write. Where somebody changed one,
    it is theirs.
    """
    rules: list[PlacedRule] = []
    own_up: set[int] = set()
    for index, command in enumerate(post_up):
        read = read_up(command)
        if read:
            own_up.add(index)
            rules += (replace(one, rule=renamed(one.rule, NAME, interface)) for one in read)
    own_down = {index for index, command in enumerate(post_down) if is_own_down(command)}
    return ReadLines(tuple(rules), frozenset(own_up), frozenset(own_down))


_IPTABLES: Final = re.compile(
    r"(?P<unless>! command -v iptables >/dev/null \|\| )?"
    r"(?P<word>ip6?tables)(?:-(?P<variant>legacy|nft))? -w(?: -t [a-z]+)? -(?:C|D) [A-Z]+ "
    r"(?P<spec>[^|;&]+?) 2>/dev/null \|\| .*"
)
_OWN_TABLE: Final = re.compile(r"(?P<unless>command -v iptables >/dev/null \|\| )?nft '(?P<script>[^']*)'")
_STATEMENT: Final = re.compile(r'(?<=; )[^;{}]+ comment "wgtui:[^"]+"')
_CHAIN: Final = re.compile(
    r"(?:! w=\$\(nft list|nft -a list) chain (?P<family>ip|ip6|inet) (?P<table>\S+) (?P<chain>\S+)"
    r" 2>/dev/null(?:\) \|\| \[\[ \$w == \*| \| grep -F )'\"wgtui:%i:(?P<purpose>[a-z-]+)\"'.*"
)
_INSERTED: Final = re.compile(r"nft 'insert rule \S+ \S+ \S+ (?P<statement>[^']+)'$")


def read_up(command: str) -> tuple[PlacedRule, ...]:
    """The rules, with `%i` for the interface, that one of our own PostUp commands makes; else none."""
    placed = tuple(_read(command))
    return placed if placed and hook_lines(placed, NAME).post_up == (command,) else ()


def is_own_down(command: str) -> bool:
    """Whether a PostDown command is one of ours."""
    if _OWN_TABLE.fullmatch(command):
        return any(command == own_table_lines(NftTablePlace(portable), ())[1] for portable in (False, True))
    opposite = (
        *_read_iptables(command),
        *_read_chain(command),
        *_read_zone(command),
    )
    return any(command in hook_lines((one,), NAME).post_down for one in opposite)


def _read(command: str) -> Iterator[PlacedRule]:
    match = _OWN_TABLE.fullmatch(command)
    if match:
        where = NftTablePlace(portable=bool(match["unless"]))
        for text in _STATEMENT.findall(match["script"]):
            rule = nftables.read_statement(text, NAME)
            if rule is not None:
                yield PlacedRule(where, rule)
        return
    yield from _read_zone(command)
    yield from _read_iptables(command)
    yield from _read_chain(command)


def _read_zone(command: str) -> Iterator[PlacedRule]:
    read = firewalld.read(command)
    if read is not None:
        yield PlacedRule(FirewalldPlace(read[0]), read[1])


def _read_chain(command: str) -> Iterator[PlacedRule]:
    match = _CHAIN.fullmatch(command)
    if match is None or match["purpose"] not in {purpose.value for purpose in Purpose}:
        return
    inserted = _INSERTED.search(command)
    rule: FilterRule | None = FilterRule(Purpose(match["purpose"]), Family.BOTH)
    if inserted is not None:
        rule = nftables.read_statement(inserted["statement"], NAME, match["family"])
    if rule is not None:
        where = NftChainPlace(match["family"], match["table"], match["chain"], rule.hook)
        yield PlacedRule(where, rule)


def _read_iptables(command: str) -> Iterator[PlacedRule]:
    match = _IPTABLES.fullmatch(command)
    if match is None:
        return
    where = IptablesPlace(match["variant"] or "", portable=bool(match["unless"]))
    family = Family.IPV4 if match["word"] == "iptables" else Family.IPV6
    rule = iptables.read_words(tuple(match["spec"].split()), NAME, family)
    if rule is not None:
        yield PlacedRule(where, rule)
