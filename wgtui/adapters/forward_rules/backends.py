"""Which `iptables` programs a host has, and which of the kernel's two packet filters each speaks to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.adapters.programs import find_program, run
from wgtui.domain.forwarding import IptablesPlace

NFT: Final = "nft"
LEGACY: Final = "legacy"
VERSIONS: Final = (4, 6)
"""Of IP, each with programs of its own."""

_kinds: dict[str, str] = {}
"""By the path of a program: its backend does not change as long as its links lead there."""


@dataclass(frozen=True, slots=True)
class Backend:
    """One of the two packet filters behind `iptables`.

    Attributes:
        variant: `nft` or `legacy`.
        plain: Whether `iptables` without a suffix speaks to it.
        suffixed: Whether its programs are found by their name with the suffix.
    """

    variant: str
    plain: bool
    suffixed: bool

    @property
    def place(self) -> IptablesPlace:
        """The place that rules in it have."""
        return IptablesPlace("" if self.plain else self.variant)

    def program(self, version: int, action: str) -> str:
        """The name of a program.

        Args:
            version: Of IP.
            action: `save` or `restore`.
        """
        word = "iptables" if version == 4 else "ip6tables"
        return f"{word}-{self.variant}-{action}" if self.suffixed else f"{word}-{action}"


def backends() -> Iterator[Backend]:
    """Those that this host has programs for, that of the plain names first."""
    plain = plain_variant()
    for variant in sorted((NFT, LEGACY), key=lambda one: one != plain):
        suffixed = find_program(f"iptables-{variant}-restore") is not None
        if suffixed or variant == plain:
            yield Backend(variant, variant == plain, suffixed)


def plain_variant() -> str:
    """The backend of plain `iptables`; empty where there is no such program.

    Versions before 1.8 know the legacy one alone, and do not name it (`iptables -V`).
    """
    found = find_program("iptables")
    if found is None:
        return ""
    path = os.path.realpath(found)
    if path not in _kinds:
        # The program looks at the name by which it was called, so it is called by that.
        said = run([found, "-V"], timeout=10.0).require_success("tell its version").text()
        _kinds[path] = NFT if "nf_tables" in said else LEGACY
    return _kinds[path]
