"""Rules across peers."""

from __future__ import annotations

from typing import Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.config.reader import Element, Reading
from wgtui.domain.config.statements import Statement
from wgtui.domain.keys import PublicKey

_PEER: Final = "peer"


def check_peers(reading: Reading, own_key: PublicKey | None) -> None:
    """Find repeated peers, prefixes that end up elsewhere, and peers that nothing is sent to.

    Args:
        reading: The file; findings are added to it.
        own_key: The interface's own public key, where it can be derived.
    """
    _check_keys(reading, own_key)
    _check_owners(reading)
    for number, header in enumerate(_peer_headers(reading)):
        if number in reading.listless and reading.keys[number] is not None:
            reading.findings.lint(
                "peer-without-allowed-ips",
                *reading.place(header),
                "This peer has no AllowedIPs: nothing is sent to it, and what it sends is dropped.",
                "Add its tunnel address.",
            )


def _peer_headers(reading: Reading) -> list[Statement]:
    return [header for header in reading.headers if header.key == _PEER]


def _check_keys(reading: Reading, own_key: PublicKey | None) -> None:
    first: dict[PublicKey, int] = {}
    for header, key in zip(_peer_headers(reading), reading.keys, strict=True):
        if key is None:
            continue
        line, column = reading.place(header)
        if key in first:
            reading.findings.lint(
                "duplicate-peer",
                line,
                column,
                f"This peer has the same key as the one at line {first[key]}: of its AllowedIPs only the "
                "last block's count.",
                "Merge the two blocks.",
            )
        elif key.is_zero:
            reading.findings.lint(
                "public-key-zero",
                line,
                column,
                "This peer's public key is all zero.",
                "Ask for its real key.",
            )
        elif key == own_key:
            reading.findings.lint(
                "own-key-peer",
                line,
                column,
                "This peer has the interface's own public key, so it is ignored.",
                "Remove it, or give it the other side's key.",
            )
        first.setdefault(key, line)


def _check_owners(reading: Reading) -> None:
    """Report where a prefix is named again: by another peer, which takes it, or by the same one."""
    last: dict[Prefix, Element] = {}
    for element in reading.elements:
        key = reading.keys[element.block]
        earlier = last.get(element.prefix)
        last[element.prefix] = element
        if earlier is None:
            continue
        line, column = reading.place(element.statement, element.at)
        before = earlier.statement.index + 1
        if earlier.block == element.block:
            reading.findings.lint(
                "repeated-prefix",
                line,
                column,
                f"{element.prefix} is in this peer's list twice.",
                "Keep one.",
            )
        elif key is None or reading.keys[earlier.block] != key:
            reading.findings.lint(
                "duplicate-prefix",
                line,
                column,
                f"{element.prefix} is taken from the peer that names it at line {before}.",
                "A prefix belongs to one peer of an interface: remove it from the other.",
            )
