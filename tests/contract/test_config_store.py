"""Every `ConfigStore` keeps the same promises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wgtui.adapters.config_files import ConfigFiles
from wgtui.adapters.simulated.config_files import SimulatedConfigFiles
from wgtui.domain.errors import ConfigUnreadable
from wgtui.ports.config_store import ConfigStore, FileVersion

Make = Callable[[dict[str, bytes], bytes | None], ConfigStore]


@pytest.fixture(params=["real", "simulated"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    def real(files: dict[str, bytes], names_file: bytes | None) -> ConfigStore:
        for name, data in files.items():
            (tmp_path / f"{name}.conf").write_bytes(data)
        if names_file is not None:
            (tmp_path / "peers").write_bytes(names_file)
        return ConfigFiles(tmp_path)

    return SimulatedConfigFiles if request.param == "simulated" else real


def test_names_are_sorted(make: Make) -> None:
    assert make({"wg1": b"", "a+b=c": b"", "wg0": b""}, None).names() == ("a+b=c", "wg0", "wg1")


def test_bytes_come_back(make: Make) -> None:
    data = b"\xef\xbb\xbf[Interface]\r\n\0\xff"
    store = make({"wg0": data}, b"x:y\n")
    assert store.read("wg0") == data
    assert store.read_names_file() == b"x:y\n"


def test_a_missing_file(make: Make) -> None:
    store = make({}, None)
    assert store.names() == ()
    assert store.version("wg0") is None
    assert store.read_names_file() is None
    assert store.names_file_version() is None
    with pytest.raises(ConfigUnreadable) as caught:
        store.read("wg0")
    assert store.path("wg0") in str(caught.value)
    assert store.path("wg0").endswith("wg0.conf")


def test_a_version_stays_while_the_file_does(make: Make) -> None:
    store = make({"wg0": b"x"}, b"x:y\n")
    assert store.version("wg0") == store.version("wg0") is not None
    assert store.names_file_version() == store.names_file_version() is not None


def test_a_version_changes_with_the_file(tmp_path: Path) -> None:
    store = ConfigFiles(tmp_path)
    versions: tuple[tuple[str, Callable[[], FileVersion | None]], ...] = (
        ("wg0.conf", lambda: store.version("wg0")),
        ("peers", store.names_file_version),
    )
    for name, version in versions:
        path = tmp_path / name
        path.write_bytes(b"x")
        first = version()
        replacement = tmp_path / "new"
        replacement.write_bytes(b"y")
        replacement.rename(path)
        assert version() != first


def test_only_files_that_wg_quick_would_take_are_listed(tmp_path: Path) -> None:
    for name in ("wg0.conf", "wg0.conf.bak", "peers", "a-name-of-sixteen.conf", "w g.conf", ".conf"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.conf").mkdir()
    (tmp_path / "gone.conf").symlink_to("nowhere")
    (tmp_path / "linked.conf").symlink_to("wg0.conf")
    assert ConfigFiles(tmp_path).names() == ("linked", "wg0")


def test_a_missing_folder_is_an_empty_one(tmp_path: Path) -> None:
    store = ConfigFiles(tmp_path / "none")
    assert store.names() == ()
    assert store.read_names_file() is None


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "wg0.conf").mkdir()
    store = ConfigFiles(tmp_path)
    assert store.version("wg0") is None
    with pytest.raises(ConfigUnreadable, match="not a regular file"):
        store.read("wg0")
    with pytest.raises(ConfigUnreadable, match="cannot be read"):
        store.read("a\0b")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "wg0.conf").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(ConfigUnreadable, match="64 MiB"):
        ConfigFiles(tmp_path).read("wg0")
