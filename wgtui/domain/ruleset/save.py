"""What `iptables-save -c` and `ip6tables-save -c` print, of either variant, as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from wgtui.domain.ruleset import values
from wgtui.domain.ruleset.model import (
    Backend,
    BaseChain,
    Effect,
    EffectKind,
    FilterFamily,
    Rule,
    Table,
    Verdict,
    VerdictKind,
)
from wgtui.domain.ruleset.packet import Hook
from wgtui.domain.ruleset.save_matches import matches
from wgtui.domain.ruleset.save_words import Option, is_complete, options, words

_PRIORITIES: Final = {
    ("raw", Hook.PREROUTING): -300,
    ("raw", Hook.OUTPUT): -300,
    ("mangle", Hook.PREROUTING): -150,
    ("mangle", Hook.INPUT): -150,
    ("mangle", Hook.FORWARD): -150,
    ("mangle", Hook.OUTPUT): -150,
    ("mangle", Hook.POSTROUTING): -150,
    ("nat", Hook.PREROUTING): -100,
    ("nat", Hook.INPUT): 100,
    ("nat", Hook.OUTPUT): -100,
    ("nat", Hook.POSTROUTING): 100,
    ("filter", Hook.INPUT): 0,
    ("filter", Hook.FORWARD): 0,
    ("filter", Hook.OUTPUT): 0,
    ("security", Hook.INPUT): 50,
    ("security", Hook.FORWARD): 50,
    ("security", Hook.OUTPUT): 50,
}
"""`linux/netfilter_ipv4.h`: `enum nf_ip_hook_priorities`."""

_COUNTED: Final = re.compile(r"\[(\d+):(\d+)\]")

_PLAIN_VERDICTS: Final = {
    "ACCEPT": VerdictKind.ACCEPT,
    "DROP": VerdictKind.DROP,
    "REJECT": VerdictKind.REJECT,
    "RETURN": VerdictKind.RETURN,
    "QUEUE": VerdictKind.QUEUE,
    "NFQUEUE": VerdictKind.QUEUE,
    "MASQUERADE": VerdictKind.MASQUERADE,
    "REDIRECT": VerdictKind.REDIRECT,
    "SNAT": VerdictKind.SNAT,
    "DNAT": VerdictKind.DNAT,
}

_EFFECTS: Final = {
    "LOG": EffectKind.LOG,
    "NFLOG": EffectKind.LOG,
    "ULOG": EffectKind.LOG,
    "MARK": EffectKind.MARK,
    "CONNMARK": EffectKind.OTHER,
    "HMARK": EffectKind.MARK,
    "TCPMSS": EffectKind.MSS,
    **dict.fromkeys(
        [
            "AUDIT",
            "CHECKSUM",
            "CLASSIFY",
            "CONNSECMARK",
            "CT",
            "DSCP",
            "ECN",
            "HL",
            "IDLETIMER",
            "LED",
            "NOTRACK",
            "RATEEST",
            "SECMARK",
            "SET",
            "TCPOPTSTRIP",
            "TEE",
            "TOS",
            "TRACE",
            "TTL",
        ],
        EffectKind.OTHER,
    ),
}
"""Targets after which the next rule is looked at (iptables-extensions(8))."""

_TO: Final = ("--to-source", "--to-destination", "--to-ports", "--to", "--reject-with")


class RuleMemory:
    """The rules of the last reading, by which the next one is quick: most rules stay as they are."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, frozenset[str]], tuple[str, Rule]] = {}
        self._now: dict[tuple[str, frozenset[str]], tuple[str, Rule]] = {}

    def begin(self) -> None:
        """Begin a reading: what the last one did not see is forgotten."""
        self._last, self._now = self._now, {}

    def recall(self, text: str, chains: frozenset[str]) -> tuple[str, Rule] | None:
        """The chain and rule that a line is, in a table with these chains; None where it is new."""
        key = text, chains
        found = self._last.get(key) or self._now.get(key)
        if found is not None:
            self._now[key] = found
        return found

    def keep(self, text: str, chains: frozenset[str], chain: str, rule: Rule) -> None:
        """Keep what a line is."""
        self._now[text, chains] = chain, rule


@dataclass
class _Chains:
    """A table while it is read."""

    policies: dict[str, tuple[VerdictKind | None, int | None, int | None]] = field(default_factory=dict)
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


def parse_save(
    text: str, backend: Backend, family: FilterFamily, memory: RuleMemory | None = None
) -> tuple[Table, ...]:
    """Read all tables.

    Lines that are not understood are passed over; a rule that asks for what is not understood may match.

    Args:
        text: As printed.
        backend: Which variant printed it.
        family: IP for `iptables-save`, IP6 for `ip6tables-save`.
        memory: Of the same program's earlier output, None to have none.
    """
    memory = memory or RuleMemory()
    memory.begin()
    tables: list[Table] = []
    name, chains = "", _Chains()
    for line in _lines(text):
        if line.startswith("*"):
            name, chains = line[1:].strip(), _Chains()
        elif line == "COMMIT":
            if name:
                tables.append(_table(name, chains, backend, family))
            name, chains = "", _Chains()
        elif line.startswith(":"):
            _read_chain(line, chains)
        elif line and not line.startswith("#"):
            _read_rule(line, chains, family, memory)
    return tuple(tables)


