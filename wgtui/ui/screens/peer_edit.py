"""The editor of a peer that is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.widget import Widget

from wgtui.domain.addresses import Prefix
from wgtui.domain.editing import NO_ENDPOINT, NO_PRESHARED_KEY, FilePeer, PeerEdit, only_changes
from wgtui.domain.forms import (
    Field,
    Level,
    Problem,
    enter_allowed_ips,
    enter_endpoint,
    enter_keepalive,
    enter_name,
    enter_preshared_key,
    enter_public_key,
    examine_peer,
)
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.ipam import propose_address
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.services.editing import PeerScene
from wgtui.ui.changes.orders import Planner
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.editors import ALLOWED_IPS_RULE, joined, kept, shown
from wgtui.ui.screens.form import FormScreen
from wgtui.ui.widgets.forms import FormField, SecretEdit, SecretField, TextAreaField, TextField

_MANY = 4
"""As many allowed IPs get a line each."""


def value_of(field: FormField[Any]) -> Any:
    """What a field holds; None where that is refused."""
    return field.entered.value


def preshared_key_of(field: SecretField[PresharedKey], before: PresharedKey) -> PresharedKey | None:
    """What the preshared key is to be; None where what was pasted is refused."""
    edit: SecretEdit[PresharedKey] | None = field.entered.value
    if edit is None:
        return None
    return before if edit.keep else edit.secret or NO_PRESHARED_KEY


class PeerEditScreen(FormScreen):
    """All that a file says of one peer."""

    def __init__(self, painter: Painter, scene: PeerScene, peer: FilePeer) -> None:
        """Edit a peer.

        Args:
            painter: Draws.
            scene: What was read of the host.
            peer: The scene's peer.
        """
        label = shown(peer.name) or peer.public_key.short()
        state = "" if peer.enabled else ", which is disabled"
        super().__init__(painter, f"Edit {label} of {scene.interface}{state}")
        self._scene = scene
        self._peer = peer
        self._before = before = peer.as_edit()
        self._peer_name = TextField(
            Field.NAME,
            "Name",
            kept(shown(peer.name), peer.name, enter_name),
            text=shown(peer.name),
            placeholder="none",
            hint="How lists call it. It stands in the file as a comment.",
        )
        self._public_key = TextField(
            Field.PUBLIC_KEY,
            "Public key",
            enter_public_key,
            text=str(peer.public_key),
            hint="Changed when the peer made itself new keys: paste its new public key.",
        )
        self._preshared_key = SecretField[PresharedKey](
            Field.PRESHARED_KEY,
            "Preshared key",
            enter_preshared_key,
            generate=scene.keypairs.generate_preshared_key,
            is_set=before.preshared_key != NO_PRESHARED_KEY,
            hint="A second secret of both sides. With a new one the peer is cut off until it has it too.",
        )
        self._allowed_ips = allowed_ips_field(peer.settings.allowed_ips, scene)
        self._endpoint = endpoint_field(before.endpoint or NO_ENDPOINT)
        self._keepalive = keepalive_field(before.persistent_keepalive or 0)

    def make_parts(self) -> Sequence[Widget]:
        """The fields, as the file orders them."""
        return (
            self._peer_name,
            self._public_key,
            self._preshared_key,
            self._allowed_ips,
            self._endpoint,
            self._keepalive,
        )

    def problems(self) -> Iterable[Problem]:
        """What the fields mean among the other peers."""
        yield from examine_peer(self._candidate(), self._scene.context)
        if value_of(self._public_key) not in (None, self._peer.public_key):
            text = "The peer is cut off until it uses the private key that belongs to this one."
            yield Problem(Field.PUBLIC_KEY, text, Level.NOTE)

    def make_planner(self) -> Planner:
        """Only what was changed."""
        interface, key = self._scene.interface, self._peer.public_key
        edit = only_changes(self._before, self._candidate())
        return lambda changes: changes.peers.edit(interface, key, edit)

    def _candidate(self) -> PeerEdit:
        before = self._before.preshared_key or NO_PRESHARED_KEY
        key: PublicKey | None = value_of(self._public_key)
        return PeerEdit(
            value_of(self._peer_name),
            key,
            preshared_key_of(self._preshared_key, before),
            value_of(self._allowed_ips),
            value_of(self._endpoint),
            value_of(self._keepalive),
        )


def allowed_ips_field(
    prefixes: Sequence[Prefix], scene: PeerScene, *, label: str = "Allowed IPs"
) -> FormField[tuple[Prefix, ...]]:
    """The field of allowed IPs, with the rule about them and the next free address after the peer's own."""
    context = scene.context
    taken = (*prefixes, *(prefix for peer in context.peers for prefix in peer.allowed_ips))
    free = joined(propose_address(context.addresses, taken))
    hint = f"{ALLOWED_IPS_RULE}{f' Free is {free}.' if free else ''}"
    if len(prefixes) >= _MANY:
        text = "\n".join(map(str, prefixes))
        rows = min(8, len(prefixes) + 1)
        return TextAreaField(Field.ALLOWED_IPS, label, enter_allowed_ips, text=text, hint=hint, rows=rows)
    return TextField(
        Field.ALLOWED_IPS,
        label,
        enter_allowed_ips,
        text=joined(prefixes),
        placeholder=f"none; free is {free}" if free else "none",
        hint=hint,
    )


def endpoint_field(endpoint: EndpointConfig) -> TextField[EndpointConfig]:
    """The field of the peer's endpoint."""
    text = "" if endpoint == NO_ENDPOINT else shown(str(endpoint))
    return TextField(
        Field.ENDPOINT,
        "Endpoint",
        kept(text, endpoint, enter_endpoint),
        text=text,
        placeholder="none: the peer calls this side",
        hint="Where this side calls the peer, such as 192.0.2.7:51820. Roaming devices have none.",
    )


def keepalive_field(seconds: int) -> TextField[int]:
    """The field of the persistent keepalive."""
    return TextField(
        Field.PERSISTENT_KEEPALIVE,
        "Keepalive",
        enter_keepalive,
        text=str(seconds or ""),
        placeholder="off",
        hint="Every so many seconds this side sends an empty packet. It is for the side that is behind NAT.",
    )
