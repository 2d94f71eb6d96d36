"""The editor of an interface, and the form of a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, TypeVar

from textual.widget import Widget

from wgtui.domain.editing import NO_PRIVATE_KEY, InterfaceEdit, only_changes
from wgtui.domain.forms import (
    Entered,
    Field,
    Problem,
    enter_addresses,
    enter_dns,
    enter_fwmark,
    enter_hooks,
    enter_interface_name,
    enter_listen_port,
    enter_mtu,
    enter_private_key,
    enter_table,
    examine_interface,
)
from wgtui.domain.keys import PrivateKey
from wgtui.services.editing import InterfaceScene
from wgtui.ui.changes.orders import Planner
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.editors import joined, kept, kept_lines, shown
from wgtui.ui.screens.form import FormScreen
from wgtui.ui.screens.peer_edit import value_of
from wgtui.ui.widgets.forms import (
    FormHeading,
    SecretEdit,
    SecretField,
    TextAreaField,
    TextField,
    ToggleField,
)

Value = TypeVar("Value")

_HOOK_HINT: Final = (
    "Shell commands, one a line, run as root by up and down; %i is the interface. Saving runs none of them."
)


_HINTS: Final[Mapping[Field, str]] = {
    Field.ADDRESSES: "This host's own in the tunnel, with the length of its subnet, such as 10.8.0.1/24.",
    Field.LISTEN_PORT: "The UDP port that peers call. The firewall has to let it in.",
    Field.MTU: "Bytes of a packet inside the tunnel.",
    Field.DNS: "Resolvers and search domains of this host while the interface is up.",
    Field.TABLE: "The routing table of the peers' allowed IPs: a number or a name; off for no routes.",
    Field.FWMARK: "Mark of the encrypted packets, by which routing rules can tell them apart.",
}


class InterfaceScreen(FormScreen):
    """All that a file says of its interface."""

    def __init__(self, painter: Painter, scene: InterfaceScene) -> None:
        """Edit the scene's interface, or make one."""
        self._is_new = not scene.interface
        super().__init__(painter, "Make an interface" if self._is_new else f"Edit {scene.interface}")
        self._scene = scene
        self._before = values = scene.values
        self._interface_name = TextField(
            Field.INTERFACE_NAME,
            "Interface",
            enter_interface_name,
            placeholder="such as wg0",
            hint="Its name, and that of its file. At most 15 characters.",
        )
        self._private_key = SecretField[PrivateKey](
            Field.PRIVATE_KEY,
            "Private key",
            enter_private_key,
            generate=scene.keypairs.generate_private_key,
            is_set=values.private_key != NO_PRIVATE_KEY,
            removable=False,
            describe=self._describe_key,
            hint="Left as it is, a new interface gets one made here."
            if self._is_new
            else "With another one all peers are cut off until they have its public key.",
        )
        self._scalars = _ScalarFields(values)
        self._hooks = {
            field: TextAreaField(
                field,
                label,
                kept_lines(commands, partial(enter_hooks, field)),
                text="\n".join(map(shown, commands)),
                hint=_HOOK_HINT,
                rows=max(2, min(5, len(commands) + 1)),
            )
            for field, label, commands in (
                (Field.PRE_UP, "PreUp", values.pre_up or ()),
                (Field.POST_UP, "PostUp", values.post_up or ()),
                (Field.PRE_DOWN, "PreDown", values.pre_down or ()),
                (Field.POST_DOWN, "PostDown", values.post_down or ()),
            )
        }

    def make_parts(self) -> Sequence[Widget]:
        """The fields, as the file orders them."""
        scalars = self._scalars
        return (
            *((self._interface_name,) if self._is_new else ()),
            self._private_key,
            scalars.addresses,
            scalars.listen_port,
            scalars.mtu,
            scalars.dns,
            scalars.table,
            scalars.fwmark,
            scalars.save_config,
            FormHeading(self.painter, "Hooks"),
            *self._hooks.values(),
        )

    def problems(self) -> Iterable[Problem]:
        """What the fields mean among the peers and the other interfaces."""
        yield from examine_interface(self._candidate(), self._scene.context)
        taken = [other.name for other in self._scene.context.interfaces]
        if self._is_new and value_of(self._interface_name) in taken:
            yield Problem(
                Field.INTERFACE_NAME, "There is an interface of this name.", hint="Choose another name."
            )

    def make_planner(self) -> Planner:
        """A new file, or only what was changed."""
        candidate = self._candidate()
        if self._is_new:
            name = self._interface_name.value
            edit = only_changes(self._before, candidate)
            return lambda changes: changes.interfaces.create(name, edit)
        interface, changed = self._scene.interface, only_changes(self._before, candidate)
        return lambda changes: changes.interfaces.edit(interface, changed)

    def _candidate(self) -> InterfaceEdit:
        hooks = {field.value: value_of(area) for field, area in self._hooks.items()}
        return self._scalars.into(InterfaceEdit(private_key=self._new_key(), **hooks))

    def _new_key(self) -> PrivateKey | None:
        edit: SecretEdit[PrivateKey] | None = value_of(self._private_key)
        if edit is None:
            return None
        if edit.keep:
            return None if self._is_new else self._before.private_key
        return edit.secret or NO_PRIVATE_KEY

    def _describe_key(self, key: PrivateKey) -> str:
        return f"Its public key is {self._scene.keypairs.public_key(key)}."


