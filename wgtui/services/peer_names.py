"""The names that configuration files give to peers, read again only when a file changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from wgtui.domain.errors import WgtuiError
from wgtui.domain.keys import PublicKey
from wgtui.ports.config_store import ConfigStore, FileVersion

Names = Mapping[PublicKey, str]
"""Public key to name, as the file has it: not yet made printable."""

_NOBODY: Final[Names] = {}

LARGE_FILE: Final = 65536
"""Bytes; reading the names of a larger file takes a noticeable part of a start."""


class PeerNames:
    """Names by interface. The same mapping object is returned while nothing changed."""

    def __init__(
        self,
        store: ConfigStore,
        read_conf: Callable[[bytes], Names],
        read_list: Callable[[bytes], Names],
    ) -> None:
        """Read names from `store`.

        Args:
            store: The folder of wg-quick files.
            read_conf: Names in a wg-quick file.
            read_list: Names in a list of `PUBLIC_KEY:NAME` lines, which the file's own names override.
        """
        self._store = store
        self._read_conf = read_conf
        self._read_list = read_list
        self._listed: tuple[FileVersion | None, Names] = (None, _NOBODY)
        self._known: dict[str, tuple[FileVersion | None, FileVersion | None, Names]] = {}

    def of(self, interface: str) -> Names:
        """The names for one interface's peers; empty where no file can be read."""
        version, list_version = self._store.version(interface), self._store.names_file_version()
        known = self._known.get(interface)
        if known is not None and known[:2] == (version, list_version):
            return known[2]
        names = {**self._list(list_version), **self._conf(interface, version)}
        self._known[interface] = (version, list_version, names)
        return names

    def takes_long(self, interface: str) -> bool:
        """Whether `of` would have to read a large file now."""
        known = self._known.get(interface)
        version = self._store.version(interface)
        return version is not None and version.size > LARGE_FILE and (known is None or known[0] != version)

    def interfaces(self) -> tuple[str, ...]:
        """Interfaces that have a file."""
        return self._store.names()

    def path(self, interface: str) -> str:
        """Where the interface's file is, for messages."""
        return self._store.path(interface)

    def _conf(self, interface: str, version: FileVersion | None) -> Names:
        if version is None:
            return _NOBODY
        try:
            return self._read_conf(self._store.read(interface))
        except WgtuiError:
            return _NOBODY

    def _list(self, version: FileVersion | None) -> Names:
        if self._listed[0] != version:
            data = self._store.read_names_file()
            self._listed = (version, _NOBODY if data is None else self._read_list(data))
        return self._listed[1]
