"""Hand-made snapshots, and the application on them without a terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_interface
from typing import Any, ClassVar

from textual.pilot import Pilot

from tests.ui.settling import press, settle, until
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.snapshot import (
    NO_RATE,
    DeviceState,
    EndpointSighting,
    Histories,
    NoHistories,
    PeerState,
    Problem,
    Rate,
    Sample,
    Snapshot,
)
from wgtui.services.first_contact import FirstContact
from wgtui.services.ownership_map import OwnershipMap
from wgtui.ui.app import WgtuiApp
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.screens.overview import OverviewScreen

NOW = 1_767_225_600.0
"""The moment at which hand-made snapshots are taken, in Unix seconds."""

SIZES = ((60, 20), (80, 24), (120, 36))
"""The sizes that every screen must work at."""

HOME = Endpoint(ip_address("203.0.113.7"), 51820)
"""Where peers are unless told otherwise."""

NO_PAST = NoHistories()
"""No samples."""

EVIL_STRINGS = (
    "[/x]",
    "[bold]loud[/bold]",
    "[@click=app.quit]press me[/]",
    "name [laptop]",
    "$error",
    "esc \x1b]0;owned\x07 \x1b[31mred",
    "c1 \x9b31m \x90dcs\x9c",
    "bidi \u202egnp.exe\u202c",
    "zero\u200b\u200d\ufeffwidth",
    "line\nbreak\r\ttab",
    "宽字符的名字非常非常长的一个名字",
    "emoji 👩‍👩‍👧 ❤️ 🇩🇪",
    "z\u0351\u0351\u0351\u0351\u0351algo",
    "\ud800 lone",
    "x" * 10_000,
    "\x00",
    " ",
)
"""Names as nobody should choose them."""


def key_of(number: int) -> PublicKey:
    """A public key for a number; all differ, none is real."""
    return PublicKey(number.to_bytes(4, "big") + bytes(range(28)))


def endpoint_of(text: str, port: int = 51820) -> Endpoint:
    """An endpoint at an address."""
    return Endpoint(ip_address(text), port)


def peer_state(
    number: int,
    name: str = "",
    *,
    age: float | None = 12.0,
    allowed: Sequence[str] | None = None,
    endpoint: Endpoint | None = HOME,
    rate: Rate = NO_RATE,
    received: int = 0,
    sent: int = 0,
    keepalive: int = 0,
    preshared: bool = False,
    moved_from: Sequence[tuple[float, Endpoint]] = (),
) -> PeerState:
    """A peer `age` seconds after its handshake; `moved_from` holds (seconds ago, where it was before)."""
    prefixes = [f"10.0.{number // 250}.{number % 250 + 1}/32"] if allowed is None else allowed
    sightings = [EndpointSighting(endpoint, NOW - 3600.0, first_look=not moved_from)]
    for ago, before in moved_from:
        sightings[-1] = replace(sightings[-1], since=NOW - ago)
        sightings.append(EndpointSighting(before, NOW - ago - 600.0, first_look=True))
    return PeerState(
        peer=Peer(
            public_key=key_of(number),
            preshared_key=PresharedKey(bytes(range(32))) if preshared else None,
            endpoint=endpoint,
            allowed_ips=tuple(prefix_of(text) for text in prefixes),
            persistent_keepalive=keepalive,
            latest_handshake=None if age is None else NOW - age,
            rx_bytes=received,
            tx_bytes=sent,
        ),
        name=name,
        rate=rate,
        rx_total=received,
        tx_total=sent,
        endpoints=tuple(sightings),
        created=NOW - 3600.0,
    )


def device_state(
    name: str = "wg0",
    peers: Sequence[PeerState] = (),
    *,
    problem: Problem | None = None,
    readable: bool = True,
    up: bool | None = True,
    read_ago: float = 0.0,
    has_file: bool = True,
) -> DeviceState:
    """A device with peers."""
    device = Device(
        name, Implementation.KERNEL, listen_port=51820, peers=tuple(state.peer for state in peers)
    )
    return DeviceState(
        name=name,
        device=device if readable else None,
        peers=tuple(peers),
        link_up=up,
        mtu=1420,
        addresses=(ip_interface("10.0.0.1/16"),),
        rate=Rate(sum(state.rate.rx for state in peers), sum(state.rate.tx for state in peers)),
        problem=problem,
        read_at=NOW - read_ago,
        has_file=has_file,
    )


@dataclass
class FixedHistories:
    """The same past for every peer."""

    samples: tuple[Sample, ...] = ()

    def recent(self, device: str, key: PublicKey, count: int) -> tuple[Sample, ...]:
        """The last samples."""
        return self.samples[-count:]

    def recent_device(self, device: str, count: int) -> tuple[Sample, ...]:
        """The last samples."""
        return self.samples[-count:]


WAVE = FixedHistories(
    tuple(Sample(rx=max(0.0, 60 - abs(60 - n % 120)) * 10_000, tx=(n % 40) * 4_000.0) for n in range(240))
)
"""Four minutes of traffic that comes and goes."""


def snapshot_of(
    *devices: DeviceState,
    number: int = 1,
    taken_at: float = NOW,
    problem: Problem | None = None,
    histories: Histories = NO_PAST,
) -> Snapshot:
    """A look at a host with these devices."""
    return Snapshot(
        taken_at=taken_at,
        devices=devices,
        problem=problem,
        interval=1.0 if number > 1 else 0.0,
        number=number,
        histories=histories,
    )


def relay_peers() -> list[PeerState]:
    """One peer of each kind."""
    return [
        peer_state(
            1,
            "home-gateway",
            age=42,
            allowed=["5.5.5.2/32", "192.168.2.0/24"],
            rate=Rate(140_000, 13_000),
            received=880_000_000,
            sent=96_000_000,
            keepalive=15,
            moved_from=[(6.0, endpoint_of("203.0.113.7", 31090)), (90.0, endpoint_of("198.51.100.2"))],
        ),
        peer_state(2, "laptop", age=130, rate=Rate(20_000, 250_000), received=5_000, sent=1_500_000_000),
        peer_state(3, "phone", age=100, rate=Rate(594, 2_600), endpoint=endpoint_of("2001:db8::17", 4500)),
        peer_state(4, "tablet", age=4 * 60, received=10_000),
        peer_state(5, "old-laptop", age=12 * 86_400),
        peer_state(6, "camera", age=None),
        peer_state(7, "new-phone", age=None, endpoint=None, preshared=True),
        peer_state(8, "", age=5 * 3600),
    ]


def relay() -> Snapshot:
    """A relay with one peer of each kind, and a second device."""
    return snapshot_of(
        device_state("wg0", relay_peers()),
        device_state("wg1", [peer_state(90, "visitor", rate=Rate(22_000, 324_000))]),
        number=240,
        histories=WAVE,
    )


def crowd(count: int, number: int = 1) -> Snapshot:
    """A device with many peers."""
    peers = [peer_state(n, f"peer-{n:05d}", age=float(n % 5000)) for n in range(count)]
    return snapshot_of(device_state("wg0", peers), number=number)


@dataclass
class StillSource:
    """A `SnapshotSource` that always sees the same."""

    snapshot: Snapshot
    dismissed: list[str] = field(default_factory=list)

    def take(self) -> Snapshot:
        """The snapshot."""
        return self.snapshot

    def close(self) -> None:
        """Nothing to release."""

    def dismiss(self, name: str) -> None:
        """Remember the name."""
        self.dismissed.append(name)


@dataclass
class Screen:
    """The running application as a user sees it."""

    frames: ClassVar[str] = "│┃╭╮╰╯─▌├"
    """What is drawn around texts."""
    app: WgtuiApp
    pilot: Pilot[Any]
    source: StillSource

    @property
    def overview(self) -> OverviewScreen:
        """The Overview screen."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, OverviewScreen)
        return screen

    def lines(self) -> list[str]:
        """The text of every line of the terminal."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines())

    def everything(self) -> str:
        """The screen with frames and runs of spaces taken for one space: wrapped sentences can be found."""
        text = self.text()
        for frame in self.frames:
            text = text.replace(frame, " ")
        return " ".join(text.split())

    def toasts(self) -> list[str]:
        """The texts of all toasts so far."""
        return [notification.message for notification in self.app._notifications]

    async def until(self, *texts: str) -> None:
        """Wait until all of these texts are on the screen."""
        await self.wait(lambda: all(text in self.everything() for text in texts), f"{texts}")

    async def wait(self, done: Callable[[], bool], what: str = "it") -> None:
        """Wait for something."""
        await until(self.pilot, done, lambda: f"{what} never came:\n{self.text()}")

    def rows(self) -> list[str]:
        """The lines of the table, without its title line."""
        region = self.overview.table.region
        return [line[: region.width] for line in self.lines()[region.y + 1 : region.bottom]]

    def names(self) -> list[str]:
        """The second words of the table's rows: glyph, state, name."""
        return [row.split()[2] for row in self.rows() if len(row.split()) > 2]

    def selected(self) -> str:
        """The name of the selected peer."""
        peer = self.overview.peers.selected
        return peer.name if peer else ""

    async def show(self, snapshot: Snapshot) -> None:
        """Let the application see a snapshot."""
        self.app.snapshot = snapshot
        await settle(self.pilot)

    async def press(self, *keys: str) -> None:
        """Press keys and wait until they are handled."""
        await press(self.pilot, *keys)


