"""Edit the legacy tables of one IP version through python-iptables.

Usage: xtables_edit.py < ORDER, a JSON object:

    {"version": 4, "wait": 10,
     "edits": [{"table": "nat", "chain": "POSTROUTING", "do": "append", "rule": RULE}]}

`do` is `remove` (every such rule), `insert` or `append` (unless there is one). RULE has the texts `src`,
`protocol`, `in` and `out` (with a `!` before the name of an interface for any other), each null for any, the
list `matches` of names and parameters, and `target`, a name and parameters; a parameter is a list of words.

A process of its own, run by its path, loads python-iptables: that package starts modprobe and ldconfig when
it is imported, keeps the state of libxtables for the whole process, which is of one IP version, and never
lets go of a table that it has read. It knows nothing of the lock that the iptables programs take, so this
takes it. A commit writes the whole table, and is refused where somebody without the lock changed the number
of rules since it was read; then the table is read and edited again.

Exit status: 0 for done; 3 where python-iptables cannot be used here, with nothing done in the table at hand;
1 with a line on standard error for everything else.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any, Final

UNUSABLE: Final = 3
LOCK: Final = "/run/xtables.lock"
"""As of `iptables` 1.8 (`XT_LOCK_NAME`), which `XTABLES_LOCKFILE` overrides."""

_NAME_SIZE: Final = 16
"""Bytes of an interface's name (`IFNAMSIZ` of `linux/if.h`)."""

_ATTEMPTS: Final = 40
_AGAIN: Final = "temporarily unavailable"
_PAUSE: Final = 0.02


class Unusable(Exception):
    """python-iptables cannot do what is wanted."""


@contextmanager
def locked(seconds: float) -> Iterator[None]:
    """Hold the lock of the iptables programs; raises `TimeoutError` where another one does not let go."""
    deadline = time.monotonic() + seconds
    path = os.environ.get("XTABLES_LOCKFILE") or LOCK
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"another program holds {path}") from None
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)


def shape(rule: Any) -> dict[str, object]:
    """A rule of python-iptables as values that can be compared."""
    target = rule.target
    return {
        "src": rule.src,
        "dst": rule.dst,
        "protocol": rule.protocol,
        "in": rule.in_interface,
        "out": rule.out_interface,
        "fragment": getattr(rule, "fragment", False),
        "matches": [[match.name, match.get_all_parameters()] for match in rule.matches],
        "target": [target.name, target.get_all_parameters()] if target else None,
    }


def build(iptc: Any, version: int, wanted: dict[str, Any]) -> Any:
    """Make a rule; raises `Unusable` where it does not become what was wanted."""
    rule = iptc.Rule() if version == 4 else iptc.Rule6()
    for key, name in (
        ("src", "src"),
        ("protocol", "protocol"),
        ("in", "in_interface"),
        ("out", "out_interface"),
    ):
        if wanted.get(key):
            setattr(rule, name, wanted[key])
    if version == 6:
        _mend_masks(rule.entry.ipv6, wanted)
    for name, parameters in wanted["matches"]:
        match = rule.create_match(name)
        for key, value in parameters.items():
            match.set_parameter(key, _value(value))
    name, parameters = wanted["target"]
    target = rule.create_target(name)
    for key, value in parameters.items():
        target.set_parameter(key, _value(value))
    _require_same(shape(rule), wanted, version)
    return rule


def _mend_masks(entry: Any, wanted: dict[str, Any]) -> None:
    """Let every bit of an interface's name count.

    python-iptables 1.2.0 fills the masks of IPv6 rules with 0x01 (`iptc/ip6tc.py`), so that wg0 would stand
    for ws2 as well, and `ip6tables -C` would not find the rule. iptables takes the NUL behind the name too.
    """
    for key, field in (("in", "iniface_mask"), ("out", "outiface_mask")):
        if wanted.get(key):
            length = len(wanted[key].removeprefix("!")) + 1
            setattr(entry, field, b"\xff" * length + b"\0" * (_NAME_SIZE - length))


def _value(words: list[str]) -> object:
    """A parameter's words as python-iptables takes them."""
    return words if len(words) > 1 else "".join(words)


def _require_same(made: dict[str, object], wanted: dict[str, Any], version: int) -> None:
    """python-iptables leaves out what it fails to set: such a rule would match far too much."""
    anything = "0.0.0.0/0" if version == 4 else "::/0"
    same = (
        ip_network(str(made["src"])) == ip_network(wanted.get("src") or anything)
        and ip_network(str(made["dst"])) == ip_network(anything)
        and made["protocol"] == (wanted.get("protocol") or "ip")
        and made["in"] == wanted.get("in")
        and made["out"] == wanted.get("out")
        and made["matches"] == wanted["matches"]
        and made["target"] == wanted["target"]
    )
    if not same:
        raise Unusable("a rule does not become what it should")


def edit_table(iptc: Any, version: int, name: str, edits: list[dict[str, Any]]) -> None:
    """Edit one table in one commit."""
    kind = iptc.Table if version == 4 else iptc.Table6
    # To find out whether a target is a chain it would read every table, and so make the kernel load them all.
    kind.existing_table_names = {other: other == name for other in kind.ALL}
    table = kind(name)
    table.autocommit = False
    for attempt in range(_ATTEMPTS):
        table.refresh()
        changes = [_edit_chain(iptc, table, version, edit) for edit in edits]
        if not any(changes):
            return
        try:
            table.commit()
        except iptc.IPTCError as error:
            if _AGAIN not in str(error) or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _edit_chain(iptc: Any, table: Any, version: int, edit: dict[str, Any]) -> bool:
    """Do one edit to the table in memory; returns whether that changed it."""
    chain = iptc.Chain(table, edit["chain"])
    rule = build(iptc, version, edit["rule"])
    wanted = shape(rule)
    present = [one for one in chain.rules if shape(one) == wanted]
    if edit["do"] == "remove":
        for one in present:
            chain.delete_rule(one)
        return bool(present)
    if present:
        return False
    if edit["do"] == "insert":
        chain.insert_rule(rule)
    else:
        chain.append_rule(rule)
    return True


def main() -> int:
    """Read the edits and do them, table by table; returns the exit status."""
    order = json.load(sys.stdin)
    version = int(order["version"])
    by_table: dict[str, list[dict[str, Any]]] = {}
    for edit in order["edits"]:
        by_table.setdefault(edit["table"], []).append(edit)
    try:
        import iptc
    except Exception as error:
        # Without its libraries it fails with whatever ctypes makes of that.
        sys.stderr.write(f"python-iptables cannot be loaded: {error}\n")
        return UNUSABLE
    try:
        with locked(float(order["wait"])):
            for name, edits in by_table.items():
                edit_table(iptc, version, name, edits)
    except (iptc.XTablesError, Unusable, AttributeError, KeyError, ValueError) as error:
        sys.stderr.write(f"python-iptables cannot be used: {error}\n")
        return UNUSABLE
    except (iptc.IPTCError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
