"""A rule of `nft -j list ruleset` (libnftables-json(5)) as rules.

A rule with a verdict map becomes one rule for each of its elements: no packet meets two of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from wgtui.domain.ruleset.matches import Family, Mark, Match, Never, Protocols, Unknown
from wgtui.domain.ruleset.model import Effect, EffectKind, Rule, Verdict, VerdictKind
from wgtui.domain.ruleset.nft_items import (
    CATCH_ALL,
    Json,
    Named,
    as_list,
    as_number,
    as_object,
    as_text,
    elements,
    parts,
    span,
    unwrapped,
)
from wgtui.domain.ruleset.nft_matches import is_flags, key_reader
from wgtui.domain.ruleset.nft_text import rule_text, text_of
from wgtui.domain.ruleset.packet import TCP

_PLAIN_VERDICTS: Final = {
    kind.value: kind
    for kind in (VerdictKind.ACCEPT, VerdictKind.DROP, VerdictKind.RETURN, VerdictKind.CONTINUE)
}
_JUMPS: Final = {"jump": VerdictKind.JUMP, "goto": VerdictKind.GOTO}
_NAT: Final = {
    kind.value: kind
    for kind in (VerdictKind.MASQUERADE, VerdictKind.SNAT, VerdictKind.DNAT, VerdictKind.REDIRECT)
}
_EFFECTS: Final = {"log": EffectKind.LOG, **dict.fromkeys(("notrack", "flow", "dup"), EffectKind.OTHER)}
_FAMILIES: Final = {"ip": 4, "ip6": 6, "icmp": 4, "icmpv6": 6}
_MARK: Final = {"meta": {"key": "mark"}}
_LIMITS: Final = ("limit", "quota", "meter", "ct count", "last")


@dataclass
class _Parts:
    """A rule while its statements are read."""

    matches: list[Match] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)
    branches: list[tuple[tuple[Match, ...], Verdict]] = field(default_factory=list)
    packets: int | None = None
    bytes: int | None = None


def read_rules(given: Mapping[str, Json], named: Named) -> tuple[Rule, ...]:
    """The rules that a rule object is.

    Args:
        given: The object: `expr`, `handle`, `comment`.
        named: The sets, maps and chains of its table.
    """
    comment = as_text(given.get("comment"))
    statements = [as_object(statement) for statement in as_list(given.get("expr"))]
    read = _Parts()
    for statement in statements:
        for name, value in statement.items():
            _statement(name, value, read, named)
    rule = Rule(
        rule_text(statements, comment),
        tuple(read.matches),
        tuple(read.effects),
        read.verdict,
        comment,
        read.packets,
        read.bytes,
        as_number(given.get("handle")),
    )
    if not read.branches:
        return (rule,)
    return tuple(
        replace(rule, matches=(*rule.matches, *matches), verdict=verdict)
        for matches, verdict in read.branches
    )


def _statement(name: str, value: Json, read: _Parts, named: Named) -> None:
    if name == "match":
        read.matches += _match(as_object(value), read, named)
    elif name == "counter":
        read.packets, read.bytes = _counter(value, named)
    elif name == "vmap":
        read.branches += _branches(as_object(value), named)
    elif name == "mangle":
        read.effects.append(_mangle(as_object(value)))
    elif name in _EFFECTS:
        read.effects.append(Effect(_EFFECTS[name], text_of({name: value})))
    elif name in _LIMITS or (name == "set" and as_object(value).get("stmt")):
        read.matches.append(Unknown(text_of({name: value})))
    elif name == "set":
        read.effects.append(Effect(EffectKind.OTHER, text_of({name: value})))
    elif name == "xt":
        _xt(value, read)
    elif name == "reject":
        read.matches += _reject_needs(as_object(value))
        read.verdict = Verdict(VerdictKind.REJECT)
    elif name in _NAT:
        family = _FAMILIES.get(as_text(as_object(value).get("family")))
        read.matches += [Family(family)] if family else []
        read.verdict = Verdict(_NAT[name], _nat_target(as_object(value)))
    else:
        read.verdict = _verdict(name, value)


def _verdict(name: str, value: Json) -> Verdict:
    if name in _PLAIN_VERDICTS:
        return Verdict(_PLAIN_VERDICTS[name])
    if name in _JUMPS:
        return Verdict(_JUMPS[name], as_text(as_object(value).get("target")))
    if name == "queue":
        return Verdict(VerdictKind.QUEUE)
    return Verdict(VerdictKind.UNKNOWN, name)


def _counter(value: Json, named: Named) -> tuple[int | None, int | None]:
    if isinstance(value, str):
        return named.counters.get(value.lstrip("@"), (None, None))
    held = as_object(value)
    return as_number(held.get("packets")), as_number(held.get("bytes"))


def _match(match: Mapping[str, Json], read: _Parts, named: Named) -> list[Match]:
    left, right = match.get("left"), match.get("right")
    operator = as_text(match.get("op"))
    found = _understood(left, operator, right, named)
    is_stale = any(effect.kind is EffectKind.MARK for effect in read.effects)
    if found is None or (is_stale and any(isinstance(one, Mark) for one in found)):
        return [Unknown(text_of({"match": dict(match)}))]
    return list(found)


def _understood(left: Json, operator: str, right: Json, named: Named) -> tuple[Match, ...] | None:
    alternatives = elements(right, named)
    if alternatives is None or operator not in ("==", "!=", "in"):
        return None
    # A list without "in" asks for all of its bits at once.
    if isinstance(right, list) and operator == "==":
        return None
    # Of the bits of a status several are set: only whether one of them is can be told.
    is_status = as_object(left).get("ct") == {"key": "status"}
    if is_status if operator != "in" else not is_flags(left):
        return None
    negated = operator == "!="
    keys = as_list(as_object(left).get("concat"))
    if keys:
        single = not negated and len(alternatives) == 1
        return _concatenated(keys, alternatives[0]) if single else None
    reader = key_reader(left)
    spans = [span(one) for one in alternatives]
    known = [one for one in spans if one is not None]
    if reader is None or len(known) != len(spans):
        return None
    if not known and not negated:
        return (Never(),)
    return reader(known, negated)


def _concatenated(keys: Sequence[Json], value: Json) -> tuple[Match, ...] | None:
    """The matches of one element whose parts are compared with one key each."""
    given = parts(value)
    if len(given) != len(keys):
        return None
    found: list[Match] = []
    for key, part in zip(keys, given, strict=True):
        reader, held = key_reader(key), span(part)
        matches = reader([held], False) if reader is not None and held is not None else None
        if matches is None:
            return None
        found += matches
    return tuple(found)


def _branches(vmap: Mapping[str, Json], named: Named) -> list[tuple[tuple[Match, ...], Verdict]]:
    left, data = vmap.get("key"), vmap.get("data")
    keys = as_list(as_object(left).get("concat")) or (left,)
    pairs = named.maps.get(data.lstrip("@")) if isinstance(data, str) else as_list(as_object(data).get("set"))
    if pairs is None:
        return [((Unknown(text_of({"vmap": dict(vmap)})),), Verdict(VerdictKind.UNKNOWN, "vmap"))]
    found: list[tuple[tuple[Match, ...], Verdict]] = []
    rest: list[tuple[tuple[Match, ...], Verdict]] = []
    for pair in pairs:
        key, outcome = (*as_list(pair), None, None)[:2]
        verdict = _element_verdict(outcome)
        if unwrapped(key) == CATCH_ALL:
            rest.append(((), verdict))
            continue
        matches = _concatenated(keys, key)
        if matches is None:
            matches = (Unknown(f"{text_of(left)} {text_of(key)}"),)
        found.append((matches, verdict))
    # After a jump that comes back the next rule is looked at, not the element for all others.
    if rest and any(verdict.kind is VerdictKind.JUMP for _, verdict in found):
        rest = [((Unknown(text_of(left)),), verdict) for _, verdict in rest]
    return found + rest


def _element_verdict(outcome: Json) -> Verdict:
    for name, value in as_object(outcome).items():
        return _verdict(name, value)
    return Verdict(VerdictKind.UNKNOWN)


def _mangle(mangle: Mapping[str, Json]) -> Effect:
    text = text_of({"mangle": dict(mangle)})
    key, value = mangle.get("key"), mangle.get("value")
    if key == _MARK:
        mark = as_number(value)
        if mark is not None:
            return Effect(EffectKind.MARK, text, mark)
        operands = as_list(as_object(value).get("|"))
        bits = as_number(operands[1]) if len(operands) == 2 and operands[0] == _MARK else None
        return Effect(EffectKind.MARK, text, bits, 0xFFFFFFFF if bits is None else bits)
    is_mss = as_object(as_object(key).get("tcp option")).get("name") == "maxseg"
    return Effect(EffectKind.MSS if is_mss else EffectKind.OTHER, text)


def _xt(value: Json, read: _Parts) -> None:
    """Read an expression of iptables-nft, of which nft tells at most the name."""
    held = as_object(value)
    kind, name = as_text(held.get("type")), as_text(held.get("name"))
    if kind == "match" and name == "comment":
        return
    text = text_of({"xt": value})
    if kind == "target":
        read.verdict = Verdict(VerdictKind.UNKNOWN, name)
        return
    read.matches.append(Unknown(text))
    if not kind:
        read.verdict = Verdict(VerdictKind.UNKNOWN, "xt")


def _reject_needs(reject: Mapping[str, Json]) -> list[Match]:
    """What an answer asks of a packet unsaid (nftables `src/evaluate.c`: `stmt_reject_gen_dependency`)."""
    kind = as_text(reject.get("type"))
    if kind == "tcp reset":
        return [Protocols(frozenset((TCP,)))]
    return [Family(_FAMILIES[kind])] if kind in _FAMILIES else []


def _nat_target(nat: Mapping[str, Json]) -> str:
    address, port = nat.get("addr"), nat.get("port")
    written = "" if address is None else text_of(address)
    return written if port is None else f"{written}:{text_of(port)}"
