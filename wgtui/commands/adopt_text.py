"""What was found of servers, as text or JSON. No secret is in either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from wgtui.domain.adopting.records import OwnSide
from wgtui.domain.text import columns, printable
from wgtui.services.adopting.report import AdoptedInterface, AdoptedPeer, AdoptionReport, Tool

SCHEMA: Final = 1
"""Version of the JSON."""

_PATH: Final = 400
_HEADINGS: Final = ("PEER", "STATE", "ALLOWED IPS", "ITS OWN FILE")


def adoption_text(report: AdoptionReport, config_dir: str) -> str:
    """The report for a terminal; ends with a line feed."""
    parts = ["\n".join(_interface(one)) for one in report.interfaces]
    if not parts:
        parts.append(f"There is no server in {printable(config_dir, _PATH)}.")
    if report.tools:
        found = "; ".join(f"{tool.name} ({_paths(tool)})" for tool in report.tools)
        parts.append(f"Also found: {found}.")
    if report.problems:
        parts.append("\n".join(["Not read:", *(f"  {printable(text, 600)}" for text in report.problems)]))
    return "\n\n".join(parts) + "\n"


def _interface(one: AdoptedInterface) -> Iterator[str]:
    yield f"{printable(one.name, 40)}: {printable(one.path, _PATH)}"
    if one.problem:
        yield f"  {printable(one.problem, 600)}"
        return
    if one.client_of:
        yield f"  The own file of a peer of {printable(one.client_of, 40)}."
        return
    makers = "; ".join(f"{tool.name} ({_paths(tool)})" for tool in one.tools)
    yield f"  Set up by {makers}." if makers else "  No program left a mark: set up by hand."
    if one.peers:
        rows = [_HEADINGS, *(_row(peer) for peer in one.peers)]
        widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True))
            yield "  " + "  ".join(cells).rstrip()
    else:
        yield "  It has no peers."
    for peer in one.peers:
        for remark in peer.remarks:
            yield f"  {_label(peer)}: {remark}"
    for warning in one.warnings:
        line = f" (line {warning.line})" if warning.line else ""
        yield f"  ! {printable(warning.text, 600)}{line}"
        yield f"    {printable(warning.hint, 600)}"


def _row(peer: AdoptedPeer) -> tuple[str, ...]:
    if not peer.key_path:
        own = "none: its private key is not on this host"
    else:
        own = printable(peer.key_path, _PATH) + ("" if peer.has_whole_file else " (its key)")
    return _label(peer), peer.state.value, ", ".join(map(str, peer.allowed_ips)) or "(none)", own


def _label(peer: AdoptedPeer) -> str:
    return printable(peer.name, 32) or peer.public_key.short()


def _paths(tool: Tool) -> str:
    """The first two places; a server with hundreds of peers has hundreds."""
    shown = ", ".join(printable(path, _PATH) for path in tool.evidence[:2])
    rest = len(tool.evidence) - 2
    return shown if rest <= 0 else f"{shown} and {rest} more"


def adoption_json(report: AdoptionReport) -> dict[str, Any]:
    """The report as JSON types. Keys of peers are public ones."""
    return {
        "schema": SCHEMA,
        "interfaces": [_interface_json(one) for one in report.interfaces],
        "other_tools": [_tool_json(tool) for tool in report.tools],
        "problems": list(report.problems),
    }


def _interface_json(one: AdoptedInterface) -> dict[str, Any]:
    return {
        "name": one.name,
        "path": one.path,
        "problem": one.problem or None,
        "client_of": one.client_of or None,
        "tools": [_tool_json(tool) for tool in one.tools],
        "peers": [_peer_json(peer) for peer in one.peers],
        "warnings": [
            {
                "code": warning.code,
                "text": warning.text,
                "hint": warning.hint,
                "line": warning.line or None,
                "option": f"--{warning.way_out.value}" if warning.way_out else None,
            }
            for warning in one.warnings
        ],
    }


def _tool_json(tool: Tool) -> dict[str, Any]:
    return {"name": tool.name, "evidence": list(tool.evidence)}


def _peer_json(peer: AdoptedPeer) -> dict[str, Any]:
    return {
        "name": peer.name or None,
        "name_from": peer.name_from or None,
        "public_key": str(peer.public_key),
        "state": peer.state.value.replace(" ", "_"),
        "allowed_ips": [str(prefix) for prefix in peer.allowed_ips],
        "private_key_path": peer.key_path or None,
        "tool": peer.tool or None,
        "has_own_file": peer.has_whole_file,
        "can_export": peer.can_export,
        "own_side": _side_json(peer.side),
        "remarks": list(peer.remarks),
    }


def _side_json(side: OwnSide) -> dict[str, Any]:
    return {
        "addresses": [str(address) for address in side.addresses],
        "dns": [*side.dns_servers, *side.dns_search],
        "mtu": side.mtu or None,
        "allowed_ips": [str(prefix) for prefix in side.reaches],
        "endpoint": str(side.endpoint) if side.endpoint else None,
        "persistent_keepalive": side.keepalive,
    }
