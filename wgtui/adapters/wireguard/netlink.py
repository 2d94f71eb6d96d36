"""WireGuard devices of the kernel, over generic netlink.

pyroute2 is not used for this: importing any part of it takes as long as a whole first frame may, and its
sockets decode every message in a general way, which takes ten to a hundred times as long as `wg show`.
"""

from __future__ import annotations

import errno
import os
from ipaddress import IPv6Network
from typing import Final

from wgtui.adapters.netlink_socket import (
    MalformedMessage,
    NetlinkError,
    NetlinkSocket,
    attribute,
    walk_attributes,
)
from wgtui.adapters.rtnetlink import link_exists, names_of_kind
from wgtui.adapters.wireguard import protocol as wire
from wgtui.adapters.wireguard.codec import DeviceDecoder
from wgtui.adapters.wireguard.encoder import encode_change
from wgtui.adapters.wireguard.kernel_errors import device_error, no_family, no_such_device
from wgtui.adapters.wireguard.removal import needs_removal, without_removals
from wgtui.domain.addresses import Prefix
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Peer
from wgtui.domain.errors import DeviceError, WgtuiError

_NETLINK_ROUTE: Final = 0
_NETLINK_GENERIC: Final = 16

_CONTROL_FAMILY: Final = 0x10
_CONTROL_GET_FAMILY: Final = 3
_CONTROL_VERSION: Final = 1
_FAMILY_ID: Final = 1
_FAMILY_NAME: Final = 2

_LONGEST_NAME: Final = 15
"""IFNAMSIZ without its final zero byte."""

_DISCARD_ONLY: Final = IPv6Network("100::/64")


class KernelWireGuard:
    """Reads and sets the kernel's WireGuard devices; implements `wgtui.ports.wireguard.WireGuard`.

    Args:
        netns: Network namespace to work in, None for this process's own.
        timeout: Seconds to wait for the kernel.
    """

    def __init__(self, netns: str | None = None, timeout: float = 5.0) -> None:
        self._generic = NetlinkSocket(_NETLINK_GENERIC, netns, timeout)
        self._route = NetlinkSocket(_NETLINK_ROUTE, netns, timeout)
        self._family: int | None = None
        self._decoders: dict[str, DeviceDecoder] = {}
        self._removes_single_ips: bool | None = None

    def names(self) -> tuple[str, ...]:
        """Names of all links of kind `wireguard`, sorted; needs no privilege."""
        try:
            names = names_of_kind(self._route, wire.FAMILY_NAME)
        except (NetlinkError, MalformedMessage) as error:
            raise DeviceError(f"The network links cannot be listed: {error}.") from None
        for name in self._decoders.keys() - set(names):
            del self._decoders[name]
        return tuple(sorted(names))

    def read(self, name: str) -> Device:
        """Read one device; see the port for the errors."""
        request = wire.GENL_HEADER.pack(wire.CMD_GET_DEVICE, wire.VERSION, 0) + _name_attribute(name)
        try:
            payloads = self._call(request, dump=True)
        except (NetlinkError, MalformedMessage) as error:
            self._decoders.pop(name, None)
            raise self._explained(error, name) from None
        decoder = self._decoders.get(name)
        if decoder is None:
            decoder = self._decoders[name] = DeviceDecoder(name)
        return decoder.decode(payloads)

    def configure(self, name: str, change: DeviceChange) -> None:
        """Apply a change; see the port for the errors."""
        if needs_removal(change):
            device = self.read(name)
            if not self._can_remove_single_ips(device):
                change = without_removals(change, device)
        _name_attribute(name)
        try:
            for payload in encode_change(name, change):
                self._call(payload)
        except (NetlinkError, MalformedMessage) as error:
            raise self._explained(error, name, change) from None

    def close(self) -> None:
        """Close the sockets."""
        self._generic.close()
        self._route.close()
        self._decoders.clear()

    def _call(self, payload: bytes, dump: bool = False) -> list[bytes]:
        """Send to the WireGuard family, whose number changes when the module is loaded anew."""
        send = self._generic.dump if dump else self._generic.request
        if self._family is not None:
            try:
                return send(self._family, payload)
            except NetlinkError as error:
                if error.code != errno.ENOENT:
                    raise
        self._family = None
        self._family = self._resolve_family()
        return send(self._family, payload)

    def _resolve_family(self) -> int:
        """Ask for the number of the family; the kernel loads the module for this where it may."""
        request = wire.GENL_HEADER.pack(_CONTROL_GET_FAMILY, _CONTROL_VERSION, 0) + attribute(
            _FAMILY_NAME, wire.FAMILY_NAME.encode() + b"\0"
        )
        for payload in self._generic.request(_CONTROL_FAMILY, request):
            for kind, start, end in walk_attributes(payload, wire.GENL_HEADER.size, len(payload)):
                if kind == _FAMILY_ID:
                    family: int = wire.U16.unpack(payload[start:end])[0]
                    return family
        raise NetlinkError(errno.ENOENT)

    def _can_remove_single_ips(self, device: Device) -> bool:
        """Whether this kernel can take a single allowed IP from a peer (Linux 6.16 and later).

        Asked once, without effect: take a prefix from a peer that does not have it. It has to be a peer
        of the device, for what is said of others is not looked at.
        """
        if self._removes_single_ips is None and device.peers:
            peer = device.peers[0]
            question = PeerChange(peer.public_key, update_only=True, removed_allowed_ips=(_foreign_to(peer),))
            try:
                for payload in encode_change(device.name, DeviceChange(peers=(question,))):
                    self._call(payload)
                self._removes_single_ips = True
            except NetlinkError as error:
                if error.code not in (errno.EINVAL, errno.EOPNOTSUPP):
                    raise self._explained(error, device.name, DeviceChange()) from None
                self._removes_single_ips = False
        return bool(self._removes_single_ips)

    def _explained(
        self, error: NetlinkError | MalformedMessage, name: str, change: DeviceChange | None = None
    ) -> WgtuiError:
        """The error of the port; `change` is None for a read."""
        if isinstance(error, MalformedMessage):
            return DeviceError(f"The kernel's answer about {name} makes no sense: {error}.")
        if self._family is None and error.code == errno.ENOENT:
            try:
                exists = link_exists(self._route, name)
            except NetlinkError:
                exists = True
            return no_family(name) if exists else no_such_device(name)
        return device_error(error, name, change)


def _name_attribute(name: str) -> bytes:
    """The attribute that selects the device; a name that no link can have is said to be gone."""
    encoded = os.fsencode(name)
    if not encoded or len(encoded) > _LONGEST_NAME or b"\0" in encoded:
        raise no_such_device(name)
    return attribute(wire.DEVICE_IFNAME, encoded + b"\0")


def _foreign_to(peer: Peer) -> Prefix:
    """An address that the peer does not have among its allowed IPs: of RFC 6666's discard-only block."""
    owned = set(peer.allowed_ips)
    return next(prefix for prefix in _DISCARD_ONLY.subnets(new_prefix=128) if prefix not in owned)
