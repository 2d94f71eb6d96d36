"""The UAPI adapter against programs that behave badly."""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.errors import (
    DeviceBusy,
    DeviceError,
    DeviceGone,
    DeviceTimeout,
    PermissionRefused,
    WgtuiError,
)
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

Answer = Callable[[bytes, socket.socket], None]
KEY = PublicKey(b"\x01" * 32)
SECRET = "5e" * 32


class FakeDevice:
    """A socket that answers each request by a function of the test's own."""

    def __init__(self, folder: Path, name: str = "wg0") -> None:
        self.path = folder / f"{name}.sock"
        self.requests: list[bytes] = []
        self.answer: Answer = says(b"errno=0\n\n")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                request = b""
                while not request.endswith(b"\n\n") and (piece := connection.recv(65536)):
                    request += piece
                if request:
                    self.requests.append(request)
                    self.answer(request, connection)

    def close(self) -> None:
        """Stop listening; the socket file stays, as after a kill."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


def says(*replies: bytes) -> Answer:
    """Answer with these, the last one again and again; an answer may end early."""
    left = list(replies)

    def answer(request: bytes, connection: socket.socket) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return answer


def wait(event: threading.Event) -> None:
    """Answer nothing until the event is set."""
    event.wait(5)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[FakeDevice]:
    fake = FakeDevice(tmp_path)
    yield fake
    fake.close()


@pytest.fixture
def wireguard(tmp_path: Path) -> UapiWireGuard:
    return UapiWireGuard(tmp_path, timeout=0.5)


def test_a_dead_programs_socket_is_not_listed_and_not_deleted(tmp_path: Path) -> None:
    fake = FakeDevice(tmp_path)
    fake.close()
    wireguard = UapiWireGuard(tmp_path)
    assert wireguard.names() == ()
    assert fake.path.exists()
    with pytest.raises(DeviceGone):
        wireguard.read("wg0")


def test_other_files_are_no_devices(tmp_path: Path, device: FakeDevice) -> None:
    (tmp_path / "notes.sock").write_text("not a socket")
    (tmp_path / "folder.sock").mkdir()
    (tmp_path / ".sock").touch()
    unprintable = FakeDevice(tmp_path, "\x1b[2J")
    (tmp_path / "README").touch()
    assert UapiWireGuard(tmp_path).names() == ("wg0",)
    unprintable.close()


def test_no_folder_means_no_devices(tmp_path: Path) -> None:
    assert UapiWireGuard(tmp_path / "nowhere").names() == ()


def test_a_file_in_the_folders_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeviceError):
        UapiWireGuard(tmp_path / "file").names()


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a" * 16, "a\0b", "a b", "a\x1b[m", "a:0"])
def test_what_is_no_interface_name_is_never_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeviceGone):
        UapiWireGuard(tmp_path).read(name)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.0 400 Bad Request\r\n\r\n\n\n",
        b"\n\n",
        b"listen_port=70000\nerrno=0\n\n",
        b"private_key=%s0\nerrno=0\n\n" % SECRET.encode(),
        b"public_key=%s\npreshared_key=%s0\nerrno=0\n\n" % (b"01" * 32, SECRET.encode()),
        b"\x00\xff\nerrno=0\n\n",
    ],
)
def test_a_reply_that_is_not_the_protocol_is_an_error_without_secrets(
    device: FakeDevice, wireguard: UapiWireGuard, reply: bytes
) -> None:
    device.answer = says(reply)
    with pytest.raises(DeviceError) as error:
        wireguard.read("wg0")
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None


def test_silence_is_a_timeout(device: FakeDevice, wireguard: UapiWireGuard) -> None:
    released = threading.Event()
    device.answer = lambda request, connection: wait(released)
    with pytest.raises(DeviceTimeout):
        wireguard.read("wg0")
    released.set()


def test_a_trickle_does_not_outlast_the_deadline(device: FakeDevice, wireguard: UapiWireGuard) -> None:
    def trickle(request: bytes, connection: socket.socket) -> None:
        try:
            for _ in range(500):
                connection.sendall(b"x=1\n")
                time.sleep(0.01)
        except OSError:
            return

    device.answer = trickle
    start = time.monotonic()
    with pytest.raises(DeviceTimeout):
        wireguard.read("wg0")
    assert time.monotonic() - start < 3


def test_a_reply_cut_short_by_a_dying_program_means_gone(
    device: FakeDevice, wireguard: UapiWireGuard
) -> None:
    def die(request: bytes, connection: socket.socket) -> None:
        connection.sendall(b"listen_port=1\npublic_key=")
        device.path.unlink()

    device.answer = die
    with pytest.raises(DeviceGone):
        wireguard.read("wg0")


def test_a_reply_cut_short_by_a_living_program_is_an_error(
    device: FakeDevice, wireguard: UapiWireGuard
) -> None:
    device.answer = says(b"listen_port=1\n")
    with pytest.raises(DeviceError) as error:
        wireguard.read("wg0")
    assert not isinstance(error.value, DeviceGone)


def test_a_reply_in_single_bytes_is_read(device: FakeDevice, wireguard: UapiWireGuard) -> None:
    def bytewise(request: bytes, connection: socket.socket) -> None:
        for byte in b"listen_port=7\nerrno=0\n\n":
            connection.sendall(bytes((byte,)))

    device.answer = bytewise
    assert wireguard.read("wg0").listen_port == 7


def test_a_device_without_changes_is_the_same_object(device: FakeDevice, wireguard: UapiWireGuard) -> None:
    device.answer = says(b"listen_port=7\npublic_key=%s\nerrno=0\n\n" % (b"01" * 32))
    first = wireguard.read("wg0")
    assert wireguard.read("wg0") is first
    device.answer = says(b"listen_port=8\npublic_key=%s\nerrno=0\n\n" % (b"01" * 32))
    second = wireguard.read("wg0")
    assert (first.listen_port, second.listen_port) == (7, 8)
    assert second.peers[0] is first.peers[0]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (b"-1", PermissionRefused),
        (b"13", PermissionRefused),
        (b"-98", DeviceBusy),
        (b"-19", DeviceGone),
        (b"-22", DeviceError),
        (b"-5", DeviceError),
        (b"-55", DeviceError),
        (b"999999", DeviceError),
    ],
)
def test_error_numbers_of_either_sign_become_our_errors(
    device: FakeDevice, wireguard: UapiWireGuard, code: bytes, kind: type[WgtuiError]
) -> None:
    device.answer = says(b"errno=%s\n\n" % code)
    with pytest.raises(kind):
        wireguard.read("wg0")
    with pytest.raises(kind):
        wireguard.configure("wg0", DeviceChange(fwmark=1))


def test_the_old_port_is_sent_again_when_the_new_one_is_taken(
    device: FakeDevice, wireguard: UapiWireGuard
) -> None:
    device.answer = says(b"listen_port=51820\nerrno=0\n\n", b"errno=-98\n\n", b"errno=0\n\n")
    with pytest.raises(DeviceBusy, match="UDP port 53"):
        wireguard.configure("wg0", DeviceChange(listen_port=53, private_key=PrivateKey(b"\x07" * 32)))
    assert device.requests == [b"get=1\n\n", b"set=1\nlisten_port=53\n\n", b"set=1\nlisten_port=51820\n\n"]


def test_the_port_it_has_is_not_set_again(device: FakeDevice, wireguard: UapiWireGuard) -> None:
    device.answer = says(b"listen_port=51820\nerrno=0\n\n")
    wireguard.configure("wg0", DeviceChange(listen_port=51820))
    assert device.requests == [b"get=1\n\n"]


def test_where_a_single_removal_is_unknown_the_remaining_list_is_sent(
    device: FakeDevice, wireguard: UapiWireGuard
) -> None:
    key = bytes(KEY).hex().encode()
    present = b"public_key=%s\nallowed_ip=10.0.0.0/8\nallowed_ip=fd00::/8\nerrno=0\n\n" % key
    device.answer = says(b"errno=-22\n\n", present, b"errno=0\n\n")
    gone, more = ip_network("10.0.0.0/8"), ip_network("172.16.0.0/12")
    wireguard.configure(
        "wg0", DeviceChange(peers=(PeerChange(KEY, allowed_ips=(more,), removed_allowed_ips=(gone,)),))
    )
    assert device.requests[-1].decode().splitlines()[2:-1] == [
        "replace_allowed_ips=true",
        "allowed_ip=fd00::/8",
        "allowed_ip=172.16.0.0/12",
    ]


def test_only_the_peer_with_a_removal_is_sent_again(device: FakeDevice, wireguard: UapiWireGuard) -> None:
    gone = ip_network("10.0.0.0/8")
    peers = [PeerChange(PublicKey(bytes([n]) * 32)) for n in range(1, 4)]
    peers[1] = PeerChange(peers[1].public_key, removed_allowed_ips=(gone,))
    wireguard.configure("wg0", DeviceChange(replace_peers=True, peers=tuple(peers)))
    assert [request.count(b"public_key=") for request in device.requests] == [1, 1, 1]
    assert [b"replace_peers=true" in request for request in device.requests] == [True, False, False]


def test_many_peers_go_in_several_requests_that_replace_only_once(
    device: FakeDevice, wireguard: UapiWireGuard
) -> None:
    peers = tuple(PeerChange(PublicKey(n.to_bytes(32, "big"))) for n in range(2500))
    wireguard.configure(
        "wg0", DeviceChange(private_key=PrivateKey(b"\x07" * 32), replace_peers=True, peers=peers)
    )
    assert [request.count(b"public_key=") for request in device.requests] == [1000, 1000, 500]
    assert [request.count(b"replace_peers=true") for request in device.requests] == [1, 0, 0]
    assert device.requests[0].startswith(b"set=1\nreplace_peers=true\nprivate_key=")


def test_an_early_refusal_of_a_long_request_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wg0.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()

        def refuse() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"errno=-22\n\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        peers = tuple(
            PeerChange(PublicKey(n.to_bytes(32, "big")), preshared_key=PresharedKey(b"\x05" * 32))
            for n in range(1000)
        )
        many = tuple(PeerChange(p.public_key, allowed_ips=(ip_network("10.0.0.0/8"),) * 50) for p in peers)
        with pytest.raises(DeviceError, match="Invalid argument"):
            UapiWireGuard(tmp_path, timeout=2.0).configure("wg0", DeviceChange(peers=many))
        thread.join(5)


def test_an_error_while_setting_shows_no_secret(device: FakeDevice, wireguard: UapiWireGuard) -> None:
    device.answer = says(b"errno=-22\n\n")
    private, preshared = PrivateKey(bytes.fromhex(SECRET)), PresharedKey(bytes.fromhex(SECRET))
    with pytest.raises(DeviceError) as error:
        wireguard.configure(
            "wg0", DeviceChange(private_key=private, peers=(PeerChange(KEY, preshared_key=preshared),))
        )
    shown = f"{error.value!r} {error.value}"
    assert SECRET not in shown
    assert private.reveal() not in shown


def test_a_socket_closed_to_us_is_listed_and_refused(
    tmp_path: Path, device: FakeDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(connection: socket.socket, address: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    wireguard = UapiWireGuard(tmp_path)
    assert wireguard.names() == ("wg0",)
    with pytest.raises(PermissionRefused, match=str(device.path)):
        wireguard.read("wg0")
    with pytest.raises(PermissionRefused):
        wireguard.configure("wg0", DeviceChange(fwmark=1))
