"""Forwarding and NAT of an interface as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from wgtui.domain.forwarding import Decider, Fix, ForwardingView, HandWritten, Row
from wgtui.domain.text import columns, printable
from wgtui.ui.presentation.units import size

SCHEMA: Final = 1
"""Version of the JSON."""

_HEADINGS: Final = ("SWITCH", "NOW", "ON DISK", "AFTER REBOOT", "PACKETS", "BYTES")
_LONGEST: Final = 300


def render_view(view: ForwardingView) -> str:
    """A table of the switches, and below it all that there is to say."""
    rows = [_cells(row) for row in view.rows]
    widths = [max(map(columns, cells)) for cells in zip(_HEADINGS, *rows, strict=True)]
    lines = []
    for cells in (_HEADINGS, *rows):
        padded = (cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True))
        lines.append("  ".join(padded).rstrip())
    for title, texts in _sections(view):
        if texts:
            lines += ["", f"{title}:", *(f"  {printable(text, _LONGEST)}" for text in texts)]
    return "\n".join(lines) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    name = f"{row.switch.value} {printable(row.target)}".rstrip()
    disk = f"{row.disk.state.value} {printable(row.disk.where)}".rstrip()
    packets = "-" if row.packets is None else str(row.packets)
    counted = "-" if row.bytes is None else size(row.bytes)
    return name, row.now.value, disk, row.boot.state.value, packets, counted


def _sections(view: ForwardingView) -> Iterator[tuple[str, list[str]]]:
    yield "In the way", list(_culprits(view))
    yield "Worth knowing", [f"{_name(row)}: {row.note}" for row in view.rows if row.note]
    yield "After a reboot", list(_reasons(view))
    yield "Who decides besides", [_decider(one) for one in view.deciders]
    yield "Somebody's own commands", [_hand_written(view, line) for line in view.hand_written]
    for hidden in view.hidden:
        yield f"Rules of {hidden.backend} (shown by: {hidden.program})", list(hidden.lines)
    yield "Where rules go", list(view.backend)
    yield "What could not be read", list(view.problems)


def _decider(one: Decider) -> str:
    comes = "packets are lost there" if one.drops else "wgtui's rules come first"
    return f"{one.who}: {one.text} ({comes})"


def _reasons(view: ForwardingView) -> Iterator[str]:
    """Why each switch is what it will be; one line for all that have the same reason."""
    reasons: dict[str, list[str]] = {}
    for row in view.rows:
        if row.boot.reason:
            reasons.setdefault(row.boot.reason, []).append(_name(row))
    yield from (f"{', '.join(names)}: {reason}" for reason, names in reasons.items())


def _culprits(view: ForwardingView) -> Iterator[str]:
    for row in view.rows:
        if row.culprit:
            yield f"{_name(row)}: {row.culprit}"
        if row.fix is not None:
            yield f"{_name(row)}: to mend it: {row.fix.text} {_command(view.interface, row.fix)}"


def _hand_written(view: ForwardingView, line: HandWritten) -> str:
    does = ", ".join(f"{switch.value} {target}".rstrip() for switch, target in line.switches)
    if not line.can_be_taken_over:
        return f"{line.where}: {line.line} ({line.reason})"
    number = line.where.rpartition(":")[2]
    return f"{line.where}: {line.line} (it is: {does}; wgtui forward {view.interface} --take-over {number})"


def _name(row: Row) -> str:
    return f"{row.switch.value} {row.target}".rstrip()


def _command(interface: str, fix: Fix) -> str:
    words = f"wgtui forward {interface} {'on' if fix.on else 'off'} {fix.switch.value} {fix.target}"
    return f"({words.rstrip()})"


def view_json(view: ForwardingView) -> dict[str, Any]:
    """All of it as JSON types."""
    return {
        "schema": SCHEMA,
        "interface": view.interface,
        "up": view.is_up,
        "switches": [_row_json(row) for row in view.rows],
        "backend": list(view.backend),
        "deciders": [{"who": one.who, "text": one.text, "drops": one.drops} for one in view.deciders],
        "hidden_rules": [
            {"backend": one.backend, "program": one.program, "rules": list(one.lines)} for one in view.hidden
        ],
        "hand_written": [_hand_written_json(line) for line in view.hand_written],
        "path": {
            "networks": [str(network) for network in view.path.networks],
            "listen_port": view.path.listen_port,
            "peers": [
                {"name": peer.name, "allowed_ips": [str(prefix) for prefix in peer.prefixes]}
                for peer in view.path.peers
            ],
            "links": [
                {
                    "name": link.name,
                    "networks": [str(network) for network in link.networks],
                    "uplink": link.is_uplink,
                    "masquerades": link.masquerades,
                }
                for link in view.path.links
            ],
        },
        "problems": list(view.problems),
    }


def _row_json(row: Row) -> dict[str, Any]:
    fix = row.fix
    return {
        "switch": row.switch.value,
        "interface": row.target or None,
        "now": row.now.value,
        "on_disk": {
            "state": row.disk.state.value,
            "where": row.disk.where or None,
            "line": row.disk.line or None,
        },
        "after_reboot": {"state": row.boot.state.value, "reason": row.boot.reason or None},
        "packets": row.packets,
        "bytes": row.bytes,
        "note": row.note or None,
        "culprit": row.culprit or None,
        "fix": None
        if fix is None
        else {
            "text": fix.text,
            "switch": fix.switch.value,
            "on": fix.on,
            "interface": fix.target or None,
        },
    }


def _hand_written_json(line: HandWritten) -> dict[str, Any]:
    return {
        "where": line.where,
        "command": line.line,
        "switches": [
            {"switch": switch.value, "interface": target or None} for switch, target in line.switches
        ],
        "can_be_taken_over": line.can_be_taken_over,
        "reason": line.reason or None,
    }
