"""How a file takes over what the kernel has: an edit of one place, everything else byte for byte."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wgtui.domain.config import read_config
from wgtui.domain.editing import (
    InterfaceEdit,
    PeerEdit,
    add_peer,
    edit_interface,
    edit_peer,
    enable_peer,
    interface_values,
    remove_peer,
    take_prefixes,
)
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import PublicKey
from wgtui.domain.wgquick import Document


@dataclass(frozen=True, slots=True)
class PeerAdded:
    """A peer comes into the file, or is enabled there.

    Attributes:
        key: Which.
        edit: What the file says of it then.
        disabled: Whether the file has it, disabled.
    """

    key: PublicKey
    edit: PeerEdit
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class PeerChanged:
    """Fields of a peer."""

    key: PublicKey
    edit: PeerEdit


@dataclass(frozen=True, slots=True)
class PeerRemoved:
    """A peer leaves the file."""

    key: PublicKey


@dataclass(frozen=True, slots=True)
class InterfaceChanged:
    """Fields of the interface."""

    edit: InterfaceEdit


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """One address comes or goes."""

    address: InterfaceAddress
    present: bool


@dataclass(frozen=True, slots=True)
class HookAdded:
    """A command that is run after the interface came up."""

    command: str


FileEdit = PeerAdded | PeerChanged | PeerRemoved | InterfaceChanged | AddressChanged | HookAdded
"""One edit."""


def in_file(document: Document, edit: FileEdit) -> Document:
    """The file after an edit.

    Raises:
        EditRefused: The file cannot be edited without guessing.
        InvalidValue: A value does not fit into a line.
    """
    match edit:
        case PeerAdded():
            return _with_peer(document, edit)
        case PeerChanged():
            return _taking(edit_peer(document, edit.key, edit.edit), edit.key, edit.edit)
        case PeerRemoved():
            return remove_peer(document, edit.key)
        case InterfaceChanged():
            return edit_interface(document, edit.edit)
        case AddressChanged():
            return edit_interface(document, InterfaceEdit(addresses=_addresses(document, edit)))
        case HookAdded():
            commands = interface_values(document).post_up or ()
            return edit_interface(document, InterfaceEdit(post_up=(*commands, edit.command)))


def _with_peer(document: Document, added: PeerAdded) -> Document:
    if added.disabled:
        changed = edit_peer(enable_peer(document, added.key), added.key, added.edit)
    else:
        changed = add_peer(document, replace(added.edit, public_key=added.key))
    return _taking(changed, added.key, added.edit)


def _taking(document: Document, key: PublicKey, edit: PeerEdit) -> Document:
    """Of two peers that name a prefix the last one would win."""
    return take_prefixes(document, key, edit.allowed_ips) if edit.allowed_ips else document


def _addresses(document: Document, edit: AddressChanged) -> tuple[InterfaceAddress, ...]:
    said = read_config(document).config.quick.addresses
    if edit.present:
        return (*said, edit.address)
    return tuple(address for address in said if address != edit.address)
