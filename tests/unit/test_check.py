"""`wgtui check`: what it says about a file, and what it never says."""

from __future__ import annotations

import base64
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.config_strategies import KEYS, SECRET, TYPICAL, files
from wgtui.domain.config import Dialect
from wgtui.domain.grammar import Severity
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.lints import FileFacts
from wgtui.services.check import CheckReport, check, render_text, to_json

INTERFACE = f"[Interface]\nPrivateKey = {SECRET}\n"
PEER = f"[Peer]\nPublicKey = {KEYS[0]}\nAllowedIPs = 10.0.0.2/32\n"


def report_of(text: str, path: str = "wg0.conf") -> CheckReport:
    return check(text.encode(), path)


def places(report: CheckReport, severity: Severity) -> list[tuple[str, int, int]]:
    return [(f.code, f.line, f.column) for f in report.findings if f.severity is severity]


def test_a_good_file_is_ok() -> None:
    report = report_of(INTERFACE.replace(SECRET, base64.b64encode(bytes([8] * 31 + [72])).decode()) + PEER)
    assert report.ok and report.findings == ()
    assert render_text(report) == "wg0.conf: ok\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("PrivateKey = x\n", "outside-section", 1, 1),
        ("[Interface]\n  Foo = 1\n", "unknown-key", 2, 3),
        ("[Interface]\n; no\n", "unknown-line", 2, 1),
        ("[Interface]\n// no\n", "unknown-line", 2, 1),
        ("[Interface]\nListenPort = \n", "empty-value", 2, 1),
        ("[Interface]\nListenPort\n", "no-equals", 2, 1),
        ("[Interface]\nAllowedIPs = 10.0.0.1\n", "wrong-section", 2, 1),
        ("[Interface]\nJc = 4\n", "foreign-key", 2, 1),
        ("[Server]\n", "unknown-section", 1, 1),
        ("\ufeff[Interface]\n", "bom", 1, 1),
        ("[Interface]\nListenPort =  off\n", "bad-port", 2, 15),
        ("[Interface]\nPrivateKey = abc\n", "bad-private-key", 2, 14),
        ("[Interface]\nFwMark=-1\n", "bad-fwmark", 2, 8),
        ("[Interface]\nAddress = 10.0.0.1/24, nope\n", "bad-address", 2, 24),
        ("[Interface]\nAddress = 10.0.0.1/24\nAddress = fd00::1,10.0.0.1/24\n", "duplicate-address", 3, 19),
        ("[Interface]\nAddress = fd00::1/64, fd00::1/128\n", "duplicate-address", 2, 23),
        ("[Interface]\nMTU = x\n", "bad-mtu", 2, 7),
        ("[Interface]\nSaveConfig = yes\n", "bad-save-config", 2, 14),
        ("[Interface]\nPost Up = x\n", "quick-key-spaced", 2, 1),
        ("[ Interface ]\nDNS = 1.1.1.1\n", "quick-key-not-seen", 2, 1),
        (f"[Interface]\nTable = OFF\n{PEER}", "table-case", 2, 9),
        (f"[Interface]\nAddress=10.0.0.2/32,10.0.0.1/8\nTable=main\n{PEER}", "", 0, 0),
        (
            f"[Interface]\nAddress=10.0.0.1/8\nTable=main\n{PEER}AllowedIPs=10.0.0.0/8",
            "table-main-collides",
            3,
            7,
        ),
        ("[Peer]\n", "peer-without-key", 1, 1),
        (f"{PEER}Endpoint = a\n", "endpoint-without-port", 4, 12),
        (f"{PEER}Endpoint = 1.2.3.4:x y\n", "bad-port", 4, 20),
        (f"{PEER}AllowedIPs = 10.0.0.1, 10.0.0.2 ,\n", "empty-element", 4, 34),
        (f"{PEER}PersistentKeepalive = 25s\n", "bad-keepalive", 4, 23),
        (f"{PEER}PresharedKey = {SECRET}=\n", "bad-preshared-key", 4, 16),
        (f"[Peer]\nPublicKey = {SECRET[:-1]}\n", "bad-public-key", 2, 13),
        (f"{PEER}Address = 10.0.0.1\n", "wrong-section", 4, 1),
    ],
)
def test_errors_and_their_places(text: str, code: str, line: int, column: int) -> None:
    report = report_of(text)
    assert places(report, Severity.ERROR) == ([(code, line, column)] if code else [])
    assert report.ok == (code == "")


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        (f"{INTERFACE}ListenPort = 70000\n", "port-wraps", 3, 14),
        (f"{INTERFACE}ListenPort = 1\nListenPort = 2\n", "repeated-key", 4, 14),
        (f"{INTERFACE}SaveConfig = true\n", "save-config", 3, 14),
        (f"{INTERFACE}DNS = example.com\n", "dns-search-only", 3, 7),
        (f"{INTERFACE}DNS = 1.1.1.1, *.x\n", "dns-glob", 3, 16),
        (f"{INTERFACE}DNS = 1234\n", "dns-odd-server", 3, 7),
        (f"{INTERFACE}Address = fd00::1\nMTU = 1279\n", "mtu-below-ipv6", 4, 7),
        (f"{INTERFACE}MTU = 70000\n", "mtu-out-of-range", 3, 7),
        (f"{INTERFACE}Table = Auto\n", "table-case", 3, 9),
        (f"{INTERFACE}Table = vpn\n", "table-name", 3, 9),
        (f"{INTERFACE}PostUp = x '#y'\n", "hook-hash", 3, 13),
        (f"{INTERFACE}[Interface]\n", "repeated-section", 3, 1),
        (f"{INTERFACE}# -WGP- PrivateKey: {SECRET}\n", "secret-in-comment", 3, 1),
        (f"# Your changes will be overwritten!\n{INTERFACE}", "overwritten", 1, 1),
        (f"{INTERFACE}[Peer]\n# peer_x\nPublicKey = {KEYS[0]}\n", "overwritten", 4, 1),
        (f"{INTERFACE}#[disabled] [Peer]\n#[disabled] # PrivateKey = {SECRET}\n", "secret-in-comment", 4, 13),
        (f"{INTERFACE}ListenPort = 5\0\n", "nul-byte", 3, 15),
        ("[Interface]\n", "no-private-key", 1, 1),
        (f"{INTERFACE}[Peer]\nPublicKey = {KEYS[0]}\n", "peer-without-allowed-ips", 3, 1),
        (f"{INTERFACE}{PEER}{PEER.replace('0.2', '0.3')}", "duplicate-peer", 6, 1),
        (f"{INTERFACE}{PEER}{PEER.replace(str(KEYS[0]), str(KEYS[1]))}", "duplicate-prefix", 8, 14),
        (f"{INTERFACE}{PEER}AllowedIPs = 10.0.0.9/8, 10.0.0.2\n", "repeated-prefix", 6, 26),
        (f"{INTERFACE}{PEER}AllowedIPs = ::, 10.0.0.9/8\n", "allowed-ip-host-bits", 6, 18),
        (f"{INTERFACE}{PEER}Endpoint = fd00::1:1\n", "endpoint-unbracketed", 6, 12),
        (f"{INTERFACE}{PEER.replace(str(KEYS[0]), 'A' * 43 + '=')}", "public-key-zero", 3, 1),
        (f"{INTERFACE}{PEER}AllowedIPs = +10.0.0.3/32\n", "allowed-ip-signed", 6, 14),
        (f"[Interface]\nPrivateKey = {'A' * 43}=\n", "private-key-zero", 2, 14),
    ],
)
def test_lints_and_their_places(text: str, code: str, line: int, column: int) -> None:
    report = report_of(text)
    assert report.ok, render_text(report)
    assert (code, line, column) in places(report, Severity.LINT)