class _ScalarFields:
    """The fields of one line each.

    Args:
        values: What the file has.
    """

    def __init__(self, values: InterfaceEdit) -> None:
        addresses, dns, table = joined(values.addresses or ()), _dns_text(values), shown(values.table or "")
        takes_dns = kept(dns, (values.dns_servers or (), values.dns_search or ()), enter_dns)
        takes_table = kept(table, values.table or "", enter_table)
        port, mtu = str(values.listen_port or ""), str(values.mtu or "")
        mark = f"{values.fwmark:#x}" if values.fwmark else ""
        self.addresses = _text(Field.ADDRESSES, "Addresses", enter_addresses, addresses, "none")
        self.listen_port = _text(
            Field.LISTEN_PORT, "Listen port", enter_listen_port, port, "the system picks one"
        )
        self.mtu = _text(Field.MTU, "MTU", enter_mtu, mtu, "automatic")
        self.dns = _text(Field.DNS, "DNS", takes_dns, dns, "as it is")
        self.table = _text(Field.TABLE, "Table", takes_table, table, "automatic")
        self.fwmark = _text(Field.FWMARK, "FwMark", enter_fwmark, mark, "off")
        self.save_config = ToggleField(
            Field.SAVE_CONFIG,
            "SaveConfig",
            on=bool(values.save_config),
            texts=("wg-quick down overwrites the file", "the file is left alone"),
            hint="With it, wg-quick writes the running state over the file, comments and names included.",
        )

    def into(self, edit: InterfaceEdit) -> InterfaceEdit:
        """Put the values into an edit; None for those that are refused."""
        dns = value_of(self.dns)
        return InterfaceEdit(
            private_key=edit.private_key,
            addresses=value_of(self.addresses),
            listen_port=value_of(self.listen_port),
            mtu=value_of(self.mtu),
            dns_servers=None if dns is None else dns[0],
            dns_search=None if dns is None else dns[1],
            table=value_of(self.table),
            fwmark=value_of(self.fwmark),
            pre_up=edit.pre_up,
            post_up=edit.post_up,
            pre_down=edit.pre_down,
            post_down=edit.post_down,
            save_config=value_of(self.save_config),
        )


def _text(
    field: Field, label: str, enter: Callable[[str], Entered[Value]], text: str, absent: str
) -> TextField[Value]:
    return TextField(field, label, enter, text=text, placeholder=absent, hint=_HINTS[field])


def _dns_text(values: InterfaceEdit) -> str:
    return shown(joined((*(values.dns_servers or ()), *(values.dns_search or ()))))
