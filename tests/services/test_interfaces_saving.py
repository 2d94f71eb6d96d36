"""`SaveConfig`: `down` brings the file up to date, and the file stays what it is."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_interface

import pytest

from tests.services.interface_host import OTHER_KEY, PEER_KEY, PRIVATE_KEY, InterfaceHost
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.config import EndpointConfig
from wgtui.domain.host import FileImage
from wgtui.domain.keys import PublicKey
from wgtui.domain.tunnel import link_address

FILE = f"""# My relay
[Interface]
PrivateKey = {PRIVATE_KEY}   # generated in 2024
ListenPort=51820
SaveConfig = true
Address = 10.0.0.1/24 , fd00::1/64

# alice's phone
[Peer]
PublicKey = {PEER_KEY}
AllowedIPs = 10.0.0.2/32,0.0.0.0/0
Endpoint = phone.example.com:7
"""
PEER = PublicKey.parse(PEER_KEY)
OTHER = PublicKey.parse(OTHER_KEY)
AT_HOME = Endpoint(ip_address("192.0.2.7"), 7)


@pytest.fixture
def host() -> InterfaceHost:
    host = InterfaceHost()
    host.resolver.found[EndpointConfig("phone.example.com", 7)] = AT_HOME
    host.up(FILE)
    return host


def saved(host: InterfaceHost) -> str:
    """Take the interface down; the file afterwards."""
    host.down()
    return host.source().data.decode()


def set_peer(host: InterfaceHost, key: PublicKey, **values: object) -> None:
    host.world.configure("wg0", DeviceChange(peers=(replace(PeerChange(key), **values),)))  # type: ignore[arg-type]


def test_without_a_change_the_file_stays_as_it_is(host: InterfaceHost) -> None:
    assert saved(host) == FILE


def test_a_new_peer_is_written(host: InterfaceHost) -> None:
    set_peer(host, OTHER, allowed_ips=(prefix_of("10.0.0.3/32"),), persistent_keepalive=15)
    assert saved(host) == (
        f"{FILE}\n[Peer]\nPublicKey = {OTHER_KEY}\nAllowedIPs = 10.0.0.3/32\nPersistentKeepalive = 15\n"
    )


def test_a_peer_that_went_is_removed(host: InterfaceHost) -> None:
    set_peer(host, PEER, remove=True)
    assert saved(host) == FILE[: FILE.index("\n# alice")]


def test_a_peer_that_moved_gets_its_endpoint(host: InterfaceHost) -> None:
    set_peer(host, PEER, endpoint=Endpoint(ip_address("2001:db8::5"), 9))
    assert saved(host) == FILE.replace("phone.example.com:7", "[2001:db8::5]:9")


def test_a_name_that_leads_nowhere_stays(host: InterfaceHost) -> None:
    set_peer(host, PEER, endpoint=Endpoint(ip_address("2001:db8::5"), 9))
    host.resolver.found.clear()
    assert saved(host) == FILE


def test_port_and_addresses(host: InterfaceHost) -> None:
    host.world.configure("wg0", DeviceChange(listen_port=7777))
    host.network.add_address("wg0", link_address(ip_interface("10.3.0.1/24")))
    host.network.remove_address("wg0", link_address(ip_interface("10.0.0.1/24")))
    text = saved(host)
    assert "ListenPort=7777\n" in text
    assert "10.3.0.1/24" in text
    assert "10.0.0.1/24" not in text
    assert "fd00::1/64" in text


def test_the_mark_of_a_default_route_is_not_saved_but_another_is(host: InterfaceHost) -> None:
    host.world.configure("wg0", DeviceChange(fwmark=0x99))
    assert "FwMark = 0x99\n" in saved(host)


def test_what_hooks_add_is_left_out(host: InterfaceHost) -> None:
    host.down()
    text = FILE.replace("SaveConfig", "PostUp = ip address add 10.9.9.9/32 dev %i\nSaveConfig")
    host.up(text)
    host.network.add_address("wg0", link_address(ip_interface("10.9.9.9/32")))
    assert saved(host) == text


def test_only_its_owner_can_read_the_file_afterwards(host: InterfaceHost) -> None:
    path = "/etc/wireguard/wg0.conf"
    host.files.write(path, FileImage(FILE.encode(), mode=0o644, uid=5, gid=6))
    set_peer(host, PEER, persistent_keepalive=15)
    host.down()
    image = host.files.read(path)
    assert image is not None
    assert (image.mode, image.uid, image.gid) == (0o600, 5, 6)


def test_a_file_with_errors_is_left_alone(host: InterfaceHost) -> None:
    text = FILE + "Endpoint = nonsense\n"
    host.write(text)
    plan = host.down()
    assert host.source().data.decode() == text
    assert plan.notes == ("/etc/wireguard/wg0.conf has errors, so it is not brought up to date with wg0.",)


def test_without_save_config_nothing_is_written(host: InterfaceHost) -> None:
    host.down()
    text = FILE.replace("SaveConfig = true\n", "")
    host.up(text)
    set_peer(host, PEER, persistent_keepalive=15)
    assert saved(host) == text