def test_the_preshared_key_of_a_disabled_peer_is_no_secret_in_a_comment() -> None:
    report = report_of(f"{INTERFACE}#[disabled] [Peer]\n#[disabled] PresharedKey = {SECRET}\n")
    assert "secret-in-comment" not in {finding.code for finding in report.findings}


def test_an_unclamped_key_is_a_lint() -> None:
    assert ("private-key-unclamped", 2, 14) in places(report_of(INTERFACE), Severity.LINT)


def test_a_wrong_list_is_not_also_called_missing() -> None:
    report = report_of(
        f"[Peer]\nPublicKey = {KEYS[0]}\nAllowedIPs = x\n[Peer]\nPublicKey = {KEYS[1]}\nAllowedIPs =\n"
    )
    assert "peer-without-allowed-ips" not in {finding.code for finding in report.findings}


def test_the_interfaces_own_key_is_told_when_it_can_be_derived() -> None:
    def public_key_of(key: PrivateKey) -> PublicKey:
        return KEYS[0]

    report = check(f"{INTERFACE}{PEER}".encode(), "-", public_key_of=public_key_of)
    assert "own-key-peer" in {finding.code for finding in report.findings}


@pytest.mark.parametrize(
    ("path", "ok"),
    [
        ("wg0.conf", True),
        ("/etc/wireguard/wg0.conf", True),
        ("-", True),
        ("wg0", False),
        ("/etc/wireguard/.conf", False),
        ("a-name-of-sixteen.conf", False),
        ("wg 0.conf", False),
        ("..conf", False),
        ("wg0.conf\n", False),
    ],
)
def test_names_of_files(path: str, ok: bool) -> None:
    report = report_of(INTERFACE, path)
    assert report.ok == ok
    assert ("file-name" in {finding.code for finding in report.findings}) == (not ok)


