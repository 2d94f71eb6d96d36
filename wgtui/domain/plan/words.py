"""Steps as sentences. Names and commands in them come from files: show them through `printable`."""

from __future__ import annotations

from typing import assert_never

from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.forwarding import change_sentence
from wgtui.domain.host import FileImage
from wgtui.domain.network import MAIN_TABLE, LinkSettings, Rule
from wgtui.domain.plan import steps
from wgtui.domain.plan.steps import Step


def sentence(step: Step) -> str:
    """What a step does, in one sentence with its full stop and without any secret."""
    match step:
        case steps.SetFile():
            return _file(step)
        case steps.SetDevice():
            return _device(step)
        case steps.ConfigureDevice():
            return _configuration(step.interface, step.change)
        case steps.SetLink():
            return _link(step.interface, step.before, step.after)
        case steps.SetAddress():
            return _address(step)
        case steps.SetRoute():
            return _route(step)
        case steps.SetRule():
            rule = _rule(step.rule)
            return f"Add the routing rule: {rule}." if step.present else f"Remove the routing rule: {rule}."
        case steps.SetSysctl():
            return f"Set {step.name} from {step.before} to {step.after}."
        case steps.SetGuard():
            return _guard(step)
        case steps.SetForwardRules():
            return change_sentence(step.before, step.after, step.interface)
        case steps.SetDns():
            return _dns(step)
        case steps.SetUnit():
            return _unit(step)
        case steps.RunHooks():
            return _hooks(step)
        case _:
            assert_never(step)


def _address(step: steps.SetAddress) -> str:
    address = step.address.interface
    if step.present:
        return f"Add the address {address} to {step.interface}."
    return f"Remove the address {address} from {step.interface}."


def _file(step: steps.SetFile) -> str:
    if step.after is None:
        return f"Remove the file {step.path}."
    if step.before is None:
        return f"Write the new file {step.path}, mode {step.after.mode:04o}."
    if step.before.content == step.after.content:
        return f"Give the file {step.path} the mode {step.after.mode:04o}{_owner(step.after)}."
    return f"Change the file {step.path}."


def _owner(image: FileImage) -> str:
    return "" if image.uid is None else f" and the owner {image.uid}:{image.gid}"


def _device(step: steps.SetDevice) -> str:
    if step.after is None:
        return f"Delete the interface {step.interface} with its addresses and routes."
    if step.after.device.peers or step.after.addresses:
        return f"Make the interface {step.interface} again, with its keys, peers, addresses and routes."
    return f"Make the WireGuard interface {step.interface}."


def _configuration(interface: str, change: DeviceChange) -> str:
    parts = [
        *(["its private key"] if change.private_key is not None else []),
        *([f"its listen port ({change.listen_port})"] if change.listen_port is not None else []),
        *([f"its fwmark ({change.fwmark:#x})"] if change.fwmark is not None else []),
    ]
    if len(change.peers) > 3:
        parts.append(_many(change.peers))
    else:
        parts += [_peer(peer) for peer in change.peers]
    if change.replace_peers:
        parts.append("all other peers removed")
    return f"Set on {interface}: {'; '.join(parts)}." if parts else f"Leave {interface} as it is."


def _many(peers: tuple[PeerChange, ...]) -> str:
    removed = sum(peer.remove for peer in peers)
    changed = sum(peer.update_only and not peer.remove for peer in peers)
    added = len(peers) - removed - changed
    counts = [(added, "added"), (changed, "changed"), (removed, "removed")]
    return ", ".join(f"{count} peers {word}" for count, word in counts if count)


def _peer(peer: PeerChange) -> str:
    name = f"peer {peer.public_key.short()}"
    if peer.remove:
        return f"{name} removed"
    secret = peer.preshared_key
    parts = [
        *([] if peer.update_only else ["added"]),
        *(["preshared key removed" if secret.is_zero else "preshared key set"] if secret is not None else []),
        *([f"endpoint {peer.endpoint}"] if peer.endpoint is not None else []),
        *([_keepalive(peer.persistent_keepalive)] if peer.persistent_keepalive is not None else []),
        *(["allowed IPs emptied first"] if peer.replace_allowed_ips and peer.update_only else []),
        *([f"allowed IPs {_list(peer.allowed_ips)} given"] if peer.allowed_ips else []),
        *([f"allowed IPs {_list(peer.removed_allowed_ips)} taken"] if peer.removed_allowed_ips else []),
    ]
    return f"{name} {', '.join(parts)}"


def _keepalive(seconds: int) -> str:
    return f"keepalive every {seconds} s" if seconds else "keepalive off"


def _list(items: tuple[object, ...]) -> str:
    shown = ", ".join(map(str, items[:4]))
    return f"{shown} and {len(items) - 4} more" if len(items) > 4 else shown


def _link(interface: str, before: LinkSettings, after: LinkSettings) -> str:
    mtu = f" with an MTU of {after.mtu}" if before.mtu != after.mtu else ""
    if before.up != after.up:
        return f"Bring {interface} {'up' if after.up else 'down'}{mtu}."
    return f"Set the MTU of {interface} to {after.mtu}."


def _route(step: steps.SetRoute) -> str:
    route = step.route
    by = f" by {route.link}" if route.link else ""
    gateway = f" and the gateway {route.gateway}" if route.gateway is not None else ""
    table = "the main table" if route.table == MAIN_TABLE else f"table {route.table}"
    if step.present:
        return f"Add the route to {route.destination}{by}{gateway} to {table}."
    return f"Remove the route to {route.destination}{by}{gateway} from {table}."


def _rule(rule: Rule) -> str:
    family = f"IPv{rule.family}"
    table = "the main table" if rule.table == MAIN_TABLE else f"table {rule.table}"
    if rule.suppress_prefix_length is not None:
        return f"{family} packets use {table}, but not its default route"
    if rule.fwmark is not None and rule.is_plain:
        which = "without" if rule.invert else "with"
        return f"{family} packets {which} the mark {rule.fwmark:#x} use {table}"
    return f"{family} packets use {table} under conditions of its own"


def _guard(step: steps.SetGuard) -> str:
    if step.after is None:
        return f"Remove the packet filter rules that guard the addresses of {step.interface}."
    return f"Drop packets for the addresses of {step.interface} that do not come through it."


def _dns(step: steps.SetDns) -> str:
    if step.after is None:
        return f"Take the DNS servers of {step.interface} back from resolvconf."
    search = f", searching {_list(step.after.search)}" if step.after.search else ""
    return f"Use the DNS servers {_list(step.after.servers)}{search}."


def _unit(step: steps.SetUnit) -> str:
    words = []
    if step.before.enabled != step.after.enabled:
        words.append("start at boot" if step.after.enabled else "no longer start at boot")
    if step.before.active != step.after.active:
        words.append("start now" if step.after.active else "stop now")
    return f"Let systemd's {step.unit} {' and '.join(words) or 'be as it is'}."


def _hooks(step: steps.RunHooks) -> str:
    count = len(step.commands)
    if not count:
        return f"{step.interface} has no {step.hook or 'such'} command to run."
    return f"Run the {'command' if count == 1 else f'{count} commands'} of {step.hook} of {step.interface}."
