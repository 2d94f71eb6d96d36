"""Says why a peer is as it is, and where each of its values came from."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.dom import DOMNode
from textual.screen import Screen

from wgtui.domain.fixes import ByHand
from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import Snapshot
from wgtui.ui.messages import PeerExplained

if TYPE_CHECKING:
    from wgtui.domain.fixes import Fix
    from wgtui.domain.plan import Plan
    from wgtui.ports.clock import Clock
    from wgtui.services.changes import Changes
    from wgtui.services.judging.peer_judge import PeerJudge
    from wgtui.ui.app import WgtuiApp
    from wgtui.ui.host_worker import HostWorker


class Explaining(DOMNode):
    """A screen on which a peer is selected that can be asked about."""

    goes_on_looking: ClassVar[bool] = False
    """Whether the screen has peers judged anyhow, so that what watches them need not rest after an answer."""

    @property
    @abstractmethod
    def asked_about(self) -> tuple[str, PublicKey, str] | None:
        """Interface, public key and printable name of the peer; None where none is selected."""

    def action_why(self) -> None:
        """Say why the selected peer is as it is, and where its values came from."""
        worker, snapshot = self._judges, cast("WgtuiApp", self.app).snapshot
        asked = self.asked_about
        if worker is not None and snapshot is not None and asked is not None:
            worker.submit("why", partial(self._explain, snapshot, asked[0], asked[1]))

    def can_ask(self, action: str) -> bool:
        """Whether there is a peer to explain, and who explains; True for every other action."""
        return action != "why" or (self._judges is not None and self.asked_about is not None)

    @on(PeerExplained)
    def _show_why(self, message: PeerExplained) -> None:
        from wgtui.ui.dialogs.why import WhyScreen

        app = cast("WgtuiApp", self.app)
        if not cast("Screen[object]", self).is_active:
            return
        judged = message.judged
        asked = self.asked_about
        name = asked[2] if asked is not None and asked[1] == judged.key else judged.key.short()
        fix = judged.judgement.fix
        can_mend = app.can_change and fix is not None and not isinstance(fix, ByHand)
        label = app.painter.glyphs.text(name)
        screen = WhyScreen(app.painter, label, judged.judgement, message.values, can_mend=can_mend)

        def answered(answer: str | None) -> None:
            if answer == "mend" and fix is not None:
                app.changes.propose(partial(_mending, fix, app.options.clock))

        app.push_screen(screen, answered)

    def _explain(self, snapshot: Snapshot, interface: str, key: PublicKey, judge: PeerJudge) -> None:
        explained = judge.explain(snapshot, interface, key)
        if not self.goes_on_looking:
            judge.rest()
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
