from __future__ import annotations

from pathlib import Path

import pytest

from wgtui.adapters.wireguard.diagnosis import why_no_kernel_device


def written(root: Path, path: str, text: str = "") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return root


MODULE = "kernel/drivers/net/wireguard/wireguard.ko"


@pytest.mark.parametrize("suffix", ["", ".xz", ".zst"])
def test_a_module_on_disk_that_does_not_load(tmp_path: Path, suffix: str) -> None:
    root = written(
        tmp_path, "lib/modules/6.1/modules.dep", f"kernel/net/other.ko: x\n{MODULE}{suffix}: y.ko\n"
    )
    error = why_no_kernel_device("6.1", root)
    assert "could not be loaded" in error.text
    assert "modprobe" in error.hint


def test_a_kernel_without_wireguard(tmp_path: Path) -> None:
    root = written(tmp_path, "lib/modules/6.1/modules.dep", f"kernel/net/other.ko: {MODULE}\n")
    assert "built without WireGuard" in why_no_kernel_device("6.1", root).text


def test_a_kernel_whose_modules_were_replaced_by_an_update(tmp_path: Path) -> None:
    root = written(tmp_path, "lib/modules/6.2/modules.dep")
    error = why_no_kernel_device("6.1", root)
    assert "gone from the disk" in error.text
    assert "Restart" in error.hint


@pytest.mark.parametrize("mark", ["run/systemd/container", ".dockerenv", "run/.containerenv"])
def test_a_container(tmp_path: Path, mark: str) -> None:
    error = why_no_kernel_device("6.1", written(tmp_path, mark))
    assert "container" in error.text
    assert "modprobe wireguard" in error.hint


def test_nothing_is_known(tmp_path: Path) -> None:
    assert why_no_kernel_device("6.1", tmp_path).hint
