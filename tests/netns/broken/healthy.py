"""Relays that are well, however odd they look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tests.netns.broken.case import Break
from tests.netns.broken.layout import INTERFACE, LAN_HOST, RELAY_IN, WEB, Layout
from tests.netns.broken.passing_cases import docker
from tests.netns.broken.rig import Rig, nothing
from tests.support.waiting import eventually
from wgtui.domain.forwarding import SwitchName


@dataclass(frozen=True)
class Healthy:
    """A relay on which no tool may raise an alarm.

    Attributes:
        name: What is odd about it.
        layout: What it is like.
        bare: Done before it is set up.
        after: Done when everybody has shaken hands; everything has to work after it.
        reaches: What the laptop reaches.
        walk: A path that is walked.
        peers: Whose judgements are asked for.
    """

    name: str
    layout: Layout = field(default_factory=Layout)
    bare: Break = nothing
    after: Break = nothing
    reaches: tuple[str, ...] = LAN_HOST
    walk: tuple[str, str] = ("laptop", LAN_HOST[0])
    peers: tuple[str, ...] = ("laptop", "home")


def laptop_roams(rig: Rig) -> None:
    """The laptop goes on from another port, as it looks when it changes its network."""
    rig.laptop.set(listen_port=40404)
    rig.talk()


def nat_moves(rig: Rig) -> None:
    """The home's router gives the gateway another port."""
    rig.home.sh(
        "nft flush chain inet nat post;"
        " nft add rule inet nat post oifname wan meta l4proto udp masquerade to :20000-20100;"
        " nft add rule inet nat post oifname wan masquerade"
    )
    rig.talk()


def foreign_rules(rig: Rig) -> None:
    """Rules of others, which do no harm."""
    rig.relay.run(
        "nft",
        "add table inet corp; add chain inet corp f { type filter hook forward priority -5; };"
        ' add rule inet corp f iifname "eth9" drop; add rule inet corp f ip saddr 203.0.113.66 drop;'
        " add chain inet corp i { type filter hook input priority -5; };"
        " add rule inet corp i tcp dport 23 drop",
    )


def docker_and_our_accept(rig: Rig) -> None:
    """Docker drops in FORWARD, and the switches of the relay were made with it in force."""
    docker(rig)


def guarded_and_opened(rig: Rig) -> None:
    """A firewall that drops what it is not told of, which setup has told."""
    for program, icmp in (("iptables", "icmp"), ("ip6tables", "ipv6-icmp")):
        for chain in ("INPUT", "FORWARD"):
            rig.relay.run(
                program, *f"-A {chain} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT".split()
            )
            rig.relay.run(program, "-P", chain, "DROP")
        rig.relay.run(program, *["-A", "INPUT", "-i", "lo", "-j", "ACCEPT"])
        rig.relay.run(program, *f"-A INPUT -i {INTERFACE} -j ACCEPT".split())
        rig.relay.run(program, *f"-A INPUT -p {icmp} -j ACCEPT".split())


def second_interface(rig: Rig) -> None:
    """Another tunnel, in which nobody is."""
    text = rig.relay.conf().read_text().partition("[Peer]")[0]
    text = (
        text.replace("10.7.0.", "10.8.0.")
        .replace("fd07:", "fd08:")
        .replace(f"ListenPort = {rig.layout.port}", "ListenPort = 51999")
    )
    lines = [line for line in text.splitlines() if not line.startswith("Post")]
    rig.relay.conf("wg8").write_text("\n".join([*lines, ""]))
    rig.relay.conf("wg8").chmod(0o600)
    rig.relay.up("wg8")


def loose_reverse_path(rig: Rig) -> None:
    rig.relay.sysctl(net__ipv4__conf__all__rp_filter=2)


def strict_reverse_path(rig: Rig) -> None:
    """Strict, and all ways lead back where they came from."""
    rig.relay.sysctl(net__ipv4__conf__all__rp_filter=1)


def traffic(rig: Rig) -> None:
    rig.keep(rig.laptop.shout(LAN_HOST[0]))


def synced(rig: Rig) -> None:
    """Brought in line with its file once more, which changes nothing."""
    rig.relay.sync()


def peer_renamed(rig: Rig) -> None:
    rig.relay.edit(("# Name = laptop", "# Name = the laptop of somebody"))


def mss_switched_on(rig: Rig) -> None:
    with rig.changes() as changes:
        changes.transaction.apply(changes.forwarding.switch(INTERFACE, SwitchName.MSS, True, ""))


def relay_restarted(rig: Rig) -> None:
    """The laptop has a session that the relay does not know any more, and begins another by itself."""
    rig.relay.close_interface()
    eventually("the link is gone", lambda: INTERFACE not in rig.relay.run("ip", "-o", "link"))
    rig.relay.up()
    for node in (rig.gateway, rig.laptop):
        node.close_interface()
        eventually("the link is gone", lambda at=node: INTERFACE not in at.run("ip", "-o", "link"))  # type: ignore[misc]
        node.up()
    rig.talk()


_V6: Final = Layout(families=(6,))

HEALTHY: Final = (
    Healthy("as set up"),
    Healthy("with IPv4 only", Layout(families=(4,)), reaches=LAN_HOST[:1]),
    Healthy("with IPv6 only inside", _V6, reaches=LAN_HOST[1:], walk=("laptop", LAN_HOST[1])),
    Healthy("dialled by IPv6", Layout(outside=6)),
    Healthy("on port 53", Layout(port=53)),
    Healthy("on port 443, in another subnet", Layout(port=443, subnet="172.29.4"), reaches=LAN_HOST),
    Healthy("without preshared keys", Layout(preshared=False)),
    Healthy(
        "with a full tunnel", Layout(full_tunnel=True), reaches=(*LAN_HOST, *WEB), walk=("laptop", WEB[0])
    ),
    Healthy("with an MTU of 1280", Layout(mtu=1280)),
    Healthy("with peers that never came", Layout(extra_peers=12), peers=("laptop", "home", "extra3")),
    Healthy("with peers apart", Layout(isolate=True), reaches=(RELAY_IN[0],), walk=("laptop", RELAY_IN[0])),
    Healthy("without keepalives", Layout(keepalive=0)),
    Healthy("just roamed", after=laptop_roams),
    Healthy("behind a NAT that moved", after=nat_moves),
    Healthy("beside rules of others", after=foreign_rules),
    Healthy("beside Docker", bare=docker_and_our_accept),
    Healthy("behind a firewall that setup opened", bare=guarded_and_opened),
    Healthy("beside another tunnel", after=second_interface),
    Healthy("with a loose reverse path filter", after=loose_reverse_path),
    Healthy("with a strict reverse path filter", after=strict_reverse_path),
    Healthy("with traffic", after=traffic),
    Healthy("just synced", after=synced),
    Healthy("with a peer renamed in the file", after=peer_renamed, walk=("home", RELAY_IN[0])),
    Healthy("with MSS clamping", after=mss_switched_on),
    Healthy("just made anew", after=relay_restarted),
)
"""In no particular order."""
