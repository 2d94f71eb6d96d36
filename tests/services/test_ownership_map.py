"""The map of allowed IPs over the simulated world: what it sees, when it looks, what it says of failures."""

from __future__ import annotations

from ipaddress import ip_address

from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.scenarios import Scenario, crowded_world, demo_world
from wgtui.adapters.simulated.world import SimulatedLinks, SimulatedWireGuard
from wgtui.domain.addresses import Address, prefix_of
from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.cryptokey import Outcome, Standing
from wgtui.domain.errors import NetworkError
from wgtui.domain.names import parse_names_file, read_names
from wgtui.domain.network import Route, link_route
from wgtui.domain.wgquick import parse
from wgtui.services.monitor import Monitor
from wgtui.services.ownership_map import Answer, MapView, OwnershipMap
from wgtui.services.peer_names import PeerNames


def config_of(data: bytes) -> InterfaceConfig:
    return read_config(parse(data)).config


class Bench:
    """A scenario, a monitor and a map on a clock that stands."""

    def __init__(self, scenario: Scenario, clock: FakeClock) -> None:
        self.scenario, self.clock = scenario, clock
        self.monitor = Monitor(
            SimulatedWireGuard(scenario.world),
            clock,
            links=SimulatedLinks(scenario.world),
            names=PeerNames(scenario.files, read_names, parse_names_file),
        )
        self.map = OwnershipMap(scenario.network, scenario.files, clock, config_of)

    def look(self, *, fresh: bool = False) -> MapView:
        return self.map.take(self.monitor.take(), fresh=fresh)

    def ask(self, text: str) -> Answer:
        return self.map.ask(ip_address(text))


def demo() -> Bench:
    clock = FakeClock()
    return Bench(demo_world(clock), clock)


def by_name(view: MapView) -> dict[tuple[str, str], Standing]:
    return {
        (view.names[claim.owner.device, claim.owner.key], str(claim.owner.prefix)): claim.standing
        for claim in view.ownership.claims
    }


def test_the_demo_has_one_of_each_kind() -> None:
    view = demo().look()
    standings = by_name(view)
    assert standings["home-gateway", "192.168.2.0/24"] is Standing.OWNED
    assert standings["camera", "5.5.5.10/32"] is Standing.LOST
    assert standings["office-gateway", "10.20.0.0/16"] is Standing.PARTLY
    assert standings["spare-phone", "172.30.0.0/24"] is Standing.ELSEWHERE
    assert [view.names[bare] for bare in view.ownership.bare] == ["camera"]
    assert (view.devices, view.peers) == (("wg0", "wg1"), 11)


def test_traffic_does_not_make_a_new_map() -> None:
    bench = demo()
    view = bench.look()
    for _ in range(5):
        bench.clock.advance(3.0)
        assert bench.look() is view


def test_a_new_route_a_changed_file_and_a_moved_prefix_do() -> None:
    bench = demo()
    view = bench.look()
    bench.scenario.network.add_route(link_route(prefix_of("172.30.0.0/24"), "wg1"))
    bench.clock.advance(2.0)
    view, before = bench.look(), view
    assert view is not before
    assert by_name(view)["spare-phone", "172.30.0.0/24"] is Standing.OWNED
    bench.scenario.files.write("wg1", b"[Interface]\n")
    assert bench.look() is not view


def test_routes_are_read_again_after_a_while_or_when_asked_for() -> None:
    bench = demo()
    bench.look()
    bench.scenario.network.add_route(link_route(prefix_of("172.30.0.0/24"), "wg1"))
    assert by_name(bench.look())["spare-phone", "172.30.0.0/24"] is Standing.ELSEWHERE
    assert by_name(bench.look(fresh=True))["spare-phone", "172.30.0.0/24"] is Standing.OWNED


def test_without_routes_owners_are_still_known() -> None:
    bench = demo()
    bench.scenario.world.faults.network["routes"] = NetworkError("The routes cannot be read: no memory.")
    view = bench.look()
    assert view.problem is not None
    assert view.problem.text == "The routes cannot be read: no memory."
    assert by_name(view)["spare-phone", "172.30.0.0/24"] is Standing.OWNED
    bench.clock.advance(10.0)
    assert bench.look() is view
    assert bench.ask("5.5.5.3").delivery.outcome is Outcome.PEER
    bench.scenario.world.faults.network.clear()
    bench.clock.advance(10.0)
    assert bench.look().problem is None


def test_who_gets_a_packet() -> None:
    bench = demo()
    bench.look()
    for address, outcome, name in (
        ("10.20.7.4", Outcome.PEER, "backup-server"),
        ("5.5.5.200", Outcome.NO_OWNER, ""),
        ("172.30.0.1", Outcome.NOT_A_TUNNEL, ""),
        ("198.51.100.2", Outcome.HERE, ""),
    ):
        answer = bench.ask(address)
        assert answer.delivery.outcome is outcome
        assert answer.delivery.agree
        owner = answer.delivery.owner
        assert (answer.names[owner.device, owner.key] if owner else "") == name


def test_a_kernel_that_answers_otherwise_is_believed_and_told() -> None:
    bench = demo()
    bench.look()

    def by_eth0(address: Address, *, mark: int = 0, source: Address | None = None) -> Route | None:
        return link_route(prefix_of(str(address)), "eth0")

    bench.scenario.network.route_to = by_eth0  # type: ignore[method-assign]
    delivery = bench.ask("5.5.5.3").delivery
    assert (delivery.outcome, delivery.agree) == (Outcome.NOT_A_TUNNEL, False)


def test_a_kernel_that_does_not_answer_leaves_the_computed_way() -> None:
    bench = demo()
    bench.look()
    bench.scenario.world.faults.network["route_to"] = NetworkError("The kernel did not answer.")
    answer = bench.ask("5.5.5.3")
    assert answer.problem is not None
    assert answer.delivery.outcome is Outcome.PEER


def test_ten_thousand_silent_peers_are_compared_not_mapped_again() -> None:
    clock = FakeClock()
    bench = Bench(crowded_world(clock, peers=10_000, moving=10), clock)
    view = bench.look()
    assert len(view.ownership.claims) == 10_000
    clock.advance(1.0)
    assert bench.look() is view
