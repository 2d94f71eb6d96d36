"""One simulated host, looked at by one thread and changed by another."""

from __future__ import annotations

from threading import RLock
from typing import TypeVar, cast

Port = TypeVar("Port")


def locked(port: Port, lock: RLock) -> Port:
    """The same port, each of its calls whole.

    Args:
        port: Anything with methods.
        lock: Shared by all ports of the host.
    """
    return cast(Port, _Locked(port, lock))


class _Locked:
    """Stands before a port."""

    def __init__(self, port: object, lock: RLock) -> None:
        self._port = port
        self._lock = lock

    def __getattr__(self, name: str) -> object:
        value = getattr(self._port, name)
        if not callable(value):
            return value

        def call(*arguments: object, **named: object) -> object:
            with self._lock:
                return value(*arguments, **named)

        return call
