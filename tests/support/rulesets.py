"""Rulesets of real hosts, as their programs printed them (tests/unit/data/rulesets)."""

from __future__ import annotations

from pathlib import Path

from wgtui.domain.ruleset import Backend, FilterFamily, Ruleset, Table
from wgtui.domain.ruleset.nft_json import read_listing
from wgtui.domain.ruleset.save import parse_save

FOLDER = Path(__file__).resolve().parents[1] / "unit" / "data" / "rulesets"
"""One folder a host: what was printed by each program, by the program's name, and `nft.json`."""

_SAVES = (
    ("iptables-legacy-save", Backend.LEGACY, FilterFamily.IP),
    ("ip6tables-legacy-save", Backend.LEGACY, FilterFamily.IP6),
    ("iptables-nft-save", Backend.IPTABLES_NFT, FilterFamily.IP),
    ("ip6tables-nft-save", Backend.IPTABLES_NFT, FilterFamily.IP6),
)


def captured(host: str) -> Ruleset:
    """The ruleset of a host, put together as the reader does."""
    legacy: list[Table] = []
    saved: list[Table] = []
    for file, backend, family in _SAVES:
        path = FOLDER / host / file
        if path.exists():
            found = parse_save(path.read_text(), backend, family)
            (legacy if backend is Backend.LEGACY else saved).extend(found)
    listed = FOLDER / host / "nft.json"
    if listed.exists():
        return Ruleset((*legacy, *read_listing(listed.read_text()).tables(saved)))
    return Ruleset((*legacy, *saved))
