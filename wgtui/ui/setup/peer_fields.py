"""The fields of one of the first peers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from wgtui.domain.addresses import Prefix
from wgtui.domain.editing.intents import NO_PRESHARED_KEY
from wgtui.domain.forms import (
    Entered,
    Problem,
    enter_addresses,
    enter_allowed_ips,
    enter_endpoint,
    enter_interface_name,
    enter_keepalive,
    enter_name,
    enter_preshared_key,
    enter_public_key,
)
from wgtui.domain.keys import PresharedKey
from wgtui.domain.setup import DraftPeer, Role, Scenario
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.editors import KEY_HINTS, KeyOrigin, joined
from wgtui.ui.presentation.setup.fields import endpoint_text
from wgtui.ui.presentation.setup.peer_words import (
    HINTS,
    derived_peer,
    derived_texts,
    missing_problems,
    peer_problems,
)
from wgtui.ui.presentation.setup.words import ROLES
from wgtui.ui.setup.pages.base import read
from wgtui.ui.setup.session import SetupSession
from wgtui.ui.widgets.forms import (
    ChoiceField,
    FormField,
    FormHeading,
    Option,
    SecretField,
    TextField,
    ToggleField,
)

Value = TypeVar("Value")

_ROLES = tuple(ROLES)
_ORIGINS = tuple(KeyOrigin)
_BEHIND_NAT = ("the caller is, as homes and phones are", "the caller is not")


class PeerFields:
    """The fields, and what becomes of them.

    Args:
        painter: Draws headings.
        session: The answers; the peer is in them.
        number: The peer's place, from 0.
    """

    def __init__(self, painter: Painter, session: SetupSession, number: int) -> None:
        self._session = session
        self._number = number
        self._given = peer = session.draft.peers[number]
        self._dials = session.scenario.dials
        self._must_have_key = session.scenario is Scenario.JOIN
        made = peer.public_key is None and not self._must_have_key
        self.role = _role_field(peer.role or Role.ROAMING)
        self.name = _text("name", "Name", enter_name, peer.name or "")
        self.keys = _keys_field(KeyOrigin.MADE if made else KeyOrigin.PASTED)
        self.public_key = _text("public_key", "Public key", enter_public_key, str(peer.public_key or ""))
        called, example = endpoint_text(peer.endpoint), "such as relay.example.org:51820"
        self.endpoint = _text("endpoint", "Its endpoint", enter_endpoint, called, example)
        self.addresses = _text("addresses", "Addresses", enter_addresses, joined(peer.addresses or ()))
        self.lans = _lans_field(peer, is_called=self._dials)
        link = peer.lan_interface or ""
        self.lan_interface = _text("lan_interface", "Its LAN interface", _link_name, link, "such as eth0")
        self.preshared = _toggle(
            "preshared", "Preshared key", peer.preshared is True, ("made here as well", "none")
        )
        self.preshared_key = _preshared_field(peer.preshared_key)
        self.behind_nat = _toggle("behind_nat", "Behind NAT", peer.behind_nat is not False, _BEHIND_NAT)
        keepalive = "" if peer.keepalive is None else str(peer.keepalive)
        self.keepalive = _text("keepalive", "Keepalive", enter_keepalive, keepalive)
        self.more = FormHeading(painter, "In the peer's own file")
        self.reaches = _text("reaches", "It reaches", enter_allowed_ips, joined(peer.reaches or ()))

    @property
    def all(self) -> Sequence[FormField[object] | FormHeading]:
        """From top to bottom; those that the role does not need are hidden."""
        return (  # type: ignore[return-value]
            self.role,
            self.name,
            self.keys,
            self.public_key,
            self.endpoint,
            self.lans,
            self.lan_interface,
            self.addresses,
            self.preshared,
            self.preshared_key,
            self.behind_nat,
            self.keepalive,
            self.more,
            self.reaches,
        )

    def peer(self) -> DraftPeer:
        """The peer as far as its fields can be read; those that cannot stay what they were."""
        was = self._session.draft.peers[self._number]
        pasted = self._must_have_key or self.keys.value is KeyOrigin.PASTED
        role = Role.PLAIN if self._dials else self.role.value
        reaches = _or(self.reaches, was.reaches)
        addresses = _or(self.addresses, was.addresses)
        return DraftPeer(
            name=_or(self.name, was.name),
            role=role,
            addresses=addresses or None,
            lans=_or(self.lans, was.lans) if self._dials or role is Role.GATEWAY else None,
            lan_interface=_or(self.lan_interface, was.lan_interface) if role is Role.GATEWAY else None,
            public_key=_or(self.public_key, was.public_key) if pasted else None,
            preshared_key=self._secret(was.preshared_key) if pasted else None,
            preshared=self.preshared.value if not pasted else None,
            reaches=reaches or None,
            keepalive=self._keepalive(was.keepalive),
            behind_nat=self.behind_nat.value,
            endpoint=_or(self.endpoint, was.endpoint) if self._dials else None,
        )

    def arrange(self) -> None:
        """Show the fields that the role and the scenario need; empty ones say what they stand for."""
        pasted = self._must_have_key or self.keys.value is KeyOrigin.PASTED
        role = self.role.value
        self.role.display = not self._dials
        self.keys.display = not self._must_have_key
        self.public_key.display = pasted
        self.endpoint.display = self._dials
        self.lans.display = self._dials or role is Role.GATEWAY
        self.lan_interface.display = not self._dials and role is Role.GATEWAY
        self.addresses.display = self.reaches.display = not self._must_have_key
        self.more.display = not self._must_have_key
        self.preshared.display, self.preshared_key.display = not pasted, pasted
        addresses, reaches = derived_texts(derived_peer(self._session.filled, self._number))
        self.addresses.placeholder = addresses
        self.reaches.placeholder = reaches
        self.keepalive.placeholder = "25" if self.behind_nat.value else "off"

    def problems(self, *, is_taken: bool) -> Iterable[Problem]:
        """What the fields mean among the other peers, and, once it is to be taken, what is missing."""
        filled = self._session.filled
        missing = missing_problems(filled, self._number) if is_taken else ()
        return (*missing, *peer_problems(filled, self._number))

    def _secret(self, was: PresharedKey | None) -> PresharedKey | None:
        edit = read(self.preshared_key)
        if edit is None or edit.keep:
            return self._given.preshared_key if edit is not None else was
        return edit.secret or NO_PRESHARED_KEY

    def _keepalive(self, was: int | None) -> int | None:
        if not self.keepalive.text.strip():
            return None
        return _or(self.keepalive, was)


def _or(field: FormField[Value], otherwise: Value | None) -> Value | None:
    value = read(field)
    return otherwise if value is None else value


def _text(
    name: str, label: str, enter: Callable[[str], Entered[Value]], text: str, placeholder: str = ""
) -> TextField[Value]:
    return TextField(name, label, enter, text=text, placeholder=placeholder, hint=HINTS[name])


def _toggle(name: str, label: str, on: bool, texts: tuple[str, str]) -> ToggleField:
    return ToggleField(name, label, on=on, texts=texts, hint=HINTS[name])


def _role_field(role: Role) -> ChoiceField[Role]:
    options = [Option(one, one.value, ROLES[one]) for one in _ROLES]
    return ChoiceField("role", "Role", options, chosen=_ROLES.index(role))


def _keys_field(origin: KeyOrigin) -> ChoiceField[KeyOrigin]:
    options = [Option(one, one.value, KEY_HINTS[one]) for one in _ORIGINS]
    return ChoiceField("keys", "Keys", options, chosen=_ORIGINS.index(origin))


def _preshared_field(key: PresharedKey | None) -> SecretField[PresharedKey]:
    is_set, hint = key is not None and not key.is_zero, HINTS["preshared_key"]
    return SecretField("preshared_key", "Preshared key", enter_preshared_key, is_set=is_set, hint=hint)


def _lans_field(peer: DraftPeer, *, is_called: bool) -> TextField[tuple[Prefix, ...]]:
    """What is behind the peer; of one that this host calls, what it lets this host reach besides."""
    label, absent, hint = "LAN behind it", "such as 192.168.1.0/24", HINTS["lans"]
    if is_called:
        label, absent, hint = "Also reached", "nothing else", HINTS["also"]
    lans = joined(peer.lans or ())
    return TextField("lans", label, enter_allowed_ips, text=lans, placeholder=absent, hint=hint)


def _link_name(text: str) -> Entered[str]:
    """The name of any interface; empty for none."""
    return enter_interface_name(text) if text.strip() else Entered("")
