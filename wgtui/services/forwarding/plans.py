"""Plans that turn forwarding switches, and what is seen of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wgtui.domain.editing import InterfaceEdit, edit_interface
from wgtui.domain.errors import EditRefused
from wgtui.domain.forwarding import (
    DiskState,
    Fix,
    ForwardingView,
    HookLines,
    NowState,
    PlacedRule,
    Placement,
    Row,
    Switches,
    SwitchName,
    lines_for,
    placed_for,
    turned,
    with_lines,
)
from wgtui.domain.forwarding.hand_parts import Effect
from wgtui.domain.forwarding.hand_written import HandLine, Replacement, of_switch, replacement_of
from wgtui.domain.forwarding.judging import PURPOSES
from wgtui.domain.forwarding.lasting import SETTINGS
from wgtui.domain.forwarding.rows import view_of
from wgtui.domain.forwarding.scene import Scene
from wgtui.domain.plan import Plan, RunHooks, SetForwardRules, Step
from wgtui.domain.text import printable
from wgtui.domain.wgquick import Document
from wgtui.ports.config_store import ConfigStore
from wgtui.services.editing.config_editor import OpenFile
from wgtui.services.forwarding.backend import Choice
from wgtui.services.forwarding.reading import SceneReader
from wgtui.services.forwarding.refusals import (
    refuse_firewalld,
    refuse_foreign,
    refuse_target,
    refuse_without_program,
)
from wgtui.services.forwarding.settings import needed_settings, off_steps, on_steps
from wgtui.services.forwarding.users import Users
from wgtui.services.forwarding.watch import ForwardingWatch


class ForwardingPlans:
    """What is seen of forwarding, and the plans that change it.

    Args:
        reader: Reads the host.
        configs: The files of all interfaces.
    """

    def __init__(self, reader: SceneReader, configs: ConfigStore) -> None:
        self._reader = reader
        self._host = reader.host
        self._users = Users(reader, configs)

    def view(self, interface: str) -> ForwardingView:
        """All there is to see of an interface's forwarding.

        Raises:
            WgtuiError: There is neither a file nor an interface of that name.
        """
        scene = self._reader.read(interface)
        if scene.held is None and not scene.is_up:
            self._reader.editor.open(interface)
        return view_of(scene)

    def watch(self, interface: str) -> ForwardingWatch:
        """What looks at it again and again."""
        return ForwardingWatch(self._reader, interface)

    def placement(self) -> Placement:
        """Where rules go on this host."""
        return self._reader.placement()

    def choice(self) -> Choice:
        """Where rules go on this host, and why."""
        return self._reader.choice()

    def uplinks(self, interface: str) -> tuple[str, ...]:
        """The interfaces that a tunnel can masquerade on, uplinks first."""
        return tuple(link.name for link in self._reader.read(interface).around.links)

    def switch(self, interface: str, switch: SwitchName, on: bool, target: str = "") -> Plan:
        """Turn a switch: in the file, and at once where the interface is up.

        One that is on, but behind a rule of somebody else that drops its packets, is put in front of that.

        Args:
            interface: Its name.
            switch: Which.
            on: To what.
            target: For `masquerade`: the interface; to turn it off, empty stands for all.

        Raises:
            EditRefused: It cannot be turned from here, or names no interface to masquerade on.
            WgtuiError: The host cannot be read.
        """
        if switch in SETTINGS:
            return self._setting(interface, switch, on)
        opened = self._reader.editor.open(interface)
        scene = self._reader.read_opened(opened)
        refuse_target(scene, switch, on, target)
        row = view_of(scene).row(switch, target)
        title = _title(interface, switch, on, target)
        if on and row is not None and _is_done_otherwise(row):
            return Plan(title, (), (_by_whom(row),))
        if not on:
            refuse_foreign(scene, row, switch)
            line = of_switch(scene.hand, switch, target)
            if line is not None and not _is_own(scene, switch, target):
                return self._taken_over(opened, scene, line, title, without=(switch, target))
        switches = turned(scene.switches, switch, on, target)
        notes = () if on else self._users.left_on(scene, switches)
        plan = self._plan(title, opened, scene, switches, notes)
        if on and plan.is_empty and row is not None and row.now is NowState.BLOCKED:
            return replace(plan, steps=self._in_front(scene, switch))
        return plan

    def fix(self, interface: str, fix: Fix) -> Plan:
        """Mend a row; see `switch`."""
        return self.switch(interface, fix.switch, fix.on, fix.target)

    def take_over(self, interface: str, index: int) -> Plan:
        """Put wgtui's lines in the place of a command of the file's own, with the same effect.

        Args:
            interface: Its name.
            index: Of the command among the PostUp commands, as `HandWritten.index` has it.

        Raises:
            EditRefused: There is no such command, or it does what no switch does.
        """
        opened = self._reader.editor.open(interface)
        scene = self._reader.read_opened(opened)
        line = next((line for line in scene.hand if line.index == index), None)
        if line is None:
            raise EditRefused(
                f"{interface} has no such command of its own.", hint=f"See: wgtui forward {interface}"
            )
        title = f"Take over {scene.hooks.of(index) or 'a command'}"
        return self._taken_over(opened, scene, line, title)

    def _plan(
        self,
        title: str,
        opened: OpenFile,
        scene: Scene,
        switches: Switches,
        notes: tuple[str, ...] = (),
        replacement: Replacement | None = None,
    ) -> Plan:
        """The plan for switches: file, rules, and the settings that they need."""
        refuse_firewalld(scene)
        lines, placed = self._wanted(scene, switches)
        if lines.post_up:
            refuse_without_program(scene)
        changed = _with_replacement(opened.document, scene.interface, lines, replacement)
        steps: list[Step] = []
        if scene.is_up:
            # Also where nothing changes in force: it tells `down` that the hooks of the file count now.
            steps.append(SetForwardRules(scene.interface, self._in_force(scene), placed))
            steps += _taking_back(opened, scene, replacement)
        needed, said = self._settings_for(scene, switches)
        if changed == opened.document and not _changes(steps):
            steps = []
        return self._reader.editor.plan(title, opened, changed, *steps, *needed, notes=(*notes, *said))

    def _wanted(self, scene: Scene, switches: Switches) -> tuple[HookLines, tuple[PlacedRule, ...]]:
        facts = scene.around.facts
        placed = placed_for(switches, scene.placement, facts)
        return lines_for(switches, scene.placement, facts), self._host.forward_rules.held(placed)

    @staticmethod
    def _in_force(scene: Scene) -> tuple[PlacedRule, ...]:
        return tuple(state.placed for state in scene.states)

    def _settings_for(self, scene: Scene, switches: Switches) -> tuple[tuple[Step, ...], tuple[str, ...]]:
        """The settings that newly turned switches need and that are off."""
        before = scene.switches
        coming = (
            (switches.forward and not before.forward)
            or (switches.relay and not before.relay)
            or bool(set(switches.masquerade) - set(before.masquerade))
        )
        if not coming:
            return (), ()
        needed = needed_settings(self._host, scene.around.facts.families)
        off = [name for name in needed if self._host.sysctls.read(SETTINGS[name]) == "0"]
        if not off and self._reader.is_namespace:
            return (), ()
        return on_steps(self._host, needed, persistent=not self._reader.is_namespace)

    def _setting(self, interface: str, switch: SwitchName, on: bool) -> Plan:
        title = f"{'Pass' if on else 'No longer pass'} {_FAMILY[switch]} packets on"
        persistent = not self._reader.is_namespace
        if on:
            steps, notes = on_steps(self._host, (switch,), persistent=persistent)
            return Plan(title, steps, notes)
        steps = off_steps(self._host, switch, persistent=persistent)
        return Plan(title, steps, self._users.harmed(interface))

    def _taken_over(
        self,
        opened: OpenFile,
        scene: Scene,
        line: HandLine,
        title: str,
        without: Effect | None = None,
    ) -> Plan:
        where = scene.hooks.of(line.index)
        if line.obstacle:
            raise EditRefused(f"{where}: {line.obstacle}", hint="Change it by hand: wgtui interface edit.")
        assert scene.held is not None
        replacement = replacement_of(scene.held, line, scene.interface)
        switches = scene.switches
        for switch, target in replacement.effects:
            if without is not None and switch is without[0] and target in ("", without[1]):
                continue
            if switch in SETTINGS:
                continue
            for uplink in _targets(scene, switch, target):
                switches = turned(switches, switch, on=True, target=uplink)
        notes = self._notes_of(line, scene)
        plan = self._plan(title, opened, scene, switches, notes, replacement)
        settings = [switch for switch, _ in replacement.effects if switch in SETTINGS]
        if not settings:
            return plan
        steps, said = on_steps(self._host, settings, persistent=not self._reader.is_namespace)
        more = tuple(step for step in steps if step not in plan.steps)
        return replace(plan, steps=(*plan.steps, *more), notes=(*plan.notes, *said))

    @staticmethod
    def _notes_of(line: HandLine, scene: Scene) -> tuple[str, ...]:
        names = {switch for switch, _ in line.effects}
        if SwitchName.MASQUERADE in names and "-s" not in line.command:
            return (f"wgtui's lines masquerade only what comes out of {scene.interface}.",)
        return ()

    def _in_front(self, scene: Scene, switch: SwitchName) -> tuple[Step, ...]:
        """Take a switch's rules away and put them in force again, in front of all others."""
        in_force = self._in_force(scene)
        moving = [one for one in in_force if one.rule.purpose in PURPOSES[switch]]
        if not moving:
            return ()
        rest = tuple(one for one in in_force if one not in moving)
        return (
            SetForwardRules(scene.interface, in_force, rest),
            SetForwardRules(scene.interface, rest, in_force),
        )


