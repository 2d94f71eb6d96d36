"""The files of a simulated host: one tree for those who write files and those who read configurations."""

from __future__ import annotations

from wgtui.adapters.simulated.config_files import SimulatedConfigFiles
from wgtui.adapters.simulated.host import SimulatedFiles
from wgtui.domain.host import FileImage

_FOLDER = "/etc/wireguard/"
_SUFFIX = ".conf"


class SimulatedFileTree:
    """`Files` whose wg-quick files are those of a `SimulatedConfigFiles`.

    Args:
        configs: The wg-quick files; root's, and only root's to read.
    """

    def __init__(self, configs: SimulatedConfigFiles) -> None:
        self._configs = configs
        self._others = SimulatedFiles()

    def read(self, path: str) -> FileImage | None:
        """The file, or None where there is none."""
        name = _interface(path)
        if name is None:
            return self._others.read(path)
        if name not in self._configs.names():
            return None
        return FileImage(self._configs.read(name), 0o600, 0, 0)

    def write(self, path: str, image: FileImage) -> None:
        """Put a file there."""
        name = _interface(path)
        if name is None:
            self._others.write(path, image)
        else:
            self._configs.write(name, image.content)

    def remove(self, path: str) -> None:
        """Remove the file; raises `FileRefused` where there is none."""
        name = _interface(path)
        if name is None or name not in self._configs.names():
            self._others.remove(path)
        else:
            self._configs.remove(name)

    def names(self, folder: str) -> tuple[str, ...]:
        """What is in a folder, sorted."""
        others = self._others.names(folder)
        if folder.rstrip("/") + "/" != _FOLDER:
            return others
        return tuple(sorted({*others, *(f"{name}{_SUFFIX}" for name in self._configs.names())}))


def _interface(path: str) -> str | None:
    """The interface whose wg-quick file this would be."""
    name = path.removeprefix(_FOLDER).removesuffix(_SUFFIX)
    return name if path == f"{_FOLDER}{name}{_SUFFIX}" and "/" not in name else None
