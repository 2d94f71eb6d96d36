"""Files of the host, replaced whole or not at all; implements `wgtui.ports.files.Files`."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wgtui.adapters.config_files import LARGEST
from wgtui.domain.errors import ConfigUnreadable, FileRefused, PermissionRefused, WgtuiError
from wgtui.domain.host import FileImage


class HostFiles:
    """Regular files by absolute path. A symbolic link stands for the file that it leads to."""

    def read(self, path: str) -> FileImage | None:
        """The file with mode and owner, or None where there is none; see the port for errors."""
        try:
            descriptor = os.open(os.path.realpath(path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            raise _unreadable(path, error) from None
        try:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise ConfigUnreadable(f"{path} is not a regular file.")
            if facts.st_size > LARGEST:
                raise ConfigUnreadable(f"{path} is larger than 64 MiB, which no configuration is.")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                content = file.read()
        except OSError as error:
            raise _unreadable(path, error) from None
        finally:
            os.close(descriptor)
        return FileImage(content, stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_gid)

    def write(self, path: str, image: FileImage) -> None:
        """Put a file there, whole or not at all; see the port for errors."""
        with _refusals(path, "written"):
            target = Path(os.path.realpath(path))
            _require_replaceable(path, target)
            made = _make_folders(target.parent)
            draft = target.parent / f".wgtui-{secrets.token_hex(8)}"
            try:
                _write_draft(draft, image, target)
                draft.replace(target)
            except BaseException:
                with suppress(OSError):
                    draft.unlink()
                for folder in reversed(made):
                    with suppress(OSError):
                        folder.rmdir()
                raise
            sync_folder(target.parent)

    def remove(self, path: str) -> None:
        """Remove the file; raises `FileRefused` or `PermissionRefused`."""
        with _refusals(path, "removed"):
            target = Path(os.path.realpath(path))
            _require_replaceable(path, target)
            target.unlink()
            sync_folder(target.parent)

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of what is in a folder, sorted; empty where there is none, or it is closed to us."""
        try:
            return tuple(sorted(entry.name for entry in Path(folder).iterdir()))
        except OSError:
            return ()


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk; raises `OSError`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems know no such thing for folders, and say so.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def make_private_folder(folder: Path) -> None:
    """Make one folder that is closed to others, whatever the umask is; raises `OSError`."""
    folder.mkdir(0o700)
    folder.chmod(0o700)
    sync_folder(folder.parent)


def write_whole(descriptor: int, data: bytes) -> None:
    """Write all of it; raises `OSError`."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _write_draft(draft: Path, image: FileImage, target: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(draft, flags, 0o600)
    try:
        write_whole(descriptor, image.content)
        _copy_attributes(target, descriptor)
        if image.uid is not None or image.gid is not None:
            os.fchown(
                descriptor,
                -1 if image.uid is None else image.uid,
                -1 if image.gid is None else image.gid,
            )
        # After fchown, which may clear bits of the mode.
        os.fchmod(descriptor, image.mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy_attributes(source: Path, descriptor: int) -> None:
    """Keep the label and the access list of the file that is replaced, as far as may be."""
    with suppress(OSError):
        for name in os.listxattr(source):
            with suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(source, name))


def _require_replaceable(path: str, target: Path) -> None:
    """Raise `FileRefused` where something else than a regular file stands."""
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise FileRefused(f"{path} is a folder.")
    if stat.S_ISLNK(mode):
        raise FileRefused(f"{path} is a symbolic link that leads back to itself.")
    if not stat.S_ISREG(mode):
        raise FileRefused(f"{path} is not a regular file.")


def _make_folders(folder: Path) -> list[Path]:
    """Make what is missing on the way to a folder; returns what was made, outermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    made: list[Path] = []
    try:
        for one in reversed(missing):
            make_private_folder(one)
            made.append(one)
    except OSError:
        for one in reversed(made):
            with suppress(OSError):
                one.rmdir()
        raise
    return made


@contextmanager
def _refusals(path: str, done: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise _refused(path, done, error) from None


def _refused(path: str, done: str, error: OSError | ValueError) -> WgtuiError:
    start = f"{path} could not be {done}"
    if not isinstance(error, OSError):
        return FileRefused(f"{start}: this is not a usable path.")
    if error.errno == errno.EACCES:
        return PermissionRefused(f"{start}: its folder is closed to this user.", hint="Run wgtui as root.")
    if error.errno == errno.EPERM:
        return FileRefused(
            f"{start}: it or its folder is protected.",
            hint="See whether it is immutable with: lsattr. Files of others need root.",
        )
    if error.errno == errno.ENOENT:
        return FileRefused(f"{start}: there is no such file.")
    if error.errno == errno.EBUSY:
        return FileRefused(
            f"{start}: it is a mount of its own, which cannot be replaced.",
            hint="Mount its folder in its place.",
        )
    return FileRefused(f"{start}: {error.strerror}.")


def _unreadable(path: str, error: OSError | ValueError) -> WgtuiError:
    if isinstance(error, PermissionError):
        return PermissionRefused(f"{path} is not readable for this user.", hint="Run wgtui as root.")
    reason = error.strerror if isinstance(error, OSError) else "this is not a usable path"
    return ConfigUnreadable(f"{path} cannot be read: {reason}.")
