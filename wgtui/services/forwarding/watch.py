"""Looks at an interface's forwarding again and again, and reads no more of the host than may have moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forwarding import ForwardingView
from wgtui.domain.forwarding.judging import own_states
from wgtui.domain.forwarding.rows import view_of
from wgtui.domain.forwarding.scene import Scene
from wgtui.services.forwarding.reading import SceneReader

WHOLE_EVERY: Final = 5
"""Every so many looks everything is read, not only what counts."""


class ForwardingWatch:
    """One interface's forwarding, read for a screen.

    In between it reads the interface's own rules, and everybody's only where the counters of others are
    shown. Whatever does not fit to what was read before makes it read everything.

    Args:
        reader: Reads the host.
        interface: Its name.
    """

    def __init__(self, reader: SceneReader, interface: str) -> None:
        self.interface = interface
        self._reader = reader
        self._scene: Scene | None = None
        self._counts_others = False
        self._counted = 0

    def look(self, *, fresh: bool = False) -> ForwardingView:
        """What is to be seen now; `fresh` reads everything.

        Raises:
            WgtuiError: There is neither a file nor an interface of that name.
        """
        scene = None if fresh or self._counted >= WHOLE_EVERY - 1 else self._counts(self._scene)
        self._counted = 0 if scene is None else self._counted + 1
        if scene is None:
            scene = self._reader.read(self.interface)
            if scene.held is None and not scene.is_up:
                self._scene = None
                self._reader.editor.open(self.interface)
        view = view_of(scene)
        self._scene, self._counts_others = scene, _counts_others(scene, view)
        return view

    def _counts(self, scene: Scene | None) -> Scene | None:
        """The scene with the counters of now; None where there is more that moved, or nothing to go by."""
        if scene is None or scene.problems or scene.ruleset is None:
            return None
        try:
            states = self._reader.host.forward_rules.read(self.interface)
        except WgtuiError:
            return None
        if [one.placed for one in states] != [one.placed for one in scene.states]:
            return None
        counted = replace(scene, states=states)
        return self._reader.with_ruleset(counted) if self._counts_others else counted


def _counts_others(scene: Scene, view: ForwardingView) -> bool:
    """Whether the counters of somebody else's rules are shown."""
    counted = (row for row in view.rows if row.packets is not None)
    return any(not own_states(scene, row.switch, row.target) for row in counted)
