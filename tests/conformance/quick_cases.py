"""Files that are brought up by `wg-quick` and by us."""

from __future__ import annotations

from typing import Final

PRIVATE_KEY: Final = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
PUBLIC_KEY: Final = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw="
PEERS: Final = (
    "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
    "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=",
)
PRESHARED_KEY: Final = "/UwcSPg38hW/D9Y3tcS1FOV0K1wuURMbS0sesJEP5ak="


def file(interface: str = "", *peers: str) -> str:
    """A file with lines of the interface, and peers of which each has some lines."""
    text = f"[Interface]\nPrivateKey = {PRIVATE_KEY}\n{interface}\n"
    for key, lines in zip(PEERS, peers, strict=False):
        text += f"[Peer]\nPublicKey = {key}\n{lines}\n"
    return text


_EVERYTHING: Final = "AllowedIPs = 0.0.0.0/0, ::/0"
_ADDRESSES: Final = "Address = 10.0.0.1/24, fd00::1/64"

CASES: Final = {
    "nothing": "",
    "key": file(),
    "relay": file(
        "Address = 5.5.5.1/24\nListenPort = 43155",
        "AllowedIPs = 5.5.5.2/32, 192.168.2.0/24",
        f"AllowedIPs = 5.5.5.3/32\nPresharedKey = {PRESHARED_KEY}\nPersistentKeepalive = 15",
    ),
    "roaming": file(
        "Address = 5.5.5.3/24", "AllowedIPs = 5.5.5.0/24, 192.168.2.0/24\nEndpoint = 192.0.2.9:43155"
    ),
    "full": file(_ADDRESSES, _EVERYTHING),
    "full-v4": file("Address = 10.0.0.1/32", "AllowedIPs = 0.0.0.0/0"),
    "full-v6": file("Address = fd00::1/128", "AllowedIPs = ::/0"),
    "full-without-address": file("", _EVERYTHING),
    "full-with-mark": file(f"{_ADDRESSES}\nFwMark = 0x100", _EVERYTHING),
    "full-with-mark-off": file(f"{_ADDRESSES}\nFwMark = off", _EVERYTHING),
    "full-and-more": file(
        _ADDRESSES, "AllowedIPs = 0.0.0.0/0, 10.7.0.0/16", "AllowedIPs = ::/0, 10.0.0.128/25"
    ),
    "full-over-endpoint": file(f"{_ADDRESSES}\nDNS = 9.9.9.9", f"{_EVERYTHING}\nEndpoint = 192.0.2.9:51820"),
    "halves": file(_ADDRESSES, "AllowedIPs = 0.0.0.0/1, 128.0.0.0/1, ::/1, 8000::/1"),
    "table-off": file(f"{_ADDRESSES}\nTable = off", _EVERYTHING),
    "table-auto": file(f"{_ADDRESSES}\nTable = auto", "AllowedIPs = 10.9.0.0/16"),
    "table-number": file(f"{_ADDRESSES}\nTable = 1234", "AllowedIPs = 10.9.0.0/16, fd09::/32, 10.0.0.0/24"),
    "table-number-full": file(f"{_ADDRESSES}\nTable = 0x4d2", _EVERYTHING),
    "table-name": file(f"{_ADDRESSES}\nTable = default", "AllowedIPs = 10.9.0.0/16"),
    "table-main": file("Address = 10.0.0.1/32\nTable = main", "AllowedIPs = 10.9.0.0/16"),
    "table-main-taken": file("Address = 10.0.0.1/24\nTable = main", "AllowedIPs = 10.0.0.0/24"),
    "table-unknown": file("Table = nowhere", "AllowedIPs = 10.9.0.0/16"),
    "table-upper-case": file("Table = OFF", "AllowedIPs = 10.9.0.0/16"),
    "skipped-within-its-network": file(
        "Address = 10.0.0.1/8, fd00::1/16", "AllowedIPs = 10.2.0.0/16, fd00:5::/32, 10.0.0.0/7"
    ),
    "exactly-its-network": file(_ADDRESSES, "AllowedIPs = 10.0.0.0/24, fd00::/64, fd00::/63"),
    "nested": file(
        "Address = 10.0.0.1/32", "AllowedIPs = 10.1.0.0/16, 10.1.2.0/24", "AllowedIPs = 10.1.2.3/32"
    ),
    "moved": file(
        "Address = 10.0.0.1/32", "AllowedIPs = 10.1.0.0/16, 10.2.0.0/16", "AllowedIPs = 10.1.0.0/16"
    ),
    "host-bits": file("Address = 10.0.0.1/32", "AllowedIPs = 10.1.2.3/16, fd07::9/64"),
    "same-peer-twice": file("", "AllowedIPs = 10.8.0.0/16")
    + f"[Peer]\nPublicKey = {PEERS[0]}\nAllowedIPs = 10.9.0.0/16\n",
    "own-key-as-peer": file("") + f"[Peer]\nPublicKey = {PUBLIC_KEY}\nAllowedIPs = 10.9.0.0/16\n",
    "taken-route": file("", "AllowedIPs = 203.0.113.0/24"),
    "taken-network": file("", "AllowedIPs = 192.0.2.0/24"),
    "taken-network-v6": file("", "AllowedIPs = 2001:db8::/64"),
    "addresses-of-all-kinds": file(
        "Address = 10.0.0.1/24, 10.0.0.2/24, 10.0.0.1/16, 127.9.9.9/32, 10.3.0.1/31, fd00::1, 10.4.0.1"
    ),
    "address-zero": file("Address = 0.0.0.0/24, 10.5.0.1/24"),
    "address-in-zero-net": file("Address = 0.1.2.3/8", "AllowedIPs = 0.0.0.0/8"),
    "address-of-length-zero": file("Address = 10.0.0.1/0", "AllowedIPs = 10.0.0.0/8, 0.0.0.0/0"),
    "address-link-local": file("Address = fe80::5/64, fd00::1/64"),
    "address-twice": file("Address = 10.0.0.1/24, 10.0.0.1/24"),
    "mtu": file(f"{_ADDRESSES}\nMTU = 1300", "AllowedIPs = fd01::/48"),
    "mtu-without-ipv6": file(f"{_ADDRESSES}\nMTU = 1279", "AllowedIPs = 10.1.0.0/16"),
    "mtu-without-ipv6-but-routes": file(f"{_ADDRESSES}\nMTU = 1279", "AllowedIPs = fd01::/48"),
    "mtu-without-ipv6-full": file(f"{_ADDRESSES}\nMTU = 1279", "AllowedIPs = 0.0.0.0/0"),
    "mtu-large": file("MTU = 65535"),
    "mtu-by-jumbo-path": file(_ADDRESSES, "Endpoint = 198.51.100.9:1"),
    "mtu-by-route": file(_ADDRESSES, "Endpoint = 203.0.113.5:1"),
    "mtu-by-ipv6-path": file("", "Endpoint = [2001:db8::9]:1"),
    "mtu-by-loopback": file("", "Endpoint = 127.0.0.1:1"),
    "mtu-by-two-paths": file("", "Endpoint = 198.51.100.9:1", "Endpoint = 192.0.2.9:1"),
    "dns": file("DNS = 1.1.1.1, example.com, fd00::53\nDNS = 10.0.0.53 corp.local"),
    "dns-search-only": file("DNS = example.com"),
    "hooks": file(
        "PostUp = echo %i > /run/hook\nPreUp = true\nPreDown = rm /run/hook\nPostDown = test ! -e /run/hook"
    ),
    "hook-sets-a-route": file("PostUp = ip route add 10.77.0.0/16 dev %i\nPostDown = true"),
    "hook-fails": file(f"{_ADDRESSES}\nDNS = 1.1.1.1\nPostUp = false", _EVERYTHING),
    "hook-uses-its-variable": file("PostUp = ip route add 10.77.0.0/16 dev $INTERFACE"),
    "not-a-file": "Address = 10.0.0.1/24\n",
}
"""By name."""