def make_app(
    snapshot: Snapshot,
    *,
    ascii_only: bool = False,
    color: Any = "auto",
    title: str = "relay",
    ownership: Callable[[], OwnershipMap] | None = None,
    first_contact: Callable[[], FirstContact] | None = None,
) -> tuple[WgtuiApp, StillSource]:
    """The application on a source that looks once and then waits."""
    source = StillSource(snapshot)
    options = UiOptions(clock=FakeClock(NOW), title=title, ascii=ascii_only, color=color, interval=10_000.0)
    makers = Makers(ownership=ownership, first_contact=first_contact)
    return WgtuiApp(lambda: source, options=options, makers=makers), source


async def first_look(pilot: Pilot[Any]) -> None:
    """Wait until the application shows what its poll thread saw."""
    app = pilot.app
    assert isinstance(app, WgtuiApp)
    await until(pilot, lambda: app.snapshot is not None)


@asynccontextmanager
async def opened(
    snapshot: Snapshot,
    size: tuple[int, int] = (80, 24),
    *,
    ascii_only: bool = False,
    color: Any = "auto",
    ownership: Callable[[], OwnershipMap] | None = None,
    first_contact: Callable[[], FirstContact] | None = None,
) -> AsyncIterator[Screen]:
    """The application, open on a snapshot."""
    app, source = make_app(
        snapshot, ascii_only=ascii_only, color=color, ownership=ownership, first_contact=first_contact
    )
    async with app.run_test(size=size) as pilot:
        await first_look(pilot)
        yield Screen(app, pilot, source)
