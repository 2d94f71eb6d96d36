"""A folder of wg-quick files in memory."""

from __future__ import annotations

from wgtui.domain.errors import ConfigUnreadable
from wgtui.ports.config_store import FileVersion


class SimulatedConfigFiles:
    """`ConfigStore` over a dictionary of file contents."""

    def __init__(self, files: dict[str, bytes] | None = None, names_file: bytes | None = None) -> None:
        """Hold `files` by interface name, and the content of the file `peers`, if any."""
        self._files = dict(files or {})
        self._names_file = names_file
        self._names_file_written = 1
        self._written = dict.fromkeys(self._files, 1)

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, or change it."""
        self._files[name] = data
        self._written[name] = self._written.get(name, 0) + 1

    def remove(self, name: str) -> None:
        """Remove the file, which is there."""
        del self._files[name]
        del self._written[name]

    def write_names_file(self, data: bytes | None) -> None:
        """Put the file `peers` there, change it, or remove it with None."""
        self._names_file = data
        self._names_file_written += 1

    def names(self) -> tuple[str, ...]:
        """Interface names that have a file, sorted."""
        return tuple(sorted(self._files))

    def version(self, name: str) -> FileVersion | None:
        """The file's version: its modification time counts its writes."""
        if name not in self._files:
            return None
        return FileVersion(inode=1, size=len(self._files[name]), modified_ns=self._written[name])

    def read(self, name: str) -> bytes:
        """The file's bytes; raises `ConfigUnreadable`."""
        try:
            return self._files[name]
        except KeyError:
            raise ConfigUnreadable(f"{self.path(name)} does not exist.") from None

    def path(self, name: str) -> str:
        """Where the file would be."""
        return f"/etc/wireguard/{name}.conf"

    def read_names_file(self) -> bytes | None:
        """The content of the file `peers`."""
        return self._names_file

    def names_file_version(self) -> FileVersion | None:
        """The version of the file `peers`: its modification time counts its writes."""
        if self._names_file is None:
            return None
        return FileVersion(inode=2, size=len(self._names_file), modified_ns=self._names_file_written)
