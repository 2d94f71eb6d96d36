"""The monitor over the simulated world: rates, totals, endpoints, vanishing, errors as values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.config_files import SimulatedConfigFiles
from wgtui.adapters.simulated.scenarios import crowded_world
from wgtui.adapters.simulated.world import SimulatedLinks, SimulatedWireGuard, World
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Peer
from wgtui.domain.errors import DeviceError, DeviceGone, PermissionRefused
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.names import NO_CLAIMS, FileClaims, read_claims
from wgtui.domain.snapshot import NO_RATE, DeviceState, PeerState, Rate
from wgtui.services.history import CAPACITY
from wgtui.services.monitor import VANISHED_LIMIT, Monitor
from wgtui.services.peer_names import LARGE_FILE, PeerNames

ALICE, BOB = PublicKey(b"a" * 32), PublicKey(b"b" * 32)


class Bench:
    """A world with one device and two peers, a clock and a monitor."""

    def __init__(self, *, hurried: bool = False) -> None:
        self.clock = FakeClock()
        self.world = World(derive=lambda key: PublicKey(key.reveal_bytes()[::-1]))
        self.world.create("wg0")
        self.files = SimulatedConfigFiles()
        names = PeerNames(self.files, read_conf=_names_in, read_list=_names_in)
        self.monitor = Monitor(
            SimulatedWireGuard(self.world),
            self.clock,
            links=SimulatedLinks(self.world),
            names=names,
            hurried=hurried,
        )
        self.world.configure("wg0", DeviceChange(peers=(PeerChange(ALICE), PeerChange(BOB))))

    def move(self, key: PublicKey, rx: int = 0, tx: int = 0, device: str = "wg0") -> None:
        peers = self.world.devices[device].peers
        peers[key] = replace(peers[key], rx_bytes=peers[key].rx_bytes + rx, tx_bytes=peers[key].tx_bytes + tx)

    def set(self, peer: Peer) -> None:
        self.world.devices["wg0"].peers[peer.public_key] = peer

    def take(self, seconds: float = 0.0) -> DeviceState:
        self.clock.advance(seconds)
        state = self.monitor.take().device("wg0")
        assert state is not None
        return state

    def alice(self, seconds: float = 1.0) -> PeerState:
        return next(peer for peer in self.take(seconds).peers if peer.peer.public_key == ALICE)


def _names_in(data: bytes) -> dict[PublicKey, str]:
    pairs = (line.split("=", 1) for line in data.decode().splitlines())
    return {PublicKey(key.encode() * 32): name for key, name in pairs}


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_first_look_has_totals_and_no_rate(bench: Bench) -> None:
    bench.move(ALICE, rx=5000, tx=70)
    alice = bench.alice(0)
    assert (alice.rate, alice.rx_total, alice.tx_total) == (NO_RATE, 5000, 70)


def test_rate_is_bytes_over_the_time_between_reads(bench: Bench) -> None:
    bench.take()
    bench.move(ALICE, rx=3000, tx=500)
    assert bench.alice(2.0).rate == Rate(1500.0, 250.0)
    assert bench.alice(1.0).rate == NO_RATE


def test_device_rate_is_the_sum_of_its_peers(bench: Bench) -> None:
    bench.take()
    bench.move(ALICE, rx=100)
    bench.move(BOB, rx=50, tx=7)
    state = bench.take(1.0)
    assert state.rate == Rate(150.0, 7.0)
    assert state.link_rate == Rate(150.0, 7.0)


def test_silent_peers_keep_their_identity(bench: Bench) -> None:
    before = bench.take()
    after = bench.take(1.0)
    assert all(old is new for old, new in zip(before.peers, after.peers, strict=True))


def test_counter_that_fell_began_at_zero(bench: Bench) -> None:
    bench.move(ALICE, rx=10_000, tx=10_000)
    bench.take()
    bench.set(Peer(ALICE, rx_bytes=300, tx_bytes=0))
    alice = bench.alice(1.0)
    assert alice.rate == Rate(300.0, 0.0)
    assert alice.rx_total == 10_300


def test_recreated_device_counts_from_zero_even_when_it_is_ahead(bench: Bench) -> None:
    bench.move(ALICE, rx=100)
    bench.take()
    bench.world.delete("wg0")
    bench.world.create("wg0")
    bench.world.configure("wg0", DeviceChange(peers=(PeerChange(ALICE),)))
    bench.move(ALICE, rx=150)
    alice = bench.alice(1.0)
    assert alice.rate == Rate(150.0, 0.0)
    assert alice.rx_total == 250


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
def test_a_step_of_the_wall_clock_moves_no_rate(bench: Bench, jump: float) -> None:
    bench.take()
    bench.move(ALICE, rx=1000)
    bench.clock.step(jump)
    assert bench.alice(1.0).rate == Rate(1000.0, 0.0)


def test_roaming_is_recorded_newest_first(bench: Bench) -> None:
    places = [Endpoint(prefix_of("203.0.113.0/32").network_address, port) for port in (1, 2, 3)]
    for place in places:
        bench.world.configure("wg0", DeviceChange(peers=(PeerChange(ALICE, endpoint=place),)))
        sightings = bench.alice(10.0).endpoints
    assert [sighting.endpoint for sighting in sightings] == places[::-1]
    assert sightings[-1].first_look
    assert sightings[0].since - sightings[1].since == 10.0


def test_roaming_memory_is_bounded(bench: Bench) -> None:
    for port in range(1, 60):
        place = Endpoint(prefix_of("203.0.113.0/32").network_address, port)
        bench.world.configure("wg0", DeviceChange(peers=(PeerChange(ALICE, endpoint=place),)))
        alice = bench.alice()
    assert len(alice.endpoints) == 16


def test_history_is_oldest_first_with_idle_gaps_and_bounded(bench: Bench) -> None:
    bench.take()
    for rx in (10, 0, 0, 40):
        bench.move(ALICE, rx=rx)
        bench.take(1.0)
    assert [sample.rx for sample in bench.monitor.recent("wg0", ALICE, 99)] == [10.0, 0.0, 0.0, 40.0]
    assert [sample.rx for sample in bench.monitor.recent("wg0", ALICE, 2)] == [0.0, 40.0]
    assert [sample.rx for sample in bench.monitor.recent_device("wg0", 1)] == [40.0]
    for _ in range(CAPACITY + 5):
        bench.take(1.0)
    assert {sample.rx for sample in bench.monitor.recent("wg0", ALICE, 10_000)} == {0.0}
    assert len(bench.monitor.recent("wg0", ALICE, 10_000)) == CAPACITY


def test_history_gap_longer_than_the_ring_leaves_no_ghosts(bench: Bench) -> None:
    bench.take()
    bench.move(ALICE, rx=999)
    bench.take(1.0)
    for _ in range(CAPACITY * 2):
        bench.take(1.0)
    bench.move(ALICE, rx=5)
    bench.take(1.0)
    samples = [sample.rx for sample in bench.monitor.recent("wg0", ALICE, CAPACITY)]
    assert samples == [0.0] * (CAPACITY - 1) + [5.0]


def test_device_that_vanishes_keeps_its_peers_and_says_why(bench: Bench) -> None:
    bench.move(ALICE, rx=10)
    bench.take()
    bench.move(ALICE, rx=10)
    bench.take(1.0)
    bench.world.delete("wg0")
    gone = bench.take(1.0)
    assert gone.problem is not None
    assert gone.problem.kind == "DeviceGone"
    assert len(gone.peers) == 2
    assert all(peer.rate == NO_RATE for peer in gone.peers)
    since = gone.problem.since
    again = bench.take(5.0).problem
    assert again is not None
    assert again.since == since


def test_device_that_vanished_is_brought_back_by_its_own_file(bench: Bench) -> None:
    bench.files.write("wg0", b"")
    bench.take()
    bench.world.delete("wg0")
    problem = bench.take(1.0).problem
    assert problem is not None
    assert problem.hint == f"`wg-quick up {bench.files.path('wg0')}` brings it back."


def test_vanished_device_can_be_dismissed_and_comes_back(bench: Bench) -> None:
    bench.take()
    device = bench.world.devices.pop("wg0")
    bench.take(1.0)
    bench.monitor.dismiss("wg0")
    assert bench.monitor.take().devices == ()
    bench.world.devices["wg0"] = device
    assert bench.take(1.0).problem is None


def test_vanished_devices_are_bounded(bench: Bench) -> None:
    for number in range(VANISHED_LIMIT + 10):
        bench.world.create(f"tmp{number}")
        bench.take(1.0)
        bench.world.delete(f"tmp{number}")
        bench.take(1.0)
    names = [state.name for state in bench.monitor.take().devices]
    assert len(names) == VANISHED_LIMIT + 1
    assert "tmp0" not in names
    assert f"tmp{VANISHED_LIMIT + 9}" in names


def test_refused_read_is_a_state_and_recovers(bench: Bench) -> None:
    bench.take()
    bench.world.faults.reading["wg0"] = PermissionRefused("wg0 cannot be read.", hint="Run it as root.")
    problem = bench.take(1.0).problem
    assert problem is not None
    assert (problem.kind, problem.hint) == ("PermissionRefused", "Run it as root.")
    bench.world.faults.reading.clear()
    bench.move(ALICE, rx=600)
    assert bench.alice(2.0).rate == Rate(200.0, 0.0)


def test_device_never_readable_has_no_peers_but_a_problem(bench: Bench) -> None:
    bench.world.faults.reading["wg0"] = DeviceGone("wg0 is gone.")
    assert bench.monitor.take().devices == ()
    bench.world.faults.reading["wg0"] = DeviceError("wg0 is odd.")
    state = bench.take(1.0)
    assert state.device is None
    assert state.problem is not None


def test_listing_that_fails_marks_everything_stale(bench: Bench) -> None:
    bench.take()
    bench.world.faults.listing = PermissionRefused("No.")
    snapshot = bench.monitor.take()
    assert snapshot.problem is not None
    assert [state.problem.kind for state in snapshot.devices if state.problem] == ["PermissionRefused"]


def test_names_come_from_the_file_and_follow_its_changes(bench: Bench) -> None:
    bench.files.write("wg0", b"a=alice")
    assert [peer.name for peer in bench.take().peers] == ["alice", ""]
    bench.files.write("wg0", b"a=alice\nb=bob")
    state = bench.take(1.0)
    assert [peer.name for peer in state.peers] == ["alice", "bob"]
    assert state.has_file


def test_edits_of_the_list_of_names_are_followed(bench: Bench) -> None:
    bench.files.write("wg0", b"b=bob")
    for listed, expected in (
        (b"a=ann\nb=x", ["ann", "bob"]),
        (b"a=eve", ["eve", "bob"]),
        (None, ["", "bob"]),
    ):
        bench.files.write_names_file(listed)
        assert [peer.name for peer in bench.take(1.0).peers] == expected


def test_interface_that_is_not_up_is_listed_by_its_file(bench: Bench) -> None:
    bench.files.write("wg7", b"")
    state = bench.monitor.take().device("wg7")
    assert state is not None
    assert (state.device, state.problem, state.has_file) == (None, None, True)


def test_interface_that_vanishes_while_it_is_read_is_still_listed_by_its_file(bench: Bench) -> None:
    bench.files.write("wg0", b"")
    bench.world.faults.reading["wg0"] = DeviceGone("wg0 is gone.")
    state = bench.take()
    assert (state.device, state.problem, state.has_file) == (None, None, True)


def test_removed_peers_are_forgotten(bench: Bench) -> None:
    bench.take()
    bench.world.configure("wg0", DeviceChange(peers=(PeerChange(ALICE, remove=True),)))
    assert [peer.peer.public_key for peer in bench.take(1.0).peers] == [BOB]
    assert bench.monitor.recent("wg0", ALICE, 5) == ()


def test_names_in_a_large_file_are_in_the_first_snapshot(bench: Bench) -> None:
    bench.files.write("wg0", b"a=alice\n" + b"c=carol\n" * (LARGE_FILE // 8))
    first = bench.monitor.take()
    assert first.devices[0].peers[0].name == "alice"
    assert not first.partial


def test_in_a_hurry_names_in_a_large_file_arrive_with_the_second_snapshot() -> None:
    bench = Bench(hurried=True)
    bench.files.write("wg0", b"a=alice\n" + b"c=carol\n" * (LARGE_FILE // 8))
    first, second = bench.monitor.take(), bench.monitor.take()
    assert [peer.name for peer in first.devices[0].peers] == ["", ""]
    assert first.partial
    assert second.devices[0].peers[0].name == "alice"
    assert not second.partial


def test_in_a_hurry_names_in_a_small_file_are_in_the_first_snapshot() -> None:
    bench = Bench(hurried=True)
    bench.files.write("wg0", b"a=alice")
    first = bench.monitor.take()
    assert first.devices[0].peers[0].name == "alice"
    assert not first.partial


def test_private_key_is_in_no_repr_of_a_snapshot(bench: Bench) -> None:
    key = PrivateKey(b"\x42" * 32)
    bench.world.configure("wg0", DeviceChange(private_key=key))
    assert key.clamped().reveal() not in repr(bench.monitor.take())


def test_ten_thousand_silent_peers_reuse_every_state() -> None:
    clock = FakeClock()
    scenario = crowded_world(clock, peers=10_000, moving=10)
    monitor = Monitor(SimulatedWireGuard(scenario.world), clock)
    first = monitor.take().devices[0]
    clock.advance(1.0)
    second = monitor.take().devices[0]
    assert sum(old is not new for old, new in zip(first.peers, second.peers, strict=True)) == 10


def test_who_else_writes_the_file_is_told_while_it_is_so() -> None:
    bench = Bench()
    names = PeerNames(bench.files, lambda _: {}, lambda _: {}, read_claims=read_claims)
    monitor = Monitor(SimulatedWireGuard(bench.world), bench.clock, names=names)

    def claims() -> FileClaims:
        state = monitor.take().device("wg0")
        assert state is not None
        return state.claims

    assert claims() == NO_CLAIMS
    bench.files.write("wg0", b"# Your changes will be overwritten!\n[Interface]\nSaveConfig = true\n")
    assert claims() == FileClaims("wg-easy", save_config=True)
    bench.files.write("wg0", b"[Interface]\nSaveConfig = true\n")
    assert claims() == FileClaims(save_config=True)
    bench.files.remove("wg0")
    assert claims() == NO_CLAIMS
