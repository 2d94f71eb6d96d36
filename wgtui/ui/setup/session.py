"""What the wizard knows: the host as it was looked at, and the answers so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from wgtui.domain.forms import FormContext
from wgtui.domain.setup import Draft, DraftForwarding, DraftPeer, Scenario
from wgtui.domain.setup.facts import HostFacts
from wgtui.domain.setup.preflight import FindingLevel, PreflightFinding
from wgtui.services.setup.proposals import Proposals
from wgtui.ui.presentation.setup.words import Step, steps_of


@dataclass(frozen=True, slots=True)
class SetupScene:
    """One look at the host.

    Attributes:
        facts: What it is like.
        findings: What stands in the way.
        proposals: What is free.
        context: Its other interfaces, and its links.
    """

    facts: HostFacts
    findings: tuple[PreflightFinding, ...]
    proposals: Proposals
    context: FormContext

    @property
    def is_blocked(self) -> bool:
        """Whether it cannot be set up like this."""
        return any(one.level is FindingLevel.BLOCKING for one in self.findings)

    @property
    def names(self) -> frozenset[str]:
        """Interfaces and links that exist."""
        others = {other.name for other in self.context.interfaces}
        return frozenset({*others, *(name for name, _ in self.context.networks)})


class SetupSession:
    """The answers so far. Whatever changes them is handed to `keep` at once.

    Args:
        scene: The host.
        draft: As far as it was answered before.
        keep: Told of every new draft.
    """

    def __init__(self, scene: SetupScene, draft: Draft, keep: Callable[[Draft], None]) -> None:
        self.scene = scene
        self._draft = draft
        self._keep = keep
        self._left: dict[Scenario | None, DraftForwarding] = {}

    @property
    def draft(self) -> Draft:
        """The answers."""
        return self._draft

    @property
    def filled(self) -> Draft:
        """The answers, and what is proposed where there is none."""
        return self.scene.proposals.fill(self._draft)

    @property
    def scenario(self) -> Scenario:
        """The one that was chosen; the first one before."""
        return self._draft.scenario or Scenario.RELAY

    @property
    def is_answered(self) -> bool:
        """Whether anything was answered."""
        return replace(self._draft, page="") != Draft()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The pages of the scenario."""
        return steps_of(self._draft.scenario)

    @property
    def step(self) -> Step:
        """The page of the draft; the first one where it names none."""
        name = self._draft.page.partition(":")[0]
        return next((step for step in self.steps if step.value == name), Step.PREFLIGHT)

    @property
    def open_peer(self) -> int | None:
        """The peer whose form was open, from 0."""
        step, _, number = self._draft.page.partition(":")
        is_one = step == Step.PEERS.value and number.isdigit() and int(number) < len(self._draft.peers)
        return int(number) if is_one else None

    def take(self, draft: Draft) -> None:
        """Take a new draft."""
        if draft != self._draft:
            self._draft = draft
            self._keep(draft)

    def look_again(self, scene: SetupScene) -> None:
        """The host was looked at anew; what was proposed before stays proposed where it is still free."""
        before = self.scene.proposals
        kept = replace(scene.proposals, ipv6=before.ipv6)
        owned = [prefix for _, prefix in scene.proposals.taken if prefix.version == 4]
        if not any(prefix.overlaps(before.ipv4.network) for prefix in owned):
            kept = replace(kept, ipv4=before.ipv4)
        self.scene = replace(scene, proposals=kept)

    def go_to(self, step: Step) -> None:
        """Another page is open."""
        self.take(replace(self._draft, page=step.value))

    def choose(self, scenario: Scenario) -> None:
        """Take a scenario. What was switched for another one is put aside, and comes back with it."""
        before = self._draft.scenario
        if scenario is before:
            return
        self._left[before] = self._draft.forwarding
        forwarding = self._left.get(scenario, DraftForwarding())
        self.take(replace(self._draft, scenario=scenario, forwarding=forwarding))

    def answer(self, **values: Any) -> None:
        """Take answers about the network, by the names of `DraftNetwork`; None leaves one as it is."""
        given = {name: value for name, value in values.items() if value is not None}
        self.take(replace(self._draft, interface=replace(self._draft.interface, **given)))

    def switch(self, **values: Any) -> None:
        """Take answers about forwarding, by the names of `DraftForwarding`."""
        self.take(replace(self._draft, forwarding=replace(self._draft.forwarding, **values)))

    def finish(self, **values: Any) -> None:
        """Take the last answers: `boot` and `start`."""
        self.take(replace(self._draft, **values))

    def put_peer(self, number: int, peer: DraftPeer, *, is_open: bool = True) -> None:
        """Put a peer in its place, from 0, or at the end; `is_open` while its form is on the screen."""
        peers = [*self._draft.peers]
        peers[number : number + 1] = [peer]
        page = f"{Step.PEERS.value}:{number}" if is_open else Step.PEERS.value
        self.take(replace(self._draft, peers=tuple(peers), page=page))

    def put_peers(self, peers: tuple[DraftPeer, ...]) -> None:
        """Take all peers anew, with no form open."""
        self.take(replace(self._draft, peers=peers, page=Step.PEERS.value))
