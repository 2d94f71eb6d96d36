"""Values, as the real tools read them. The comparison with the tools themselves is in tests/conformance."""

from __future__ import annotations

import socket
from ipaddress import ip_interface, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.config_strategies import SECRET
from wgtui.domain import grammar
from wgtui.domain.addresses import Endpoint
from wgtui.domain.grammar import AllowedIp, EndpointConfig, Refused, quote
from wgtui.domain.grammar.hosts import aton, pton4, pton6


def services(name: str) -> int | None:
    return {"domain": 53}.get(name)


class Notes:
    """Remembers the codes of lints."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def __call__(self, code: str, text: str, hint: str, at: int) -> None:
        self.codes.append(code)


@pytest.mark.parametrize(
    ("text", "port", "codes"),
    [
        ("51820", 51820, []),
        ("0", 0, []),
        ("+5", 5, []),
        ("08", 8, []),
        ("domain", 53, []),
        ("70000", 4464, ["port-wraps"]),
        ("65536", 0, ["port-wraps"]),
    ],
)
def test_listen_ports(text: str, port: int, codes: list[str]) -> None:
    notes = Notes()
    assert grammar.parse_listen_port(text, services, notes) == port
    assert notes.codes == codes


@pytest.mark.parametrize(
    "text", ["-1", "0x10", "off", "http", "1e3", "*", "+", "2147483648", "9" * 5000, "١"]
)
def test_refused_listen_ports(text: str) -> None:
    with pytest.raises(Refused):
        grammar.parse_listen_port(text, services)


@pytest.mark.parametrize(("text", "mark"), [("off", 0), ("OFF", 0), ("0xca6c", 51820), ("010", 10), ("0", 0)])
def test_fwmarks(text: str, mark: int) -> None:
    assert grammar.parse_fwmark(text) == mark


@pytest.mark.parametrize(
    "text", ["0X10", "0x", "-1", "ff", "4294967296", "0x1g", "9" * 5000, "0x" + "f" * 5000]
)
def test_refused_fwmarks(text: str) -> None:
    with pytest.raises(Refused):
        grammar.parse_fwmark(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("off", 0), ("Off", 0), ("25", 25), ("007", 7), ("65535", 65535)]
)
def test_keepalives(text: str, seconds: int) -> None:
    assert grammar.parse_keepalive(text) == seconds


@pytest.mark.parametrize("text", ["25s", "2,5", "+5", "-1", "65536", "0x19", "9" * 5000])
def test_refused_keepalives(text: str) -> None:
    with pytest.raises(Refused):
        grammar.parse_keepalive(text)


@pytest.mark.parametrize(
    ("text", "host", "port", "numeric", "codes"),
    [
        ("192.0.2.1:51820", "192.0.2.1", 51820, "192.0.2.1:51820", []),
        ("[2001:db8::1]:51820", "2001:db8::1", 51820, "[2001:db8::1]:51820", []),
        ("[192.0.2.1]:1", "192.0.2.1", 1, "192.0.2.1:1", []),
        ("fd00::1:51820", "fd00::1", 51820, "[fd00::1]:51820", ["endpoint-unbracketed"]),
        ("[fe80::1%3]:1", "fe80::1%3", 1, "[fe80::1%3]:1", []),
        ("[fe80::1%eth0]:1", "fe80::1%eth0", 1, None, []),
        ("vpn.example.com:domain", "vpn.example.com", 53, None, []),
        ("under_score.example:1", "under_score.example", 1, None, []),
        ("127.1:1", "127.1", 1, "127.0.0.1:1", ["endpoint-legacy-ipv4"]),
        ("010.0.0.1:1", "010.0.0.1", 1, "8.0.0.1:1", ["endpoint-legacy-ipv4"]),
        ("*:1", "*", 1, None, ["endpoint-any"]),
        ("192.0.2.1:0", "192.0.2.1", 0, "192.0.2.1:0", ["endpoint-port-zero"]),
        ("192.0.2.1:65537", "192.0.2.1", 1, "192.0.2.1:1", ["port-wraps"]),
    ],
)
def test_endpoints(text: str, host: str, port: int, numeric: str | None, codes: list[str]) -> None:
    notes = Notes()
    endpoint = grammar.parse_endpoint(text, services, notes)
    assert endpoint == EndpointConfig(host, port)
    found = endpoint.numeric()
    assert (str(found) if found else None) == numeric
    assert notes.codes == codes


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("192.0.2.1", 0),
        ("192.0.2.1:", 0),
        ("[fd00::1]51820", 8),
        ("[fd00::1]", 8),
        ("[fd00::1", 0),
        (":51820", 0),
        ("[]:51820", 0),
        ("192.0.2.1:0x10", 10),
        ("192.0.2.999:1", 0),
        ("[fd00::1%eth0]:1", 0),
        ("[fe80::1%]:1", 0),
        ("a..b:1", 0),
        ("exa mple:1", 0),
    ],
)
def test_refused_endpoints(text: str, at: int) -> None:
    with pytest.raises(Refused) as caught:
        grammar.parse_endpoint(text, services)
    assert caught.value.at == at


def test_the_text_of_an_endpoint_reads_back() -> None:
    for text in ("192.0.2.1:5", "[fd00::1]:5", "a.example:5"):
        endpoint = grammar.parse_endpoint(text)
        assert str(endpoint) == text
        assert grammar.parse_endpoint(str(endpoint)) == endpoint


def test_an_endpoint_is_an_endpoint() -> None:
    assert grammar.parse_endpoint("[fe80::1%7]:9").numeric() == Endpoint(ip_interface("fe80::1").ip, 9, 7)


@pytest.mark.parametrize(
    ("text", "expected", "codes"),
    [
        ("10.0.0.1", [("10.0.0.1/32", "")], []),
        ("fd00::1", [("fd00::1/128", "")], []),
        ("10.0.0.0/08", [("10.0.0.0/8", "")], []),
        ("1.2.3.4/0,::/0", [("0.0.0.0/0", ""), ("::/0", "")], ["allowed-ip-host-bits"]),
        ("::ffff:1.2.3.4/128", [("::ffff:1.2.3.4/128", "")], []),
        ("+10.0.0.1,-fd00::/64", [("10.0.0.1/32", "+"), ("fd00::/64", "-")], ["allowed-ip-signed"] * 2),
    ],
)
def test_allowed_ips(text: str, expected: list[tuple[str, str]], codes: list[str]) -> None:
    notes = Notes()
    elements = grammar.parse_allowed_ips(text, notes)
    assert elements == tuple(AllowedIp(ip_network(prefix), sign) for prefix, sign in expected)
    assert notes.codes == codes


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("10.0.0.1,", 9),
        (",10.0.0.1", 0),
        ("10.0.0.1,,10.0.0.2", 9),
        ("10.0.0.1,10.0.0.0/33", 9),
        ("fd00::/129", 0),
        ("10.0/8", 0),
        ("010.0.0.0/8", 0),
        ("[::1]", 0),
        ("fe80::1%lo", 0),
        ("localhost", 0),
        ("10.0.0.0/+8", 0),
        ("10.0.0.0/", 0),
        ("10.0.0.0/8/9", 0),
        ("--10.0.0.1", 0),
    ],
)
def test_refused_allowed_ips(text: str, at: int) -> None:
    with pytest.raises(Refused) as caught:
        grammar.parse_allowed_ips(text)
    assert caught.value.at == at


@pytest.mark.parametrize(
    ("text", "expected", "codes"),
    [
        ("10.0.0.1/24", "10.0.0.1/24", []),
        ("10.0.0.1", "10.0.0.1/32", []),
        ("fd00::1", "fd00::1/128", []),
        ("fd00::1/64", "fd00::1/64", []),
        ("10.1/16", "10.1.0.0/16", ["address-spelling"]),
        ("10.0.0.1/255.255.255.0", "10.0.0.1/24", ["address-spelling"]),
        ("0.0.0.0/8", "0.0.0.0/8", ["address-unspecified"]),
    ],
)
def test_addresses(text: str, expected: str, codes: list[str]) -> None:
    notes = Notes()
    assert grammar.parse_address(text, notes) == ip_interface(expected)
    assert notes.codes == codes


@pytest.mark.parametrize(
    "text",
    ["10.0.0.999/24", "example.com", "10.0.0.1/33", "10.0.0.1/", "::1/128", "ff02::1/64", "any", "/24"],
)
def test_refused_addresses(text: str) -> None:
    with pytest.raises(Refused):
        grammar.parse_address(text)


def test_lists_split_as_in_bash() -> None:
    assert grammar.split_list(" a, b,,c\td,") == [(1, "a"), (4, "b"), (7, "c"), (9, "d")]


def test_dns_servers_and_domains() -> None:
    notes = Notes()
    servers, domains = grammar.parse_dns("1.1.1.1, example.com,fd00::1 1234 *.a fe80::1%eth0", notes)
    assert servers == ("1.1.1.1", "fd00::1", "1234", "fe80::1%eth0")
    assert domains == ("example.com", "*.a")
    assert notes.codes == ["dns-odd-server", "dns-glob"]


@pytest.mark.parametrize(("text", "mtu"), [("", None), ("1420", 1420), ("0x58c", 1420), ("9000", 9000)])
def test_mtus(text: str, mtu: int | None) -> None:
    assert grammar.parse_mtu(text) == mtu


@pytest.mark.parametrize("text", ["big", "-1", "1420b", "14 20", "2147483648", "9" * 5000])
def test_refused_mtus(text: str) -> None:
    with pytest.raises(Refused):
        grammar.parse_mtu(text)


def test_tables() -> None:
    notes = Notes()
    for text in ("", "auto", "off", "main", "51820", "0x10", "vpn"):
        assert grammar.parse_table(text, notes) == text
    assert notes.codes == ["table-name"]
    with pytest.raises(Refused):
        grammar.parse_table("4294967296")


@given(text=st.text(st.sampled_from("0123456789.:abcdefxX%g"), max_size=20))
def test_addresses_are_read_as_the_c_library_reads_them(text: str) -> None:
    def c_library(family: int) -> bytes | None:
        try:
            return socket.inet_pton(family, text)
        except OSError:
            return None

    v4, v6 = pton4(text), pton6(text)
    assert (v4.packed if v4 else None) == c_library(socket.AF_INET)
    assert (v6.packed if v6 else None) == c_library(socket.AF_INET6)


@given(
    parts=st.lists(
        st.sampled_from(["0", "1", "08", "017", "0xff", "0x100", "256", "65536", "4294967295", "x", ""])
    )
)
def test_old_spellings_are_read_as_the_c_library_reads_them(parts: list[str]) -> None:
    text = ".".join(parts)
    try:
        expected = socket.inet_aton(text)
    except OSError:
        expected = None
    found = aton(text)
    assert (found.packed if found else None) == expected


readers = st.sampled_from(
    [
        grammar.parse_private_key,
        grammar.parse_public_key,
        grammar.parse_preshared_key,
        grammar.parse_port,
        grammar.parse_fwmark,
        grammar.parse_keepalive,
        grammar.parse_endpoint,
        grammar.parse_allowed_ips,
        grammar.parse_address,
        grammar.parse_mtu,
        grammar.parse_table,
        grammar.parse_save_config,
        grammar.parse_dns,
    ]
)


@given(reader=readers, text=st.text(min_size=1, max_size=60))
def test_any_text_is_read_or_refused(reader: object, text: str) -> None:
    assert callable(reader)
    try:
        reader(text)
    except Refused as error:
        assert str(error).endswith(".")
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "text", [SECRET, SECRET[:-1], SECRET + "=", "x" + SECRET, SECRET[:43] + "é", SECRET[:30], f"{SECRET}:1"]
)
def test_a_secret_in_the_wrong_place_is_not_quoted(text: str) -> None:
    for reader in (
        grammar.parse_port,
        grammar.parse_endpoint,
        grammar.parse_allowed_ips,
        grammar.parse_address,
    ):
        with pytest.raises(Refused) as caught:
            reader(text)
        assert SECRET[:8] not in str(caught.value) + caught.value.hint


def test_quotes_are_printable_and_short() -> None:
    assert quote("a\x1b[31mb") == '"a�[31mb"'
    assert len(quote("a." * 500)) < 50
    assert quote(SECRET) == "(not shown)"
