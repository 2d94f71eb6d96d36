"""What is left to do once a host is set up: the other ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wgtui.domain.keys import PublicKey
from wgtui.domain.setup import Derived, DerivedPeer, PeerKeys, Role
from wgtui.domain.setup.derive import single
from wgtui.domain.text import printable


def next_steps(
    derived: Derived, own_key: PublicKey, keys: Mapping[str, PeerKeys], paths: Mapping[str, str]
) -> tuple[str, ...]:
    """One sentence or two for each peer.

    Args:
        derived: Both ends.
        own_key: This host's public key.
        keys: Of the peers, by name.
        paths: Of the peers' own files, empty for none.
    """
    return tuple(
        " ".join(_of_peer(derived, peer, own_key, keys[peer.name], paths[peer.name]))
        for peer in derived.peers
    )


def _of_peer(
    derived: Derived, peer: DerivedPeer, own_key: PublicKey, keys: PeerKeys, path: str
) -> Iterator[str]:
    name, interface = printable(peer.name), derived.answers.interface.name
    if path and peer.answers.role is Role.ROAMING:
        yield f"Show {name} its picture: wgtui export {interface} {_word(name)} --qr"
        yield f"(its file is {path})."
        return
    if path:
        yield f"Bring {path} to {name} as /etc/wireguard/{interface}.conf"
        yield f"(wgtui export {interface} {_word(name)} prints it), and there run: wg-quick up {interface}"
        return
    here = derived.answers.interface
    reached = ", ".join(map(str, peer.reaches if peer.calls else _belonging(derived)))
    yield f"Tell {name} the public key of this host, {own_key}, and the allowed IPs {reached}"
    yield f"(endpoint {peer.calls})." if peer.calls else f"(this host dials it, from {_addresses(derived)})."
    if keys.preshared_key is not None and peer.answers.preshared_key is None:
        yield f"It needs the preshared key in the file of {here.name} as well."


def _belonging(derived: Derived) -> Iterator[object]:
    here = derived.answers.interface
    yield from map(single, here.addresses)
    yield from here.lans


def _addresses(derived: Derived) -> str:
    return ", ".join(str(address.ip) for address in derived.answers.interface.addresses)


def _word(name: str) -> str:
    """A name as one word of a shell."""
    return name if name.isalnum() else "'" + name.replace("'", "'\\''") + "'"
