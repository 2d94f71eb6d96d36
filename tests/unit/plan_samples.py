"""One step of every kind, and more, for tests of what holds for all of them."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv6Interface, ip_address

from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.applying import undoing
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.forwarding import (
    FirewalldPlace,
    Hook,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    Placement,
    RuleFacts,
    Switches,
    place,
    rules_of,
)
from wgtui.domain.host import DnsSettings, FileImage, GuardRules, UnitState
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.network import LinkAddress, LinkSettings, Route, Rule, link_route
from wgtui.domain.plan import (
    ConfigureDevice,
    DeviceImage,
    RunHooks,
    SetAddress,
    SetDevice,
    SetDns,
    SetFile,
    SetForwardRules,
    SetGuard,
    SetLink,
    SetRoute,
    SetRule,
    SetSysctl,
    SetUnit,
    Step,
)

PRIVATE = PrivateKey(bytes(range(32))).clamped()
PRESHARED = PresharedKey(bytes(range(100, 132)))
PEER = Peer(
    PublicKey(bytes([7]) * 32),
    preshared_key=PRESHARED,
    endpoint=Endpoint(ip_address("fe80::1"), 51820, 3),
    allowed_ips=(prefix_of("10.0.0.2/32"), prefix_of("fd00::/64")),
    persistent_keepalive=25,
    latest_handshake=1.5,
    rx_bytes=10,
    tx_bytes=20,
)
DEVICE = Device(
    "wg0",
    Implementation.KERNEL,
    private_key=PRIVATE,
    public_key=PublicKey(bytes([8]) * 32),
    listen_port=51820,
    fwmark=0xCA6C,
    peers=(PEER,),
    ifindex=5,
)
ADDRESS = LinkAddress(IPv4Interface("10.0.0.1/24"))
ADDRESS6 = LinkAddress(IPv6Interface("fd00::1/64"))
ROUTE = link_route(prefix_of("192.168.2.0/24"), "wg0")
BARE = DeviceImage(Device("wg0", Implementation.KERNEL), LinkSettings(up=False, mtu=1420))
FULL = DeviceImage(DEVICE, LinkSettings(up=True, mtu=1400), (ADDRESS, ADDRESS6), (ROUTE,))
GUARD = GuardRules("wg0", 0xCA6C, (ADDRESS, ADDRESS6), ipv4=True, ipv6=True)
CHANGE = DeviceChange(
    private_key=PRIVATE,
    listen_port=51820,
    fwmark=0,
    peers=(
        PeerChange(PEER.public_key, update_only=True, removed_allowed_ips=(prefix_of("10.0.0.2/32"),)),
        PeerChange(PublicKey(bytes([9]) * 32), preshared_key=PRESHARED, allowed_ips=(prefix_of("::/0"),)),
        PeerChange(PublicKey(bytes([10]) * 32), remove=True),
    ),
)

SWITCHED_ON = Switches(True, True, False, ("eth0", "ens3.10"), True, True)
FORWARD_RULES = tuple(
    one
    for placement in (
        Placement(IptablesPlace()),
        Placement(IptablesPlace("legacy"), (FirewalldPlace("trusted"), FirewalldPlace("public"))),
        Placement(NftTablePlace(), (NftChainPlace("ip", "old", "forward", Hook.FORWARD),)),
    )
    for one in place(rules_of(SWITCHED_ON, RuleFacts("wg0", 51820)), placement, (prefix_of("10.0.0.0/24"),))
)

STEPS: tuple[Step, ...] = (
    SetFile("/etc/wireguard/wg0.conf", None, FileImage(b"[Interface]\n\xff\0", 0o600, 0, 0)),
    SetFile("/etc/wireguard/a b.conf", FileImage(b"x"), FileImage(b"y")),
    SetFile("/etc/wireguard/wg0.conf", FileImage(b"x"), FileImage(b"x", 0o640, 0, 5)),
    SetDevice("wg0", None, BARE),
    SetDevice("wg0", FULL, None),
    ConfigureDevice("wg0", CHANGE, undoing(CHANGE, DEVICE)),
    SetLink("wg0", LinkSettings(up=False, mtu=1420), LinkSettings(up=True, mtu=1380)),
    SetAddress("wg0", ADDRESS, present=True),
    SetAddress("wg0", ADDRESS6, present=False),
    SetRoute(ROUTE, present=True),
    SetRoute(
        Route(
            prefix_of("0.0.0.0/0"),
            "eth0",
            51820,
            ip_address("192.0.2.1"),
            metric=5,
            source=ip_address("192.0.2.9"),
            mtu=1300,
            mtu_locked=True,
        ),
        present=False,
    ),
    SetRule(Rule(4, 51820, fwmark=51820, invert=True), present=True),
    SetRule(Rule(6, suppress_prefix_length=0, priority=32764), present=False),
    SetRule(
        Rule(4, 9, source=prefix_of("10.0.0.0/8"), destination=prefix_of("10.1.0.0/16"), input_link="eth0"),
        present=True,
    ),
    SetSysctl("net.ipv4.conf.all.src_valid_mark", "0", "1"),
    SetGuard("wg0", None, GUARD),
    SetGuard("wg0", GUARD, None),
    SetForwardRules("wg0", (), FORWARD_RULES),
    SetForwardRules("wg0", FORWARD_RULES[:4], FORWARD_RULES[3:6]),
    SetDns("wg0", None, DnsSettings(("9.9.9.9", "fd00::53"), ("home.example", "it's"))),
    SetDns("wg0", DnsSettings(("9.9.9.9",)), None),
    SetUnit("wg-quick@wg0.service", UnitState(False, False), UnitState(True, True)),
    RunHooks("wg0", "/etc/wireguard/wg0.conf", "PostUp", ("echo %i", "true"), "PreDown", ("echo bye",)),
)
