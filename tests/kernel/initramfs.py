"""The first file system of the emulated machine: busybox, a script, and the modules for the real root."""

from __future__ import annotations

import gzip
import lzma
import shutil
import stat
import struct
import subprocess
from pathlib import Path

MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay", "virtio_console")
"""What it takes to reach the host's files and to be heard."""


_PT_INTERP = 3


class NotPossible(Exception):
    """No machine can be emulated here; the text is one sentence that says what is missing."""


def build(release: str, init: Path, target: Path) -> None:
    """Write an initramfs.

    Args:
        release: Of the kernel that will boot, as `uname -r` says it.
        init: The script to become /init.
        target: The file to write.

    Raises:
        NotPossible: busybox or a module is missing.
    """
    busybox = shutil.which("busybox")
    if busybox is None or not _is_static(Path(busybox).read_bytes()):
        raise NotPossible("There is no busybox that runs without libraries: install busybox-static.")
    archive = _Archive()
    for folder in ("bin", "modules", "proc", "sys", "dev", "lower", "upper", "root"):
        archive.add(folder, stat.S_IFDIR | 0o755)
    archive.add("bin/busybox", stat.S_IFREG | 0o755, Path(busybox).read_bytes())
    archive.add("init", stat.S_IFREG | 0o755, init.read_bytes())
    for number, module in enumerate(_modules(release)):
        name = f"modules/{number:02}-{module.name.split('.')[0]}.ko"
        archive.add(name, stat.S_IFREG | 0o644, _uncompressed(module))
    target.write_bytes(archive.finish())


def _is_static(program: bytes) -> bool:
    """Whether a 64-bit ELF program names no interpreter, which a first program could not have (elf(5))."""
    start = struct.unpack_from("=Q", program, 32)[0]
    size, count = struct.unpack_from("=HH", program, 54)
    return all(struct.unpack_from("=I", program, start + size * n)[0] != _PT_INTERP for n in range(count))


def _modules(release: str) -> list[Path]:
    """The files of `MODULES` and of what they need, each after its needs; without built-in ones."""
    if shutil.which("modprobe") is None:
        raise NotPossible("The program modprobe is missing: install kmod.")
    paths: dict[Path, None] = {}
    for name in MODULES:
        done = subprocess.run(
            ["modprobe", "--set-version", release, "--show-depends", name],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise NotPossible(f"The kernel {release} has no module {name}: install linux-image-amd64.")
        for line in done.stdout.splitlines():
            verb, _, rest = line.strip().partition(" ")
            if verb == "insmod":
                paths[Path(rest.split()[0])] = None
    return list(paths)


def _uncompressed(module: Path) -> bytes:
    data = module.read_bytes()
    if module.suffix == ".ko":
        return data
    if module.suffix == ".xz":
        return lzma.decompress(data)
    if module.suffix == ".gz":
        return gzip.decompress(data)
    raise NotPossible(f"The kernel module {module} is compressed in a way that is not known here.")


class _Archive:
    """A cpio archive in the "newc" format (Linux `Documentation/driver-api/early-userspace/`)."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._inode = 0

    def add(self, name: str, mode: int, content: bytes = b"") -> None:
        self._inode += 1
        path = name.encode() + b"\0"
        fields = (self._inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(path), 0)
        self._data += b"070701" + b"".join(b"%08X" % field for field in fields) + path
        self._pad()
        self._data += content
        self._pad()

    def finish(self) -> bytes:
        self.add("TRAILER!!!", 0)
        return bytes(self._data)

    def _pad(self) -> None:
        self._data += b"\0" * (-len(self._data) % 4)
