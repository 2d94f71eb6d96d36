"""`wgtui status`: what the devices do, as text or JSON, once or every second."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from threading import Event

from wgtui import wiring
from wgtui.domain.activity import activity_of, handshake_age
from wgtui.domain.errors import DeviceGone, PermissionRefused, WgtuiError
from wgtui.domain.fixes import fix_command, fix_words
from wgtui.domain.names import name_order
from wgtui.domain.snapshot import DeviceState, PeerState, Problem, Snapshot
from wgtui.domain.text import columns, printable
from wgtui.domain.verdict import verdict_of
from wgtui.services.judging.peer_files import PeerFiles
from wgtui.services.judging.plain import PlainJudge
from wgtui.services.status import status_json
from wgtui.streams import say
from wgtui.ui.presentation.units import age_in_words, rate, size

_CLEAR = "\x1b[H\x1b[J"


def run(args: Namespace) -> int:
    """Print the status; raises `WgtuiError` when nothing can be told."""
    render = _render_json if args.json else _render_text
    host = wiring.host_of(args)
    monitor, files = wiring.monitor(host), wiring.peer_files(host)
    try:
        first = monitor.take()
        _raise_what_stands_in_the_way(first, args.interface)
        _print_look(first, args, render, files)
        pause = Event()
        while args.watch and not pause.wait(args.interval):
            _print_look(monitor.take(), args, render, files)
    finally:
        monitor.close()
    return 0


_Render = Callable[[Snapshot, Namespace, PlainJudge], str]


def _print_look(snapshot: Snapshot, args: Namespace, render: _Render, files: PeerFiles) -> None:
    text = render(snapshot, args, PlainJudge(snapshot, files))
    clear = _CLEAR if args.watch and not args.json and sys.stdout.isatty() else ""
    say(f"{clear}{text}\n")


def _raise_what_stands_in_the_way(snapshot: Snapshot, interface: str | None) -> None:
    """A look that saw nothing is an error, one that saw some devices is not."""
    if snapshot.problem is not None:
        raise _as_error(snapshot.problem)
    asked = [state for state in snapshot.devices if interface in (None, state.name)]
    if interface is not None and not any(state.device or state.problem for state in asked):
        raise DeviceGone(
            f"There is no WireGuard interface {printable(interface, 40)}.", hint=_known(snapshot)
        )
    problems = [state.problem for state in asked if state.problem is not None]
    if problems and not any(state.device for state in asked):
        raise _as_error(problems[0])


def _as_error(problem: Problem) -> WgtuiError:
    kind = PermissionRefused if problem.kind == PermissionRefused.__name__ else WgtuiError
    return kind(problem.text, hint=problem.hint)


def _known(snapshot: Snapshot) -> str:
    names = [state.name for state in snapshot.devices if state.device]
    return f"There are: {', '.join(names)}." if names else "No interface is up."


def _render_json(snapshot: Snapshot, args: Namespace, judge: PlainJudge) -> str:
    data = status_json(snapshot, interface=args.interface, show_keys=args.show_keys, judge=judge)
    return json.dumps(data, indent=None if args.watch else 2, ensure_ascii=True)


def _render_text(snapshot: Snapshot, args: Namespace, judge: PlainJudge) -> str:
    states = [state for state in snapshot.devices if args.interface in (None, state.name)]
    if not states:
        return f"No WireGuard interface is up, and no configuration is in {args.config_dir}."
    return "\n\n".join(_device_text(state, snapshot, judge) for state in states)


def _device_text(state: DeviceState, snapshot: Snapshot, judge: PlainJudge) -> str:
    lines = [_headline(state, snapshot)]
    if state.problem is not None:
        lines.append("  " + printable(f"{state.problem.text} {state.problem.hint}".rstrip(), 400))
    peers = sorted(state.peers, key=lambda peer: name_order(peer.name, peer.peer.public_key))
    rows = [_peer_row(peer, snapshot) for peer in peers]
    alarms = _alarms(state, peers, judge)
    return "\n".join([*lines, *_table(_HEADINGS, rows), *alarms] if rows else lines)


def _alarms(state: DeviceState, peers: Sequence[PeerState], judge: PlainJudge) -> list[str]:
    """What is the matter with the peers that have something, as far as one look tells."""
    told = [(peer, judge(state, peer)) for peer in peers if state.problem is None]
    alarms = [(peer, judged) for peer, judged in told if judged.grade.is_alarm]
    lines = []
    for peer, judged in alarms[:_ALARMS_SHOWN]:
        texts = [judged.sentence, *(cause.text for cause in judged.causes[:1])]
        if judged.fix is not None:
            command = fix_command(judged.fix)
            texts += [fix_words(judged.fix), f"Type: {command}" if command else ""]
        lines.append(f"  {_label(peer)}: {printable(' '.join(filter(None, texts)), 600)}")
    more = len(alarms) - _ALARMS_SHOWN
    return [*lines, f"  And {more} more: wgtui status --json has them all."] if more > 0 else lines


def _headline(state: DeviceState, snapshot: Snapshot) -> str:
    device, name = state.device, printable(state.name, 40)
    if device is None:
        return f"{name}: {'cannot be read' if state.problem else 'not up'}"
    active = sum(activity_of(peer.peer.latest_handshake, snapshot.taken_at).is_active for peer in state.peers)
    parts = [
        f"port {device.listen_port}" if device.listen_port else "no port",
        f"{active} of {len(state.peers)} peers active",
        *(str(address) for address in state.addresses),
    ]
    if snapshot.interval:
        parts.append(f"{rate(state.rate.rx)} received, {rate(state.rate.tx)} sent")
    word = "not read now" if state.problem else "down" if state.link_up is False else "up"
    return f"{name}: {word}, {', '.join(parts)}"


_ALARMS_SHOWN = 10
_HEADINGS = ("PEER", "STATE", "LATEST HANDSHAKE", "RECEIVED", "SENT", "ENDPOINT", "ALLOWED IPS")


def _peer_row(state: PeerState, snapshot: Snapshot) -> tuple[str, ...]:
    peer = state.peer
    age = handshake_age(peer.latest_handshake, snapshot.taken_at)
    return (
        _label(state),
        verdict_of(peer, snapshot.taken_at).value,
        "never" if age is None else f"{age_in_words(age)} ago",
        rate(state.rate.rx) if snapshot.interval else size(peer.rx_bytes),
        rate(state.rate.tx) if snapshot.interval else size(peer.tx_bytes),
        str(peer.endpoint or "-"),
        ", ".join(map(str, peer.allowed_ips)) or "(none)",
    )


def _label(state: PeerState) -> str:
    return printable(state.name, 32) or state.peer.public_key.short()


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines of aligned columns, the last one ragged."""
    widths = [max(map(columns, column)) for column in zip(headings, *rows, strict=True)]
    return [
        "  "
        + "  ".join(
            cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in (headings, *rows)
    ]
