"""An emulated machine with a Debian kernel and the host's files as its root."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.kernel import initramfs
from tests.kernel.initramfs import NotPossible

BOOT_LIMIT = 300.0
"""Seconds until the machine must have said that it is up; on an idle host it takes ten."""

KVM_FIRST_WORD_LIMIT = 10.0
"""Seconds until a kernel on KVM must have said anything, which takes it one. Where KVM only seems to work,
the processor stands still at the first instruction."""

MEMORY = "2G"

_KVM_CREATE_VM = 0xAE01
_UP = "machine: up"


class MachineFailed(Exception):
    """The machine did not come up, or ended without a result; the text holds its last words."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel that can be booted.

    Attributes:
        image: Its file.
        release: As `uname -r` says it.
    """

    image: Path
    release: str


def find_kernel(wanted: Path | None) -> Kernel:
    """The kernel to boot: the wanted one, else Debian 12's, else the newest with a WireGuard module.

    Raises:
        NotPossible: There is none.
    """
    if wanted is not None:
        return _kernel(wanted)
    images = sorted(Path("/boot").glob("vmlinuz-*"), key=lambda path: (path.name < "vmlinuz-6.1.", path.name))
    images.sort(key=lambda path: path.name.startswith("vmlinuz-6.1."))
    for image in reversed(images):
        try:
            return _kernel(image)
        except NotPossible:
            continue
    raise NotPossible("/boot has no kernel with a WireGuard module: install linux-image-amd64.")


def _kernel(image: Path) -> Kernel:
    release = image.name.partition("-")[2]
    if not image.is_file() or not release:
        raise NotPossible(f"There is no kernel {image}.")
    if not any(Path(f"/lib/modules/{release}/kernel/drivers/net/wireguard").glob("wireguard.ko*")):
        raise NotPossible(f"The kernel {image} has no WireGuard module in /lib/modules/{release}.")
    return Kernel(image, release)


def run(job: Path, kernel: Kernel, limit: float) -> int:
    """Boot, run the job's `command.sh`, and return its exit status.

    Args:
        job: A folder of the host that the machine sees as /run/job.
        kernel: What to boot.
        limit: Seconds for the whole of it.

    Raises:
        NotPossible: A program or module is missing.
        MachineFailed: The machine broke.
        TimeoutError: The limit passed.
    """
    program = shutil.which("qemu-system-x86_64")
    if program is None:
        raise NotPossible("The program qemu-system-x86_64 is missing: install qemu-system-x86.")
    initramfs.build(kernel.release, Path(__file__).with_name("init.sh"), job / "initramfs")
    deadline = time.monotonic() + limit
    ending = ""
    # Once more without KVM: on a busy host the emulator was seen to end before the kernel's first word.
    for accelerator in (("kvm",) if _kvm_usable() else ()) + ("tcg", "tcg"):
        how = "with KVM" if accelerator == "kvm" else "without KVM, this takes a few minutes"
        print(f"Booting the kernel {kernel.release} in an emulated machine, {how} ...", flush=True)
        command = [program, *_arguments(job, kernel, accelerator)]
        first_word_limit = KVM_FIRST_WORD_LIMIT if accelerator == "kvm" else BOOT_LIMIT
        attempt = Attempt(command, job, first_word_limit, deadline)
        up = attempt.wait()
        ending = attempt.ending
        if up:
            break
        print(f"The machine did not come up: {ending}.", flush=True)
    return _status(job, ending)


def _kvm_usable() -> bool:
    """Whether the host's processor can be used: many machines have the file without the ability."""
    try:
        device = os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        os.close(fcntl.ioctl(device, _KVM_CREATE_VM, 0))
    except OSError:
        return False
    finally:
        os.close(device)
    return True


def _arguments(job: Path, kernel: Kernel, accelerator: str) -> list[str]:
    processors = min(2, os.cpu_count() or 1)
    share = "security_model=none,multidevs=remap"
    engine = "kvm" if accelerator == "kvm" else "tcg,thread=multi,tb-size=256"
    # fmt: off
    return [
        "-accel", engine, "-cpu", "host" if accelerator == "kvm" else "max",
        "-machine", "pc", "-smp", str(processors), "-m", MEMORY,
        "-nodefaults", "-display", "none", "-no-reboot",
        "-kernel", str(kernel.image), "-initrd", str(job / "initramfs"),
        "-append", "console=ttyS0 loglevel=6 panic=-1 mitigations=off random.trust_cpu=on",
        "-serial", f"file:{job / 'console.log'}",
        "-fsdev", f"local,id=rootfs,path=/,readonly=on,{share}",
        "-device", "virtio-9p-pci,fsdev=rootfs,mount_tag=rootfs",
        "-fsdev", f"local,id=job,path={job},{share}",
        "-device", "virtio-9p-pci,fsdev=job,mount_tag=job",
        "-device", "virtio-rng-pci",
        "-device", "virtio-serial-pci",
        "-chardev", "stdio,id=words,signal=off", "-device", "virtserialport,chardev=words,name=words",
    ]
    # fmt: on


class Attempt:
    """One attempt: the process, and a thread that passes its words on.

    Args:
        command: The emulator's.
        job: Where its console and complaints are kept.
        first_word_limit: Seconds until the kernel must have said anything.
        deadline: When it must be over, on the monotonic clock.
    """

    ending: str = ""
    """How it ended, for messages."""

    def __init__(self, command: list[str], job: Path, first_word_limit: float, deadline: float) -> None:
        self._console = job / "console.log"
        self._console.unlink(missing_ok=True)
        self._first_word_limit = first_word_limit
        self._deadline = deadline
        self._up = threading.Event()
        # Standard input stays open and silent: at its end the port of the machine's words would close.
        with (job / "qemu.log").open("wb") as complaints:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
            )

    def wait(self) -> bool:
        """Wait for the end; False when the machine never came up, so that another way may be tried."""
        words = self._process.stdout
        assert words is not None
        thread = threading.Thread(target=self._pass_on, args=(words,), daemon=True)
        thread.start()
        try:
            self._wait()
        finally:
            status = self._process.poll()
            self._process.kill()
            self._process.wait()
            thread.join()
            self.ending = _ending(status)
        return self._up.is_set()

    def _wait(self) -> None:
        started = time.monotonic()
        while self._process.poll() is None and not self._up.wait(0.2):
            waited = time.monotonic() - started
            silent = not self._console.exists() or self._console.stat().st_size == 0
            if time.monotonic() > self._deadline:
                raise TimeoutError
            if waited > BOOT_LIMIT or (silent and waited > self._first_word_limit):
                return
        try:
            self._process.wait(max(0.0, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def _pass_on(self, words: IO[bytes]) -> None:
        for line in words:
            text = line.decode("utf-8", "replace")
            if text.startswith(_UP):
                self._up.set()
            sys.stdout.write(text)
            sys.stdout.flush()


def _ending(status: int | None) -> str:
    """A sentence's part about an exit status; None where the emulator had to be ended."""
    if status is None:
        return "the emulator ran and was silent"
    if status < 0:
        return f"the emulator was ended by {signal.Signals(-status).name}"
    return f"the emulator ended with status {status}"


def _status(job: Path, ending: str) -> int:
    try:
        return int((job / "status").read_text())
    except (OSError, ValueError):
        pass
    words: list[str] = []
    for log in ("qemu.log", "console.log"):
        try:
            words += (job / log).read_text("utf-8", "replace").splitlines()[-30:]
        except OSError:
            continue
    said = "Its last words:\n  " + "\n  ".join(words) if words else "It said nothing at all."
    raise MachineFailed(f"there is no result: {ending}. {said}")
