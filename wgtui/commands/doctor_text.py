"""An examination as text: for the terminal, and as a report to be shown to others."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from typing import Final

from wgtui import __version__
from wgtui.commands.forward_text import render_view
from wgtui.domain.config import read_config
from wgtui.domain.device import Device
from wgtui.domain.doctor import DoctorFinding, Severity
from wgtui.domain.doctor.masking import Mask
from wgtui.domain.errors import DeviceGone, WgtuiError
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse
from wgtui.domain.wgquick.masking import shown_line
from wgtui.services.changes import Changes
from wgtui.services.doctor import DoctorReport, doctor_fix_words

_MARKS: Final = {
    Severity.ERROR: "ERROR",
    Severity.WARNING: "WARNING",
    Severity.NOTE: "note",
    Severity.OK: "ok",
}
_HEADINGS: Final = {
    Severity.ERROR: "What does not work",
    Severity.WARNING: "What may not work, or not for long",
    Severity.NOTE: "Good to know",
    Severity.OK: "As it should be",
}
_MOST_PEERS: Final = 50
"""Peers of an interface that a report shows."""


def render_doctor(report: DoctorReport) -> str:
    """Findings by how much they matter, the most likely cause of trouble first."""
    lines: list[str] = []
    for severity in Severity:
        found = [one for one in report.findings if one.severity is severity]
        if found:
            lines += [f"{_HEADINGS[severity]}:", *(line for one in found for line in _finding(one)), ""]
    return "\n".join([*lines, _sum(report)]) + "\n"


def _finding(one: DoctorFinding) -> Iterator[str]:
    where = f"{one.interface}: " if one.interface and one.interface not in one.text else ""
    doubt = "" if one.certain or not one.severity.is_problem else " (not certain)"
    yield f"  {_MARKS[one.severity]:<7}  {printable(where + one.text, 900)}{doubt}  [{one.code}]"
    if one.severity is Severity.OK:
        return
    if one.why:
        yield f"           {printable(one.why, 900)}"
    if one.fix is not None:
        yield f"           fix: {printable(doctor_fix_words(one.fix), 400)}"
    if one.command:
        yield f"           -> {printable(one.command, 400)}"


def _sum(report: DoctorReport) -> str:
    count = len(report.problems)
    if not count:
        return "Nothing is wrong, as far as it can be seen from here."
    problems = "1 problem" if count == 1 else f"{count} problems"
    mended = [one for one in report.problems if one.fix is not None]
    rest = f" To mend the first that can be: wgtui doctor --fix {mended[0].code}" if mended else ""
    return f"{problems}.{rest}"


def render_report(report: DoctorReport, changes: Changes, *, addresses: bool) -> str:
    """All that helps others to help, without keys and, unless they are asked for, public addresses.

    Args:
        report: What was found.
        changes: Of the host.
        addresses: Whether public addresses and host names are shown.
    """
    parts = [_heading(), render_doctor(report)]
    keys, names = [], []
    for interface in report.interfaces:
        device = _device(changes, interface)
        if device is not None:
            keys += [peer.public_key for peer in device.peers]
            keys += [device.public_key] if device.public_key is not None else []
            parts.append(_device_text(device))
        data = _content(changes, interface)
        if data is not None:
            config = read_config(parse(data)).config
            keys += [block.public_key for block in config.blocks]
            names += [block.endpoint.host for block in config.blocks if block.endpoint is not None]
            parts.append(_file_text(interface, data))
        parts.append(_forwarding_text(changes, interface))
    names = [name for name in names if not _is_numeric(name)]
    mask = Mask(keys, names, addresses=not addresses)
    return mask.mask("\n".join(parts))


def _heading() -> str:
    system = platform.uname()
    return f"wgtui {__version__} on {system.system} {system.release} {system.machine}\n"


def _device(changes: Changes, interface: str) -> Device | None:
    try:
        return changes.host.wireguard.read(interface)
    except DeviceGone:
        return None
    except WgtuiError:
        return None


def _device_text(device: Device) -> str:
    lines = [f"{device.name}, as it runs ({device.implementation.value}):"]
    lines.append(f"  listen port {device.listen_port}, fwmark {device.fwmark:#x}")
    for peer in device.peers[:_MOST_PEERS]:
        allowed = ", ".join(map(str, peer.allowed_ips)) or "(none)"
        lines.append(
            f"  peer {peer.public_key.short()}: endpoint {peer.endpoint or '(none)'}, allowed ips {allowed}, "
            f"keepalive {peer.persistent_keepalive or 'off'}, "
            f"preshared key {'yes' if peer.preshared_key else 'no'}, "
            f"received {peer.rx_bytes}, sent {peer.tx_bytes}, "
            f"{'shook hands' if peer.latest_handshake else 'never shook hands'}"
        )
    if len(device.peers) > _MOST_PEERS:
        lines.append(f"  and {len(device.peers) - _MOST_PEERS} more peers")
    return "\n".join(lines) + "\n"


def _content(changes: Changes, interface: str) -> bytes | None:
    try:
        return changes.configs.read(interface)
    except WgtuiError:
        return None


def _file_text(interface: str, data: bytes) -> str:
    lines = [f"  {printable(shown_line(raw), 300)}".rstrip() for raw in parse(data).lines]
    shown = lines[: 20 * _MOST_PEERS]
    rest = [f"  and {len(lines) - len(shown)} more lines"] if len(lines) > len(shown) else []
    return "\n".join([f"{interface}.conf:", *shown, *rest]) + "\n"


def _forwarding_text(changes: Changes, interface: str) -> str:
    try:
        return f"Forwarding of {interface}:\n{render_view(changes.forwarding.view(interface))}"
    except WgtuiError as error:
        return f"Forwarding of {interface} could not be read. {printable(error.text, 300)}\n"


def _is_numeric(name: str) -> bool:
    return all(character in "0123456789abcdefABCDEF:.%" for character in name) and any(
        character in ".:" for character in name
    )
