"""The output of `wg showconf` and our reading of a file, in one comparable form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.addresses import Endpoint, Prefix, prefix_of
from wgtui.domain.config import InterfaceConfig
from wgtui.domain.grammar import parse_endpoint
from wgtui.domain.keys import KEY_BYTES, PresharedKey, PrivateKey, PublicKey

NO_KEY = PrivateKey(bytes(KEY_BYTES))


@dataclass(frozen=True)
class ShownPeer:
    """A peer. The endpoint is None where there is none, or where it is not known."""

    preshared_key: PresharedKey | None = None
    endpoint: Endpoint | None = None
    allowed_ips: frozenset[Prefix] = frozenset()
    keepalive: int = 0


@dataclass(frozen=True)
class Shown:
    """A device. A listen port of None is one that the system picked."""

    private_key: PrivateKey = NO_KEY
    listen_port: int | None = None
    fwmark: int = 0
    peers: dict[PublicKey, ShownPeer] = field(default_factory=dict)

    def without_unknown_port(self, config: InterfaceConfig) -> Shown:
        """The same, where the file leaves the port to the system."""
        return self if config.listen_port else replace(self, listen_port=None)

    def without_unresolved(self, found: Shown) -> Shown:
        """The same, with endpoints that only a resolver knows taken from what was found."""
        peers = {
            key: replace(peer, endpoint=found.peers[key].endpoint)
            if peer.endpoint is None and key in found.peers
            else peer
            for key, peer in self.peers.items()
        }
        return replace(self, peers=peers)


def own_key_of(config: InterfaceConfig) -> PublicKey | None:
    """The public key of the interface, which no device takes as a peer."""
    key = config.private_key
    return NaclKeypairs().public_key(key) if key and not key.is_zero else None


def comparable(config: InterfaceConfig, own_key: PublicKey | None) -> Shown:
    """What a device should show once a file is set on it. Old userspace devices drop an endpoint's scope."""
    peers = {}
    for peer in config.peers(own_key):
        numeric = peer.endpoint.numeric() if peer.endpoint else None
        peers[peer.public_key] = ShownPeer(
            peer.preshared_key,
            Endpoint(numeric.address, numeric.port) if numeric else None,
            frozenset(peer.allowed_ips),
            peer.persistent_keepalive,
        )
    key = config.private_key.clamped() if config.private_key else NO_KEY
    return Shown(key, config.listen_port or None, config.fwmark or 0, peers)


def parse_showconf(output: bytes) -> Shown:
    """Read what `wg showconf` prints."""
    head, *sections = output.decode("ascii").split("[Peer]\n")
    interface = _settings(head)
    port = interface.get("ListenPort")
    peers = {}
    for section in sections:
        settings = _settings(section)
        psk, endpoint = settings.get("PresharedKey"), settings.get("Endpoint")
        numeric = parse_endpoint(endpoint).numeric() if endpoint else None
        prefixes = settings.get("AllowedIPs", "")
        peers[PublicKey.parse(settings["PublicKey"])] = ShownPeer(
            PresharedKey.parse(psk) if psk else None,
            Endpoint(numeric.address, numeric.port) if numeric else None,
            frozenset(prefix_of(text) for text in prefixes.split(", ") if text),
            int(settings.get("PersistentKeepalive", "0")),
        )
    return Shown(
        PrivateKey.parse(interface["PrivateKey"]) if "PrivateKey" in interface else NO_KEY,
        int(port) if port and port.isdecimal() else None,
        int(interface.get("FwMark", "0"), 16),
        peers,
    )


def _settings(text: str) -> dict[str, str]:
    lines = (line.partition(" = ") for line in text.splitlines())
    return {key: value for key, separator, value in lines if separator}
