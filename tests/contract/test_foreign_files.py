"""Files of other programs are read, never waited for, and never changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.needs import needs_root
from tests.support.netns import without_privilege
from wgtui.adapters.foreign_files import HostForeignFiles, home_folders
from wgtui.domain.errors import ConfigUnreadable, PermissionRefused
from wgtui.ports.foreign_files import ForeignFiles

FILES: ForeignFiles = HostForeignFiles()


def test_a_folder_is_listed_sorted_and_one_that_is_none_is_empty(tmp_path: Path) -> None:
    for name in ("b", "a", "\xff", ".hidden"):
        (tmp_path / name).write_bytes(b"x")
    assert FILES.names(str(tmp_path)) == (".hidden", "a", "b", "\xff")
    for path in ("a", "nothing", "a/b", "x\0y"):
        assert FILES.names(f"{tmp_path}/{path}") == ()


def test_a_folder_without_end_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wgtui.adapters.foreign_files.MOST_NAMES", 50)
    for number in range(70):
        (tmp_path / f"{number}").touch()
    assert len(FILES.names(str(tmp_path))) == 50


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"12345678")
    assert FILES.read(str(path), 8) == b"12345678"
    with pytest.raises(ConfigUnreadable, match="larger than"):
        FILES.read(str(path), 7)
    link = tmp_path / "link"
    link.symlink_to(path)
    assert FILES.read(str(link), 8) == b"12345678"
    for name in ("nothing", "x/y"):
        assert FILES.read(f"{tmp_path}/{name}", 8) is None


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for path in ("pipe", "folder", "loop", "x\0y"):
        with pytest.raises(ConfigUnreadable) as caught:
            FILES.read(f"{tmp_path}/{path}", 8)
        assert "\n" not in str(caught.value)
    for device in ("/dev/zero", "/dev/tty"):
        with pytest.raises(ConfigUnreadable):
            FILES.read(device, 8)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@needs_root
def test_what_is_closed_to_us_is_said_or_empty(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "x").write_bytes(b"x")
    with without_privilege():
        assert FILES.names(str(closed)) == ()
        with pytest.raises(PermissionRefused):
            FILES.read(f"{closed}/x", 8)


def test_homes_are_roots_first_and_each_once() -> None:
    homes = home_folders("root")
    assert homes[0] == home_folders("")[0]
    assert len(set(homes)) == len(homes)
    assert home_folders("nobody-is-called-so") == home_folders("")