@pytest.mark.parametrize(
    ("mode", "directory_mode", "warned"),
    [(0o600, 0o755, False), (0o644, 0o700, False), (0o644, 0o755, True), (0o640, 0o755, False)],
)
def test_modes(mode: int, directory_mode: int, warned: bool) -> None:
    report = check(INTERFACE.encode(), "wg0.conf", facts=FileFacts(mode, directory_mode))
    assert ("world-accessible" in {finding.code for finding in report.findings}) == warned


def test_names_that_other_layers_refuse() -> None:
    assert places(report_of(INTERFACE, "a+b.conf"), Severity.LINT)[0] == ("interface-name", 0, 0)


def test_text_and_json() -> None:
    report = report_of("[Interface]\nListenPort = off\nMTU = 70000\n", "/x/wg0.conf")
    lines = render_text(report).splitlines()
    assert lines[0].startswith("/x/wg0.conf:1:1: warning: This interface has no PrivateKey")
    assert lines[1].startswith('/x/wg0.conf:2:14: error: "off" is neither a port nor')
    assert lines[1].endswith(" [bad-port]")
    assert lines[-1] == "/x/wg0.conf: refused, 1 error, 2 warnings"
    written = json.loads(json.dumps(to_json(report)))
    assert (written["schema"], written["ok"], written["errors"], written["warnings"]) == (1, False, 1, 2)
    assert written["findings"][1] == {
        "code": "bad-port",
        "severity": "error",
        "line": 2,
        "column": 14,
        "text": '"off" is neither a port nor the name of a UDP service.',
        "hint": "A port is a number from 0 to 65535.",
    }


def test_utf16_is_one_error() -> None:
    report = check("[Interface]\n".encode("utf-16"), "wg0.conf")
    assert [finding.code for finding in report.findings] == ["encoding"]


def test_control_characters_do_not_reach_the_terminal() -> None:
    report = report_of("[Interface]\nListenPort = \x1b]0;x\x07\nDNS = \x1b[2J:\n", "\x1b[31m.conf")
    assert "\x1b" not in render_text(report)
    assert "\x07" not in render_text(report)


