"""What an operator's word for an end of a path stands for."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final

from wgtui.domain.addresses import Address
from wgtui.domain.errors import PathRefused
from wgtui.domain.path.facts import HostView, PathDevice, PathPeer
from wgtui.domain.path.hops import Spot, SpotKind
from wgtui.domain.text import printable

_HERE: Final = ("host", "here", "relay")
_EVERYWHERE: Final = {4: ip_address("1.1.1.1"), 6: ip_address("2606:4700:4700::1111")}
"""An address that only a default route leads to. The kernel is asked the way to it; no packet is sent."""


def spot_of(text: str, view: HostView, interface: str, version: int) -> Spot:
    """The end of a path that a text names.

    Args:
        text: A peer's name or the start of its public key, an address, `host` or `internet`.
        view: The host.
        interface: Its device whose peers can be named.
        version: 4 or 6: which of a peer's or the host's addresses is meant.

    Raises:
        PathRefused: Nothing is called so, or it has no address of the family.
    """
    device = _device(view, interface)
    if text.casefold() in _HERE:
        return _host(device, version)
    if text.casefold() == "internet":
        return Spot(SpotKind.OUTSIDE, _EVERYWHERE[version], "the internet")
    peer = _peer(device, text)
    if peer is not None:
        return _of_peer(device, peer, version)
    try:
        address = ip_address(text)
    except ValueError:
        raise PathRefused(
            f"{interface} has no peer {printable(text, 60)}, and it is no address.",
            hint="Name a peer, an address, host or internet.",
        ) from None
    return of_address(address, view, interface)


def of_address(address: Address, view: HostView, interface: str) -> Spot:
    """The end of a path at an address: the owner on the named device comes first, then those on others."""
    if view.is_own(address):
        return Spot(SpotKind.HOST, address, f"this host ({address})")
    for device in sorted(view.devices, key=lambda one: one.name != interface):
        found = device.owner(address)
        if found is not None and found[1].prefixlen > 0:
            peer, prefix = found
            if prefix.prefixlen == prefix.max_prefixlen:
                return Spot(SpotKind.PEER, address, f"{peer.name} ({address})", device.name, peer.key)
            return Spot(SpotKind.BEHIND_PEER, address, f"{address} behind {peer.name}", device.name, peer.key)
    return Spot(SpotKind.OUTSIDE, address, str(address))


def version_of(origin: str, target: str, view: HostView, interface: str) -> int:
    """The family that two ends of a path have in common: that of a given address, else of the tunnel."""
    for text in (origin, target):
        try:
            return ip_address(text).version
        except ValueError:
            continue
    device = _device(view, interface)
    for version in (4, 6):
        if any(address.version == version and not address.is_link_local for address in device.addresses):
            return version
    return 4


def _device(view: HostView, interface: str) -> PathDevice:
    for device in view.devices:
        if device.name == interface:
            return device
    raise PathRefused(f"There is no WireGuard interface {printable(interface, 40)} here.")


def _host(device: PathDevice, version: int) -> Spot:
    for address in device.addresses:
        if address.version == version and not address.is_link_local:
            return Spot(SpotKind.HOST, address.ip, f"this host ({address.ip})")
    raise PathRefused(f"{device.name} has no IPv{version} address.")


def _peer(device: PathDevice, text: str) -> PathPeer | None:
    named = [peer for peer in device.peers if text in (peer.name, str(peer.key))]
    if not named and len(text) >= 4:
        named = [peer for peer in device.peers if str(peer.key).startswith(text)]
    if len(named) > 1:
        raise PathRefused(
            f"{device.name} has {len(named)} peers {printable(text, 60)}.",
            hint="Give the public key of the one that is meant.",
        )
    return named[0] if named else None


def _of_peer(device: PathDevice, peer: PathPeer, version: int) -> Spot:
    """A peer's own address: its single allowed IP in the tunnel's subnets, else any single one."""
    single = [
        prefix.network_address
        for prefix in peer.allowed_ips
        if prefix.version == version and prefix.prefixlen == prefix.max_prefixlen
    ]
    subnets = [address.network for address in device.addresses if address.version == version]
    single.sort(key=lambda address: not any(address in subnet for subnet in subnets))
    if not single:
        raise PathRefused(
            f"{peer.name} has no IPv{version} address of its own among its allowed IPs.",
            hint="Give the address that is meant.",
        )
    return Spot(SpotKind.PEER, single[0], f"{peer.name} ({single[0]})", device.name, peer.key)
