"""Relays with which everybody shakes hands, and through which something does not pass."""

from __future__ import annotations

from typing import Final

from tests.netns.broken.case import Case, doctor, path, probe
from tests.netns.broken.layout import INTERFACE, LAN_HOST, LANS, WEB, Layout
from tests.netns.broken.node import edit_file
from tests.netns.broken.rig import Rig
from wgtui.domain.forwarding import SwitchName

_IPTABLES: Final = ("iptables", "ip6tables")


def forwarding_off(rig: Rig) -> None:
    rig.relay.sysctl(net__ipv4__ip_forward=0)


def ipv6_forwarding_off(rig: Rig) -> None:
    rig.relay.sysctl(net__ipv6__conf__all__forwarding=0)


def docker(rig: Rig) -> None:
    """FORWARD as Docker leaves it: a policy that drops, and chains for its own bridges."""
    for program in _IPTABLES:
        for line in (
            "-P FORWARD DROP",
            "-N DOCKER-USER",
            "-N DOCKER-FORWARD",
            "-A FORWARD -j DOCKER-USER",
            "-A FORWARD -j DOCKER-FORWARD",
            "-A DOCKER-FORWARD -i docker0 -j ACCEPT",
            "-A DOCKER-USER -j RETURN",
        ):
            rig.relay.run(program, *line.split())


def ufw(rig: Rig) -> None:
    """FORWARD in the manner of ufw: chains before, a reject at the end."""
    for line in (
        "-N ufw-before-forward",
        "-N ufw-reject-forward",
        "-A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "-A FORWARD -j ufw-before-forward",
        "-A FORWARD -j ufw-reject-forward",
        "-A ufw-reject-forward -j REJECT",
    ):
        rig.relay.run("iptables", *line.split())


def own_table_drops(rig: Rig) -> None:
    rig.relay.run(
        "nft",
        "add table inet corp; add chain inet corp f { type filter hook forward priority -5; };"
        f' add rule inet corp f iifname "{INTERFACE}" drop',
    )


def legacy_drops(rig: Rig) -> None:
    rig.relay.run("iptables-legacy", "-P", "FORWARD", "DROP")


def ipv6_policy_drops(rig: Rig) -> None:
    rig.relay.run("ip6tables", "-P", "FORWARD", "DROP")


def isolated(rig: Rig) -> None:
    with rig.changes() as changes:
        changes.transaction.apply(changes.forwarding.switch(INTERFACE, SwitchName.ISOLATE, True, ""))


def nothing_more(_rig: Rig) -> None:
    """The layout is what is broken."""


def masquerade_of_gateway_gone(rig: Rig) -> None:
    rig.gateway.sh("for t in iptables ip6tables; do $t -t nat -F POSTROUTING; done")
    _drop_lines(rig, "home", "masquerade")


def gateway_forwards_not(rig: Rig) -> None:
    rig.gateway.sysctl(net__ipv4__ip_forward=0, net__ipv6__conf__all__forwarding=0)
    _drop_lines(rig, "home", "ip_forward", "forwarding")


def _drop_lines(rig: Rig, name: str, *words: str) -> None:
    """Take lines out of a peer's own file."""
    own = rig.own_file(name)
    lines = own.read_text().splitlines(keepends=True)
    own.write_text("".join(line for line in lines if not any(word in line for word in words)))


def too_narrow_at_laptop(rig: Rig) -> None:
    edit_file(rig.own_file("laptop"), (f", {LANS[0]}", ""))
    _bring_again(rig)


def too_narrow_at_gateway(rig: Rig) -> None:
    edit_file(rig.own_file("home"), ("AllowedIPs = 10.7.0.0/24", "AllowedIPs = 10.7.0.1/32"))
    _bring_again(rig)


def _bring_again(rig: Rig) -> None:
    """The peers take their files and run by them."""
    rig.take_own_files()
    for node in (rig.laptop, rig.gateway):
        node.sync()
    rig.talk()


