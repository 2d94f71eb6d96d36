"""Making, changing and deleting interfaces."""

from __future__ import annotations

from dataclasses import replace

from wgtui.domain.editing import InterfaceEdit, edit_interface, new_interface
from wgtui.domain.errors import EditRefused
from wgtui.domain.host import FileImage, UnitState
from wgtui.domain.plan import Plan, SetFile, SetUnit
from wgtui.ports.keypairs import Keypairs
from wgtui.services.editing.config_editor import ConfigEditor
from wgtui.services.interfaces import Source, accepted_config
from wgtui.services.interfaces.units import driving_unit, unit_of

_NEW_KEY = (
    "Every peer of {} needs its new public key: until it has that in its own file, it cannot talk to it."
)


class InterfacePlans:
    """Plans for interfaces as such.

    Args:
        editor: Opens the files.
        keypairs: Generates keys.
    """

    def __init__(self, editor: ConfigEditor, keypairs: Keypairs) -> None:
        self._editor = editor
        self._keypairs = keypairs

    def create(self, interface: str, edit: InterfaceEdit) -> Plan:
        """Write the file of a new interface; without a private key one is generated.

        Raises:
            EditRefused: The file or an interface of that name exists.
        """
        host, path = self._editor.context.host, self._editor.path(interface)
        if host.files.read(path) is not None:
            raise EditRefused(f"{path} exists already.", hint="Choose another name, or change that one.")
        if host.network.link(interface) is not None:
            raise EditRefused(f"There is an interface {interface} already.", hint="Choose another name.")
        if edit.private_key is None:
            edit = replace(edit, private_key=self._keypairs.generate_private_key())
        content = bytes(new_interface(edit))
        accepted_config(self._editor.context, Source(interface, path, content))
        return Plan(
            f"Make the interface {interface}",
            (SetFile(path, None, FileImage(content)),),
            (f"It is not up yet: bring it up with: wgtui up {interface}.",),
        )

    def edit(self, interface: str, edit: InterfaceEdit) -> Plan:
        """Change an interface's own settings, also while it is up. Hooks are only written, not run."""
        opened = self._editor.open(interface)
        notes = (_NEW_KEY.format(interface),) if edit.private_key is not None else ()
        changed = edit_interface(opened.document, edit)
        return self._editor.plan(f"Change {interface}", opened, changed, notes=notes)

    def delete(self, interface: str) -> Plan:
        """Remove the file of an interface that is down, and let its unit no longer start at boot.

        Raises:
            EditRefused: It is up.
        """
        opened = self._editor.open(interface)
        if interface in self._editor.context.host.wireguard.names():
            raise EditRefused(f"{interface} is up.", hint=f"Take it down first: wgtui down {interface}.")
        step = SetFile(opened.source.path, opened.image, None)
        state = driving_unit(self._editor.context, interface, opened.source)
        return Plan(f"Delete the interface {interface}", (*_disabling(interface, state), step))


def _disabling(interface: str, state: UnitState | None) -> tuple[SetUnit, ...]:
    """The step that keeps a unit from failing at boot; none where it does not start then."""
    if state is None or not state.enabled:
        return ()
    return (SetUnit(unit_of(interface), state, replace(state, enabled=False)),)
