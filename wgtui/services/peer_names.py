"""The names that configuration files give to peers, and those they switch off, read when a file changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from wgtui.domain.errors import WgtuiError
from wgtui.domain.keys import PublicKey
from wgtui.domain.names import NO_CLAIMS, DisabledPeer, FileClaims
from wgtui.ports.config_store import ConfigStore, FileVersion

Names = Mapping[PublicKey, str]
"""Public key to name, as the file has it: not yet made printable."""

_NOBODY: Final[Names] = {}


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of one interface, and of which versions of its file and of the list of names."""

    versions: tuple[FileVersion | None, FileVersion | None]
    names: Names
    disabled: tuple[DisabledPeer, ...]
    claims: FileClaims


LARGE_FILE: Final = 65536
"""Bytes; reading the names of a larger file takes a noticeable part of a start."""


class PeerNames:
    """Names by interface. The same mapping object is returned while nothing changed."""

    def __init__(
        self,
        store: ConfigStore,
        read_conf: Callable[[bytes], Names],
        read_list: Callable[[bytes], Names],
        read_disabled: Callable[[bytes], tuple[DisabledPeer, ...]] = lambda _: (),
        read_claims: Callable[[bytes], FileClaims] = lambda _: NO_CLAIMS,
    ) -> None:
        """Read names from `store`.

        Args:
            store: The folder of wg-quick files.
            read_conf: Names in a wg-quick file.
            read_list: Names in a list of `PUBLIC_KEY:NAME` lines, which the file's own names override.
            read_disabled: Peers that a wg-quick file switches off.
            read_claims: Who else writes a wg-quick file.
        """
        self._store = store
        self._read_conf = read_conf
        self._read_list = read_list
        self._read_disabled = read_disabled
        self._read_claims = read_claims
        self._listed: tuple[FileVersion | None, Names] = (None, _NOBODY)
        self._known: dict[str, _Known] = {}

    def of(self, interface: str) -> Names:
        """The names for one interface's peers; empty where no file can be read."""
        return self._read(interface).names

    def disabled(self, interface: str) -> tuple[DisabledPeer, ...]:
        """The peers that the interface's file switches off; none where it cannot be read."""
        return self._read(interface).disabled

    def claims(self, interface: str) -> FileClaims:
        """Who else writes the interface's file; nobody where it cannot be read."""
        return self._read(interface).claims

    def takes_long(self, interface: str) -> bool:
        """Whether `of` would have to read a large file now."""
        known = self._known.get(interface)
        version = self._store.version(interface)
        return (
            version is not None
            and version.size > LARGE_FILE
            and (known is None or known.versions[0] != version)
        )

    def interfaces(self) -> tuple[str, ...]:
        """Interfaces that have a file."""
        return self._store.names()

    def path(self, interface: str) -> str:
        """Where the interface's file is, for messages."""
        return self._store.path(interface)

    def _read(self, interface: str) -> _Known:
        version, list_version = self._store.version(interface), self._store.names_file_version()
        known = self._known.get(interface)
        if known is None or known.versions != (version, list_version):
            data = self._conf(interface, version)
            names = {**self._list(list_version), **self._read_conf(data)}
            known = _Known((version, list_version), names, self._read_disabled(data), self._read_claims(data))
            self._known[interface] = known
        return known

    def _conf(self, interface: str, version: FileVersion | None) -> bytes:
        if version is None:
            return b""
        try:
            return self._store.read(interface)
        except WgtuiError:
            return b""

    def _list(self, version: FileVersion | None) -> Names:
        if self._listed[0] != version:
            data = self._store.read_names_file()
            self._listed = (version, _NOBODY if data is None else self._read_list(data))
        return self._listed[1]
