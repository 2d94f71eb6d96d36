"""Who else needs the host to pass packets on."""

from __future__ import annotations

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forwarding import Switches, forwarding_of
from wgtui.domain.forwarding.hand_written import hand_lines
from wgtui.domain.forwarding.lasting import SETTINGS
from wgtui.domain.forwarding.scene import Scene
from wgtui.ports.config_store import ConfigStore
from wgtui.services.forwarding.reading import SceneReader


class Users:
    """Those whose packets the host passes on.

    Args:
        reader: Reads the host.
        configs: The files of all interfaces.
    """

    def __init__(self, reader: SceneReader, configs: ConfigStore) -> None:
        self._reader = reader
        self._configs = configs

    def harmed(self, interface: str) -> tuple[str, ...]:
        """What to say where the host passes nothing on any more."""
        users = self._others(interface)
        return (f"{_who_need_it(users)}, and will not work.",) if users else ()

    def left_on(self, scene: Scene, after: Switches) -> tuple[str, ...]:
        """What to say where the host passes on nothing of an interface any more, but could.

        Args:
            scene: Of the interface.
            after: Its switches, turned.
        """
        if not _uses(scene.switches) or _uses(after):
            return ()
        if all(self._reader.host.sysctls.read(name) in (None, "0") for name in SETTINGS.values()):
            return ()
        users = self._others(scene.interface)
        if users:
            return (f"This host still passes packets on, for {_who_need_it(users)}.",)
        return (
            f"This host still passes packets on. Turn it off with: wgtui forward {scene.interface} off ipv4.",
        )

    def _others(self, interface: str) -> tuple[str, ...]:
        found = [name for name in self._configs.names() if name != interface and self._is_user(name)]
        if any(link.startswith("docker") for link in self._reader.link_names()):
            found.append("Docker")
        return tuple(found)

    def _is_user(self, name: str) -> bool:
        try:
            held = forwarding_of(self._reader.editor.open(name).document, name)
        except WgtuiError:
            return False
        return _uses(held.switches) or any(line.effects for line in hand_lines(held, name))


def _uses(switches: Switches) -> bool:
    return bool(switches.forward or switches.relay or switches.masquerade)


def _who_need_it(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"{names[0]} needs it"
    return f"{', '.join(names[:-1])} and {names[-1]} need it"
