"""A snapshot as data for other programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from wgtui.domain.device import Device, Peer
from wgtui.domain.snapshot import DeviceState, PeerState, Problem, Rate, Snapshot
from wgtui.domain.verdict.judgement import Judgement
from wgtui.services.judging.plain import judgement_json

SCHEMA: Final = 1
"""Version of the JSON; it rises when a key changes its meaning or leaves."""

Json = dict[str, Any]

JudgePeer = Callable[[DeviceState, PeerState], Judgement]
"""Judges a peer of a device."""


def status_json(
    snapshot: Snapshot,
    *,
    interface: str | None = None,
    show_keys: bool = False,
    judge: JudgePeer | None = None,
) -> Json:
    """What `wgtui status --json` prints.

    Args:
        snapshot: One look at the host.
        interface: Only this device; None for all.
        show_keys: Give private and preshared keys, as `wg showconf` does. Without it only whether they
            exist is told.
        judge: Judges peers; None leaves the keys out that tell of judgements.

    Returns:
        Keys after `wg`'s words in snake_case; times in Unix seconds, sizes in bytes, `latest_handshake` and
        `endpoint` null where there is none, and so are the settings of a device that is not there. Rates
        are null in a first look, which has nothing to compare.
    """
    timed = snapshot.interval > 0
    return {
        "schema": SCHEMA,
        "taken_at": snapshot.taken_at,
        "interval": snapshot.interval,
        "problem": _problem(snapshot.problem),
        "devices": [
            _device(state, timed, show_keys, judge)
            for state in snapshot.devices
            if interface is None or state.name == interface
        ],
    }


def _device(state: DeviceState, timed: bool, show_keys: bool, judge: JudgePeer | None) -> Json:
    device = state.device
    return {
        "name": state.name,
        "up": device is not None and state.problem is None,
        "link_up": state.link_up,
        "has_file": state.has_file,
        "problem": _problem(state.problem),
        "mtu": state.mtu or None,
        "addresses": [str(address) for address in state.addresses],
        **_device_settings(device, show_keys),
        "rate": _rate(state.rate, timed),
        "peers": [
            {**_peer(peer, timed, show_keys), **(judgement_json(judge(state, peer)) if judge else {})}
            for peer in state.peers
        ],
    }


def _device_settings(device: Device | None, show_keys: bool) -> Json:
    private_key = device.private_key if device else None
    public_key = device.public_key if device else None
    settings: Json = {
        "implementation": device.implementation.value if device else None,
        "public_key": str(public_key) if public_key else None,
        "has_private_key": private_key is not None if device else None,
        "listen_port": device.listen_port if device else None,
        "fwmark": device.fwmark if device else None,
    }
    if show_keys:
        settings["private_key"] = private_key.reveal() if private_key else None
    return settings


def _peer(state: PeerState, timed: bool, show_keys: bool) -> Json:
    peer = state.peer
    return {
        "public_key": str(peer.public_key),
        "name": state.name or None,
        "has_preshared_key": peer.preshared_key is not None,
        **(_secrets(peer) if show_keys else {}),
        "endpoint": None if peer.endpoint is None else str(peer.endpoint),
        "allowed_ips": [str(prefix) for prefix in peer.allowed_ips],
        "latest_handshake": None if peer.latest_handshake is None else int(peer.latest_handshake),
        "rx_bytes": peer.rx_bytes,
        "tx_bytes": peer.tx_bytes,
        "persistent_keepalive": peer.persistent_keepalive,
        "rate": _rate(state.rate, timed),
    }


def _secrets(peer: Peer) -> Json:
    return {"preshared_key": peer.preshared_key.reveal() if peer.preshared_key else None}


def _rate(rate: Rate, timed: bool) -> Json | None:
    return {"rx_bytes_per_second": rate.rx, "tx_bytes_per_second": rate.tx} if timed else None


def _problem(problem: Problem | None) -> Json | None:
    if problem is None:
        return None
    return {"kind": problem.kind, "text": problem.text, "hint": problem.hint, "since": problem.since}
