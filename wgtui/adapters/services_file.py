"""UDP service names, as the C library knows them (`/etc/services` as a rule)."""

from __future__ import annotations

import socket


def udp_service_port(name: str) -> int | None:
    """The port of a UDP service such as `domain`; None for an unknown one. Reads files, not the network."""
    try:
        return socket.getservbyname(name, "udp")
    except (OSError, ValueError):
        return None