@given(data=files)
def test_any_file_can_be_checked_and_shown(data: bytes) -> None:
    for dialect in Dialect:
        report = check(data, "wg0.conf", dialect=dialect)
        text = render_text(report)
        assert all(line.replace("\t", " ").isprintable() for line in text.splitlines())
        json.dumps(to_json(report))


_keys = st.binary(min_size=32, max_size=32).map(lambda raw: base64.b64encode(raw).decode())
_settings = st.sampled_from(
    [
        "PrivateKey = {}",
        "PresharedKey = {}",
        "PublicKey = {}",
        "PrivateKey {}",
        "PrivateKye = {}",
        "{}",
        "ListenPort = {}",
        "AllowedIPs = {}",
        "Endpoint = {}:1",
        "Endpoint = [{}",
        "Address = {}",
        "MTU = {}",
        "Table = {}",
        "DNS = {}:",
        "SaveConfig = {}",
        "FwMark = {}",
        "PersistentKeepalive = {}",
        "[{}]",
        "{} = 5",
        "# PrivateKey = {}",
        "; {}",
    ]
)


@given(
    key=_keys,
    cut=st.integers(0, 8),
    put=st.tuples(st.integers(0, 43), st.sampled_from(["", "-", '"', "é", "\0", "\r", "==", "#"])),
    setting=_settings,
    section=st.sampled_from(["", "[Interface]\n", "[Peer]\n"]),
)
def test_no_part_of_a_key_is_ever_shown(
    key: str, cut: int, put: tuple[int, str], setting: str, section: str
) -> None:
    broken = (key[: put[0]] + put[1] + key[put[0] :])[: len(key) - cut]
    report = report_of(section + setting.format(broken) + "\n")
    shown = render_text(report) + json.dumps(to_json(report)) + repr(report.findings)
    for start in range(0, 40, 4):
        part = key[start : start + 8]
        if len(part) == 8 and part.lower() != part != part.upper():
            assert part not in shown


def test_ten_thousand_peers_are_checked_in_seconds() -> None:
    keys = [PublicKey(number.to_bytes(32, "big")) for number in range(1, 10_001)]
    data = INTERFACE + "".join(
        f"# user{n}\n[Peer]\nPublicKey = {key}\nAllowedIPs = 10.{n >> 8}.{n & 255}.1/32, fd00::{n:x}/128\n"
        for n, key in enumerate(keys)
    )
    started = time.process_time()
    assert report_of(data).ok
    assert time.process_time() - started < 6.0


def test_a_large_file_of_junk_gives_a_short_report() -> None:
    report = check(b"junk\n" * 50_000, "wg0.conf")
    assert report.errors == 50_000
    assert len(report.findings) == 1000
    assert "49000 more are not shown" in render_text(report)


def test_the_typical_file() -> None:
    report = check(TYPICAL, "wg0.conf")
    assert report.ok
    assert {finding.code for finding in report.findings} == {"private-key-unclamped", "hook-hash"}


@pytest.mark.parametrize(
    "data",
    [
        b"[Peer]\nAllowedIPs = " + b"10.0.0.1, " * 40_000 + b"10.0.0.1\n",
        b"[Interface]\nAddress = " + b"10.0.0.1 " * 40_000,
        b"[Interface]\nListenPort = " + b"9" * 1_000_000,
        b"[Peer]\nEndpoint = " + b"1." * 500_000 + b":1",
        b"[Peer]\n# " + b"a / " * 500_000,
    ],
    ids=["allowed ips", "addresses", "digits", "host", "comment"],
)
def test_an_endless_line_is_checked_in_linear_time(data: bytes) -> None:
    started = time.process_time()
    check(data, "wg0.conf")
    assert time.process_time() - started < 8.0
