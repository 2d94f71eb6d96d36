"""The form of a new peer: its role first, and no more fields than that needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.widget import Widget

from wgtui.domain.forms import Field, Level, Problem, examine_peer
from wgtui.domain.ipam import own_addresses
from wgtui.domain.keys import PublicKey
from wgtui.domain.plan import ConfigureDevice, Plan
from wgtui.services.editing import NewPeer, PeerScene
from wgtui.ui.changes.orders import Planner
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.editors import Role
from wgtui.ui.screens.form import FormScreen
from wgtui.ui.screens.peer_add_fields import HereFields, OwnFileFields
from wgtui.ui.screens.peer_edit import value_of

if TYPE_CHECKING:
    from wgtui.services.changes import Changes
    from wgtui.services.transaction import Applied
    from wgtui.ui.changing_app import ChangingApp


class PeerAddScreen(FormScreen):
    """A new peer of one interface."""

    def __init__(self, painter: Painter, scene: PeerScene) -> None:
        """Add a peer to the scene's interface."""
        super().__init__(painter, f"Add a peer to {scene.interface}")
        self._scene = scene
        self._here = HereFields(scene)
        self._own_file = OwnFileFields(painter, scene)
        self._added: PublicKey | None = None

    def make_parts(self) -> Sequence[Widget]:
        """All fields; those that the role does not need are hidden."""
        return (*self._here.all, *self._own_file.all)

    def show_needed(self) -> None:
        """Show what the role and the keys need."""
        self._here.arrange()
        self._own_file.arrange(self._here.role, is_made=self._here.is_made)

    def problems(self) -> Iterable[Problem]:
        """What the fields mean among the other peers, and what a role needs."""
        here, context = self._here, self._scene.context
        names = {field.name for field in self.form.fields}
        yield from (one for one in examine_peer(here.edit(), context) if one.field in names)
        prefixes = here.allowed_ips
        if here.is_made and prefixes is not None and not own_addresses(prefixes, context.addresses):
            yield Problem(
                Field.ALLOWED_IPS,
                "A peer whose keys are made here needs an address in the tunnel, for its own file.",
                hint=f"Add one, such as {free}." if (free := context.proposal) else "",
            )
        if here.role is Role.GATEWAY:
            yield from self._gateway_problems()

    def _gateway_problems(self) -> Iterable[Problem]:
        lans, lan_interface = self._here.lans, self._own_file.lan_interface
        if value_of(lans) == ():
            text = "A LAN gateway has at least one network behind it."
            yield Problem(lans.name or "", text, hint="Add its prefix.")
        if self._here.is_made and value_of(lan_interface) == "":
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

    def _planner(self) -> Planner:
        """With keys made in the thread of changes, or with those of the peer."""
        interface, edit, own_file = self._scene.interface, self._here.edit(), self._own_file
        if not self._here.is_made:
            return lambda changes: changes.peers.add(interface, edit)
        prefixes = self._here.allowed_ips or ()
        new = NewPeer(
            replace(edit, public_key=None, preshared_key=None),
            own_addresses(prefixes, self._scene.context.addresses),
            own_file.reaches,
            own_file.relay,
            self._here.has_secret,
            side=own_file.side(self._here.role, prefixes),
        )
        return lambda changes: changes.peers.add_new(interface, new)

    def _applied(self, applied: Applied) -> None:
        super()._applied(applied)
        if self._added is not None:
            editors, name = cast("ChangingApp", self.app).editors, self._here.edit().name or ""
            editors.show_added(self._scene.interface, self._added, name, has_file=self._here.is_made)


def _added_peer(plan: Plan) -> PublicKey | None:
    """The peer that a device gets, which undoing removes; None where the interface is down."""
    undone = (peer for step in plan.steps if isinstance(step, ConfigureDevice) for peer in step.undo.peers)
    return next((peer.public_key for peer in undone if peer.remove), None)
