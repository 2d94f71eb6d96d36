"""Checks of peers' own files against this host's: where wgtui made both, they have to agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Final

from wgtui.domain.activity import activity_of
from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.doctor.facts import DoctorFacts, InterfaceFacts, OwnFile
from wgtui.domain.doctor.finding import DoctorFinding, ModeFix, Severity
from wgtui.domain.doctor.needs import is_within
from wgtui.domain.fixes import AllowFix, FarAllowFix
from wgtui.domain.keys import PublicKey
from wgtui.domain.text import printable

_PRIVATE: Final = 0o600
MakeFinding = Callable[[str, str, str], DoctorFinding]
"""Makes a finding from its code, its text and what to do."""

_MOST: Final = 50
"""Pairs of peers that are told of, at most."""


def own_file_checks(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """Where a file that was handed to a peer cannot work with this host as it is."""
    running = {peer.public_key: peer for peer in one.device.peers} if one.device is not None else {}
    allowed = {peer.public_key: peer.allowed_ips for peer in one.peers}
    for file in one.own_files:
        peer = running.get(file.key)
        works = peer is not None and activity_of(peer.latest_handshake, facts.now).is_active
        yield from _disagreements(one, file, allowed.get(file.key, ()), works)
        if file.is_open:
            yield DoctorFinding(
                "world-accessible",
                Severity.WARNING,
                f"Every user of this machine can read {printable(file.path, 300)}.",
                "It holds the peer's private key.",
                one.name,
                file.key,
                fix=ModeFix(file.path, _PRIVATE),
                command=f"chmod 600 {printable(file.path, 300)}",
            )
    yield from _too_narrow(one)
    yield from _unowned(facts, one)
    yield from _gateways(one)


def _disagreements(
    one: InterfaceFacts, file: OwnFile, allowed: tuple[Prefix, ...], works: bool
) -> Iterator[DoctorFinding]:
    """What keeps peer and host from each other, if the peer runs with this file."""
    label = one.label(file.key)
    share = f"Hand the file over again: wgtui export {one.name} {label}"
    rest = f"If {label} runs with this file, it cannot shake hands with this host."
    if works:
        rest = f"{label} is active, so it runs with another file; this one would not work."

    def finding(code: str, text: str, command: str) -> DoctorFinding:
        severity = Severity.NOTE if works else Severity.ERROR
        return DoctorFinding(code, severity, text, rest, one.name, file.key, certain=False, command=command)

    if not file.has_its_key:
        yield finding(
            "own-file-key",
            f"The private key in {label}'s own file does not belong to the public key that {one.name} "
            "has of it.",
            f"Give the peer its key again: wgtui peer edit {one.name} {label} --public-key KEY",
        )
        return
    if not file.knows_relay:
        yield finding(
            "own-file-relay-key",
            f"{label}'s own file has another public key of this host than {one.name} has now.",
            f"Write this host's public key into it. {share}",
        )
    if not file.preshared_key_agrees:
        yield finding(
            "own-file-preshared-key",
            f"{label}'s own file and {one.name}.conf have different preshared keys.",
            f"Give both the same one: wgtui peer rotate {one.name} {label} --preshared-key-only",
        )
    yield from _other_address(one, file, allowed, finding)
    port = one.listen_port
    if file.endpoint is not None and port and file.endpoint.port != port:
        yield finding(
            "own-file-port",
            f"{label}'s own file calls port {file.endpoint.port}, and {one.name} listens on {port}.",
            "Write the new port into it, unless a router in front of this host leads the one to the other.",
        )


def _other_address(
    one: InterfaceFacts, file: OwnFile, allowed: tuple[Prefix, ...], finding: MakeFinding
) -> Iterator[DoctorFinding]:
    """Cryptokey routing drops what comes from another address than the peer's allowed IPs."""
    wrong = next((own.ip for own in file.far.addresses if allowed and not _holds(allowed, own.ip)), None)
    if wrong is not None:
        label = one.label(file.key)
        yield finding(
            "own-file-address",
            f"{label}'s own file gives it the address {wrong}, which is not among its allowed IPs on "
            f"{one.name}.",
            f"Give both the same address: wgtui peer edit {one.name} {label}",
        )


