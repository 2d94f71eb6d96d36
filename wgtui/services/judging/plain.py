"""The judgement of a peer by one look at the host: for commands, which do not stay to watch."""

from __future__ import annotations

from typing import Any, Final

from wgtui.domain.first_contact import Baseline, Scene
from wgtui.domain.fixes import Fix, fix_command, fix_words
from wgtui.domain.snapshot import DeviceState, Histories, PeerState, Snapshot
from wgtui.domain.verdict.evidence import Evidence, FileFacts, Movement, movement_of
from wgtui.domain.verdict.judge import judge
from wgtui.domain.verdict.judgement import Judgement
from wgtui.services.judging.peer_files import PeerFiles

LOOKED_BACK: Final = 60
"""Polls whose transfer counts as lately."""


def plain_judgement(
    device: DeviceState,
    state: PeerState,
    now: float,
    *,
    movement: Movement | None = None,
    file: FileFacts | None = None,
) -> Judgement:
    """Judge a peer by its counters and what a file says, without looking at its port.

    Args:
        device: Its device.
        state: The peer.
        now: Unix seconds.
        movement: What passed lately; None for the first look.
        file: What the files say, where they were read.
    """
    up = device.link_up is not False and device.problem is None
    return judge(
        Evidence(
            device.name,
            state.peer,
            Scene(now, up),
            device.device,
            enabled=state.enabled,
            before=Baseline(state.created),
            endpoints=state.endpoints,
            movement=movement,
            file=file,
        )
    )


class PlainJudge:
    """Judges all peers of a snapshot.

    Args:
        snapshot: The newest look.
        files: What the files say; None where they are not read.
    """

    def __init__(self, snapshot: Snapshot, files: PeerFiles | None = None) -> None:
        self._snapshot = snapshot
        self._files = files

    def __call__(self, device: DeviceState, state: PeerState) -> Judgement:
        """A peer's judgement."""
        snapshot = self._snapshot
        file = self._files.facts(device, state) if self._files is not None else None
        moved = lately(snapshot.histories, device.name, state, snapshot.interval)
        return plain_judgement(device, state, snapshot.taken_at, movement=moved, file=file)


def lately(histories: Histories, device: str, state: PeerState, interval: float) -> Movement | None:
    """What passed in the last polls; None before the second."""
    if interval <= 0:
        return None
    samples = histories.recent(device, state.peer.public_key, LOOKED_BACK)
    return movement_of(samples, interval)


def judgement_json(judgement: Judgement) -> dict[str, Any]:
    """A judgement as data: what `wgtui status --json` prints of a peer beside what is reported."""
    return {
        "verdict": judgement.rule,
        "alarm": judgement.grade.is_alarm,
        "reasons": [judgement.sentence, *judgement.notes],
        "causes": [
            {"cause": cause.code, "text": cause.text, "tell": cause.tell or None}
            for cause in judgement.causes
        ],
        "certain": judgement.certain,
        "fix": _fix(judgement.fix),
    }


def _fix(fix: Fix | None) -> dict[str, str | None] | None:
    return None if fix is None else {"text": fix_words(fix), "command": fix_command(fix) or None}
