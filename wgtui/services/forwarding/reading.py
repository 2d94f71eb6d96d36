"""Reads all about the forwarding of one interface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forwarding import (
    Decider,
    FileForwarding,
    PathFacts,
    PathLink,
    PlacedRule,
    Placement,
    RuleFacts,
    RuleState,
    SwitchName,
    placed_for,
)
from wgtui.domain.forwarding.lasting import SETTINGS
from wgtui.domain.forwarding.probes import Surrounding, probes_of, without_own
from wgtui.domain.forwarding.scene import BootFacts, Scene
from wgtui.domain.ruleset import Ruleset, RulesetReading
from wgtui.ports.links import Links
from wgtui.ports.packet_filter import PacketFilterReader
from wgtui.services.editing.config_editor import ConfigEditor, OpenFile
from wgtui.services.forwarding.backend import Choice, choose_places
from wgtui.services.forwarding.boot import boot_facts
from wgtui.services.forwarding.deciders import deciders
from wgtui.services.forwarding.file_facts import file_facts, running_facts
from wgtui.services.forwarding.surrounding import path_links

_TO_PASS: Final = (SwitchName.FORWARD, SwitchName.RELAY, SwitchName.PORT)

Value = TypeVar("Value")

_NO_NAMES: Final[tuple[str, ...]] = ()
_NO_LINKS: Final[tuple[PathLink, ...]] = ()
_NO_STATES: Final[tuple[RuleState, ...]] = ()
_NO_RULES: Final[tuple[PlacedRule, ...]] = ()


@dataclass
class _Problems:
    """What could not be read, in sentences."""

    texts: list[str] = field(default_factory=list)

    def attempt(self, read: Callable[[], Value], otherwise: Value) -> Value:
        """What it reads; where it cannot, the other value, and the reason is kept."""
        try:
            return read()
        except WgtuiError as error:
            self.texts.append(str(error))
            return otherwise


class SceneReader:
    """Reads what the services of forwarding look at.

    Args:
        editor: Opens the files.
        packet_filter: Reads the rules of the host.
        links: All links of the host.
        is_namespace: Whether this is a network namespace of a host.
    """

    def __init__(
        self,
        editor: ConfigEditor,
        packet_filter: PacketFilterReader,
        links: Links,
        *,
        is_namespace: bool,
    ) -> None:
        self.editor = editor
        self.host = editor.context.host
        self.is_namespace = is_namespace
        self._filter = packet_filter
        self._links = links

    def read(self, interface: str) -> Scene:
        """Read everything. Where something cannot be read, the scene says so."""
        problems = _Problems()
        opened = problems.attempt(lambda: self.editor.open(interface), None)
        return self._scene(interface, opened, problems)

    def read_opened(self, opened: OpenFile) -> Scene:
        """The same for a file that was opened already."""
        return self._scene(opened.interface, opened, _Problems())

    def _scene(self, interface: str, opened: OpenFile | None, problems: _Problems) -> Scene:
        said = file_facts(opened.source.data if opened is not None else b"", interface)
        held = said.held if opened is not None else None
        up = problems.attempt(self.host.wireguard.names, _NO_NAMES)
        if held is None and interface in up:
            said = problems.attempt(lambda: running_facts(self.host, interface), said)
        facts, peers = said.rules_on(self.host), said.peers
        links = problems.attempt(lambda: path_links(self.host, self._links), _NO_LINKS)
        reading = self._filter.read()
        problems.texts += [f"{one.text} {one.hint}".rstrip() for one in reading.problems]
        choice = choose_places(reading, _uplinks(links))
        states = problems.attempt(lambda: self.host.forward_rules.read(interface), _NO_STATES)
        wanted = problems.attempt(lambda: self._wanted(held, choice.placement, facts), _NO_RULES)
        around = Surrounding(facts, peers, links)
        return Scene(
            interface=interface,
            is_up=interface in up,
            around=around,
            held=held,
            hand=said.hand,
            hooks=said.hooks,
            placement=choice.placement,
            has_program=choice.has_program,
            wanted=wanted,
            states=states,
            ruleset=reading.ruleset if not _is_blind(reading) else None,
            plain=reading.programs.variant,
            sysctls=self._sysctls(interface),
            boot=self._boot(interface),
            backend=choice.reasons,
            hidden=choice.hidden,
            deciders=_deciders(reading.ruleset, around),
            path=PathFacts(said.networks, facts.listen_port, peers, links),
            problems=tuple(dict.fromkeys(problems.texts)),
        )

    def with_ruleset(self, scene: Scene) -> Scene | None:
        """The scene with the rules that are in force now; None where they cannot be read whole."""
        reading = self._filter.read()
        return None if reading.problems else replace(scene, ruleset=reading.ruleset)

    def placement(self) -> Placement:
        """Where rules go on this host."""
        return self.choice().placement

    def choice(self) -> Choice:
        """Where rules go on this host, and why."""
        links = _Problems().attempt(lambda: path_links(self.host, self._links), _NO_LINKS)
        return choose_places(self._filter.read(), _uplinks(links))

    def link_names(self) -> tuple[str, ...]:
        """The names of all links of the host; none where they cannot be read."""
        return _Problems().attempt(lambda: tuple(link.name for link in self._links.all()), _NO_NAMES)

    def _wanted(
        self, held: FileForwarding | None, placement: Placement, facts: RuleFacts
    ) -> tuple[PlacedRule, ...]:
        if held is None:
            return ()
        return self.host.forward_rules.held(placed_for(held.switches, placement, facts))

    def _boot(self, interface: str) -> BootFacts:
        path = self.editor.path(interface)
        return boot_facts(self.editor.context, interface, path, is_namespace=self.is_namespace)

    def _sysctls(self, interface: str) -> dict[str, str | None]:
        link = interface.replace(".", "/")
        names = [*SETTINGS.values(), f"net.ipv4.conf.{link}.forwarding", f"net.ipv6.conf.{link}.forwarding"]
        return {name: self.host.sysctls.read(name) for name in names}


def _uplinks(links: tuple[PathLink, ...]) -> tuple[str, ...]:
    return tuple(link.name for link in links if link.is_uplink)


def _deciders(ruleset: Ruleset, around: Surrounding) -> tuple[Decider, ...]:
    """Who would drop the tunnel's packets but for our rules; `drops` tells who does so in spite of them."""
    packets = [probe.packet for switch in _TO_PASS for probe in probes_of(around, switch)]
    still = {one.text for one in deciders(ruleset, packets) if one.drops}
    beside = deciders(without_own(ruleset, around.facts.interface), packets)
    return tuple(replace(one, drops=one.text in still) for one in beside)


def _is_blind(reading: RulesetReading) -> bool:
    """Whether so much could not be read that nothing can be said of what packets meet."""
    return bool(reading.problems) and not reading.ruleset.tables
