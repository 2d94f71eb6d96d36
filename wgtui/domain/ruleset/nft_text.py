"""Expressions and statements of `nft -j` in the words of nft(8), as far as they are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from wgtui.domain.ruleset.nft_items import Json, as_list, as_object, as_text

_DEEPEST: Final = 12

_BARE_META: Final = frozenset(
    (
        "iif",
        "oif",
        "iifname",
        "oifname",
        "iifgroup",
        "oifgroup",
        "iiftype",
        "oiftype",
        "skuid",
        "skgid",
        "rtclassid",
    )
)
"""Keys of meta that are written without the word."""

_QUOTED: Final = frozenset(("iif", "oif", "iifname", "oifname"))
"""Keys of meta whose values are written in quotes."""

_KEYS: Final = frozenset(("meta", "ct", "payload", "rt", "fib", "tcp option"))
"""Expressions that are read off a packet, and no values."""


def rule_text(statements: Sequence[Mapping[str, Json]], comment: str) -> str:
    """A rule as `nft list` writes it, or nearly so.

    Args:
        statements: Its `expr`.
        comment: Its comment, or empty.
    """
    words = [text_of(dict(statement)) for statement in statements]
    if comment:
        words.append(f'comment "{comment}"')
    return " ".join(word for word in words if word)


def text_of(value: Json, depth: int = 0) -> str:
    """Any expression or statement in words."""
    if depth > _DEEPEST:
        return "..."
    if value is None:
        return ""
    if isinstance(value, bool):
        return "exists" if value else "missing"
    if isinstance(value, list):
        return ",".join(text_of(one, depth + 1) for one in value)
    if not isinstance(value, dict):
        return str(value)
    return " ".join(_part(str(name), held, depth + 1) for name, held in value.items())


def _part(name: str, held: Json, depth: int) -> str:
    writer = _WRITERS.get(name)
    if writer is not None:
        return writer(held, depth)
    if held is None:
        return name
    return f"{name} {text_of(held, depth)}"


def _match(held: Json, depth: int) -> str:
    match = as_object(held)
    left, right = match.get("left"), match.get("right")
    operator = as_text(match.get("op"))
    is_masked = "&" in as_object(left)
    words = [_right(left, left, depth) if is_masked else text_of(left, depth)]
    if operator and (operator not in ("==", "in") or is_masked):
        words.append(operator)
    words.append(_right(left, right, depth))
    return " ".join(words)


def _right(left: Json, right: Json, depth: int) -> str:
    keys = as_list(as_object(left).get("concat")) or as_list(as_object(left).get("&"))[:1] or (left,)
    names = {as_text(as_object(as_object(key).get("meta")).get("key")) for key in keys}
    is_mark = "mark" in names or as_object(as_object(left).get("ct")).get("key") == "mark"
    return text_of(_styled(right, depth, quoted=bool(_QUOTED & names), is_mark=is_mark), depth)


def _styled(value: Json, depth: int, *, quoted: bool, is_mark: bool) -> Json:
    """A value as nft writes it beside a key: names in quotes, marks with eight digits."""
    if depth > _DEEPEST:
        return value
    if isinstance(value, str):
        return f'"{value}"' if quoted and not value.startswith("@") else value
    if isinstance(value, int) and is_mark:
        return f"0x{value:08x}"
    if isinstance(value, list):
        return [_styled(one, depth + 1, quoted=quoted, is_mark=is_mark) for one in value]
    if isinstance(value, dict):
        return {
            name: held if name in _KEYS else _styled(held, depth + 1, quoted=quoted, is_mark=is_mark)
            for name, held in value.items()
        }
    return value


def _meta(held: Json, depth: int) -> str:
    key = as_text(as_object(held).get("key"))
    return key if key in _BARE_META else f"meta {key}"


def _payload(held: Json, depth: int) -> str:
    payload = as_object(held)
    if "base" in payload:
        return f"@{payload.get('base')},{payload.get('offset')},{payload.get('len')}"
    return f"{payload.get('protocol', '')} {payload.get('field', '')}".strip()


def _keyed(word: str) -> Callable[[Json, int], str]:
    def write(held: Json, depth: int) -> str:
        given = as_object(held)
        known = (word, *(str(given[name]) for name in ("dir", "family", "key") if name in given))
        return " ".join(known)

    return write


def _fib(held: Json, depth: int) -> str:
    fib = as_object(held)
    flags = fib.get("flags")
    names = [flags] if isinstance(flags, str) else [str(flag) for flag in as_list(flags)]
    return f"fib {' . '.join(names)} {fib.get('result', '')}"


def _prefix(held: Json, depth: int) -> str:
    prefix = as_object(held)
    return f"{text_of(prefix.get('addr'), depth)}/{text_of(prefix.get('len'), depth)}"


def _joined(separator: str) -> Callable[[Json, int], str]:
    def write(held: Json, depth: int) -> str:
        return separator.join(text_of(one, depth) for one in as_list(held))

    return write


def _masked(held: Json, depth: int) -> str:
    """`&` binds tighter than the `|` of flags beside it."""
    written = [
        f"({text_of(one, depth)})" if "|" in as_object(one) else text_of(one, depth) for one in as_list(held)
    ]
    return " & ".join(written)


def _set(held: Json, depth: int) -> str:
    if isinstance(held, dict):
        operation = f"{held.get('op', '')} {held.get('set', '')}".strip()
        return f"{operation} {{ {text_of(held.get('elem'), depth)} }}"
    written = [
        " : ".join(text_of(part, depth) for part in one) if isinstance(one, list) else text_of(one, depth)
        for one in as_list(held)
    ]
    return f"{{ {', '.join(written)} }}"


def _element(held: Json, depth: int) -> str:
    return text_of(as_object(held).get("val"), depth)


def _counter(held: Json, depth: int) -> str:
    if isinstance(held, str):
        return f'counter name "{held}"'
    counter = as_object(held)
    if "packets" not in counter:
        return "counter"
    return f"counter packets {counter.get('packets')} bytes {counter.get('bytes')}"


def _jump(word: str) -> Callable[[Json, int], str]:
    def write(held: Json, depth: int) -> str:
        return f"{word} {text_of(as_object(held).get('target'), depth)}"

    return write


def _reject(held: Json, depth: int) -> str:
    reject = as_object(held)
    if not reject:
        return "reject"
    kind, reason = text_of(reject.get("type"), depth), text_of(reject.get("expr"), depth)
    return " ".join(word for word in ("reject with", kind, reason) if word)


def _nat(word: str) -> Callable[[Json, int], str]:
    def write(held: Json, depth: int) -> str:
        nat = as_object(held)
        words = [word]
        if "family" in nat:
            words.append(text_of(nat["family"], depth))
        address, port = nat.get("addr"), nat.get("port")
        if address is not None or port is not None:
            written = text_of(address, depth)
            written = f"[{written}]" if ":" in written and port is not None else written
            words.append("to " + (written if port is None else f"{written}:{text_of(port, depth)}"))
        if "flags" in nat:
            words.append(text_of(nat["flags"], depth))
        return " ".join(words)

    return write


def _mangle(held: Json, depth: int) -> str:
    mangle = as_object(held)
    key = mangle.get("key")
    return f"{text_of(key, depth)} set {_right(key, mangle.get('value'), depth)}"


def _vmap(held: Json, depth: int) -> str:
    vmap = as_object(held)
    data = vmap.get("data")
    return f"{text_of(vmap.get('key'), depth)} vmap {_right(vmap.get('key'), _keys_only(data), depth)}"


def _keys_only(data: Json) -> Json:
    """A verdict map whose verdicts are in words already, so that only its keys get quotes."""
    pairs = as_object(data).get("set")
    if not isinstance(pairs, list):
        return data
    return {
        "set": [[*as_list(pair)[:1], _Word(text_of(pair[1]))] if _is_pair(pair) else pair for pair in pairs]
    }


def _is_pair(pair: Json) -> bool:
    return isinstance(pair, list) and len(pair) == 2


class _Word:
    """A text that gets no quotes."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


