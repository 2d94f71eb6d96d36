"""What arrives at a UDP port of the host, seen before the host's packet filter."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.port_traffic import Opened, PortReading


class PortWatch(Protocol):
    """Watches one port from when it is made until it is closed."""

    def read(self) -> PortReading:
        """What was seen since the last call. Never waits, and does a bounded amount of work.

        Raises:
            WgtuiError: The host refuses to go on.
        """
        ...

    def close(self) -> None:
        """Stop watching."""
        ...


class OpenPortWatch(Protocol):
    """Begins to watch a port."""

    def __call__(self, port: int) -> PortWatch:
        """Watch a UDP port, 1 to 65535.

        Raises:
            PermissionRefused: The host does not let us see packets (CAP_NET_RAW).
            WgtuiError: It cannot be done for another reason.
        """
        ...


class InitiationReader(Protocol):
    """Opens handshake initiations that were sent to this host."""

    def open(self, message: bytes, private_key: PrivateKey, public_key: PublicKey) -> Opened:
        """What an initiation of 148 bytes says.

        Args:
            message: The whole message.
            private_key: Of the interface it came to.
            public_key: The one that belongs to it.
        """
        ...
