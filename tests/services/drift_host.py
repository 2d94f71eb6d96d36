"""A relay in memory whose file, kernel and boot can be made to differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address, ip_interface
from typing import Any

from tests.services.interface_host import FOLDER, OTHER_KEY, PEER_KEY, PRIVATE_KEY, InterfaceHost
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.config import EndpointConfig
from wgtui.domain.drift import Difference, DriftKind
from wgtui.domain.host import DnsSettings, UnitState
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.network import LinkSettings, link_route
from wgtui.domain.plan import Plan
from wgtui.domain.tunnel import link_address
from wgtui.services.drift import Comparison, DriftPlans, compare
from wgtui.services.editing import ConfigEditor

HOME, PHONE = PublicKey.parse(PEER_KEY), PublicKey.parse(OTHER_KEY)
OFFICE = NaclKeypairs().public_key(PrivateKey(bytes(range(32))))
STRANGER = NaclKeypairs().public_key(PrivateKey(bytes(range(1, 33))))
SECRET = PresharedKey(bytes(range(32)))
FILE = f"""\
# The relay at the harbour
[Interface]
PrivateKey = {PRIVATE_KEY}   # of 2024
Address = 10.0.0.1/24, fd00::1/64
ListenPort=51820
MTU = 1380
DNS = 9.9.9.9

[Peer]
# Name = home
PublicKey = {PEER_KEY}
AllowedIPs = 10.0.0.2/32, 192.168.2.0/24
Endpoint = home.example.com:7
PersistentKeepalive = 15

[Peer]
# Name = phone
PublicKey = {OTHER_KEY}
AllowedIPs = 10.0.0.3/32
PresharedKey = {SECRET.reveal()}

#[disabled] [Peer]
#[disabled] # Name = office
#[disabled] PublicKey = {OFFICE}
#[disabled] AllowedIPs = 10.0.0.4/32, 172.16.0.0/12
"""
AT_HOME = Endpoint(ip_address("192.0.2.7"), 7)
ELSEWHERE = Endpoint(ip_address("2001:db8::9"), 9)
NOW = 1_000_000.0


class Relay(InterfaceHost):
    """A relay that runs as its file says, brought up by its unit's own means."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.resolver.found[EndpointConfig("home.example.com", 7)] = AT_HOME
        self.up(FILE)
        self.units.units["wg-quick@wg0.service"] = UnitState(enabled=True, active=True)
        self.editor = ConfigEditor(self.context, FOLDER, self.made)
        self.plans = DriftPlans(self.editor, self.made)

    def compare(self, *, recorded: bool = True) -> Comparison:
        """What differs."""
        return compare(self.context, self.source(), self.made() if recorded else None, NOW)

    def up_again(self, text: str) -> None:
        """Take it down, and bring it up with another file, without a unit."""
        self.units.units.clear()
        self.down()
        self.up(text)

    @property
    def drift(self) -> tuple[Difference, ...]:
        """What differs."""
        return self.compare().differences

    @property
    def kinds(self) -> list[DriftKind]:
        """What kind of things differ."""
        return [difference.kind for difference in self.drift]

    @property
    def text(self) -> str:
        """The file."""
        return self.source().data.decode()

    def keep_file(self, difference: Difference) -> Plan:
        """Keep the file's."""
        plan = self.plans.keep_file("wg0", difference, NOW)
        self.transaction.apply(plan)
        return plan

    def keep_kernel(self, difference: Difference) -> Plan:
        """Keep the kernel's."""
        plan = self.plans.keep_kernel("wg0", difference, NOW)
        self.transaction.apply(plan)
        return plan

    def set_peer(self, key: PublicKey, **values: Any) -> None:
        """`wg set wg0 peer KEY ...`."""
        self.world.configure("wg0", DeviceChange(peers=(replace(PeerChange(key), **values),)))

    def set_mtu(self, mtu: int) -> None:
        """`ip link set wg0 mtu ...`."""
        self.network.set_link("wg0", LinkSettings(True, mtu))


Mutation = Callable[[Relay], object]
"""Something that somebody does behind wgtui's back."""


def _allowed(relay: Relay) -> None:
    more, less = prefix_of("192.168.9.0/24"), prefix_of("192.168.2.0/24")
    relay.set_peer(HOME, allowed_ips=(more,), removed_allowed_ips=(less,))


def drop_rules(relay: Relay) -> None:
    for rule in relay.network.rules():
        if rule.invert or rule.suppress_prefix_length is not None:
            relay.network.remove_rule(rule)


MUTATIONS: dict[DriftKind, Mutation] = {
    DriftKind.PEER_MISSING: lambda relay: relay.set_peer(PHONE, remove=True),
    DriftKind.PEER_UNKNOWN: lambda relay: relay.set_peer(
        STRANGER, allowed_ips=(prefix_of("10.0.0.9/32"),), persistent_keepalive=5, preshared_key=SECRET
    ),
    DriftKind.PEER_DISABLED: lambda relay: relay.set_peer(OFFICE, allowed_ips=(prefix_of("10.0.0.4/32"),)),
    DriftKind.ALLOWED_IPS: _allowed,
    DriftKind.ENDPOINT: lambda relay: relay.set_peer(HOME, endpoint=ELSEWHERE),
    DriftKind.KEEPALIVE: lambda relay: relay.set_peer(HOME, persistent_keepalive=0),
    DriftKind.PRESHARED_KEY: lambda relay: relay.set_peer(PHONE, preshared_key=PresharedKey(bytes(32))),
    DriftKind.PRIVATE_KEY: lambda relay: relay.world.configure(
        "wg0", DeviceChange(private_key=PrivateKey(bytes(range(3, 35))))
    ),
    DriftKind.LISTEN_PORT: lambda relay: relay.world.configure("wg0", DeviceChange(listen_port=7777)),
    DriftKind.FWMARK: lambda relay: relay.world.configure("wg0", DeviceChange(fwmark=0x99)),
    DriftKind.MTU: lambda relay: relay.set_mtu(1400),
    DriftKind.ADDRESS_MISSING: lambda relay: relay.network.remove_address(
        "wg0", link_address(ip_interface("10.0.0.1/24"))
    ),
    DriftKind.ADDRESS_UNKNOWN: lambda relay: relay.network.add_address(
        "wg0", link_address(ip_interface("10.7.0.1/24"))
    ),
    DriftKind.DNS: lambda relay: relay.resolvconf.settings.update(wg0=DnsSettings(("1.1.1.1",), ("lan",))),
    DriftKind.ROUTE_MISSING: lambda relay: relay.network.remove_route(
        link_route(prefix_of("192.168.2.0/24"), "wg0")
    ),
    DriftKind.ROUTE_STALE: lambda relay: relay.network.add_route(
        link_route(prefix_of("192.168.77.0/24"), "wg0")
    ),
    DriftKind.NOT_AT_BOOT: lambda relay: relay.units.units.update(
        {"wg-quick@wg0.service": UnitState(enabled=False, active=True)}
    ),
}
"""One for each kind of difference, but for those of default routes."""