def _lines(text: str) -> Iterator[str]:
    held = ""
    for line in text.split("\n"):
        held = f"{held}\n{line}" if held else line
        if held.startswith("#") or is_complete(held):
            yield held.strip()
            held = ""
    if held:
        yield held.strip()


def _read_chain(line: str, chains: _Chains) -> None:
    parts = line[1:].split()
    if len(parts) < 2:
        return
    counted = _COUNTED.search(line)
    packets, size = (int(counted[1]), int(counted[2])) if counted else (None, None)
    policy = {"ACCEPT": VerdictKind.ACCEPT, "DROP": VerdictKind.DROP}.get(parts[1])
    chains.policies[parts[0]] = (policy, packets, size)
    chains.rules.setdefault(parts[0], [])


def _read_rule(line: str, chains: _Chains, family: FilterFamily, memory: RuleMemory) -> None:
    counted = _COUNTED.match(line)
    text = line[counted.end() :].strip() if counted else line
    if len(chains.names) != len(chains.policies):
        chains.names = frozenset(chains.policies)
    found = memory.recall(text, chains.names)
    if found is None:
        given = list(options(words(text)))
        if not given or given[0].name != "-A" or not given[0].value:
            return
        rule = read_rule(text, given[1:], chains.names, 4 if family is FilterFamily.IP else 6)
        found = given[0].value, rule
        memory.keep(text, chains.names, *found)
    chain, rule = found
    if counted:
        rule = replace(rule, packets=int(counted[1]), bytes=int(counted[2]))
    chains.rules.setdefault(chain, []).append(rule)


def read_rule(text: str, given: list[Option], chains: frozenset[str], family: int) -> Rule:
    """Read one rule.

    Args:
        text: Its line.
        given: Its options, without `-A CHAIN`.
        chains: The table's chains.
        family: 4 or 6.
    """
    modules: list[tuple[str, list[Option]]] = [("", [])]
    target: Option | None = None
    after: list[Option] = []
    comment = ""
    for option in given:
        if target is not None:
            after.append(option)
        elif option.name in ("-j", "-g"):
            target = option
        elif option.name == "-m":
            modules.append((option.value, []))
        elif option.name == "--comment":
            comment = option.value
        else:
            modules[-1][1].append(option)
    found = [
        match for module, own in modules if module != "comment" for match in matches(module, own, family)
    ]
    verdict, effects = _target(target, after, chains, text)
    return Rule(text, tuple(found), effects, verdict, comment)


def _target(
    target: Option | None, after: list[Option], chains: frozenset[str], text: str
) -> tuple[Verdict, tuple[Effect, ...]]:
    if target is None:
        return Verdict(), ()
    name = target.value
    if target.name == "-g":
        return Verdict(VerdictKind.GOTO, name), ()
    if name in _PLAIN_VERDICTS:
        to = next((option.value for option in after if option.name in _TO), "")
        return Verdict(_PLAIN_VERDICTS[name], to), ()
    if name in chains:
        return Verdict(VerdictKind.JUMP, name), ()
    if name == "NETMAP":
        kind = VerdictKind.SNAT if text.startswith("-A POSTROUTING ") else VerdictKind.DNAT
        return Verdict(kind, next((option.value for option in after if option.name == "--to"), "")), ()
    if name in _EFFECTS:
        return Verdict(), (_effect(name, after),)
    return Verdict(VerdictKind.UNKNOWN, name), ()


def _effect(name: str, after: list[Option]) -> Effect:
    spelling = " ".join((name, *(option.text for option in after)))
    given = {option.name: option.value for option in after}
    if name == "CONNMARK" and "--restore-mark" in given:
        return Effect(EffectKind.MARK, spelling)
    if name == "MARK":
        marked = values.masked_mark(given.get("--set-xmark", ""))
        if marked is not None:
            return Effect(EffectKind.MARK, spelling, *marked)
    return Effect(_EFFECTS[name], spelling)


def _table(name: str, chains: _Chains, backend: Backend, family: FilterFamily) -> Table:
    hooks = {hook.value.upper(): hook for hook in Hook}
    users = {
        chain: tuple(rules)
        for chain, rules in chains.rules.items()
        if chains.policies.get(chain, (None,))[0] is None
    }
    bases = []
    for chain, (policy, packets, size) in chains.policies.items():
        hook = hooks.get(chain)
        if policy is None or hook is None or (name, hook) not in _PRIORITIES:
            continue
        bases.append(
            BaseChain(
                backend,
                family,
                name,
                chain,
                hook,
                _PRIORITIES[name, hook],
                policy,
                tuple(chains.rules[chain]),
                "nat" if name == "nat" else "filter",
                packets,
                size,
                users,
            )
        )
    return Table(backend, family, name, tuple(bases), users)
