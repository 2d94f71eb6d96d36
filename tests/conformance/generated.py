"""Configurations as people write them and as they mistype them."""

from __future__ import annotations

import base64

from hypothesis import strategies as st

_raw_keys = st.one_of(
    st.binary(min_size=32, max_size=32),
    st.sampled_from([bytes([number]) * 32 for number in (0, 1, 2, 3, 255)]),
)
good_keys = _raw_keys.map(lambda raw: base64.b64encode(raw).decode())
# Not all zero: what a userspace device without a private key makes of that peer depends on its past.
public_keys = st.sampled_from([base64.b64encode(bytes([n]) * 32).decode() for n in range(10, 16)])

bad_keys = good_keys.flatmap(
    lambda key: st.sampled_from(
        [
            key[:-1],
            key + "=",
            key[:-2] + "B=",
            key[:20] + "-" + key[21:],
            '"' + key + '"',
            key[1:],
            key.replace("=", "A"),
        ]
    )
)

ports = st.one_of(
    st.integers(1, 70000).map(str),
    st.integers(-(2**65), 2**66).map(str),
    st.sampled_from(
        [
            "0",
            "+5",
            "08",
            "0x10",
            "off",
            "domain",
            "ntp",
            "http",
            "65536",
            "1e3",
            "*",
            "-1",
            "+",
            "2147483648",
            "4294967295",
            "4294967296",
            "-4294967291",
            "18446744073709551616",
            "1_000",
            "５",
            "Domain",
        ]
    ),
)
fwmarks = st.one_of(
    st.integers(0, 2**33).map(str),
    st.integers(0, 2**33).map(hex),
    st.sampled_from(["off", "OFF", "0X10", "0x", "010", "ff", "-1", "0x0x1", "0xG", "+1", "1_0", "00x1"]),
)
keepalives = st.one_of(
    st.integers(0, 70000).map(str),
    st.sampled_from(["off", "Off", "25s", "2,5", "+5", "0x19", "007", "-1", "9" * 30]),
)

octets = st.sampled_from(
    ["0", "1", "10", "127", "192", "254", "255", "256", "00", "010", "0x7f", "999", "a", ""]
)
_dotted = st.lists(octets, min_size=1, max_size=5).map(".".join)
v4 = st.one_of(st.ip_addresses(v=4).map(str), _dotted, st.sampled_from(["10.0.0.1", "10.0.0.2", "0.0.0.0"]))
_groups = st.sampled_from(["", "0", "1", "ffff", "fd00", "db8", "12345", "g", "1.2.3.4", "::"])
v6 = st.one_of(
    st.ip_addresses(v=6).map(str),
    st.lists(_groups, min_size=2, max_size=9).map(":".join),
    st.sampled_from(["::", "::1", "fd00::1", "fe80::1", "::ffff:1.2.3.4", "1::2::3", "1:2:3:4:5:6:7::"]),
)
lengths = st.one_of(
    st.integers(0, 130).map(lambda n: f"/{n}"),
    st.sampled_from(
        ["", "", "/", "/+8", "/-1", "/08", "/032", "/8/9", "/255.0.0.0", "/0x8", "/4294967304", "/a"]
    ),
)
prefixes = st.builds("{}{}".format, st.one_of(v4, v6, st.just("localhost")), lengths)
allowed_ips = st.one_of(
    st.lists(prefixes, min_size=1, max_size=3).map(",".join),
    st.lists(
        st.sampled_from(["10.0.0.1/32", "10.0.0.2/32", "10.0.0.0/8", "10.9.9.9/8", "fd00::/64", "0.0.0.0/0"]),
        min_size=1,
        max_size=4,
    ).map(", ".join),
    st.sampled_from(
        [",10.0.0.1/32", "10.0.0.1/32,", "10.0.0.1/32,,10.0.0.2/32", "[::1]/128", "fe80::1%lo/128"]
    ),
)
_hosts = st.one_of(
    v4,
    v6,
    v6.map("[{}]".format),
    v4.map("[{}]".format),
    st.sampled_from(
        [
            "*",
            "",
            "[]",
            "localhost",
            "127.1",
            "0x7f000001",
            "0x7f.1",
            "fe80::1%lo",
            "[fe80::1%lo]",
            "fd00::1%lo",
            "[fe80::1%1]",
            "[fd00::1%1]",
            "1.2.3.4%lo",
            "[fe80::1",
            "fe80::1]",
            "ff02::1%lo",
            "ff05::1%lo",
            "08",
            "0",
            "4294967295",
            "4294967296",
            "1.16777216",
            "1.16777215",
            "1.2.65536",
            "[fe80::1%]",
            "[::1%99999999999]",
        ]
    ),
)
endpoints = st.builds("{}:{}".format, _hosts, ports) | _hosts

