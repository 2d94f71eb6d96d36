"""Errors in the midst of things: any call of any port can be made to fail, before or after its effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TypeVar, cast

from wgtui.domain.errors import WgtuiError

Port = TypeVar("Port")


@dataclass
class _Fault:
    pattern: str
    times: int
    after: int
    error: BaseException
    late: bool


@dataclass
class CallFaults:
    """Watches calls of ports, real or simulated, and makes chosen ones fail.

    Attributes:
        calls: Every call since the start, as `port.method`, with those that failed.
    """

    calls: list[str] = field(default_factory=list)
    _faults: list[_Fault] = field(default_factory=list)

    def fail(
        self,
        pattern: str = "*",
        *,
        times: int = 1,
        after: int = 0,
        error: BaseException | None = None,
        late: bool = False,
    ) -> None:
        """Make calls fail.

        Args:
            pattern: Which: `files.write`, `network.*`, `*.add_*`; as of fnmatch.
            times: How many of them.
            after: How many of them go well before.
            error: What is raised; no `Exception` stands for the end of the process.
            late: Raise when the call has had its effect.
        """
        made = error or WgtuiError("The host failed, as it was told to.")
        self._faults.append(_Fault(pattern, times, after, made, late))

    def clear(self) -> None:
        """Let all calls go well from now on, and forget those that were made."""
        self._faults.clear()
        self.calls.clear()

    def watch(self, name: str, port: Port) -> Port:
        """The same port, watched.

        Args:
            name: Stands before the dot in `calls` and patterns.
            port: Anything with methods; what they return is not watched.
        """
        return cast(Port, _Watched(name, port, self))

    def run(self, call: str, function: Callable[[], object]) -> object:
        """Do a call, or fail in its place."""
        self.calls.append(call)
        fault = self._due(call)
        if fault is not None and not fault.late:
            raise fault.error
        result = function()
        if fault is not None:
            raise fault.error
        return result

    def _due(self, call: str) -> _Fault | None:
        for fault in self._faults:
            if fault.times <= 0 or not fnmatchcase(call, fault.pattern):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault
        return None


class _Watched:
    """Stands before a port."""

    def __init__(self, name: str, port: object, faults: CallFaults) -> None:
        self._name = name
        self._port = port
        self._faults = faults

    def __getattr__(self, method: str) -> object:
        value = getattr(self._port, method)
        if not callable(value):
            return value

        def call(*arguments: object, **named: object) -> object:
            return self._faults.run(f"{self._name}.{method}", lambda: value(*arguments, **named))

        return call