def _limit(held: Json, depth: int) -> str:
    limit = as_object(held)
    if "rate" not in limit:
        return f"limit {text_of(held, depth)}"
    over = "over " if limit.get("inv") else ""
    return f"limit rate {over}{limit.get('rate')}/{limit.get('per', 'second')}"


def _log(held: Json, depth: int) -> str:
    log = as_object(held)
    words = ["log"]
    if "prefix" in log:
        words.append(f'prefix "{text_of(log["prefix"], depth)}"')
    words += [f"{name} {text_of(log[name], depth)}" for name in ("group", "level", "flags") if name in log]
    return " ".join(words)


def _tcp_option(held: Json, depth: int) -> str:
    option = as_object(held)
    return f"tcp option {option.get('name', '')} {option.get('field', '')}".rstrip()


def _xt(held: Json, depth: int) -> str:
    name = as_text(as_object(held).get("name"))
    return f"xt {as_text(as_object(held).get('type'))} {name}" if name else "xt"


_WRITERS: Final[Mapping[str, Callable[[Json, int], str]]] = {
    "match": _match,
    "meta": _meta,
    "payload": _payload,
    "ct": _keyed("ct"),
    "rt": _keyed("rt"),
    "fib": _fib,
    "prefix": _prefix,
    "range": _joined("-"),
    "concat": _joined(" . "),
    "&": _masked,
    "|": _joined(" | "),
    "^": _joined(" ^ "),
    "set": _set,
    "elem": _element,
    "counter": _counter,
    "jump": _jump("jump"),
    "goto": _jump("goto"),
    "reject": _reject,
    "masquerade": _nat("masquerade"),
    "snat": _nat("snat"),
    "dnat": _nat("dnat"),
    "redirect": _nat("redirect"),
    "mangle": _mangle,
    "vmap": _vmap,
    "limit": _limit,
    "log": _log,
    "tcp option": _tcp_option,
    "xt": _xt,
}
"""By the name of the expression or statement."""
