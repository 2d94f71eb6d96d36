"""Differences of peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig, PeerConfig
from wgtui.domain.device import Device, Peer
from wgtui.domain.drift import words
from wgtui.domain.drift.difference import Difference, DriftKind
from wgtui.domain.drift.edits import PeerAdded, PeerChanged, PeerRemoved
from wgtui.domain.drift.said import Said
from wgtui.domain.editing import NO_ENDPOINT, NO_PRESHARED_KEY, PeerEdit
from wgtui.domain.keys import PublicKey


def peer_drift(
    device: Device, said: Said, endpoints: Mapping[EndpointConfig, Endpoint | None], fresh: float
) -> Iterator[Difference]:
    """The differences of all peers: the file's in its order, then those that only run.

    Args:
        device: What runs.
        said: The file.
        endpoints: The file's, looked up; None for those that were not found.
        fresh: Unix time; a peer with a later handshake talks from where its endpoint is, so it has moved
            there: roaming.
    """
    present = {peer.public_key: peer for peer in device.peers}
    for key, wanted in said.peers.items():
        peer = present.get(key)
        if peer is None:
            yield _missing(device.name, key, said)
        else:
            yield from _PeerComparison(device.name, wanted, peer, said).differences(endpoints, fresh)
    for key, peer in present.items():
        if key not in said.peers:
            yield _unknown(device.name, peer, said)


def peer_edit(peer: Peer) -> PeerEdit:
    """What a file says of a peer that runs."""
    return PeerEdit(
        preshared_key=peer.preshared_key or NO_PRESHARED_KEY,
        allowed_ips=peer.allowed_ips,
        endpoint=endpoint_config(peer.endpoint),
        persistent_keepalive=peer.persistent_keepalive,
    )


def endpoint_config(endpoint: Endpoint | None) -> EndpointConfig | None:
    """An endpoint as a file has it."""
    if endpoint is None:
        return None
    scope = f"%{endpoint.scope_id}" if endpoint.scope_id else ""
    return EndpointConfig(f"{endpoint.address}{scope}", endpoint.port)


def _missing(interface: str, key: PublicKey, said: Said) -> Difference:
    label = said.label(key)
    return Difference(
        DriftKind.PEER_MISSING,
        f"The peer {label} is in the file, but not on {interface}.",
        f"{label} is added to {interface}.",
        f"{label} is removed from the file.",
        peer=key,
        line=said.peer_line(key),
        edit=PeerRemoved(key),
    )


def _unknown(interface: str, peer: Peer, said: Said) -> Difference:
    key = peer.public_key
    label = said.label(key)
    if key in said.disabled:
        return Difference(
            DriftKind.PEER_DISABLED,
            f"The peer {label} is disabled in the file, but still runs on {interface}.",
            f"{label} is removed from {interface}.",
            f"{label} is enabled in the file.",
            peer=key,
            line=said.peer_line(key),
            edit=PeerAdded(key, peer_edit(peer), disabled=True),
        )
    return Difference(
        DriftKind.PEER_UNKNOWN,
        f"{interface} has the peer {label}, which is not in the file.",
        f"{label} is removed from {interface}.",
        f"{label} is written to the file.",
        peer=key,
        edit=PeerAdded(key, peer_edit(peer)),
    )


class _PeerComparison:
    """A peer that both have."""

    def __init__(self, interface: str, wanted: PeerConfig, peer: Peer, file: Said) -> None:
        self._interface = interface
        self._said = wanted
        self._peer = peer
        self._file = file

    def differences(
        self, endpoints: Mapping[EndpointConfig, Endpoint | None], fresh: float
    ) -> Iterator[Difference]:
        yield from self._preshared_key()
        yield from self._allowed_ips()
        yield from self._endpoint(endpoints, fresh)
        yield from self._keepalive()

    @property
    def _label(self) -> str:
        return self._file.label(self._peer.public_key)

    def _of(self, kind: DriftKind, text: str, file_way: str, kernel_way: str, edit: PeerEdit) -> Difference:
        key = self._peer.public_key
        change = PeerChanged(key, edit)
        return Difference(
            kind, text, file_way, kernel_way, peer=key, line=self._file.peer_line(key), edit=change
        )

    def _preshared_key(self) -> Iterator[Difference]:
        wanted, present = self._said.preshared_key, self._peer.preshared_key
        if wanted == present:
            return
        label = self._label
        if wanted is None:
            text = f"{label} has a preshared key on {self._interface}, but none in the file."
        elif present is None:
            text = f"{label} has a preshared key in the file, but none on {self._interface}."
        else:
            text = f"{label} has another preshared key in the file than on {self._interface}."
        yield self._of(
            DriftKind.PRESHARED_KEY,
            text,
            f"{label} has no preshared key any more." if wanted is None else f"{label} gets the file's.",
            "It is taken out of the file."
            if present is None
            else "The one that runs is written to the file.",
            PeerEdit(preshared_key=present or NO_PRESHARED_KEY),
        )

    def _allowed_ips(self) -> Iterator[Difference]:
        wanted, present = set(self._said.allowed_ips), set(self._peer.allowed_ips)
        if wanted == present:
            return
        label, name = self._label, self._interface
        more = words.listed(prefix for prefix in self._said.allowed_ips if prefix not in present)
        other = words.listed(prefix for prefix in self._peer.allowed_ips if prefix not in wanted)
        if not other:
            text = f"The file gives {label} the allowed IPs {more}, which it does not have on {name}."
        elif not more:
            text = f"{label} has the allowed IPs {other} on {name}, but not in the file."
        else:
            text = f"{label} has the allowed IPs {other} on {name}, where the file has {more}."
        yield self._of(
            DriftKind.ALLOWED_IPS,
            text,
            f"{label} gets the file's allowed IPs, and routes follow.",
            "Those that run are written to the file.",
            PeerEdit(allowed_ips=self._peer.allowed_ips),
        )

    def _endpoint(
        self, endpoints: Mapping[EndpointConfig, Endpoint | None], fresh: float
    ) -> Iterator[Difference]:
        said, present = self._said.endpoint, self._peer.endpoint
        wanted = endpoints.get(said) if said is not None else None
        if wanted is None or wanted == present or self._has_roamed(fresh):
            return
        label = self._label
        sent = f"is sent to at {present}" if present is not None else "has none"
        yield self._of(
            DriftKind.ENDPOINT,
            f"The file names the endpoint {words.endpoint(said)} for {label}, which {sent} now.",
            f"{label} is sent to at {wanted}, until it is heard from elsewhere.",
            "The one in use is written to the file." if present else "It is taken out of the file.",
            PeerEdit(endpoint=endpoint_config(present) or NO_ENDPOINT),
        )

    def _has_roamed(self, fresh: float) -> bool:
        handshake = self._peer.latest_handshake
        return handshake is not None and handshake > fresh

    def _keepalive(self) -> Iterator[Difference]:
        wanted, present = self._said.persistent_keepalive, self._peer.persistent_keepalive
        if wanted == present:
            return
        label = self._label
        yield self._of(
            DriftKind.KEEPALIVE,
            f"The persistent keepalive of {label} is {words.seconds(wanted)} in the file, but "
            f"{words.seconds(present)} on {self._interface}.",
            f"It is {words.seconds(wanted)} on {self._interface}.",
            f"It is {words.seconds(present)} in the file.",
            PeerEdit(persistent_keepalive=present),
        )