def _too_narrow(one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """A LAN's gateway that does not accept a peer which sends to that LAN: its packets are dropped there.

    Most peers reach the same prefixes, so that these are compared once for all who have them.
    """
    owned = {peer.public_key: peer.allowed_ips for peer in one.peers}
    senders: dict[tuple[Prefix, ...], list[PublicKey]] = {}
    for file in one.own_files:
        senders.setdefault(file.far.reaches, []).append(file.key)
    told = 0
    for gateway in one.own_files:
        accepted = gateway.far.reaches
        for lan in _lans(one, owned.get(gateway.key, ())):
            for reaches, keys in senders.items():
                if not _within(lan, reaches) or _whole_tunnel(one, accepted, lan.version):
                    continue
                for key in keys:
                    closed = _not_accepted(owned.get(key, ()), accepted, lan.version)
                    if key != gateway.key and closed is not None:
                        yield _narrow(one, gateway.key, key, closed, lan)
                        told += 1
                    if told == _MOST:
                        return


def _whole_tunnel(one: InterfaceFacts, accepted: tuple[Prefix, ...], version: int) -> bool:
    """Whether everybody in the tunnel is accepted."""
    mine = [network for network in one.networks if network.version == version]
    return bool(mine) and all(_within(network, accepted) for network in mine)


def _lans(one: InterfaceFacts, prefixes: tuple[Prefix, ...]) -> list[Prefix]:
    return [
        prefix
        for prefix in prefixes
        if prefix.prefixlen < prefix.max_prefixlen and not _within(prefix, one.networks)
    ]


def _not_accepted(prefixes: tuple[Prefix, ...], accepted: tuple[Prefix, ...], version: int) -> Address | None:
    """The first of a peer's own addresses that another one's file does not accept."""
    own = (
        prefix.network_address
        for prefix in prefixes
        if prefix.version == version and prefix.prefixlen == prefix.max_prefixlen
    )
    return next((address for address in own if not _holds(accepted, address)), None)


def _unowned(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """A LAN that peers send here and that nobody has: packets for it leave by the uplink, and are lost."""
    owned = [prefix for peer in one.peers for prefix in peer.allowed_ips]
    known = (*owned, *one.networks, *facts.routed, *(net for link in facts.links for net in link.networks))
    wanted = {
        prefix: file.key
        for file in reversed(one.own_files)
        for prefix in file.far.reaches
        if prefix.is_private
    }
    for prefix, key in wanted.items():
        if not prefix.prefixlen or any(is_within(prefix, net) or is_within(net, prefix) for net in known):
            continue
        gateways = [file for file in one.own_files if file.far.lets_through]
        fix = AllowFix(one.name, gateways[0].key, prefix) if len(gateways) == 1 else None
        yield DoctorFinding(
            "lan-unowned",
            Severity.WARNING,
            f"{one.label(key)}'s own file sends {prefix} to this host, where no peer of {one.name} "
            "owns it and no other network has it.",
            "On the relay, AllowedIPs is what belongs to a peer: the LAN has to be given to its gateway.",
            one.name,
            key,
            certain=False,
            fix=fix,
            command=f"Give {prefix} to the peer that it is behind: wgtui peer edit {one.name}",
        )


def _gateways(one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """Gateways whose own files do not lead into their LANs, or not back."""
    owned = {peer.public_key: peer.allowed_ips for peer in one.peers}
    for file in one.own_files:
        lans = [] if file.far.runs_own_rules else _lans(one, owned.get(file.key, ()))
        label = one.label(file.key)
        closed = next(
            (lan for lan in lans if lan.version not in file.far.forwards or not file.far.lets_through), None
        )
        if closed is not None:
            yield DoctorFinding(
                "own-file-no-forwarding",
                Severity.WARNING,
                f"{closed} is behind {label}, whose own file does not make it forward "
                f"IPv{closed.version} there.",
                f"Packets for {closed} reach {label}, and go no further.",
                one.name,
                file.key,
                certain=False,
                command=f"Make the file of {label} again as that of a LAN gateway, and take it there.",
            )
            continue
        bare = next((lan for lan in lans if lan.version not in file.far.masquerades), None)
        if bare is not None:
            yield DoctorFinding(
                "no-way-back",
                Severity.NOTE,
                f"{label} does not hide the tunnel's addresses from {bare} behind it.",
                f"Answers come back only if that LAN's router has a route to the tunnel by {label}.",
                one.name,
                file.key,
                certain=False,
                command=f"Add that route on the router, or masquerade on {label}.",
            )


def _narrow(
    one: InterfaceFacts, gateway: PublicKey, sender: PublicKey, address: Address, lan: Prefix
) -> DoctorFinding:
    who, whom = one.label(sender), one.label(gateway)
    prefix = next(network for network in (*one.networks, _single(address)) if address in network)
    return DoctorFinding(
        "far-file-narrow",
        Severity.WARNING,
        f"{who} sends to {lan} behind {whom}, whose own file does not accept {address} out of the tunnel.",
        f"A peer takes only what comes from its own AllowedIPs: {whom} drops these packets.",
        one.name,
        gateway,
        certain=False,
        fix=FarAllowFix(one.name, gateway, prefix),
        command=f"Add {prefix} to AllowedIPs in the file on {whom}.",
    )


def _single(address: Address) -> Prefix:
    return ip_network(address)


def _within(prefix: Prefix, others: tuple[Prefix, ...]) -> bool:
    return any(is_within(prefix, other) for other in others)


def _holds(prefixes: tuple[Prefix, ...], address: Address) -> bool:
    return any(prefix.version == address.version and address in prefix for prefix in prefixes)