_interface_lines = st.one_of(
    st.builds("PrivateKey = {}".format, good_keys),
    st.builds("ListenPort = {}".format, ports),
    st.builds("FwMark = {}".format, fwmarks),
)
_peer_lines = st.one_of(
    st.builds("AllowedIPs = {}".format, allowed_ips),
    st.builds("Endpoint = {}".format, endpoints),
    st.builds("PersistentKeepalive = {}".format, keepalives),
    st.builds("PresharedKey = {}".format, good_keys),
)
_odd_lines = st.sampled_from(
    [
        "",
        "# a comment",
        "  ; no comment",
        "// none either",
        "[Peer",
        "[Server]",
        "Address = 10.0.0.1/24",
        "AllowedIPs =",
        "PublicKey",
        "\u00a0",
        "ListenPort = 1 2 3",
        "[ Inter face ]",
        "=",
        "= 5",
        "[peer] # x",
        "FwMark = 1 # = 2",
        "PrivateKey = x\x00",
        "\x00",
        "MTU = 1420",
        "listen port=5",
        "\ufeff[Peer]",
        "Jc = 4",
    ]
)
_rarely_odd = st.integers(0, 5).flatmap(lambda n: st.lists(_odd_lines, min_size=n == 0, max_size=n == 0))
_rarely_bad_key = st.one_of(*[good_keys] * 9, bad_keys)


@st.composite
def _section(draw: st.DrawFn) -> list[str]:
    if draw(st.integers(0, 3)) == 0:
        lines = ["[Interface]", *draw(st.lists(_interface_lines, max_size=2))]
        lines += draw(st.lists(_rarely_bad_key.map("PrivateKey = {}".format), max_size=1))
    else:
        key = draw(st.one_of(*[public_keys] * 9, bad_keys))
        lines = ["[Peer]", f"PublicKey = {key}", *draw(st.lists(_peer_lines, max_size=2))]
    return lines + draw(_rarely_odd)


@st.composite
def configurations(draw: st.DrawFn) -> bytes:
    """The bytes of a file."""
    lines = ["[Interface]", *(line for section in draw(st.lists(_section(), max_size=4)) for line in section)]
    text = draw(st.sampled_from(["\n", "\n", "\r\n"])).join(lines)
    if draw(st.integers(0, 4)) == 0:
        text = draw(st.sampled_from([str.upper, str.lower, lambda t: t.replace("=", " \t=\v")]))(text)
    return (text + draw(st.sampled_from(["", "\n"]))).encode()


quick_lines = st.one_of(
    st.builds("Address = {}".format, prefixes),
    st.builds(
        "{} = {}".format,
        st.sampled_from(["DNS", "dns", "MTU", " Table ", "SaveConfig", "Save Config"]),
        ports,
    ),
    st.sampled_from(
        [
            "PostUp = echo a # b = c",
            "PreUp=x\\",
            "PostDown",
            "\tPreDown = echo 'a=b'  ",
            "Address",
            "Address = ",
            "SaveConfig = TRUE",
            "SaveConfig = maybe",
            "# Address = 10.0.0.1/24",
            "Post Up = echo",
            "[ Interface ]",
            "[Interface] # again",
            "[Interface]=",
            "[Peer",
            "[interface",
            "Address\x0b = 10.0.0.1/24\x0c",
            "Add\x00ress = 10.0.0.1/24",
            "MTU\u00a0= 1420",
        ]
    ),
)


@st.composite
def quick_configurations(draw: st.DrawFn) -> bytes:
    """The bytes of a file with keys of `wg-quick` in right and wrong places."""
    lines = draw(
        st.lists(
            st.one_of(quick_lines, _peer_lines, st.sampled_from(["[Interface]", "[Peer]", ""])), max_size=8
        )
    )
    ending = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return (ending.join(["[Interface]", *lines]) + draw(st.sampled_from(["", "\n"]))).encode()


addresses = st.one_of(
    prefixes,
    prefixes,
    st.sampled_from(
        [
            "10",
            "10/8",
            "10.1/16",
            "+10.0.0.1/24",
            "0x0a.0.0.1/24",
            "10.0.0.1/0x18",
            "10.0.0.1/030",
            "10.0.0.1/+24",
            "10.0.0.1/255.255.255.0",
            "10.0.0.1/255.0.255.0",
            "10.0.0.1/0.0.0.0",
            "10.0.0.1/255.255",
            "default",
            "any",
            "fd00::1/ffff::",
            "fd00::1/0x40",
            "::ffff:10.0.0.1/120",
            "ff02::1/64",
            "224.0.0.1/24",
            "0.0.0.0/0",
            "127.0.0.1/8",
            "255.255.255.255/32",
            "fe80::1/64",
            "10.0.0.1/24/8",
            "10.0.0.1/",
            "all",
            "1.2.3.4%x",
        ]
    ),
)
