"""The selected peer judged in a thread of its own."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.screen import Screen

from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import Snapshot
from wgtui.domain.text import printable
from wgtui.ui.explaining import Explaining
from wgtui.ui.messages import PeerJudged
from wgtui.ui.selecting import Selecting

if TYPE_CHECKING:
    from wgtui.services.judging.peer_judge import Judged, PeerJudge


class JudgeActions(Explaining, Selecting):
    """Asks for the judgement of the peer under the cursor at every look, while its screen is in front."""

    goes_on_looking = True

    judged: Judged | None = None
    """The newest judgement, of whichever peer."""

    _asked: tuple[int, str, PublicKey] | None = None

    @property
    def asked_about(self) -> tuple[str, PublicKey, str] | None:
        """The selected peer."""
        device, state = self.open_device, self.selected_peer
        if device is None or state is None:
            return None
        return device.name, state.peer.public_key, printable(state.name, 48) or state.peer.public_key.short()

    @property
    @abstractmethod
    def live_snapshot(self) -> Snapshot | None:
        """The newest look at the host; None while the screen is paused."""

    @abstractmethod
    def _show_judgement(self) -> None:
        """Show `judged`."""

    def judgement_of(self, interface: str, key: PublicKey) -> Judged | None:
        """The judgement of a peer, where it is the one that was judged last."""
        judged = self.judged
        return judged if judged is not None and (judged.interface, judged.key) == (interface, key) else None

    def ask_judgement(self) -> None:
        """Ask for the judgement of the selected peer, unless that was done for this look."""
        worker, snapshot = self._judges, self.live_snapshot
        device, state = self.open_device, self.selected_peer
        if worker is None or snapshot is None or device is None or state is None:
            self._rest()
            return
        # The first look tells of no movement, and the first frame need not wait for the second.
        if snapshot.number < 2 or not cast("Screen[object]", self).is_active:
            return
        asked = (snapshot.number, device.name, state.peer.public_key)
        if asked != self._asked:
            self._asked = asked
            worker.submit("judge", partial(self._judge, snapshot, device.name, state.peer.public_key))

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Nobody looks: the port need not be watched."""
        self._rest()

    def _rest(self) -> None:
        """Have nothing watched until the next question."""
        if self._judges is not None and self._asked is not None:
            self._asked = None
            self._judges.submit("judge", _rest)

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Look again."""
        self.ask_judgement()

    @on(PeerJudged)
    def _take_judgement(self, message: PeerJudged) -> None:
        self.judged = message.judged
        self._show_judgement()

    # In the worker's thread

    def _judge(self, snapshot: Snapshot, interface: str, key: PublicKey, judge: PeerJudge) -> None:
        judged = judge.look(snapshot, interface, key)
        known = self.judgement_of(interface, key)
        if judged is not None and (known is None or known.judgement != judged.judgement):
            self.post_message(PeerJudged(judged))


def _rest(judge: PeerJudge) -> None:
    judge.rest()
