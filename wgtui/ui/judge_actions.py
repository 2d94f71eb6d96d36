"""The selected peer judged in a thread of its own, and explained when asked."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.dom import DOMNode
from textual.screen import Screen

from wgtui.domain.fixes import ByHand
from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import DeviceState, PeerState, Snapshot
from wgtui.domain.text import printable
from wgtui.ui.messages import PeerExplained, PeerJudged

if TYPE_CHECKING:
    from wgtui.domain.fixes import Fix
    from wgtui.domain.plan import Plan
    from wgtui.ports.clock import Clock
    from wgtui.services.changes import Changes
    from wgtui.services.judging.peer_judge import Judged, PeerJudge
    from wgtui.ui.app import WgtuiApp
    from wgtui.ui.host_worker import HostWorker


class JudgeActions(DOMNode):
    """Asks for the judgement of the peer under the cursor at every look, while its screen is in front."""

    judged: Judged | None = None
    """The newest judgement, of whichever peer."""

    _asked: tuple[int, str, PublicKey] | None = None

    @property
    @abstractmethod
    def open_device(self) -> DeviceState | None:
        """The interface that is looked at."""

    @property
    @abstractmethod
    def selected_peer(self) -> PeerState | None:
        """The peer that is looked at."""

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

    def action_why(self) -> None:
        """Say why the selected peer is as it is, and where its values came from."""
        worker, snapshot = self._judges, cast("WgtuiApp", self.app).snapshot
        device, state = self.open_device, self.selected_peer
        if worker is not None and snapshot is not None and device is not None and state is not None:
            worker.submit("why", partial(self._explain, snapshot, device.name, state.peer.public_key))

    def can_ask(self, action: str) -> bool:
        """Whether there is a peer to explain, and who explains; True for every other action."""
        return action != "why" or (self._judges is not None and self.selected_peer is not None)

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

    @on(PeerExplained)
    def _show_why(self, message: PeerExplained) -> None:
        from wgtui.ui.dialogs.why import WhyScreen

        app = cast("WgtuiApp", self.app)
        if not cast("Screen[object]", self).is_active:
            return
        judged = message.judged
        state = self.selected_peer
        name = printable(state.name, 48) if state is not None and state.name else judged.key.short()
        fix = judged.judgement.fix
        can_mend = app.can_change and fix is not None and not isinstance(fix, ByHand)
        label = app.painter.glyphs.text(name)
        screen = WhyScreen(app.painter, label, judged.judgement, message.values, can_mend=can_mend)

        def answered(answer: str | None) -> None:
            if answer == "mend" and fix is not None:
                app.changes.propose(partial(_mending, fix, app.options.clock))

        app.push_screen(screen, answered)

    # In the worker's thread

    def _judge(self, snapshot: Snapshot, interface: str, key: PublicKey, judge: PeerJudge) -> None:
        judged = judge.look(snapshot, interface, key)
        known = self.judgement_of(interface, key)
        if judged is not None and (known is None or known.judgement != judged.judgement):
            self.post_message(PeerJudged(judged))

    def _explain(self, snapshot: Snapshot, interface: str, key: PublicKey, judge: PeerJudge) -> None:
        explained = judge.explain(snapshot, interface, key)
        if explained is not None:
            self.post_message(PeerExplained(*explained))

    @property
    def _judges(self) -> HostWorker[PeerJudge] | None:
        return cast("WgtuiApp", self.app).judge_worker


def _mending(fix: Fix, clock: Clock, changes: Changes) -> Plan:
    """The plan for a fix; made in the thread of changes."""
    from wgtui.services.path import PathWalks

    plan = PathWalks(changes, clock).plan(fix)
    assert plan is not None, "what is done by hand is not offered"
    return plan


def _rest(judge: PeerJudge) -> None:
    judge.rest()
