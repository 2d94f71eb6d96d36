from __future__ import annotations

import subprocess
import sys
import time
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.support.needs import needs_root
from wgtui.adapters.endpoint_resolver import HostEndpointResolver
from wgtui.adapters.simulated.host import SimulatedEndpointResolver
from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig
from wgtui.domain.errors import WgtuiError


def test_addresses_need_no_look_up() -> None:
    endpoints = [
        EndpointConfig("192.0.2.1", 1),
        EndpointConfig("2001:db8::1", 2),
        EndpointConfig("fe80::1%7", 3),
    ]
    assert HostEndpointResolver().resolve(endpoints, 0.0) == {
        endpoints[0]: Endpoint(ip_address("192.0.2.1"), 1),
        endpoints[1]: Endpoint(ip_address("2001:db8::1"), 2),
        endpoints[2]: Endpoint(ip_address("fe80::1"), 3, 7),
    }


def test_names_are_looked_up() -> None:
    local, scoped = EndpointConfig("localhost", 51820), EndpointConfig("fe80::1%lo", 51820)
    found = HostEndpointResolver().resolve([local, scoped], 10.0)
    answer = found[local]
    assert answer is not None
    assert answer.address.is_loopback
    assert answer.port == 51820
    assert found[scoped] == Endpoint(ip_address("fe80::1"), 51820, 1)


@pytest.mark.parametrize("host", ["a..b", "x" * 300, "a\0b", "ü" * 70, "fe80::1%nosuchlink"])
def test_what_cannot_be_a_name_is_not_found(host: str) -> None:
    endpoint = EndpointConfig(host, 1)
    began = time.monotonic()
    assert HostEndpointResolver().resolve([endpoint], 20.0) == {endpoint: None}
    assert time.monotonic() - began < 10


@needs_root
def test_a_namespace_that_is_not_there() -> None:
    with pytest.raises(WgtuiError, match="no network namespace nosuch"):
        HostEndpointResolver("nosuch").resolve([EndpointConfig("localhost", 1)], 1.0)


def test_the_simulated_one_knows_what_it_was_told() -> None:
    known, other = EndpointConfig("vpn.example.com", 1), EndpointConfig("other", 1)
    answer = Endpoint(ip_address("192.0.2.1"), 1)
    assert SimulatedEndpointResolver({known: answer}).resolve([known, other], 1.0) == {
        known: answer,
        other: None,
    }


_ALONE = ("unshare", "--net", "--mount", "sh", "-c")

_PROGRAM = """
import socket, sys, threading, time
from wgtui.adapters.endpoint_resolver import HostEndpointResolver
from wgtui.domain.config import EndpointConfig

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))

def serve():
    while True:
        query, client = server.recvfrom(512)
        name_end = query.index(b"\\0", 12)
        if b"silent" in query:
            continue
        answer = query[:2] + b"\\x81\\x80\\0\\1"
        question = query[12 : name_end + 5]
        if query[name_end + 2] == 1 and b"known" in query:
            record = b"\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\x3c\\0\\4" + bytes([192, 0, 2, 9])
            server.sendto(answer + b"\\0\\1\\0\\0\\0\\0" + question + record, client)
        else:
            server.sendto(answer + b"\\0\\0\\0\\0\\0\\0" + question, client)

threading.Thread(target=serve, daemon=True).start()
names = [EndpointConfig(f"{name}.example", 7) for name in ("known", "silent", "silent2", "absent")]
began = time.monotonic()
found = HostEndpointResolver().resolve(names, 1.0)
assert 0.9 < time.monotonic() - began < 5.0, time.monotonic() - began
print([str(found[name]) for name in names])
"""


@needs_root
def test_a_server_that_does_not_answer_holds_nothing_up(tmp_path: Path) -> None:
    """The resolver waits ten seconds; the answer comes at the deadline, and the process ends at once."""
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:5 attempts:2\n")
    (tmp_path / "nsswitch.conf").write_text("hosts: files dns\n")
    mounts = " && ".join(f"mount --bind {tmp_path}/{n} /etc/{n}" for n in ("resolv.conf", "nsswitch.conf"))
    began = time.monotonic()
    done = subprocess.run(
        [*_ALONE, f'{mounts} && ip link set lo up && exec "$@"', "sh", sys.executable, "-c", _PROGRAM],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['192.0.2.9:7', 'None', 'None', 'None']"
    assert time.monotonic() - began < 9