_FAMILY = {SwitchName.IPV4: "IPv4", SwitchName.IPV6: "IPv6"}


def _title(interface: str, switch: SwitchName, on: bool, target: str) -> str:
    where = f" {target}" if target else ""
    return f"Turn {switch.value}{where} {'on' if on else 'off'} for {interface}"


def _is_done_otherwise(row: Row) -> bool:
    """Whether somebody else's line does it already, now and on disk."""
    return row.now is NowState.ON and row.disk.state is DiskState.HAND_WRITTEN


def _by_whom(row: Row) -> str:
    return f"{row.disk.where} does it already: {printable(row.disk.line, 200)}"


def _is_own(scene: Scene, switch: SwitchName, target: str) -> bool:
    """Whether the file has a switch by wgtui's own lines."""
    return turned(scene.switches, switch, on=False, target=target) != scene.switches


def _targets(scene: Scene, switch: SwitchName, target: str) -> Iterable[str]:
    """The interfaces that a command meant: one that names none means every uplink."""
    if switch is not SwitchName.MASQUERADE or target:
        return (target,)
    uplinks = [link.name for link in scene.around.links if link.is_uplink]
    return uplinks or [link.name for link in scene.around.links][:1]


def _with_replacement(
    document: Document, interface: str, lines: HookLines, replacement: Replacement | None
) -> Document:
    if replacement is None:
        return with_lines(document, interface, lines)
    edit = InterfaceEdit(pre_down=replacement.pre_down, post_down=replacement.post_down)
    without = edit_interface(document, edit)
    return with_lines(without, interface, lines, (replacement.index,))


def _taking_back(opened: OpenFile, scene: Scene, replacement: Replacement | None) -> list[Step]:
    """The step that takes a replaced command's rules back, now that wgtui's are in force."""
    if replacement is None or not replacement.take_back or scene.held is None:
        return []
    command = scene.held.post_up[replacement.index]
    return [
        RunHooks(
            scene.interface,
            opened.source.path,
            "PostDown",
            replacement.take_back,
            "PostUp",
            (command,),
        )
    ]


def _changes(steps: Iterable[Step]) -> bool:
    return any(not isinstance(step, SetForwardRules) or set(step.before) != set(step.after) for step in steps)
