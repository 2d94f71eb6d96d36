"""`wgtui peer list|show|add|edit|remove|enable|disable|rotate|forget`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace

from wgtui import wiring
from wgtui.commands.changing import carry_out
from wgtui.commands.entered import judge, value_of
from wgtui.commands.keys import read_key
from wgtui.commands.peer_text import list_peers, show_peer
from wgtui.domain.addresses import Prefix
from wgtui.domain.editing import NO_PRESHARED_KEY, FilePeer, PeerEdit
from wgtui.domain.forms import (
    enter_allowed_ips,
    enter_dns,
    enter_endpoint,
    enter_keepalive,
    enter_lan_interface,
    enter_mtu,
    enter_name,
    enter_public_key,
    examine_peer,
)
from wgtui.domain.ipam import own_addresses
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.peer_file import PeerSide, gateway_hooks
from wgtui.domain.plan import Plan
from wgtui.services.changes import Changes
from wgtui.services.editing import NewPeer


def run(args: Namespace) -> int:
    """Do what the action says."""
    with wiring.changes(wiring.host_of(args)) as changes:
        if args.action == "list":
            return list_peers(changes.peers.list(args.interface), as_json=args.json)
        if args.action == "show":
            peer = changes.peers.find(args.interface, args.peer)
            return show_peer(peer, as_json=args.json, show_keys=args.show_keys)
        plan = _PLANS[args.action](args, changes)
        return carry_out(args, changes, plan, grave=args.action in ("remove", "rotate", "forget"))


def _add(args: Namespace, changes: Changes) -> Plan:
    document = changes.editor.open(args.interface).document
    context = changes.surroundings.of(args.interface, document)
    allowed = args.allowed_ips if args.allowed_ips is not None else context.proposal
    edit = _values(args, PeerEdit(allowed_ips=value_of(enter_allowed_ips(allowed))))
    generated = edit.public_key is None
    judge(examine_peer(edit, context))
    if not generated:
        return changes.peers.add(args.interface, replace(edit, preshared_key=_secret(args, changes)))
    addresses = own_addresses(edit.allowed_ips or (), context.addresses)
    reaches = value_of(enter_allowed_ips(args.reaches)) if args.reaches else context.subnets
    calls = changes.peers.relay_endpoint(args.interface)
    if args.calls is not None:
        calls = value_of(enter_endpoint(args.calls)) if args.calls else None
    side = _side(args, edit, reaches)
    new = NewPeer(edit, addresses, reaches, calls, with_preshared_key=args.generate_preshared_key, side=side)
    if args.preshared_key_file:
        new = replace(new, preshared_key=_secret(args, changes))
    return changes.peers.add_new(args.interface, new)


def _side(args: Namespace, edit: PeerEdit, reaches: tuple[Prefix, ...]) -> PeerSide:
    """What the peer's own file says besides."""
    servers, search = value_of(enter_dns(args.dns or ""))
    side = PeerSide(dns_servers=servers, dns_search=search, mtu=value_of(enter_mtu(args.mtu or "")))
    if args.lan_interface is None:
        return side
    name = value_of(enter_lan_interface(args.lan_interface))
    return replace(side, hooks=gateway_hooks(name, {one.version for one in edit.allowed_ips or ()}, reaches))


def _edit(args: Namespace, changes: Changes) -> Plan:
    peer = changes.peers.find(args.interface, args.peer)
    edit = _values(args, PeerEdit(allowed_ips=_allowed_ips(args, peer)))
    secret = NO_PRESHARED_KEY if args.no_preshared_key else _secret(args, changes)
    edit = replace(edit, preshared_key=secret)
    document = changes.editor.open(args.interface).document
    context = changes.surroundings.of(args.interface, document, peer.public_key)
    judge(examine_peer(edit, context))
    return changes.peers.edit(args.interface, peer.public_key, edit)


def _values(args: Namespace, edit: PeerEdit) -> PeerEdit:
    """The fields that adding and editing share."""
    return replace(
        edit,
        name=None if args.name is None else value_of(enter_name(args.name)),
        public_key=None if args.public_key is None else value_of(enter_public_key(args.public_key)),
        endpoint=None if args.endpoint is None else value_of(enter_endpoint(args.endpoint)),
        persistent_keepalive=None if args.keepalive is None else value_of(enter_keepalive(args.keepalive)),
    )


def _allowed_ips(args: Namespace, peer: FilePeer) -> tuple[Prefix, ...] | None:
    if args.allowed_ips is not None:
        return value_of(enter_allowed_ips(args.allowed_ips))
    present = peer.settings.allowed_ips
    if args.add_allowed_ips is not None:
        added = value_of(enter_allowed_ips(args.add_allowed_ips))
        return (*present, *(prefix for prefix in added if prefix not in present))
    if args.remove_allowed_ips is not None:
        gone = value_of(enter_allowed_ips(args.remove_allowed_ips))
        return tuple(prefix for prefix in present if prefix not in gone)
    return None


def _secret(args: Namespace, changes: Changes) -> PresharedKey | None:
    if args.preshared_key_file is not None:
        return read_key(PresharedKey, args.preshared_key_file)
    return changes.keypairs.generate_preshared_key() if args.generate_preshared_key else None


def _rotate(args: Namespace, changes: Changes) -> Plan:
    peer = changes.peers.find(args.interface, args.peer)
    only_preshared = args.preshared_key_only
    with_preshared = only_preshared or peer.settings.preshared_key is not None
    return changes.peers.rotate(
        args.interface, peer.public_key, key_pair=not only_preshared, preshared_key=with_preshared
    )


def _of_key(plan: Callable[[Changes, str, PublicKey], Plan]) -> Callable[[Namespace, Changes], Plan]:
    def make(args: Namespace, changes: Changes) -> Plan:
        return plan(changes, args.interface, changes.peers.find(args.interface, args.peer).public_key)

    return make


_PLANS: dict[str, Callable[[Namespace, Changes], Plan]] = {
    "add": _add,
    "edit": _edit,
    "remove": _of_key(lambda changes, interface, key: changes.peers.remove(interface, key)),
    "enable": _of_key(lambda changes, interface, key: changes.peers.enable(interface, key)),
    "disable": _of_key(lambda changes, interface, key: changes.peers.disable(interface, key)),
    "rotate": _rotate,
    "forget": _of_key(lambda changes, interface, key: changes.sharing.forgetting(interface, key)),
}
