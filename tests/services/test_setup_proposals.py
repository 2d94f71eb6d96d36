"""What is proposed for a host: nothing that it has already."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface

import pytest

from tests.services.interface_host import InterfaceHost, conf
from wgtui.adapters.simulated.config_files import SimulatedConfigFiles
from wgtui.adapters.simulated.host_facts import PLAIN_HOST, foreseeable
from wgtui.domain.addresses import prefix_of
from wgtui.domain.errors import AnswersRefused
from wgtui.domain.host import FileImage
from wgtui.domain.network import link_route
from wgtui.domain.setup import Draft, DraftNetwork, Scenario, complete, write_draft
from wgtui.ports.links import Link
from wgtui.services.setup import Drafts, Proposals, Proposer


class ListedLinks:
    """`Links` with links that are given."""

    def __init__(self, *links: Link) -> None:
        self._links = links

    def all(self) -> tuple[Link, ...]:
        return self._links

    def close(self) -> None:
        pass


def link(name: str, *addresses: str, kind: str = "", mtu: int = 1500) -> Link:
    return Link(name, 2, kind, True, mtu, 0, 0, tuple(map(ip_interface, addresses)))


LO = link("lo", "127.0.0.1/8", "::1/128")
ETH0 = link("eth0", "192.0.2.2/24", "2001:db8::2/64", "fe80::2/64")
ETH1 = link("eth1", "192.168.2.1/24", "fd02::1/64")


@pytest.fixture
def host() -> InterfaceHost:
    return InterfaceHost()


def proposals(host: InterfaceHost, *links: Link, files: dict[str, bytes] | None = None) -> Proposals:
    configs = SimulatedConfigFiles(files or {})
    proposer = Proposer(host.network, ListedLinks(LO, *links), configs, foreseeable)
    return proposer.propose(replace(PLAIN_HOST, udp_ports=frozenset((51820, 53))))


def test_what_is_free_is_proposed(host: InterfaceHost) -> None:
    files = {"wg0": conf("Address = 10.7.8.1/24\nListenPort = 51821", "10.7.9.0/24").encode()}
    found = proposals(host, ETH0, files=files)
    assert found.name == "wg1"
    assert found.listen_port == 51822
    assert found.ipv4 == IPv4Interface("10.7.10.1/24")
    assert found.ipv6 == IPv6Interface("fd09:a0b:c0d::1/64")


def test_a_routed_network_is_not_proposed(host: InterfaceHost) -> None:
    host.network.add_route(link_route(prefix_of("10.7.0.0/16"), "eth0"))
    found = proposals(host, ETH0)
    assert found.ipv4.network.overlaps(prefix_of("10.7.0.0/16")) is False
    assert ("eth0", prefix_of("10.7.0.0/16")) in found.taken


def test_the_endpoint_is_where_packets_leave_from(host: InterfaceHost) -> None:
    found = proposals(host, ETH0)
    assert found.uplink == "eth0"
    assert found.endpoints == (ip_address("192.0.2.2"), ip_address("2001:db8::2"))
    relay = complete(found.draft(Scenario.RELAY))
    assert str(relay.interface.endpoint) == "192.0.2.2:51821"
    assert relay.forwarding.relay


def test_what_was_answered_shapes_what_is_proposed(host: InterfaceHost) -> None:
    addresses = (IPv4Interface("10.9.9.1/24"), IPv6Interface("fd09::1/64"))
    given = Draft(Scenario.GATEWAY, DraftNetwork(addresses=addresses, listen_port=4500))
    answers = complete(proposals(host, ETH0).fill(given))
    assert str(answers.interface.endpoint) == "192.0.2.2:4500"
    assert (answers.forwarding.ipv4, answers.forwarding.ipv6) == (True, True)
    assert answers.forwarding.masquerade == "eth0"
    assert answers.interface.peer_dns == ("9.9.9.9", "2620:fe::fe")


def test_a_gateway_leads_to_the_lan_that_is_not_its_uplink(host: InterfaceHost) -> None:
    answers = complete(proposals(host, ETH0, ETH1).draft(Scenario.DIRECT_NATED))
    assert answers.forwarding.masquerade == "eth1"
    assert answers.interface.lans == (prefix_of("192.168.2.0/24"),)
    assert (answers.interface.listen_port, answers.interface.endpoint) == (0, None)
    one_cable = complete(proposals(host, ETH0).draft(Scenario.DIRECT_NATED))
    assert one_cable.forwarding.masquerade == "eth0"


def test_whoever_joins_must_say_the_address_that_the_relay_gave(host: InterfaceHost) -> None:
    with pytest.raises(AnswersRefused, match=r"interface\.addresses"):
        complete(proposals(host, ETH0).draft(Scenario.JOIN))


def test_only_servers_that_peers_can_ask_are_offered(host: InterfaceHost) -> None:
    found = proposals(host, ETH0)
    assert [choice.text for choice in found.dns][:2] == ["the peer's own", "this host's own"]
    assert found.dns[0].servers == ()


def test_a_draft_survives_and_is_closed_to_others(host: InterfaceHost) -> None:
    drafts = Drafts(host.files, "/var/lib/wgtui")
    assert drafts.load() is None
    draft = Draft(Scenario.RELAY, DraftNetwork(name="wg3"), page="network")
    drafts.save(draft)
    assert drafts.load() == draft
    assert host.files.files["/var/lib/wgtui/setup.toml"].mode == 0o600
    drafts.forget()
    drafts.forget()
    assert drafts.load() is None


def test_a_draft_that_somebody_broke_is_said_with_its_path(host: InterfaceHost) -> None:
    drafts = Drafts(host.files, "/var/lib/wgtui")
    host.files.write(drafts.path, FileImage(write_draft(Draft()) + b"what = \n"))
    with pytest.raises(AnswersRefused, match=r"setup\.toml:3"):
        drafts.load()
