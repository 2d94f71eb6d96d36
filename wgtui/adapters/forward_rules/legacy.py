"""Changes of legacy tables: with python-iptables in a process of its own, else with `iptables-restore`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from wgtui.adapters.forward_rules import restore, xtables_edit
from wgtui.adapters.forward_rules.backends import Backend
from wgtui.adapters.programs import run
from wgtui.domain.forwarding import Action, FilterRule, LinkMatch, tag
from wgtui.domain.forwarding import iptables as words_of

_SCRIPT: Final = Path(xtables_edit.__file__)
PYTHON: Final = (sys.executable, "-I", "-W", "ignore")
"""-I keeps what is in the working directory and the environment out of a process that runs as root."""

_LOCK_PATIENCE: Final = 10.0
"""Seconds to wait while another program holds the lock of the tables."""

_TARGETS: Final[dict[Action, list[object]]] = {
    Action.ACCEPT: ["ACCEPT", {}],
    Action.DROP: ["DROP", {}],
    Action.MASQUERADE: ["MASQUERADE", {}],
    Action.CLAMP_MSS: ["TCPMSS", {"clamp-mss-to-pmtu": []}],
}


def change(
    backend: Backend,
    version: int,
    interface: str,
    going: frozenset[FilterRule],
    coming: tuple[FilterRule, ...],
    netns: str | None,
) -> None:
    """Put a change of one family in force, each table at once.

    Tables that are not loaded stay so where there is nothing to add.
    """
    found = restore.read(backend, version, interface, netns)
    if restore.edit_of(found, going, coming).is_empty:
        return
    if not change_with_python_iptables(version, interface, going, coming, netns):
        restore.change(backend, version, interface, going, coming, netns)


def change_with_python_iptables(
    version: int,
    interface: str,
    going: frozenset[FilterRule],
    coming: Iterable[FilterRule],
    netns: str | None,
) -> bool:
    """The same; returns whether python-iptables could do it.

    Raises:
        HostCommandFailed: The kernel refused, or another program does not let go of the lock.
    """
    ordered = sorted(going, key=repr)
    edits = [
        *(_edit(rule, interface, "remove") for rule in ordered),
        *(
            _edit(rule, interface, "insert" if words_of.goes_first(rule) else "append")
            for rule in dict.fromkeys(coming)
        ),
    ]
    order = {"version": version, "wait": _LOCK_PATIENCE, "edits": edits}
    done = run([*PYTHON, str(_SCRIPT)], stdin=json.dumps(order).encode(), timeout=60.0, netns=netns)
    if done.status == xtables_edit.UNUSABLE:
        return False
    done.require_success(f"change the legacy rules of {interface}")
    return True


def _edit(rule: FilterRule, interface: str, what: str) -> dict[str, object]:
    return {
        "table": words_of.table_of(rule),
        "chain": rule.hook.value,
        "do": what,
        "rule": described(rule, interface),
    }


def described(rule: FilterRule, interface: str) -> dict[str, object]:
    """A rule of one family as `xtables_edit` reads it."""
    matches: list[list[object]] = []
    protocol = None
    if rule.udp_port is not None:
        protocol = "udp"
        matches.append(["udp", {"dport": [str(rule.udp_port)]}])
    elif rule.action is Action.CLAMP_MSS:
        protocol = "tcp"
        matches.append(["tcp", {"tcp-flags": ["SYN,RST", "SYN"]}])
    matches.append(["comment", {"comment": [tag(interface, rule.purpose)]}])
    return {
        "src": str(rule.source) if rule.source is not None else None,
        "protocol": protocol,
        "in": _link(rule.incoming),
        "out": _link(rule.outgoing),
        "matches": matches,
        "target": _TARGETS[rule.action],
    }


def _link(link: LinkMatch | None) -> str | None:
    if link is None:
        return None
    return f"!{link.name}" if link.negated else link.name
