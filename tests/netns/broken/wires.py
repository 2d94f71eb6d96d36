"""The links and addresses of all machines, and what their routers do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.netns.broken.layout import HOME_WAN, LAN_HOST, LAPTOP, PUBLIC, SECOND, WEB

LINKS: Final[dict[str, Sequence[str]]] = {
    "net": (
        "link add relay0 type veth peer name eth0 netns {relay}",
        "link add relay1 type veth peer name eth1 netns {relay}",
        "link add home0 type veth peer name wan netns {home}",
        "link add laptop0 type veth peer name eth0 netns {laptop}",
        *(
            "link set lo up",
            "link set relay0 up",
            "link set relay1 up",
            "link set home0 up",
            "link set laptop0 up",
        ),
        "address add 203.0.113.1/24 dev relay0",
        "address add 198.18.1.1/24 dev relay1",
        "address add 198.51.100.1/24 dev home0",
        "address add 192.0.2.1/24 dev laptop0",
        "address add 2001:db8:1::1/64 dev relay0 nodad",
        "address add 2001:db8:4::1/64 dev relay1 nodad",
        "address add 2001:db8:2::1/64 dev home0 nodad",
        "address add 2001:db8:3::1/64 dev laptop0 nodad",
        f"address add {WEB[0]}/32 dev lo",
        f"address add {WEB[1]}/128 dev lo nodad",
    ),
    "home": (
        "link add br0 type bridge",
        "link add gateway0 type veth peer name eth0 netns {gateway}",
        "link add lan0 type veth peer name eth0 netns {lan}",
        *(
            "link set gateway0 master br0 up",
            "link set lan0 master br0 up",
            "link set br0 up",
            "link set wan up",
        ),
        "link set lo up",
        f"address add {HOME_WAN[0]}/24 dev wan",
        f"address add {HOME_WAN[1]}/64 dev wan nodad",
        "address add 192.168.2.1/24 dev br0",
        "address add fd02::1/64 dev br0 nodad",
        "route add default via 198.51.100.1",
        "route add default via 2001:db8:2::1",
    ),
    "relay": (
        *("link set lo up", "link set eth0 up", "link set eth1 up"),
        f"address add {PUBLIC[0]}/24 dev eth0",
        f"address add {PUBLIC[1]}/64 dev eth0 nodad",
        f"address add {SECOND[0]}/24 dev eth1",
        f"address add {SECOND[1]}/64 dev eth1 nodad",
        "route add default via 203.0.113.1",
        "route add default via 2001:db8:1::1",
    ),
    "gateway": (
        *("link set lo up", "link set eth0 up"),
        "address add 192.168.2.2/24 dev eth0",
        "address add fd02::2/64 dev eth0 nodad",
        "route add default via 192.168.2.1",
        "route add default via fd02::1",
    ),
    "lan": (
        *("link set lo up", "link set eth0 up"),
        f"address add {LAN_HOST[0]}/24 dev eth0",
        f"address add {LAN_HOST[1]}/64 dev eth0 nodad",
        "route add default via 192.168.2.1",
        "route add default via fd02::1",
    ),
    "laptop": (
        *("link set lo up", "link set eth0 up"),
        f"address add {LAPTOP[0]}/24 dev eth0",
        f"address add {LAPTOP[1]}/64 dev eth0 nodad",
        "route add default via 192.0.2.1",
        "route add default via 2001:db8:3::1",
    ),
}

ROUTER = """
for v in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 1 > /proc/sys/net/$v; done
"""
NAT = (
    ROUTER
    + """
nft -f - <<END
table inet nat {
 chain post { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
 chain in { type filter hook forward priority filter;
  iifname "wan" ct state new drop; }
}
END
"""
)
