"""Every `Files` keeps the same promises; the real one keeps them on bad disks too."""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.mounts import bind_to_itself, make_read_only, mount_small_disk, with_mounts
from tests.support.needs import needs_root
from tests.support.netns import without_privilege
from wgtui.adapters.files import HostFiles
from wgtui.adapters.simulated.host import SimulatedFiles
from wgtui.domain.errors import ConfigUnreadable, FileRefused, PermissionRefused
from wgtui.domain.host import FileImage
from wgtui.ports.files import Files


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture(params=["real", "simulated"])
def files(request: pytest.FixtureRequest) -> Files:
    return HostFiles() if request.param == "real" else SimulatedFiles()


def test_what_is_written_is_read(files: Files, tmp_path: Path) -> None:
    path = str(tmp_path / "wg0.conf")
    assert files.read(path) is None
    for image in (FileImage(b"\xef\xbb\xbf[Interface]\r\n\0\xff", 0o640), FileImage(b"", 0o600)):
        files.write(path, image)
        assert image.same_as(files.read(path))
    files.remove(path)
    assert files.read(path) is None


def test_what_is_not_there_cannot_be_removed(files: Files, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no such file"):
        files.remove(str(tmp_path / "wg0.conf"))


def test_what_is_in_a_folder(files: Files, tmp_path: Path) -> None:
    folder = tmp_path / "sysctl.d"
    assert files.names(str(folder)) == ()
    for name in ("b.conf", "a.conf", "deeper/c.conf"):
        files.write(str(folder / name), FileImage(b"x"))
    assert files.names(str(folder)) == files.names(f"{folder}/") == ("a.conf", "b.conf", "deeper")
    assert files.names(str(folder / "a.conf")) == ()


@needs_root
def test_the_owner_is_that_of_the_image(files: Files, tmp_path: Path) -> None:
    path = str(tmp_path / "wg0.conf")
    image = FileImage(b"x", 0o640, uid=1234, gid=4321)
    files.write(path, image)
    assert files.read(path) == image


@needs_root
def test_without_an_owner_it_is_the_writers(files: Files, tmp_path: Path) -> None:
    path = str(tmp_path / "wg0.conf")
    files.write(path, FileImage(b"x", uid=1234, gid=4321))
    files.write(path, FileImage(b"y"))
    assert files.read(path) == FileImage(b"y", uid=0, gid=0)


@pytest.mark.parametrize("mask", [0, 0o777])
def test_the_umask_changes_nothing(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        HostFiles().write(str(tmp_path / "a/b/wg0.conf"), FileImage(b"x", 0o644))
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a", "a/b", "a/b/wg0.conf")]
    assert modes == [0o700, 0o700, 0o644]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real/target.conf", tmp_path / "wg0.conf"
    link.symlink_to("real/target.conf")
    files = HostFiles()
    assert files.read(str(link)) is None
    for content in (b"made", b"changed"):
        files.write(str(link), FileImage(content))
        assert target.read_bytes() == content
    assert link.is_symlink()
    files.remove(str(link))
    assert not target.exists()
    assert link.is_symlink()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    folder, loop, pipe = tmp_path / "folder", tmp_path / "loop", tmp_path / "pipe"
    folder.mkdir()
    loop.symlink_to("loop")
    os.mkfifo(pipe)
    files = HostFiles()
    before = names_in(tmp_path)
    for path in (folder, loop, pipe):
        with pytest.raises(FileRefused, match=str(path)):
            files.write(str(path), FileImage(b"x"))
        with pytest.raises(FileRefused):
            files.remove(str(path))
        with pytest.raises(ConfigUnreadable):
            files.read(str(path))
    for bad in ("a\0b", str(pipe / "below"), str(tmp_path / ("n" * 300))):
        with pytest.raises(FileRefused):
            files.write(bad, FileImage(b"x"))
    assert names_in(tmp_path) == before


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "wg0.conf"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(ConfigUnreadable, match="64 MiB"):
        HostFiles().read(str(path))


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_write_that_ends_half_way_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new/wg0.conf"
    with largest_file(10), pytest.raises(FileRefused, match="File too large"):
        HostFiles().write(str(path), FileImage(b"x" * 100))
    assert names_in(tmp_path) == []


@needs_root
def test_a_full_disk(tmp_path: Path) -> None:
    def scene() -> None:
        mount_small_disk(tmp_path, 65536)
        files, path = HostFiles(), tmp_path / "wg0.conf"
        files.write(str(path), FileImage(b"before"))
        for place in (path, tmp_path / "new/folder/wg1.conf"):
            with pytest.raises(FileRefused, match="No space left"):
                files.write(str(place), FileImage(b"x" * 100_000))
        assert files.read(str(path)) == FileImage(b"before", uid=0, gid=0)
        assert names_in(tmp_path) == ["wg0.conf"]

    with_mounts(scene)


@needs_root
def test_a_read_only_disk(tmp_path: Path) -> None:
    def scene() -> None:
        mount_small_disk(tmp_path, 65536)
        files, path = HostFiles(), str(tmp_path / "wg0.conf")
        files.write(path, FileImage(b"before"))
        make_read_only(tmp_path)
        with pytest.raises(FileRefused, match="Read-only"):
            files.write(path, FileImage(b"after"))
        with pytest.raises(FileRefused, match="Read-only"):
            files.remove(path)
        assert files.read(path) == FileImage(b"before", uid=0, gid=0)

    with_mounts(scene)


@needs_root
def test_a_file_that_is_a_mount(tmp_path: Path) -> None:
    def scene() -> None:
        path = tmp_path / "wg0.conf"
        path.write_bytes(b"before")
        bind_to_itself(path)
        with pytest.raises(FileRefused, match="a mount of its own"):
            HostFiles().write(str(path), FileImage(b"after"))
        assert path.read_bytes() == b"before"
        assert names_in(tmp_path) == ["wg0.conf"]

    with_mounts(scene)


@needs_root
def test_a_folder_that_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    files, path = HostFiles(), str(folder / "wg0.conf")
    files.write(path, FileImage(b"before", 0o600))
    tmp_path.chmod(0o755)
    for mode in (0o755, 0o700):
        folder.chmod(mode)
        with without_privilege():
            with pytest.raises(PermissionRefused):
                files.write(path, FileImage(b"after"))
            with pytest.raises(PermissionRefused):
                files.remove(path)
            with pytest.raises(PermissionRefused):
                files.read(path)
    assert names_in(folder) == ["wg0.conf"]


@needs_root
def test_attributes_of_a_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "wg0.conf"
    path.write_bytes(b"before")
    os.setxattr(path, "trusted.note", b"mine")
    HostFiles().write(str(path), FileImage(b"after"))
    assert os.getxattr(path, "trusted.note") == b"mine"
