"""Why the kernel has no WireGuard device to give, and what to do about it."""

from __future__ import annotations

from pathlib import Path

from wgtui.domain.errors import DeviceUnavailable


def why_no_kernel_device(release: str, root: Path = Path("/")) -> DeviceUnavailable:
    """Explain EOPNOTSUPP from an attempt to create a link of kind `wireguard`.

    Args:
        release: Of the running kernel, as `uname -r` says it.
        root: Where the host's files are.

    Returns:
        The error to raise, with the remedy for this host.
    """
    modules = root / "lib" / "modules" / release
    if in_container(root):
        return DeviceUnavailable(
            "The kernel has no WireGuard loaded, and a container cannot load it.",
            hint="Load it on the machine that runs the container, with: modprobe wireguard",
        )
    if has_module(modules):
        return DeviceUnavailable(
            f"The kernel {release} has its WireGuard module on disk, but it could not be loaded.",
            hint="Find out why with: modprobe -v wireguard",
        )
    if not modules.is_dir() and other_kernels(modules):
        return DeviceUnavailable(
            f"The modules of the running kernel {release} are gone from the disk, as after its update.",
            hint="Restart the machine, so that it runs the kernel that is installed.",
        )
    return DeviceUnavailable(
        f"The kernel {release} was built without WireGuard.",
        hint="Run a kernel that has it (Linux 5.6 or later), or install wireguard-go.",
    )


def in_container(root: Path) -> bool:
    """Whether this looks like a container: the marks of systemd, Docker and Podman."""
    marks = ("run/systemd/container", ".dockerenv", "run/.containerenv")
    return any((root / mark).exists() for mark in marks)


def has_module(modules: Path) -> bool:
    """Whether the folder of a kernel's modules lists WireGuard's."""
    for index in ("modules.dep", "modules.builtin"):
        try:
            text = (modules / index).read_text("utf-8", "replace")
        except OSError:
            continue
        if any(
            line.partition(":")[0].rpartition("/")[2].startswith("wireguard.ko") for line in text.split("\n")
        ):
            return True
    return False


def other_kernels(modules: Path) -> bool:
    """Whether there are modules of other kernels beside a folder."""
    try:
        return any(entry.is_dir() for entry in modules.parent.iterdir())
    except OSError:
        return False
