"""Which programs for the packet filter a host has, and what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from wgtui.adapters.programs import find_program, run
from wgtui.domain.errors import WgtuiError
from wgtui.domain.ruleset import Backend
from wgtui.domain.ruleset.reading import FilterPrograms
from wgtui.domain.text import printable

_NAMES: Final = (
    "nft",
    *(word + end for word in ("iptables", "ip6tables") for end in ("", "-nft", "-legacy")),
)

_TIMEOUT: Final = 5.0


class InstalledPrograms:
    """Looks programs up, and asks each for its version once as long as its file stays the same."""

    def __init__(self) -> None:
        self._versions: dict[tuple[str, str, int], str] = {}

    def look(self) -> FilterPrograms:
        """What there is now."""
        paths = {name: path for name in _NAMES if (path := find_program(name)) is not None}
        spoken = self._version(paths, "iptables", "-V")
        return FilterPrograms(
            nft=self._version(paths, "nft", "-v"),
            iptables=spoken,
            variant=_variant(spoken) if "iptables" in paths else None,
            names=frozenset(paths),
        )

    def _version(self, paths: dict[str, str], name: str, option: str) -> str:
        path = paths.get(name)
        if path is None:
            return ""
        # Alternatives are links: the file behind them tells which program the name stands for.
        file = Path(path).resolve()
        try:
            key = (name, str(file), file.stat().st_mtime_ns)
        except OSError:
            return ""
        if key not in self._versions:
            self._versions[key] = _asked(name, option)
        return self._versions[key]


def _asked(name: str, option: str) -> str:
    try:
        return printable(run([name, option], timeout=_TIMEOUT).text().strip())
    except WgtuiError:
        return ""


def _variant(version: str) -> Backend:
    """What `iptables -V` tells: before 1.8 there was only one kind, and no word for it."""
    return Backend.IPTABLES_NFT if "nf_tables" in version else Backend.LEGACY
