"""The files of a host in memory, as the store of interfaces' files."""

from __future__ import annotations

from tests.services.forwarding_host import ForwardingHost
from tests.services.interface_host import FOLDER


class FileConfigs:
    """Reads the tree that everything else writes to."""

    def __init__(self, host: ForwardingHost) -> None:
        self._host = host

    def names(self) -> tuple[str, ...]:
        names = self._host.files.names(FOLDER)
        return tuple(name.removesuffix(".conf") for name in names if name.endswith(".conf"))

    def read(self, name: str) -> bytes:
        image = self._host.files.read(self.path(name))
        assert image is not None
        return image.content

    def path(self, name: str) -> str:
        return f"{FOLDER}/{name}.conf"

    def version(self, name: str) -> None:
        return None

    def read_names_file(self) -> None:
        return None

    def names_file_version(self) -> None:
        return None
