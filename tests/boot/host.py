"""A host with Debian's kernel and systemd, emulated, that can be booted again with what it kept on disk."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kernel import machine

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent

KEPT = ("/etc/wireguard", "/etc/sysctl.d", "/etc/systemd/system/multi-user.target.wants", "/var/lib/wgtui")
"""What is put back at the next boot: as on a real host, nothing else that wgtui does outlives one."""

SETUP = f"""
set -e
export PATH={shlex.quote(str(Path(sys.executable).parent))}:/usr/sbin:/usr/bin:/sbin:/bin
export PYTHONPATH={shlex.quote(str(PROJECT))} PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8 HOME=/root
cd /run/job
ip link add eth0 type dummy
ip address add 198.51.100.2/24 dev eth0
ip link set eth0 up
ip route add default via 198.51.100.1
wgtui() {{ python -m wgtui "$@"; }}
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What a boot left behind.

    Attributes:
        status: Exit status of its script; 0 where every command did.
        said: What the script printed.
        folder: The job's folder, with the files that the script wrote.
    """

    status: int
    said: str
    folder: Path

    def text(self, name: str) -> str:
        """A file that the script wrote."""
        return (self.folder / name).read_text()

    def data(self, name: str) -> Any:
        """A file of JSON that the script wrote."""
        return json.loads(self.text(name))


def boot(folder: Path, script: str, kept: Path | None = None, limit: float = 240.0) -> Result:
    """Boot, run a shell script as root, keep the disk, and switch off.

    Args:
        folder: A new folder for this boot.
        script: Runs after `SETUP`, with `wgtui`, in /run/job, which is `folder`.
        kept: The folder of the boot before.
        limit: Seconds.
    """
    folder.mkdir()
    shutil.copyfile(PROJECT / "tests/kernel/guest.sh", folder / "guest.sh")
    shutil.copyfile(HERE / "booted.sh", folder / "booted.sh")
    if kept is not None and (kept / "kept").is_dir():
        shutil.copytree(kept / "kept", folder / "kept", symlinks=True)
    (folder / "script.sh").write_text(SETUP + script)
    keep = "\n".join(
        f"[ -d {path} ] && mkdir -p kept{Path(path).parent} && cp -a {path} kept{Path(path).parent}/"
        for path in KEPT
    )
    (folder / "command.sh").write_text(
        f"cd /run/job\nsh script.sh >said 2>&1\nstatus=$?\ncat said\nrm -rf kept\n{keep}\nexit $status\n"
    )
    status = machine.run(folder, machine.find_kernel(None), limit)
    return Result(status, (folder / "said").read_text(), folder)
