"""All that was read of a host about the forwarding of one interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wgtui.domain.forwarding.hand_written import HandLine
from wgtui.domain.forwarding.in_file import FileForwarding
from wgtui.domain.forwarding.places import PlacedRule, Placement
from wgtui.domain.forwarding.probes import Surrounding
from wgtui.domain.forwarding.rules import Switches
from wgtui.domain.forwarding.state import RuleState
from wgtui.domain.forwarding.sysctl_files import SysctlEntry
from wgtui.domain.forwarding.view import Decider, HiddenRules, PathFacts
from wgtui.domain.host import UnitState
from wgtui.domain.ruleset import Backend, Ruleset

NO_SWITCHES = Switches()


@dataclass(frozen=True, slots=True)
class HookPlaces:
    """Where the hooks of a file stand.

    Attributes:
        post_up: `wg0.conf:7` for every PostUp command, in order.
    """

    post_up: tuple[str, ...] = ()

    def of(self, index: int) -> str:
        """Where a command stands; empty where that is not known."""
        return self.post_up[index] if 0 <= index < len(self.post_up) else ""


@dataclass(frozen=True, slots=True)
class BootFacts:
    """What will happen at boot.

    Attributes:
        is_namespace: Whether this is a network namespace of a host, which does not outlive a reboot.
        has_systemd: Whether systemd runs the host.
        unit: Name of the unit that brings the interface up.
        state: Of that unit; None where there is none, or it is not for this file.
        entries: The lines of the host's sysctl files, in the order in which they are applied.
        saved: The rules that a program such as netfilter-persistent restores; None for none.
        saved_in: The file that holds them.
        loads_nftables: Whether a unit loads an administrator's own rules of nftables.
    """

    is_namespace: bool = False
    has_systemd: bool = True
    unit: str = ""
    state: UnitState | None = None
    entries: tuple[SysctlEntry, ...] = ()
    saved: Ruleset | None = None
    saved_in: str = ""
    loads_nftables: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What was read.

    Attributes:
        interface: Its name.
        is_up: Whether it runs.
        around: Its facts, its peers, and the other interfaces.
        held: What its file says; None where there is none that can be read.
        hand: The file's PostUp commands that are not wgtui's.
        hooks: Where they stand.
        placement: Where rules go.
        has_program: Whether the host has the program that puts them there.
        wanted: The rules of the file's switches, as the host would have them in force.
        states: Our rules in force.
        ruleset: All rules in force; None where they could not be read.
        plain: What the plain `iptables` speaks to; None where there is none.
        sysctls: The kernel's settings by name; None for one that it does not have.
        boot: What will happen at boot.
        backend: Where rules go and why.
        hidden: Rules that the host's own program does not show.
        deciders: Who would drop packets but for our rules, or does.
        path: For the drawing.
        problems: What could not be read.
    """

    interface: str
    is_up: bool
    around: Surrounding
    held: FileForwarding | None = None
    hand: tuple[HandLine, ...] = ()
    hooks: HookPlaces = HookPlaces()
    placement: Placement | None = None
    has_program: bool = True
    wanted: tuple[PlacedRule, ...] = ()
    states: tuple[RuleState, ...] = ()
    ruleset: Ruleset | None = None
    plain: Backend | None = None
    sysctls: Mapping[str, str | None] = field(default_factory=dict)
    boot: BootFacts = BootFacts()
    backend: tuple[str, ...] = ()
    hidden: tuple[HiddenRules, ...] = ()
    deciders: tuple[Decider, ...] = ()
    path: PathFacts = field(default_factory=PathFacts)
    problems: tuple[str, ...] = ()

    @property
    def switches(self) -> Switches:
        """Those that the file has on."""
        return self.held.switches if self.held is not None else NO_SWITCHES
