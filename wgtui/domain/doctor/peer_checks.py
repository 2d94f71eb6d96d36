"""Checks of peers: what runs against the file, endpoints, keepalives, and whether any call arrives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from wgtui.domain.activity import activity_of
from wgtui.domain.config import PeerConfig
from wgtui.domain.cryptokey import Standing
from wgtui.domain.device import Peer
from wgtui.domain.doctor.facts import DoctorFacts, InterfaceFacts
from wgtui.domain.doctor.finding import DoctorFinding, Severity
from wgtui.domain.doctor.interface_checks import of_difference
from wgtui.domain.drift import Difference, DriftKind
from wgtui.domain.forwarding import NowState, SwitchName
from wgtui.domain.keys import PublicKey
from wgtui.domain.reach import Reach, best_first, reach_of
from wgtui.domain.text import printable

_DRIFT: Final = {
    DriftKind.PEER_MISSING: (Severity.ERROR, "peer-missing", "It cannot shake hands with this host."),
    DriftKind.PEER_UNKNOWN: (Severity.NOTE, "peer-unknown", "It is gone after a restart."),
    DriftKind.PEER_DISABLED: (Severity.WARNING, "peer-disabled", "It still has access."),
    DriftKind.ALLOWED_IPS: (
        Severity.ERROR,
        "allowed-ips",
        "What is sent to it, and accepted from it, is not what the file says.",
    ),
    DriftKind.KEEPALIVE: (Severity.NOTE, "keepalive", "It is another one after a restart."),
    DriftKind.ROUTE_MISSING: (Severity.ERROR, "route-missing", "Nothing is sent there."),
    DriftKind.ROUTE_STALE: (Severity.NOTE, "route-stale", "What is sent there is dropped."),
    DriftKind.DEFAULT_ROUTE: (Severity.ERROR, "default-route", "Packets do not take the way they should."),
}


Running = Mapping[PublicKey, Peer]
"""Peers of the device by key."""


def peer_checks(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """Everything about its peers that is seen on this host."""
    if one.device is None:
        return
    running = {peer.public_key: peer for peer in one.device.peers}
    led_away = {
        claim.owner.prefix
        for claim in facts.claims
        if claim.owner.device == one.name and claim.standing in (Standing.ELSEWHERE, Standing.REFUSED)
    }
    taken = {
        key
        for claim in facts.claims
        if claim.owner.device == one.name and claim.standing is Standing.LOST
        for key in (claim.owner.key, *(rival.key for rival in claim.rivals))
    }
    for difference in one.differences:
        if difference.kind is DriftKind.ALLOWED_IPS and difference.peer in taken:
            # Who has what is told by the check of addresses.
            continue
        # Where another route leads is told by the check of addresses.
        if difference.route is None or difference.route.destination not in led_away:
            yield from _drift(facts, one, difference, running)
    yield from _endpoints(one)
    yield from _keepalives(facts, one, running)
    yield from _nothing_arrives(one)
    for note in one.notes:
        if "endpoint" not in note:
            text = f"Not everything of {one.name} could be compared. {printable(note, 300)}"
            yield DoctorFinding("not-read", Severity.NOTE, text, "", one.name, certain=False)


def _drift(
    facts: DoctorFacts, one: InterfaceFacts, difference: Difference, running: Running
) -> Iterator[DoctorFinding]:
    kind = difference.kind
    peer = running.get(difference.peer) if difference.peer is not None else None
    active = peer is not None and activity_of(peer.latest_handshake, facts.now).is_active
    if kind in _DRIFT:
        severity, code, why = _DRIFT[kind]
        yield of_difference(one, difference, severity, code, why)
    elif kind is DriftKind.PRESHARED_KEY:
        severity = Severity.WARNING if active else Severity.ERROR
        why = "It works now; after a restart the file's counts." if active else "Both ends need the same one."
        yield of_difference(one, difference, severity, "preshared-key", why)
    elif kind is DriftKind.ENDPOINT and peer is not None:
        yield _stale(one, difference, peer)


def _stale(one: InterfaceFacts, difference: Difference, peer: Peer) -> DoctorFinding:
    """The name leads elsewhere now; a silent peer that roamed once looks the same, so nothing is certain."""
    calls = peer.latest_handshake is None or peer.persistent_keepalive > 0
    return DoctorFinding(
        "endpoint-stale",
        Severity.WARNING if calls else Severity.NOTE,
        difference.text,
        "WireGuard looks a name up once, when it is set: what is sent to the old address reaches nobody."
        if calls
        else "It may have roamed there; it is silent now, so this shows only when it speaks.",
        one.name,
        peer.public_key,
        certain=False,
        fix=of_difference(one, difference, Severity.NOTE, "", "").fix,
        command=f"wgtui sync {one.name}",
    )


def _endpoints(one: InterfaceFacts) -> Iterator[DoctorFinding]:
    for peer in one.peers:
        if peer.endpoint is not None and peer.endpoint in one.missing_names:
            host = printable(peer.endpoint.host, 253)
            yield DoctorFinding(
                "endpoint-unknown",
                Severity.WARNING,
                f"The name {host}, the endpoint of {one.label(peer.public_key)}, was not found.",
                f"{one.name} cannot be brought up while that lasts, and follows no change of the address.",
                one.name,
                peer.public_key,
                certain=False,
                command=f"getent hosts {host}",
            )


def _keepalives(facts: DoctorFacts, one: InterfaceFacts, running: Running) -> Iterator[DoctorFinding]:
    """Behind NAT nobody can be called unless they keep calling (wg(8): PersistentKeepalive)."""
    for file in one.own_files:
        peer = running.get(file.key)
        if peer is None or not file.far.dials or file.far.keepalive or peer.persistent_keepalive:
            continue
        active = activity_of(peer.latest_handshake, facts.now).is_active
        is_gateway = any(prefix.prefixlen < prefix.max_prefixlen for prefix in peer.allowed_ips)
        label = one.label(file.key)
        yield DoctorFinding(
            "no-keepalive",
            Severity.WARNING if is_gateway and not active and peer.latest_handshake else Severity.NOTE,
            f"{label}'s own file has no PersistentKeepalive.",
            f"Once {label} is silent for a minute or two, a NAT in front of it forgets the way in, and it "
            "cannot be reached until it speaks again.",
            one.name,
            file.key,
            certain=False,
            command=f"Write PersistentKeepalive = 25 into the file on {label}.",
        )
    if not _is_behind_nat(facts):
        return
    for said in one.peers:
        if said.endpoint is not None and not said.persistent_keepalive and not _is_near(facts, said):
            yield DoctorFinding(
                "no-keepalive",
                Severity.NOTE,
                f"This host seems to be behind NAT, and calls {one.label(said.public_key)} without a "
                "PersistentKeepalive.",
                "After a minute or two of silence the NAT forgets the way in, and the peer cannot be heard.",
                one.name,
                said.public_key,
                certain=False,
                command=f"wgtui peer edit {one.name} {said.public_key.short()} --keepalive 25",
            )


def _is_behind_nat(facts: DoctorFacts) -> bool:
    addresses = [
        address
        for link in facts.links
        if not link.is_tunnel
        for address in link.addresses
        if address.version == 4 and not address.is_loopback and not address.is_link_local
    ]
    if not addresses:
        return False
    return reach_of(best_first(tuple(addresses))[0]) in (Reach.PRIVATE, Reach.CGNAT)


def _is_near(facts: DoctorFacts, said: PeerConfig) -> bool:
    """Whether a peer is called within a network of this host, where no NAT is between them."""
    numeric = said.endpoint.numeric() if said.endpoint is not None else None
    return numeric is not None and any(
        network.version == numeric.address.version and numeric.address in network
        for link in facts.links
        for network in link.networks
    )


def _nothing_arrives(one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """The port is open here, peers have to call, and not a byte came: a firewall in front is suspected."""
    view, config, device = one.forwarding, one.config, one.device
    if view is None or config is None or device is None or not config.listen_port:
        return
    row = view.row(SwitchName.PORT)
    is_open = row is not None and row.now in (NowState.ON, NowState.OPEN)
    callers = {peer.public_key for peer in one.peers if peer.endpoint is None}
    silent = all(peer.latest_handshake is None and not peer.rx_bytes for peer in device.peers)
    if is_open and callers and silent:
        count = len(callers)
        who = "the peer that has" if count == 1 else f"any of the {count} peers that have"
        yield DoctorFinding(
            "nothing-arrives",
            Severity.NOTE,
            f"UDP {config.listen_port} is open here, and nothing has come from {who} to call this host.",
            "Either none has called yet, or a firewall in front of this host, such as the provider's, or a "
            "router without a forwarded port, keeps the calls away.",
            one.name,
            certain=False,
            command=f"While a peer calls: tcpdump -ni any udp port {config.listen_port}. If it shows "
            "nothing, open the port at the provider or on the router.",
        )
