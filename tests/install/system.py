"""A minimal Debian below a folder, and commands that run in it as if it were a machine of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# The mounts live in a namespace that ends with the command, so nothing is left to be undone. The root is
# pivoted, not changed: programs that enter or make namespaces must find themselves in the same system.
_ENTER = """
root=$1; source=$2; shared=$3; shift 3
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t sysfs sys "$root/sys"
mount -t tmpfs run "$root/run"
mkdir -p "$root/src"
mount --bind "$source" "$root/src"
mount -o remount,bind,ro "$root/src"
for folder in $shared; do
    mkdir -p "$root$folder"
    mount --bind "$folder" "$root$folder"
    mount -o remount,bind,ro "$root$folder"
done
cd "$root"
pivot_root . .
umount -l .
exec "$@"
"""
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_PIP_FILES = ("etc/pip.conf", "root/.config/pip/pip.conf", "root/.pip/pip.conf")


@dataclass(frozen=True, slots=True)
class System:
    """A Debian below `root`; the checkout in `source` is its `/src`, read-only."""

    root: Path
    source: Path
    shared: tuple[str, ...] = ()
    """Folders of this machine that pip takes packages from; they are in the system too."""

    def run(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command as root with a bare environment, no terminal and no input."""
        variables = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
            **({"PIP_CERT": "/etc/ssl/machine.crt"} if (self.root / "etc/ssl/machine.crt").exists() else {}),
            **(env or {}),
        }
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        inside = ["sh", "-euc", _ENTER, "enter", str(self.root), str(self.source), " ".join(self.shared)]
        return subprocess.run(
            [*enter, *inside, *command],
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )

    def install(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run install.sh of the checkout."""
        return self.run("/src/install.sh", *arguments)

    def copy(self, folder: Path, source: Path | None = None) -> System:
        """An independent copy of the system, for tests that change it."""
        folder.mkdir(exist_ok=True)
        root = folder / "root"
        subprocess.run(["cp", "-a", "--reflink=auto", str(self.root), str(root)], check=True)
        return System(root, source or self.source, self.shared)


def make_system(root: Path, source: Path, suite: str = "bookworm") -> System:
    """Make a minimal Debian that reaches its packages, and pip's, the way this machine does."""
    subprocess.run(
        ["debootstrap", "--variant=minbase", suite, str(root)],
        check=True,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    # Proxies and the like; hooks of programs that the system does not have stay out.
    settings = subprocess.run(["apt-config", "dump", "Acquire"], check=True, capture_output=True, text=True)
    lines = [line for line in settings.stdout.splitlines() if not line.startswith("Acquire::IndexTargets")]
    (root / "etc/apt/apt.conf.d/99machine").write_text("\n".join(lines) + "\n")
    shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
    return System(root, source, tuple(_take_pip_settings(root)))


def _take_pip_settings(root: Path) -> Iterable[str]:
    """Copy pip's settings and certificates; the top folders of the packages that they name."""
    words = " ".join(value for name, value in os.environ.items() if name.startswith("PIP_"))
    for name in _PIP_FILES:
        file = Path("/") / name
        if file.is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, root / name)
            words += " " + file.read_text()
    certificates = Path(os.environ.get("PIP_CERT", _CERTIFICATES))
    if certificates.is_file():
        # Not at its own place: the system's ca-certificates package writes that file.
        (root / "etc/ssl").mkdir(exist_ok=True)
        shutil.copyfile(certificates, root / "etc/ssl/machine.crt")
    places = re.findall(r"(?:^|[\s=]|file://)(/[^\s/]+)/[^\s]+", words)
    return sorted({place for place in places if place not in ("/etc", "/root", "/usr", "/tmp")})
