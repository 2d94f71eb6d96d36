"""The form of a new peer: its role first, and no more fields than that needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import on
from textual.widget import Widget

from wgtui.domain.editing import NO_ENDPOINT, NO_PRESHARED_KEY, PeerEdit
from wgtui.domain.forms import (
    Field,
    Level,
    Problem,
    enter_allowed_ips,
    enter_dns,
    enter_endpoint,
    enter_lan_interface,
    enter_name,
    enter_preshared_key,
    enter_public_key,
    examine_peer,
)
from wgtui.domain.ipam import own_addresses, propose_address
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.peer_file import USUAL_SIDE, PeerSide, gateway_hooks
from wgtui.domain.plan import ConfigureDevice, Plan
from wgtui.services.editing import NewPeer, PeerScene
from wgtui.ui.changes.orders import Planner
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.editors import KEY_HINTS, ROLE_HINTS, KeyOrigin, Role, joined
from wgtui.ui.screens.form import FormScreen
from wgtui.ui.screens.peer_edit import (
    allowed_ips_field,
    endpoint_field,
    keepalive_field,
    preshared_key_of,
    value_of,
)
from wgtui.ui.widgets.forms import (
    ChoiceField,
    Form,
    FormHeading,
    Option,
    SecretField,
    TextField,
    ToggleField,
)

if TYPE_CHECKING:
    from wgtui.services.changes import Changes
    from wgtui.services.transaction import Applied
    from wgtui.ui.changing_app import ChangingApp

_LANS = "lans"
_RELAY = "relay"
_REACHES = "reaches"


class PeerAddScreen(FormScreen):
    """A new peer of one interface."""

    def __init__(self, painter: Painter, scene: PeerScene) -> None:
        """Add a peer to the scene's interface."""
        super().__init__(painter, f"Add a peer to {scene.interface}")
        self._scene = scene
        self._added: PublicKey | None = None
        context = scene.context
        taken = (prefix for peer in context.peers for prefix in peer.allowed_ips)
        self._role = ChoiceField[Role](
            "role", "Role", [Option(role, role.value, ROLE_HINTS[role]) for role in Role]
        )
        self._peer_name = TextField(
            Field.NAME, "Name", enter_name, placeholder="none", hint="How lists and its own file call it."
        )
        self._keys = ChoiceField[KeyOrigin](
            "keys", "Keys", [Option(origin, origin.value, KEY_HINTS[origin]) for origin in KeyOrigin]
        )
        self._public_key = TextField(
            Field.PUBLIC_KEY, "Public key", enter_public_key, hint="Paste it: 44 characters that end with =."
        )
        self._allowed_ips = allowed_ips_field(propose_address(context.addresses, taken), scene)
        self._lans = TextField(
            _LANS,
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
        self._own_file = FormHeading(painter, "In the peer's own file")
        self._reaches = TextField(
            _REACHES,
            "It reaches",
            enter_allowed_ips,
            text=joined(context.subnets),
            placeholder="nothing",
            hint="On a peer, allowed IPs are what it wants to reach through the relay; 0.0.0.0/0 is all.",
        )
        self._lan_interface = TextField(
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
        self._relay = TextField(
            _RELAY,
            "Relay's endpoint",
            enter_endpoint,
            text=str(scene.relay_endpoint or ""),
            placeholder="to be filled in by hand",
            hint=f"Where the peer calls this relay, such as vpn.example.org:{context.listen_port or 51820}.",
        )

    def make_parts(self) -> Sequence[Widget]:
        """All fields; those that the role does not need are hidden."""
        return (
            self._role,
            self._peer_name,
            self._keys,
            self._public_key,
            self._allowed_ips,
            self._lans,
            self._with_secret,
            self._preshared_key,
            self._endpoint,
            self._keepalive,
            self._own_file,
            self._reaches,
            self._lan_interface,
            self._dns,
            self._relay,
        )

    def on_mount(self) -> None:
        """Show what the first role needs."""
        self._show_parts()

    @on(Form.Changed)
    def _parts_changed(self) -> None:
        self._show_parts()

    def problems(self) -> Iterable[Problem]:
        """What the fields mean among the other peers, and what a role needs."""
        names = {field.name for field in self.form.fields}
        for problem in examine_peer(self._candidate(), self._scene.context):
            if problem.field in names:
                yield problem
        prefixes = value_of(self._allowed_ips)
        addresses = self._scene.context.addresses
        if self._is_made and prefixes is not None and not own_addresses(prefixes, addresses):
            yield Problem(
                Field.ALLOWED_IPS,
                "A peer whose keys are made here needs an address in the tunnel, for its own file.",
                hint=f"Add one, such as {free}." if (free := self._scene.context.proposal) else "",
            )
        if self._role.value is Role.GATEWAY and value_of(self._lans) == ():
            yield Problem(_LANS, "A LAN gateway has at least one network behind it.", hint="Add its prefix.")
        if self._role.value is Role.GATEWAY and self._is_made and value_of(self._lan_interface) == "":
            yield Problem(
                Field.LAN_INTERFACE,
                "Without it the gateway hides nothing, and the hosts of its LAN need a route back by it.",
                Level.WARNING,
            )

    def make_planner(self) -> Planner:
        """Also notes the new peer's key, by which it is found on the screen afterwards."""
        planner = self._planner()

        def plan(changes: Changes) -> Plan:
            plan = planner(changes)
            self._added = _added_peer(plan)
            return plan

        return plan

    def _applied(self, applied: Applied) -> None:
        super()._applied(applied)
        if self._added is not None:
            editors = cast("ChangingApp", self.app).editors
            editors.show_added(self._scene.interface, self._added, has_file=self._is_made)

    def _planner(self) -> Planner:
        """With keys made in the thread of changes, or with those of the peer."""
        interface, edit = self._scene.interface, self._candidate()
        if not self._is_made:
            return lambda changes: changes.peers.add(interface, edit)
        endpoint = self._relay.value
        new = NewPeer(
            replace(edit, public_key=None, preshared_key=None),
            own_addresses(self._allowed_ips.value, self._scene.context.addresses),
            self._reaches.value,
            None if endpoint == NO_ENDPOINT else endpoint,
            self._with_secret.value,
            side=self._side(),
        )
        return lambda changes: changes.peers.add_new(interface, new)

    def _side(self) -> PeerSide:
        """What the peer's own file says besides."""
        match self._role.value:
            case Role.GATEWAY:
                versions = {prefix.version for prefix in self._allowed_ips.value}
                hooks = gateway_hooks(self._lan_interface.value, versions, self._reaches.value)
                return PeerSide(hooks=hooks)
            case Role.ROAMING:
                servers, search = self._dns.value
                return PeerSide(dns_servers=servers, dns_search=search)
            case _:
                return USUAL_SIDE

    @property
    def _is_made(self) -> bool:
        return self._keys.value is KeyOrigin.MADE

    def _candidate(self) -> PeerEdit:
        role, made = self._role.value, self._is_made
        prefixes = value_of(self._allowed_ips)
        lans = value_of(self._lans) if role is Role.GATEWAY else ()
        is_plain = role is Role.PLAIN
        return PeerEdit(
            value_of(self._peer_name),
            None if made else value_of(self._public_key),
            None if made else preshared_key_of(self._preshared_key, NO_PRESHARED_KEY),
            None if prefixes is None or lans is None else tuple(dict.fromkeys((*prefixes, *lans))),
            value_of(self._endpoint) if is_plain else NO_ENDPOINT,
            value_of(self._keepalive) if is_plain else 0,
        )

    def _show_parts(self) -> None:
        role, made = self._role.value, self._is_made
        wanted: dict[Widget, bool] = {
            self._public_key: not made,
            self._lans: role is Role.GATEWAY,
            self._with_secret: made,
            self._preshared_key: not made,
            self._endpoint: role is Role.PLAIN,
            self._keepalive: role is Role.PLAIN,
            self._own_file: made,
            self._reaches: made,
            self._lan_interface: made and role is Role.GATEWAY,
            self._dns: made and role is Role.ROAMING,
            self._relay: made,
        }
        for part, is_wanted in wanted.items():
            part.display = is_wanted
        self.form.show_problems(self.problems())


def _added_peer(plan: Plan) -> PublicKey | None:
    """The peer that a device gets, which undoing removes; None where the interface is down."""
    undone = (peer for step in plan.steps if isinstance(step, ConfigureDevice) for peer in step.undo.peers)
    return next((peer.public_key for peer in undone if peer.remove), None)
