"""Traffic for a lab, so that there is something to see. Run by its path, on a node.

Usage:
    traffic.py serve ADDRESS PORT
    traffic.py fetch ADDRESS PORT [--after SECONDS]
    traffic.py ping ADDRESS [--after SECONDS] [--for SECONDS --every SECONDS]

`fetch` asks for bursts of bounded rate with pauses between them, and now and then sends one. Whatever
fails is tried again later: the tunnel comes and goes.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import socket
import struct
import time

TICK = 0.1
PATIENCE = 4.0
PIECE = bytes(64 * 1024)
RATES = (50_000, 400_000)
UPLOAD_RATES = (20_000, 120_000)


def send_paced(connection: socket.socket, size: int, rate: int) -> None:
    """Send `size` bytes at about `rate` bytes a second."""
    while size > 0:
        piece = min(size, max(1, int(rate * TICK)), len(PIECE))
        connection.sendall(PIECE[:piece])
        size -= piece
        time.sleep(TICK)


def serve(address: str, port: int) -> None:
    """Answer `SEND size rate` with that many bytes, and swallow what follows `TAKE`."""
    with socket.create_server((address, port)) as server:
        while True:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError, ValueError):
                connection.settimeout(PATIENCE)
                verb, size, rate = connection.recv(64, socket.MSG_WAITALL).decode("ascii").split()
                if verb == "SEND":
                    send_paced(connection, int(size), int(rate))
                else:
                    while connection.recv(len(PIECE)):
                        pass


def fetch(address: str, port: int, dice: random.Random) -> None:
    """Receive a burst, or now and then send one."""
    upload = dice.random() < 0.25
    rate = dice.randint(*(UPLOAD_RATES if upload else RATES))
    size = int(rate * dice.uniform(3.0, 8.0))
    with socket.create_connection((address, port), timeout=PATIENCE) as connection:
        connection.sendall(f"{'TAKE' if upload else 'SEND'} {size} {rate}\n".ljust(64).encode("ascii"))
        if upload:
            send_paced(connection, size, rate)
        else:
            while connection.recv(len(PIECE)):
                pass


def fetch_forever(address: str, port: int) -> None:
    """Bursts with pauses, whatever happens."""
    dice = random.Random()
    while True:
        with contextlib.suppress(OSError):
            fetch(address, port, dice)
        time.sleep(dice.uniform(1.0, 4.0))


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071) of an even number of bytes."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def echo_request(identifier: int, sequence: int) -> bytes:
    """An ICMP echo request (RFC 792) of the usual 64 bytes."""
    payload = bytes(range(56))
    head = struct.pack("!BBHHH", 8, 0, 0, identifier, sequence)
    return struct.pack("!BBHHH", 8, 0, checksum(head + payload), identifier, sequence) + payload


def ping(address: str, seconds: float, every: float) -> None:
    """Send an echo request each second, for `seconds` out of `every`."""
    identifier = os.getpid() & 0xFFFF
    sequence = 0
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as icmp:
        icmp.setblocking(False)
        while True:
            for _ in range(int(seconds)):
                sequence = (sequence + 1) & 0xFFFF
                with contextlib.suppress(OSError):
                    icmp.sendto(echo_request(identifier, sequence), (address, 0))
                with contextlib.suppress(OSError):
                    while icmp.recv(2048):
                        pass
                time.sleep(1.0)
            time.sleep(max(0.0, every - seconds))


def main() -> None:
    """Do one job until killed."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("job", choices=("serve", "fetch", "ping"))
    parser.add_argument("address")
    parser.add_argument("port", type=int, nargs="?", default=0)
    parser.add_argument("--after", type=float, default=0.0)
    parser.add_argument("--for", dest="seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=60.0)
    options = parser.parse_args()
    time.sleep(options.after)
    if options.job == "serve":
        serve(options.address, options.port)
    elif options.job == "fetch":
        fetch_forever(options.address, options.port)
    else:
        ping(options.address, options.seconds, options.every)


if __name__ == "__main__":
    main()
