"""The next free address is free, lowest, and never one that no host may have."""

from __future__ import annotations

import time
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, ip_interface, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.domain.addresses import Prefix, prefix_of
from wgtui.domain.ipam import next_free, propose_address


def proposed(addresses: list[str], taken: list[str]) -> list[str]:
    prefixes = propose_address([ip_interface(text) for text in addresses], map(prefix_of, taken))
    return [str(prefix) for prefix in prefixes]


@pytest.mark.parametrize(
    ("addresses", "taken", "expected"),
    [
        (["10.8.0.1/24"], [], ["10.8.0.2/32"]),
        (["10.8.0.1/24"], ["10.8.0.2/32", "10.8.0.4/32"], ["10.8.0.3/32"]),
        (["10.8.0.254/24"], [], ["10.8.0.1/32"]),
        (["10.8.0.1/24"], ["10.8.0.0/25"], ["10.8.0.128/32"]),
        (["10.8.0.1/24"], ["0.0.0.0/0", "10.8.0.0/24", "10.0.0.0/8"], ["10.8.0.2/32"]),
        (["10.8.0.1/24", "fd08::1/64"], ["10.8.0.2/32"], ["10.8.0.3/32", "fd08::3/128"]),
        (["10.8.0.1/24", "fd08::1/64"], ["10.8.0.2/32", "fd08::3/128"], ["10.8.0.3/32", "fd08::2/128"]),
        (["10.8.0.1/24", "10.8.0.2/24"], [], ["10.8.0.3/32"]),
        (["10.8.0.1/30"], ["10.8.0.2/32"], []),
        (["10.8.0.0/31"], [], ["10.8.0.1/32"]),
        (["10.8.0.0/31"], ["10.8.0.1/32"], []),
        (["10.8.0.1/32"], [], []),
        (["fd08::1/127"], [], ["fd08::/128"]),
        (["fe80::1/64", "fd08::1/64"], [], ["fd08::2/128"]),
        ([], [], []),
        (["10.8.0.1/24"], ["10.9.0.2/32", "fd00::/8"], ["10.8.0.2/32"]),
    ],
)
def test_proposals(addresses: list[str], taken: list[str], expected: list[str]) -> None:
    assert proposed(addresses, taken) == expected


@given(
    length=st.integers(24, 32),
    hosts=st.lists(st.integers(0, 255), max_size=300),
    lengths=st.lists(st.integers(25, 32), max_size=4),
    preferred=st.none() | st.integers(0, 300),
)
def test_against_counting(length: int, hosts: list[int], lengths: list[int], preferred: int | None) -> None:
    network = IPv4Network(f"10.8.0.0/{length}")
    taken: list[Prefix] = [prefix_of(f"10.8.0.{host}/32") for host in hosts]
    taken += [prefix_of(f"10.8.0.{host}/{n}") for host, n in zip(hosts, lengths, strict=False)]
    counted = [prefix for prefix in taken if prefix.prefixlen > length]
    free = [host for host in network.hosts() if not any(host in prefix for prefix in counted)]
    free = free if length < 32 else []
    found = next_free(network, taken, preferred)
    if preferred is not None and any(int(host) & 255 == preferred for host in free):
        assert found is not None and int(found) & 255 == preferred
    else:
        assert found == (free[0] if free else None)


def test_a_full_16_and_a_64_take_no_time() -> None:
    taken = [IPv4Network((0x0A080000 + number, 32)) for number in range(65_000)]
    v6 = [ip_network((0xFD << 120 | number, 128)) for number in range(20_000)]
    started = time.process_time()
    found = propose_address([IPv4Interface("10.8.0.1/16"), IPv6Interface("fd00::1/64")], [*taken, *v6])
    assert time.process_time() - started < 1.0
    assert [str(prefix) for prefix in found] == ["10.8.253.232/32", "fd00::fde8/128"]
