"""Reads all files in which programs keep peers' keys and names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from wgtui.domain.adopting.own_files import (
    read_client_file,
    read_header,
    read_index,
    read_key_file,
    read_settings,
)
from wgtui.domain.adopting.places import Kind, Place, Rule, matches, places_of
from wgtui.domain.adopting.records import Told
from wgtui.domain.adopting.structured import COLUMNS, read_commander, read_json, read_tables
from wgtui.domain.errors import WgtuiError
from wgtui.ports.foreign_files import Databases, ForeignFiles, Table

_KIB: Final = 1024
_MOST: Final = {
    Kind.CLIENT: 256 * _KIB,
    Kind.KEY: 4 * _KIB,
    Kind.JSON: 16 * _KIB * _KIB,
    Kind.COMMANDER: 256 * _KIB,
    Kind.SETTINGS: 256 * _KIB,
    Kind.INDEX: 4 * _KIB * _KIB,
}
"""Bytes of the largest file of each kind that is read."""

MOST_FILES: Final = 20_000
"""Files that are read at all, wherever they are."""


class _Nothing:
    """No files of other programs at all."""

    def names(self, folder: str) -> tuple[str, ...]:
        return ()

    def read(self, path: str, most: int) -> bytes | None:
        return None

    def tables(self, path: str, having: frozenset[str]) -> tuple[Table, ...]:
        return ()


_NOTHING: Final = _Nothing()


@dataclass(frozen=True, slots=True)
class ForeignHost:
    """Where other programs' files are read from.

    Attributes:
        files: Reads them.
        databases: Reads those that are databases.
        homes: Folders of people.
        root: Stands in front of every path that is not in the folder of interfaces' files; empty for the
            host's own root.
    """

    files: ForeignFiles = field(default=_NOTHING)
    databases: Databases = field(default=_NOTHING)
    homes: tuple[str, ...] = ()
    root: str = ""


NO_FOREIGN_HOST: Final = ForeignHost()
"""No files of other programs."""


class Gathering:
    """Reads what programs know of peers.

    Args:
        foreign: Where.
        config_dir: Folder of wg-quick files.
        more: Further folders that the operator named.
    """

    def __init__(self, foreign: ForeignHost, config_dir: str, more: Sequence[str] = ()) -> None:
        self._foreign = foreign
        self._config_dir = config_dir.rstrip("/")
        self._more = tuple(more)
        self._readers: dict[Kind, Callable[[Rule, str, bytes], Told]] = {
            Kind.CLIENT: lambda rule, path, data: read_client_file(rule.tool, path, data),
            Kind.KEY: lambda rule, path, data: read_key_file(rule.tool, path, data),
            Kind.JSON: lambda rule, path, data: read_json(rule.tool, path, data),
            Kind.COMMANDER: lambda _, path, data: read_commander(_interface_of_folder(path), path, data),
            Kind.SETTINGS: lambda rule, path, data: read_settings(rule.tool, path, data),
            Kind.INDEX: lambda rule, path, data: read_index(rule.tool, path, data),
        }

    def told(self, name: str = "") -> Iterator[Told]:
        """What each file tells; none is opened before it is asked for.

        Args:
            name: Of a peer. Files that are called after it come first, else those of the interfaces' folder.
        """
        found = sorted(self.found(), key=lambda one: name not in one[0].rpartition("/")[2])
        for number, (path, rule) in enumerate(found):
            if number >= MOST_FILES:
                yield Told(problem=f"There are more than {MOST_FILES} files to look at: {path} was not.")
                return
            yield self._read(path, rule)

    def found(self) -> Iterator[tuple[str, Rule]]:
        """The files that are looked at, each once."""
        seen: set[str] = set()
        for place in self._places():
            rules = [(tuple(rule.pattern.split("/")), rule) for rule in place.rules]
            for path, rule in self._expanded(place.folder.rstrip("/"), rules):
                if path not in seen:
                    seen.add(path)
                    yield path, rule

    def header(self, interface: str, path: str, data: bytes) -> Told:
        """What the file of an interface tells in its comments."""
        return read_header(interface, path, data)

    def _places(self) -> Iterator[Place]:
        mine = (self._config_dir, *self._more)
        for place in places_of(self._config_dir, self._foreign.homes, self._more):
            is_given = place.folder in (*mine, self._config_dir.rpartition("/")[0])
            yield place if is_given else Place(f"{self._foreign.root}{place.folder}", place.rules)

    def _expanded(self, folder: str, rules: list[tuple[tuple[str, ...], Rule]]) -> Iterator[tuple[str, Rule]]:
        for name in self._foreign.files.names(folder):
            fits = [(parts, rule) for parts, rule in rules if matches(parts[0], name)]
            path = f"{folder}/{name}"
            ending = next((rule for parts, rule in fits if len(parts) == 1), None)
            if ending is not None:
                yield path, ending
            deeper = [(parts[1:], rule) for parts, rule in fits if len(parts) > 1]
            if deeper:
                yield from self._expanded(path, deeper)

    def _read(self, path: str, rule: Rule) -> Told:
        try:
            if rule.kind is Kind.DATABASE:
                tables = self._foreign.databases.tables(path, COLUMNS)
                return read_tables(path, {table.name: table.rows for table in tables})
            data = self._foreign.files.read(path, _MOST[rule.kind])
            return Told() if data is None else self._readers[rule.kind](rule, path, data)
        except WgtuiError as error:
            # Many files are called so, and most of them are none of WireGuard's.
            is_likely = rule.tool or rule.kind is not Kind.KEY
            return Told(problem=str(error)) if is_likely else Told()


def _interface_of_folder(path: str) -> str:
    """WG Commander keeps the peers of wg3 in a folder `wgc-wg3`."""
    return path.split("/")[-2].removeprefix("wgc-")
