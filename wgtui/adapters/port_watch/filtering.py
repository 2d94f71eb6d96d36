"""Puts a filter on a socket (`linux/filter.h`)."""

from __future__ import annotations

import ctypes
import socket
import struct
from typing import Final

_SO_ATTACH_FILTER: Final = 26


def attach_filter(opened: socket.socket, code: bytes) -> None:
    """Let the socket see only what a program of classic BPF lets through; raises `OSError`."""
    instructions = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: the number of instructions, and where they are.
    fprog = struct.pack("HP", len(code) // 8, ctypes.addressof(instructions))
    opened.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, fprog)
