"""Rules of ours in nftables: in a table of their own, and in the administrator's chains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.adapters.programs import find_program, run
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.forwarding import NftChainPlace, NftTablePlace, PlacedRule, RuleState
from wgtui.domain.forwarding import nftables as words_of

_ATTEMPTS: Final = 8
_NO_NFTABLES: Final = b"not supported"
"""In what `nft` says where the kernel has no nftables: the text of EOPNOTSUPP or EPROTONOSUPPORT."""

_PROGRAM: Final = "nft"
_OPENS: Final = re.compile(r"(?P<kind>[a-z]+) (?P<name>.+?) \{(?: # handle \d+)?$")
_RULE: Final = re.compile(r"(?P<text>.+) # handle (?P<handle>\d+)$")
_COUNTER: Final = re.compile(r"\bcounter packets (?P<packets>\d+) bytes (?P<bytes>\d+)\b")


@dataclass(frozen=True, slots=True)
class Listed:
    """One rule, ours or not, as `nft -a list ruleset` prints it.

    Attributes:
        table: Family and name of its table.
        chain: Name of its chain.
        handle: Its number in the table.
        text: What it says.
    """

    table: str
    chain: str
    handle: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A rule of ours.

    Attributes:
        placed: What it says, and where.
        listed: As it was printed.
    """

    placed: PlacedRule
    listed: Listed


@dataclass(frozen=True, slots=True)
class Ruleset:
    """What `nft -a list ruleset` prints, as far as it matters here.

    Attributes:
        rules: In order.
        chains: All chains, each with its table.
        others: Tables that have something else than chains, such as sets.
    """

    rules: tuple[Listed, ...] = ()
    chains: tuple[tuple[str, str], ...] = ()
    others: frozenset[str] = frozenset()


class NftRules:
    """Reads and changes them with the program `nft`, each change in one transaction.

    Args:
        netns: Network namespace to work in, None for this process's own.
    """

    def __init__(self, netns: str | None = None) -> None:
        self._netns = netns

    def read(self, interface: str) -> tuple[RuleState, ...]:
        """All rules of an interface, each once; none where the host has no `nft`."""
        totals: dict[PlacedRule, tuple[int, int]] = {}
        for one in found_in(self._ruleset(), interface):
            counter = _COUNTER.search(one.listed.text)
            packets, size = totals.get(one.placed, (0, 0))
            if counter is not None:
                packets, size = packets + int(counter["packets"]), size + int(counter["bytes"])
            totals[one.placed] = (packets, size)
        return tuple(RuleState(placed, *total) for placed, total in totals.items())

    def change(self, interface: str, going: frozenset[PlacedRule], coming: tuple[PlacedRule, ...]) -> None:
        """Put a change in force, whole or not at all.

        Where somebody else removed a rule between the look and the change, nothing was done, and it is
        tried again.
        """
        for attempt in range(_ATTEMPTS):
            text = script(self._ruleset(), interface, going, coming)
            if not text:
                return
            done = run([_PROGRAM, "-f", "-"], stdin=text.encode(), netns=self._netns)
            if done.status == 0:
                return
            if attempt == _ATTEMPTS - 1:
                done.require_success(f"change the rules of {interface}")

    def _ruleset(self) -> Ruleset:
        if find_program(_PROGRAM) is None:
            return Ruleset()
        done = run([_PROGRAM, "-a", "-t", "list", "ruleset"], netns=self._netns)
        if done.status and _NO_NFTABLES in done.errors:
            return Ruleset()
        return parse(done.require_success("list its rules").text())


def parse(text: str) -> Ruleset:
    """Read what `nft -a -t list ruleset` prints: tables, in them chains and more, in chains rules."""
    rules: list[Listed] = []
    chains: list[tuple[str, str]] = []
    others: set[str] = set()
    inside: list[tuple[str, str]] = []
    for line in map(str.strip, text.splitlines()):
        opens = _OPENS.match(line)
        if opens is not None and len(inside) < 2:
            inside.append((opens["kind"], opens["name"]))
            if len(inside) == 2:
                table = inside[0][1]
                if opens["kind"] == "chain":
                    chains.append((table, opens["name"]))
                else:
                    others.add(table)
        elif line == "}" and inside:
            inside.pop()
        elif len(inside) == 2 and inside[1][0] == "chain":
            rule = _RULE.match(line)
            if rule is not None:
                rules.append(Listed(inside[0][1], inside[1][1], int(rule["handle"]), rule["text"]))
    return Ruleset(tuple(rules), tuple(chains), frozenset(others))


def found_in(ruleset: Ruleset, interface: str) -> Iterator[Found]:
    """The rules of an interface, in order, each as often as it is there."""
    own = words_of.table(interface)
    for listed in ruleset.rules:
        family, name = listed.table.split(" ", 1)
        rule = words_of.read_listed(listed.text, interface, family)
        if rule is None:
            continue
        if listed.table == own:
            if words_of.chain_of(rule) == listed.chain:
                yield Found(PlacedRule(NftTablePlace(), rule), listed)
        else:
            yield Found(PlacedRule(NftChainPlace(family, name, listed.chain, rule.hook), rule), listed)


def script(
    ruleset: Ruleset, interface: str, going: frozenset[PlacedRule], coming: Iterable[PlacedRule]
) -> str:
    """What is left to change, as `nft -f` reads it; empty for nothing."""
    found = tuple(found_in(ruleset, interface))
    gone = tuple(one for one in found if one.placed in going)
    present = {one.placed for one in found}
    wanted = tuple(one for one in dict.fromkeys(coming) if one not in present)
    lines = [
        *_additions(wanted, interface),
        *(f"delete rule {one.table} {one.chain} handle {one.handle}" for one in (it.listed for it in gone)),
        *_leftovers(ruleset, interface, gone, wanted),
    ]
    return "".join(f"{line}\n" for line in lines)


def _additions(wanted: Iterable[PlacedRule], interface: str) -> Iterator[str]:
    own = words_of.table(interface)
    for placed in wanted:
        place, rule = placed.place, placed.rule
        if isinstance(place, NftTablePlace):
            chain = words_of.chain_of(rule)
            yield f"add table {own}"
            yield f"add chain {own} {chain} {{ {words_of.chain_kind(chain)}; }}"
            yield f"add rule {own} {chain} {words_of.statement(rule, interface)}"
        elif isinstance(place, NftChainPlace):
            statement = words_of.statement(rule, interface, place.family)
            yield f"insert rule {place.family} {place.table} {place.chain} {statement}"
        else:
            raise HostCommandFailed(f"nft has no such place as {place}.")


def _leftovers(
    ruleset: Ruleset, interface: str, gone: Iterable[Found], wanted: Iterable[PlacedRule]
) -> Iterator[str]:
    """What is empty of our own table once these rules are gone, and goes with them."""
    own = words_of.table(interface)
    deleted = {one.listed.handle for one in gone if one.listed.table == own}
    if not deleted:
        return
    filled = {rule.chain for rule in ruleset.rules if rule.table == own and rule.handle not in deleted}
    filled |= {words_of.chain_of(one.rule) for one in wanted if isinstance(one.place, NftTablePlace)}
    if not filled and own not in ruleset.others:
        yield f"delete table {own}"
        return
    touched = {one.listed.chain for one in gone if one.listed.table == own}
    yield from (f"delete chain {own} {chain}" for chain in sorted(touched - filled))
