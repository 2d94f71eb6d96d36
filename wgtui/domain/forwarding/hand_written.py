"""Somebody's own PostUp commands: which switches they serve, and what goes when they are replaced."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from wgtui.domain.forwarding.hand_parts import Effect, Part, parts_of
from wgtui.domain.forwarding.in_file import FileForwarding
from wgtui.domain.forwarding.view import SwitchName


@dataclass(frozen=True, slots=True)
class HandLine:
    """A PostUp command that somebody wrote.

    Attributes:
        index: Among all PostUp commands.
        command: As written.
        parts: Its commands.
    """

    index: int
    command: str
    parts: tuple[Part, ...]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Which switches it serves."""
        return tuple(dict.fromkeys(effect for part in self.parts for effect in part.effects))

    @property
    def keys(self) -> frozenset[Hashable]:
        """What tells the commands that take it back."""
        return frozenset(part.key for part in self.parts if part.key is not None and not part.takes_back)

    @property
    def obstacle(self) -> str:
        """Why wgtui's lines cannot stand in its place, in one sentence; empty where they can."""
        if not self.effects:
            return "wgtui does not know that it does anything for forwarding, and leaves it alone."
        strange = next((part.text for part in self.parts if not part.is_known), "")
        if strange:
            return f"It does more than forwarding, or in a way that wgtui does not know: {strange}"
        several = next((target for _, target in self.effects if target.endswith(("+", "*"))), "")
        if several:
            return f"It is for every interface that {several} stands for, and wgtui's lines are for one."
        if any(part.takes_back for part in self.parts):
            return "It takes something back."
        return ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What becomes of a file's commands when one of somebody's own is replaced.

    Attributes:
        index: Of it among the PostUp commands.
        pre_down: All PreDown commands without what took it back.
        post_down: All PostDown commands without what took it back.
        take_back: Commands that take its rules back on a running interface.
        effects: The switches to turn on in its place.
    """

    index: int
    pre_down: tuple[str, ...]
    post_down: tuple[str, ...]
    take_back: tuple[str, ...]
    effects: tuple[Effect, ...]


def hand_lines(held: FileForwarding, interface: str) -> tuple[HandLine, ...]:
    """The PostUp commands that are not wgtui's, understood or not."""
    return tuple(HandLine(index, command, parts_of(command, interface)) for index, command in held.others_up)


def replacement_of(held: FileForwarding, line: HandLine, interface: str) -> Replacement:
    """What becomes of the file when a command without an obstacle is replaced.

    Of commands that take back other commands as well, only what belongs to this one goes. They stand in
    PostDown or in PreDown: one that was left there would fail, and wg-quick with it, the interface still up.

    Args:
        held: What the file says.
        line: One of its `hand_lines`.
        interface: Its name.
    """
    # Another line that does the same keeps what takes it back.
    others = {key for other in hand_lines(held, interface) if other.index != line.index for key in other.keys}
    going = line.keys - others
    taken_back: dict[Hashable, str] = {}
    pre_down = tuple(_kept(held.pre_down, frozenset(), going, interface, taken_back))
    post_down = tuple(_kept(held.post_down, held.read.own_down, going, interface, taken_back))
    for part in line.parts:
        if part.key in going and part.undo:
            taken_back.setdefault(part.key, part.undo)
    commands = tuple(text for key, text in taken_back.items() if not _is_system(key))
    return Replacement(line.index, pre_down, post_down, commands, line.effects)


def _kept(
    commands: tuple[str, ...],
    own: frozenset[int],
    going: frozenset[Hashable],
    interface: str,
    taken_back: dict[Hashable, str],
) -> Iterator[str]:
    """Commands of a hook without those that take something back; what these are goes into `taken_back`."""
    for index, command in enumerate(commands):
        parts = parts_of(command, interface)
        matching = [part for part in parts if part.takes_back and part.key in going]
        if index in own or not matching:
            yield command
            continue
        taken_back |= {part.key: part.text for part in matching}
        rest = [part.text for part in parts if part not in matching]
        if rest:
            yield "; ".join(rest)


def _is_system(key: Hashable) -> bool:
    """Whether it is a setting of the whole host, which stays as it is when a line goes."""
    return isinstance(key, tuple) and key[0] == "sysctl"


def of_switch(lines: tuple[HandLine, ...], switch: SwitchName, target: str = "") -> HandLine | None:
    """The first line that serves a switch; None where none does.

    Args:
        lines: Of a file.
        switch: Which.
        target: For `masquerade`: the interface; a line that names none serves every one.
    """
    for line in lines:
        for name, where in line.effects:
            if name is switch and (not target or where in ("", target)):
                return line
    return None
