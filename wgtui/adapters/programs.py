"""Running programs of the host to their end."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Final

from wgtui.adapters.netns import call_in_netns
from wgtui.domain.errors import HostCommandFailed, PermissionRefused
from wgtui.domain.text import printable, without_keys

_MORE_FOLDERS: Final = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin")
"""Where the host's programs are, also where a user's PATH does not say so."""

_ERROR_LENGTH: Final = 300
_GRACE: Final = 2.0
"""Seconds between asking a program to end and ending it."""

_NOT_PERMITTED: Final = ("ermission denied", "not permitted", "must be root")


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ended by itself.

    Attributes:
        program: Its name.
        status: Exit status; -N where signal N ended it.
        output: What it wrote to standard output.
        errors: What it wrote to standard error.
    """

    program: str
    status: int
    output: bytes
    errors: bytes

    def text(self) -> str:
        """Standard output."""
        return self.output.decode("utf-8", "surrogateescape")

    @property
    def has_complaint(self) -> bool:
        """Whether it said anything on standard error."""
        return bool(self.errors.strip())

    def reason(self, *, last: bool = False) -> str:
        """What it complained about, or its status where it said nothing.

        Args:
            last: Take its last line, as of a script that goes on until something fails; programs say what is
                wrong first, and then show where.
        """
        if self.has_complaint:
            lines = self.errors.decode("utf-8", "replace").strip().splitlines()
            line = without_keys(lines[-1 if last else 0].strip())
            return printable(line, _ERROR_LENGTH).rstrip(".")
        if self.status < 0:
            return f"it was ended by signal {-self.status}"
        return f"it ended with status {self.status}"

    def require_success(self, what: str) -> Finished:
        """This, if its status is 0.

        Args:
            what: What it was for, as in "could not WHAT".

        Raises:
            PermissionRefused: It says that it was not permitted.
            HostCommandFailed: It failed.
        """
        if self.status == 0:
            return self
        text = f"{self.program} could not {what}: {self.reason()}."
        complaints = self.errors.decode("utf-8", "replace")
        if any(words in complaints for words in _NOT_PERMITTED):
            raise PermissionRefused(text, hint="Run wgtui as root.")
        raise HostCommandFailed(text)


def search_path(environment: Mapping[str, str] = os.environ) -> str:
    """PATH, with the folders of system programs at its end."""
    own = [folder for folder in environment.get("PATH", "").split(":") if folder]
    return ":".join([*own, *(folder for folder in _MORE_FOLDERS if folder not in own)])


def find_program(name: str) -> str | None:
    """The path of a program, None where the host has none of this name."""
    return shutil.which(name, path=search_path())


def run(
    command: Sequence[str],
    *,
    stdin: bytes = b"",
    timeout: float | None = 30.0,
    netns: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> Finished:
    """Run a program to its end, out of reach of the terminal, in the language of scripts (LC_ALL=C).

    Args:
        command: Program and arguments; nothing secret, for everybody may read it.
        stdin: What it reads.
        timeout: Seconds until it is ended by force, None for as long as it takes. Then SIGINT and SIGTERM of
            this process end it, the second one by force, before they have the effect that they have anyhow.
        netns: Network namespace to run it in, None for this process's own.
        variables: More of the environment.

    Raises:
        HostCommandFailed: There is no such program, or it took too long.
    """
    path = search_path()
    program = shutil.which(command[0], path=path)
    name = printable(command[0])
    if program is None:
        raise HostCommandFailed(f"There is no program {name} on this host.")
    environment = {**os.environ, "PATH": path, **(variables or {}), "LC_ALL": "C"}
    # Files, not pipes: what a program leaves running in the background may hold them open for ever.
    with _memory("in") as given, _memory("out") as output, _memory("err") as errors:
        os.write(given, stdin)
        os.lseek(given, 0, os.SEEK_SET)

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [program, *command[1:]],
                stdin=given if stdin else subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env=environment,
                start_new_session=True,
            )

        try:
            process = call_in_netns(netns, start)
        except OSError as error:
            raise HostCommandFailed(f"{name} cannot be run: {error.strerror}.") from None
        with _ended_by_signals(process) if timeout is None else nullcontext():
            _wait(process, name, timeout)
        return Finished(name, process.returncode, _content(output), _content(errors))


def _wait(process: subprocess.Popen[bytes], name: str, timeout: float | None) -> None:
    try:
        process.wait(timeout)
    except BaseException as error:
        _end(process)
        if isinstance(error, subprocess.TimeoutExpired):
            raise HostCommandFailed(f"{name} did not end within {timeout:g} seconds.") from None
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it started: first kindly, then those that are left by force."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)


@contextmanager
def _ended_by_signals(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Pass on what should end this process, which may have put that off until the program has ended.

    A signal without a handler of this process needs no help, and only its main thread may set any.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {which: signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)}
    handlers = {which: handler for which, handler in before.items() if callable(handler)}
    ends = iter((signal.SIGTERM,))

    def pass_on(which: int, frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, next(ends, signal.SIGKILL))
        handlers[signal.Signals(which)](which, frame)

    for which in handlers:
        signal.signal(which, pass_on)
    try:
        yield
    finally:
        for which, handler in handlers.items():
            signal.signal(which, handler)


@contextmanager
def _memory(name: str) -> Iterator[int]:
    """A file without a name, which can grow no more once this is left."""
    descriptor = os.memfd_create(f"wgtui-{name}", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        yield descriptor
    finally:
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW)
        os.close(descriptor)


def _content(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
