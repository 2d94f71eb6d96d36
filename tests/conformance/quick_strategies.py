"""Files for `up` and `sync` in all combinations of what matters to them."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tests.conformance.quick_cases import file

_LINES: Final = (
    "Address = 10.0.0.1/24",
    "Address = 10.0.0.2/24",
    "Address = 10.1.0.1/16, fd00::1/64",
    "Address = fd00:1::1/128",
    "DNS = 9.9.9.9, example.com",
    "ListenPort = 5555",
    "Table = auto",
    "Table = off",
    "Table = 99",
)
_LINES_FOR_UP: Final = (
    "MTU = 1400",
    "MTU = 1279",
    "FwMark = 0x51",
    "PostUp = ip address add 10.99.0.1/32 dev %i",
)
"""Lines after which `sync` leaves what is there, or that it does not run."""

_prefixes = st.lists(
    st.sampled_from(
        [
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/24",
            "10.0.0.9/32",
            "10.0.0.0/8",
            "10.1.2.0/24",
            "172.16.0.0/12",
            "fd00::/64",
            "fd00::/8",
            "fd00:1::7/128",
        ]
    ),
    min_size=1,
    max_size=5,
    unique=True,
)
_NARROW: Final = "Endpoint = 203.0.113.5:7"
"""Its path gives an automatic MTU too small for IPv6. `sync` leaves the MTU that a file does not name, and so
would not make what `up` would."""

_endpoints = st.sampled_from(["", "Endpoint = 192.0.2.9:7", "Endpoint = 198.51.100.9:7", _NARROW])


@st.composite
def quick_files(draw: st.DrawFn, for_sync: bool = False) -> str:
    """Files that differ in what matters to `up`, or to `sync`."""
    known = _LINES if for_sync else _LINES + _LINES_FOR_UP
    lines = draw(st.lists(st.sampled_from(known), max_size=5, unique=True))
    peers = [f"AllowedIPs = {', '.join(draw(_prefixes))}" for _ in range(draw(st.integers(0, 2)))]
    if peers:
        peers[0] += "\n" + draw(_endpoints.filter(lambda line: not (for_sync and line == _NARROW)))
    return file("\n".join(lines), *peers)