def too_narrow_at_relay(rig: Rig) -> None:
    """The laptop's LAN host sends with an address that the relay does not accept from it."""
    rig.relay.edit((f", {LANS[0]}", ""))
    rig.relay.sync()


def laptop_address_mistyped(rig: Rig) -> None:
    """The relay has .30 for it; its own file, which would tell, is not on the relay."""
    rig.own_file("laptop").unlink()
    rig.relay.edit(("10.7.0.3/32", "10.7.0.30/32"))
    rig.relay.sync()


def route_deleted(rig: Rig) -> None:
    rig.relay.ip(f"route del {LANS[0]} dev {INTERFACE}")


def route_elsewhere(rig: Rig) -> None:
    rig.relay.ip(f"route replace {LANS[0]} via 198.18.1.1 dev eth1")


def lan_here_too(rig: Rig) -> None:
    """The relay's second link is in a LAN of the same numbers."""
    rig.relay.ip("address add 192.168.2.99/24 dev eth1", f"route del {LANS[0]} dev {INTERFACE}")


def more_specific_route(rig: Rig) -> None:
    rig.relay.ip(f"route add {LAN_HOST[0]}/32 via 198.18.1.1 dev eth1")


def strict_in_tunnel(rig: Rig) -> None:
    """Packets come in by the tunnel, the route to their source leads elsewhere, and the filter is strict."""
    rig.relay.ip("route add 10.7.0.3/32 via 198.18.1.1 dev eth1")
    rig.relay.sysctl(net__ipv4__conf__all__rp_filter=1)


def blackhole(rig: Rig) -> None:
    rig.relay.ip(f"route replace blackhole {LANS[0]}")


def mtu_hole(rig: Rig) -> None:
    """Large packets to the home vanish, and nobody says so."""
    rig.net.run(
        "nft",
        "add table inet hole; add chain inet hole f { type filter hook forward priority 0; };"
        ' add rule inet hole f oifname "home0" meta length > 1300 drop',
    )


def mtu_too_small_for_ipv6(rig: Rig) -> None:
    rig.relay.ip(f"link set {INTERFACE} mtu 1200")


def lan_host_off(rig: Rig) -> None:
    rig.lan.ip("link set eth0 down")


def second_on_same_port(rig: Rig) -> None:
    """Another file with the same port, whose interface can then not come up."""
    text = rig.relay.conf().read_text()
    text = text.replace("10.7.0.", "10.8.0.").replace("fd07:", "fd08:").replace("192.168.2.", "192.168.3.")
    rig.relay.conf("wg8").write_text(text.replace("fd02:", "fd12:"))
    rig.relay.conf("wg8").chmod(0o600)


def key_file_open(rig: Rig) -> None:
    rig.relay.conf().chmod(0o644)


def large_passes(rig: Rig) -> bool:
    return rig.laptop.reaches(LAN_HOST[0], "-s", "1300", "-M", "do")


def v6_passes(rig: Rig) -> bool:
    return rig.laptop.reaches(LAN_HOST[1])


def web_passes(rig: Rig) -> bool:
    return rig.laptop.reaches(WEB[0])


def laptop_reaches_relay(rig: Rig) -> bool:
    return rig.laptop.reaches("10.7.0.1")


def second_comes_up(rig: Rig) -> bool:
    try:
        rig.relay.up("wg8")
    except Exception:
        return False
    return True


def only_root_reads(rig: Rig) -> bool:
    return not rig.relay.conf().stat().st_mode & 0o077


_V6: Final = ("laptop", LAN_HOST[1])
_FULL: Final = Layout(full_tunnel=True, masquerade=False)
_QUICK: Final = 1.2

