"""The fields of a new peer: what this host's file has of it, and what its own file is to say."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widget import Widget

from wgtui.domain.addresses import Prefix
from wgtui.domain.editing import NO_ENDPOINT, NO_PRESHARED_KEY, PeerEdit
from wgtui.domain.forms import (
    Field,
    enter_allowed_ips,
    enter_dns,
    enter_endpoint,
    enter_lan_interface,
    enter_name,
    enter_preshared_key,
    enter_public_key,
)
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.ipam import propose_address
from wgtui.domain.keys import PresharedKey
from wgtui.domain.peer_file import USUAL_SIDE, PeerSide, gateway_hooks
from wgtui.services.editing import PeerScene
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.editors import KEY_HINTS, ROLE_HINTS, KeyOrigin, Role, joined
from wgtui.ui.screens.peer_edit import (
    allowed_ips_field,
    endpoint_field,
    keepalive_field,
    preshared_key_of,
    value_of,
)
from wgtui.ui.widgets.forms import ChoiceField, FormHeading, Option, SecretField, TextField, ToggleField


class HereFields:
    """What the peer is, and what this host's file has of it.

    Args:
        scene: What was read of the host.
    """

    def __init__(self, scene: PeerScene) -> None:
        context = scene.context
        taken = (prefix for peer in context.peers for prefix in peer.allowed_ips)
        self._role = ChoiceField[Role](
            "role", "Role", [Option(role, role.value, ROLE_HINTS[role]) for role in Role]
        )
        self._name = TextField(
            Field.NAME, "Name", enter_name, placeholder="none", hint="How lists and its own file call it."
        )
        self._keys = ChoiceField[KeyOrigin](
            "keys", "Keys", [Option(origin, origin.value, KEY_HINTS[origin]) for origin in KeyOrigin]
        )
        self._public_key = TextField(
            Field.PUBLIC_KEY, "Public key", enter_public_key, hint="Paste it: 44 characters that end with =."
        )
        self._allowed_ips = allowed_ips_field(propose_address(context.addresses, taken), scene)
        self.lans = TextField(
            "lans",
            "Its networks",
            enter_allowed_ips,
            placeholder="such as 192.168.1.0/24",
            hint="The networks behind it, separated by commas. They become allowed IPs of this peer too.",
        )
        self._with_secret = ToggleField(
            "with_preshared_key",
            "Preshared key",
            on=True,
            texts=("made here as well", "none"),
            hint="A second secret of both sides, against what quantum computers may read one day.",
        )
        self._preshared_key = SecretField[PresharedKey](
            Field.PRESHARED_KEY,
            "Preshared key",
            enter_preshared_key,
            hint="A second secret of both sides, as the peer has it.",
        )
        self._endpoint = endpoint_field(NO_ENDPOINT)
        self._keepalive = keepalive_field(0)

    @property
    def all(self) -> Sequence[Widget]:
        """From top to bottom."""
        return (
            self._role,
            self._name,
            self._keys,
            self._public_key,
            self._allowed_ips,
            self.lans,
            self._with_secret,
            self._preshared_key,
            self._endpoint,
            self._keepalive,
        )

    @property
    def role(self) -> Role:
        """What it is to be."""
        return self._role.value

    @property
    def is_made(self) -> bool:
        """Whether its keys are made here, so that its own file can be written."""
        return self._keys.value is KeyOrigin.MADE

    @property
    def has_secret(self) -> bool:
        """Whether a preshared key is made with its keys."""
        return self._with_secret.value

    @property
    def allowed_ips(self) -> tuple[Prefix, ...] | None:
        """What belongs to it besides the networks behind it; None where that is refused."""
        prefixes: tuple[Prefix, ...] | None = value_of(self._allowed_ips)
        return prefixes

    def edit(self) -> PeerEdit:
        """What this host's file is to say; None for what is refused and for keys that are made."""
        is_plain = self.role is Role.PLAIN
        prefixes = self.allowed_ips
        lans = value_of(self.lans) if self.role is Role.GATEWAY else ()
        return PeerEdit(
            value_of(self._name),
            None if self.is_made else value_of(self._public_key),
            None if self.is_made else preshared_key_of(self._preshared_key, NO_PRESHARED_KEY),
            None if prefixes is None or lans is None else tuple(dict.fromkeys((*prefixes, *lans))),
            value_of(self._endpoint) if is_plain else NO_ENDPOINT,
            value_of(self._keepalive) if is_plain else 0,
        )

    def arrange(self) -> None:
        """Show what the role and the keys need."""
        self._public_key.display = self._preshared_key.display = not self.is_made
        self._with_secret.display = self.is_made
        self.lans.display = self.role is Role.GATEWAY
        self._endpoint.display = self._keepalive.display = self.role is Role.PLAIN


class OwnFileFields:
    """What the peer's own file is to say.

    Args:
        painter: Draws the heading.
        scene: What was read of the host.
    """

    def __init__(self, painter: Painter, scene: PeerScene) -> None:
        self._heading = FormHeading(painter, "In the peer's own file")
        self._reaches = TextField(
            "reaches",
            "It reaches",
            enter_allowed_ips,
            text=joined(scene.context.subnets),
            placeholder="nothing",
            hint="On a peer, allowed IPs are what it wants to reach through the relay; 0.0.0.0/0 is all.",
        )
        self.lan_interface = TextField(
            Field.LAN_INTERFACE,
            "Its LAN interface",
            enter_lan_interface,
            placeholder="such as eth0",
            hint="As the gateway calls it: there it hides the tunnel's addresses behind its own.",
        )
        self._dns = TextField(
            Field.DNS,
            "DNS",
            enter_dns,
            placeholder="what it has now",
            hint="Servers that it uses while the tunnel is up, such as 9.9.9.9.",
        )
        port = scene.context.listen_port or 51820
        self._relay = TextField(
            "relay",
            "Relay's endpoint",
            enter_endpoint,
            text=str(scene.relay_endpoint or ""),
            placeholder="to be filled in by hand",
            hint=f"Where the peer calls this relay, such as vpn.example.org:{port}.",
        )

    @property
    def all(self) -> Sequence[Widget]:
        """From top to bottom."""
        return self._heading, self._reaches, self.lan_interface, self._dns, self._relay

    @property
    def reaches(self) -> tuple[Prefix, ...]:
        """What it wants to reach through this host; raises `InvalidValue`."""
        return self._reaches.value

    @property
    def relay(self) -> EndpointConfig | None:
        """Where it calls this host; None for nowhere yet. Raises `InvalidValue`."""
        endpoint = self._relay.value
        return None if endpoint == NO_ENDPOINT else endpoint

    def side(self, role: Role, allowed_ips: Sequence[Prefix]) -> PeerSide:
        """What it says besides; raises `InvalidValue`.

        Args:
            role: What the peer is to be.
            allowed_ips: What belongs to it.
        """
        match role:
            case Role.GATEWAY:
                versions = {prefix.version for prefix in allowed_ips}
                return PeerSide(hooks=gateway_hooks(self.lan_interface.value, versions, self.reaches))
            case Role.ROAMING:
                servers, search = self._dns.value
                return PeerSide(dns_servers=servers, dns_search=search)
            case _:
                return USUAL_SIDE

    def arrange(self, role: Role, *, is_made: bool) -> None:
        """Show what the role needs; nothing where the file cannot be written here."""
        self._heading.display = self._reaches.display = self._relay.display = is_made
        self.lan_interface.display = is_made and role is Role.GATEWAY
        self._dns.display = is_made and role is Role.ROAMING
