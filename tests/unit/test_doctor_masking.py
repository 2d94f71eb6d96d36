"""What a report keeps to itself."""

from __future__ import annotations

import pytest

from wgtui.domain.doctor.masking import Mask
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

KNOWN = PublicKey(bytes(range(32)))
STRANGE = PublicKey(bytes(range(1, 33)))


def mask(text: str, *names: str, addresses: bool = True) -> str:
    return Mask([KNOWN], names, addresses=addresses).mask(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("8.8.8.8:51820", "(public IPv4 1):51820"),
        (
            "from 8.8.8.8 to 8.8.4.4, and 8.8.8.8",
            "from (public IPv4 1) to (public IPv4 2), and (public IPv4 1)",
        ),
        ("[2a00:1450::1]:51820", "[(public IPv6 1)]:51820"),
        ("2a00:1450::/32", "(public IPv6 1)/32"),
        ("10.7.0.1/24 192.168.2.5 100.64.0.1 203.0.113.7 fd07::1 fe80::1 ::1", None),
        ("224.0.0.1 ff02::1 0.0.0.0/0 ::/0", None),
        ("at 12:30:45, 1.2.3, 8.8.8.8.8 and 300.1.2.3", None),
        ("ct state established,related; chain::name", None),
    ],
)
def test_addresses(text: str, masked: str | None) -> None:
    assert mask(text) == (text if masked is None else masked)
    assert mask(text, addresses=False) == text


def test_keys() -> None:
    private, preshared = PrivateKey(bytes([7]) * 32), PresharedKey(bytes([9]) * 32)
    for secret in (private.reveal(), preshared.reveal(), str(STRANGE), private.reveal().rstrip("=")):
        for text in (secret, f"# PrivateKey = {secret}", f"key={secret};", f'"{secret}"'):
            assert secret.rstrip("=") not in mask(text)
            assert "(hidden)" in mask(text)
    assert mask(f"peer {KNOWN}:") == f"peer {KNOWN.short()}:"
    assert mask(private.reveal(), addresses=False) == "(hidden)"


def test_names_of_hosts() -> None:
    text = "Endpoint = VPN.example.net:51820, not myvpn.example.net2 nor other.example.org"
    masked = "Endpoint = (host 2):51820, not myvpn.example.net2 nor (host 1)"
    assert mask(text, "vpn.example.net", "other.example.org") == masked
    assert mask(text, "vpn.example.net", addresses=False) == text
