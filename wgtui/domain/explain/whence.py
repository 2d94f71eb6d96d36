"""The values, and in one sentence each where they came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from wgtui.domain.explain.places import FilePlaces
from wgtui.domain.snapshot import DeviceState, PeerState
from wgtui.domain.tunnel import DEFAULT_MTU
from wgtui.domain.verdict.evidence import Evidence
from wgtui.domain.verdict.judgement import Judgement

PREFIXES_SHOWN: Final = 24
"""Allowed IPs of which each has a line of its own."""


class Origin(Enum):
    """Where a value came from."""

    FILE = "file"
    LEARNED = "learned"
    """The device learned it from packets of the other side."""
    RUNNING = "running"
    """It was set on the running interface, and the file says otherwise or nothing."""
    DEFAULT = "default"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Whence:
    """A value and where it came from.

    Attributes:
        label: What it is.
        value: As it is shown; not made printable.
        origin: From where.
        text: The same in words, with the line where it is one of a file.
    """

    label: str
    value: str
    origin: Origin
    text: str


def explain(
    judgement: Judgement, evidence: Evidence, device: DeviceState, state: PeerState, places: FilePlaces
) -> tuple[Whence, ...]:
    """Every value of a peer that an operator may ask about.

    Args:
        judgement: Of the peer.
        evidence: By what it was judged.
        device: Its device.
        state: The peer.
        places: Where the values stand in the file.
    """
    verdict = Whence("Verdict", judgement.rule, Origin.RULE, f"Rule: {judgement.source}.")
    if any(one.peer.public_key == state.peer.public_key for one in device.disabled):
        return (verdict, _name(state, places), *_commented_out(state))
    return (
        verdict,
        _name(state, places),
        _endpoint(evidence, state, places),
        *_allowed_ips(state, places),
        _keepalive(state, places),
        _preshared_key(state, places),
        _listen_port(device, places),
        _mtu(device, places),
    )


def _at(line: int, places: FilePlaces) -> str:
    return f"Line {line} of {places.path}."


def _name(state: PeerState, places: FilePlaces) -> Whence:
    if places.name:
        return Whence("Name", state.name, Origin.FILE, _at(places.name, places))
    if state.name:
        return Whence("Name", state.name, Origin.FILE, "The list of names beside the interfaces' files.")
    short = state.peer.public_key.short()
    return Whence("Name", short, Origin.DEFAULT, "Nothing names it: the start of its public key stands in.")


def _endpoint(evidence: Evidence, state: PeerState, places: FilePlaces) -> Whence:
    there, dialled = state.peer.endpoint, evidence.dialled
    line = places.peer.get("endpoint", 0)
    if there is None:
        text = "It is not known yet: it is learned from the first packet that the peer sends."
        return Whence("Endpoint", "none", Origin.DEFAULT, text)
    value = str(there)
    if dialled is not None and line:
        if dialled.numeric() == there:
            return Whence("Endpoint", value, Origin.FILE, _at(line, places))
        if evidence.resolved == there:
            text = f"Line {line} of {places.path}: {dialled.host} leads there."
            return Whence("Endpoint", value, Origin.FILE, text)
        if dialled.numeric() is None and len(state.endpoints) < 2:
            text = f"Line {line} of {places.path}, by the name {dialled.host}, or learned since."
            return Whence("Endpoint", value, Origin.FILE, text)
    moved = len(state.endpoints) > 1
    how = "Learned from its own packets, which came from there last"
    was = f"; line {line} of {places.path} names another" if line else ""
    seen = f"; it has moved {len(state.endpoints) - 1} times while it was watched" if moved else ""
    return Whence("Endpoint", value, Origin.LEARNED, f"{how} (roaming){was}{seen}.")


def _allowed_ips(state: PeerState, places: FilePlaces) -> Iterator[Whence]:
    has = state.peer.allowed_ips
    if not has:
        yield Whence("Allowed IPs", "none", Origin.RUNNING, "The running interface gives it none.")
    for index, prefix in enumerate(has[:PREFIXES_SHOWN]):
        line = places.allowed_ips.get(prefix, 0)
        label = "" if index else "Allowed IPs"
        if line:
            yield Whence(label, str(prefix), Origin.FILE, _at(line, places))
        else:
            text = "Set on the running interface; the file does not name it here."
            yield Whence(label, str(prefix), Origin.RUNNING, text)
    if len(has) > PREFIXES_SHOWN:
        yield Whence("", f"and {len(has) - PREFIXES_SHOWN} more", Origin.RUNNING, "The map (m) has them all.")
    for prefix, line in places.allowed_ips.items():
        if prefix not in has:
            text = f"Line {line} of {places.path} names it, and the running interface does not give it."
            yield Whence("", f"not {prefix}", Origin.RUNNING, text)


def _commented_out(state: PeerState) -> Iterator[Whence]:
    """What a disabled peer would be allowed; nothing else of it can be told from the kernel."""
    for index, prefix in enumerate(state.peer.allowed_ips[:PREFIXES_SHOWN]):
        text = "It stands in the file as a comment: nothing has it now."
        yield Whence("" if index else "Allowed IPs", str(prefix), Origin.FILE, text)


def _keepalive(state: PeerState, places: FilePlaces) -> Whence:
    seconds, line = state.peer.persistent_keepalive, places.peer.get("persistentkeepalive", 0)
    value = f"every {seconds} s" if seconds else "off"
    if line:
        return Whence("Keepalive", value, Origin.FILE, _at(line, places))
    if seconds:
        text = "Set on the running interface; the file does not say."
        return Whence("Keepalive", value, Origin.RUNNING, text)
    return Whence("Keepalive", value, Origin.DEFAULT, "Nothing sets it: off is the default of this side.")


def _preshared_key(state: PeerState, places: FilePlaces) -> Whence:
    has, line = state.peer.preshared_key is not None, places.peer.get("presharedkey", 0)
    value = "yes" if has else "no"
    if line and has:
        return Whence("Preshared key", value, Origin.FILE, _at(line, places))
    if has or line:
        text = "Set on the running interface; the file says otherwise."
        return Whence("Preshared key", value, Origin.RUNNING, text)
    return Whence("Preshared key", value, Origin.DEFAULT, "Nothing sets one.")


def _listen_port(device: DeviceState, places: FilePlaces) -> Whence:
    port = device.device.listen_port if device.device else 0
    line = places.interface.get("listenport", 0)
    if line:
        return Whence("Listen port", str(port), Origin.FILE, _at(line, places))
    text = "The file names none: the kernel picked one when the interface came up."
    return Whence("Listen port", str(port), Origin.DEFAULT, text)


def _mtu(device: DeviceState, places: FilePlaces) -> Whence:
    value, line = str(device.mtu or "unknown"), places.interface.get("mtu", 0)
    if line:
        return Whence("MTU", value, Origin.FILE, _at(line, places))
    if device.mtu == DEFAULT_MTU:
        text = "The default: 1500 bytes of an ordinary link, less 80 for the tunnel's headers."
        return Whence("MTU", value, Origin.DEFAULT, text)
    text = "Found out when the interface came up, from the link that leads to the endpoints, or set since."
    return Whence("MTU", value, Origin.RUNNING, text)