PASSING: Final = (
    Case("forwarding is off", forwarding_off, (path("forwarding"),), mends=True, patience=_QUICK),
    Case(
        "IPv6 forwarding is off",
        ipv6_forwarding_off,
        (path("forwarding"),),
        mends=True,
        walk=_V6,
        works=v6_passes,
        patience=_QUICK,
    ),
    Case("Docker's FORWARD drops", docker, (path("filter"),), mends=True, patience=_QUICK),
    Case("a firewall in the manner of ufw rejects", ufw, (path("filter"),), mends=True, patience=_QUICK),
    Case(
        "a table of nft drops what comes out of the tunnel",
        own_table_drops,
        (path("filter"),),
        patience=_QUICK,
    ),
    Case(
        "legacy iptables drops in FORWARD",
        legacy_drops,
        (path("filter"),),
        mends=True,
        patience=_QUICK,
        needs=("iptables-legacy",),
    ),
    Case(
        "the policy of IPv6's FORWARD drops",
        ipv6_policy_drops,
        (path("filter"),),
        walk=_V6,
        works=v6_passes,
        patience=_QUICK,
        mends=True,
    ),
    Case("peers are isolated", isolated, (path("filter"),), mends=True, patience=_QUICK),
    Case(
        "nothing hides the tunnel on its way to the internet",
        nothing_more,
        (path("translation"),),
        layout=_FULL,
        walk=("laptop", WEB[0]),
        works=web_passes,
        mends=True,
        patience=_QUICK,
    ),
    Case(
        "the gateway does not hide the tunnel, and its LAN knows no way back",
        masquerade_of_gateway_gone,
        (
            path("translation"),
            doctor("no-way-back"),
        ),
        patience=_QUICK,
    ),
    Case("the gateway does not forward", gateway_forwards_not, (path("far LAN"),), patience=_QUICK),
    Case(
        "the laptop's allowed IPs are too narrow",
        too_narrow_at_laptop,
        (path("far file"),),
        mends=True,
        carry=_bring_again,
        patience=_QUICK,
    ),
    Case(
        "the gateway's allowed IPs are too narrow",
        too_narrow_at_gateway,
        (path("far file"),),
        mends=True,
        carry=_bring_again,
        patience=_QUICK,
    ),
    Case(
        "the LAN is missing at the relay",
        too_narrow_at_relay,
        (doctor("lan-unowned"),),
        mends=True,
        patience=_QUICK,
    ),
    Case(
        "the relay has another address for the laptop",
        laptop_address_mistyped,
        (path("source"), path("owner")),
        walk=("10.7.0.3", LAN_HOST[0]),
        works=laptop_reaches_relay,
        patience=_QUICK,
    ),
    Case("a route into the tunnel was deleted", route_deleted, (path("route"),), mends=True, patience=_QUICK),
    Case("the route leads out of another link", route_elsewhere, (path("route"),), patience=_QUICK),
    Case("the relay is in a LAN of the same numbers", lan_here_too, (path("route"),), patience=_QUICK),
    Case("a longer route leads out of another link", more_specific_route, (path("route"),), patience=_QUICK),
    Case("a blackhole takes the LAN's packets", blackhole, (path("route"),), patience=_QUICK),
    Case(
        "the reverse path filter drops what comes out of the tunnel",
        strict_in_tunnel,
        (path("reverse path"),),
        patience=_QUICK,
    ),
    Case(
        "large packets vanish on the way",
        mtu_hole,
        (probe("mtu"),),
        works=large_passes,
        patience=_QUICK,
    ),
    Case(
        "the MTU is too small for IPv6",
        mtu_too_small_for_ipv6,
        (doctor("mtu-ipv6"), path("mtu")),
        walk=_V6,
        works=v6_passes,
        patience=_QUICK,
        mends=True,
    ),
    Case("the LAN's host is switched off", lan_host_off, (probe("silent-end"),), patience=_QUICK),
    Case(
        "two files have the same port",
        second_on_same_port,
        (doctor("port-shared"),),
        works=second_comes_up,
        patience=_QUICK,
    ),
    Case(
        "others may read the file with the private key",
        key_file_open,
        (doctor("world-accessible"),),
        works=only_root_reads,
        mends=True,
        patience=_QUICK,
    ),
)
"""In no particular order."""
