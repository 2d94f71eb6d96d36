"""A healthy relay with everything around it, quickly made, for one thing to be broken in it.

    web ── net ──┬── relay            its eth0 is public; eth1 is a second uplink, mostly unused
                 ├── home ══ br0 ──┬── gateway     a router with NAT, and behind it the gateway's LAN
                 │                 └── lan
                 └── laptop           a roaming device

The relay is set up by wgtui itself, with the files of its peers; gateway and laptop bring those up.
"""

from __future__ import annotations

import secrets
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.netns.broken.layout import INTERFACE, RELAY_IN, Layout, answers_for
from tests.netns.broken.node import Node
from tests.netns.broken.wires import LINKS, NAT, ROUTER
from tests.netns.support import skip_unless_userspace_devices_work
from tests.support.waiting import eventually
from wgtui import wiring
from wgtui.domain.change import PeerChange
from wgtui.domain.keys import PublicKey
from wgtui.ports.resolver import EndpointResolver
from wgtui.services.changes import Changes
from wgtui.services.interfaces import find_source, plan_sync


@dataclass
class Rig:
    """A relay and what is around it.

    Attributes:
        net: The internet, a router.
        relay: The relay.
        home: The router of the home, with NAT.
        gateway: The LAN's gateway into the tunnel.
        lan: A host of the LAN, which knows no way to the tunnel but its router.
        laptop: The roaming device.
        layout: What was asked for.
        keys: Public keys of relay, home and laptop.
        resolver: Looks names up for the relay; None for the system's.
    """

    net: Node
    relay: Node
    home: Node
    gateway: Node
    lan: Node
    laptop: Node
    layout: Layout = field(default_factory=Layout)
    keys: dict[str, PublicKey] = field(default_factory=dict)
    resolver: EndpointResolver | None = None
    _closing: ExitStack = field(default_factory=ExitStack)

    def own_file(self, name: str) -> Path:
        """The file of a peer, as the relay keeps it."""
        return self.relay.folder / f"conf/peers/{INTERFACE}/{name}.conf"

    def peer(self, name: str, **change: object) -> PeerChange:
        """A change of one of the relay's peers."""
        return PeerChange(self.keys[name], update_only=True, **change)  # type: ignore[arg-type]

    def relay_peer(self, **change: object) -> PeerChange:
        """A change of the relay as its peers have it."""
        return PeerChange(self.keys["relay"], update_only=True, **change)  # type: ignore[arg-type]

    def take_own_files(self) -> None:
        """Carry the peers' files to where they belong."""
        for node, name in ((self.gateway, "home"), (self.laptop, "laptop")):
            node.conf().write_bytes(self.own_file(name).read_bytes())
            node.conf().chmod(0o600)

    def bring_peers_up(self) -> None:
        """Bring up gateway and laptop."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(Node.up, (self.gateway, self.laptop)))

    def keep(self, process: subprocess.Popen[bytes]) -> None:
        """End a process with the rig."""
        self._closing.callback(_end, process)

    def talk(self) -> None:
        """Have both peers shake hands, as they do when everything is well."""
        inside = 0 if 4 in self.layout.families else 1
        address = (f"{self.layout.subnet}.1", RELAY_IN[1])[inside]
        for node in (self.gateway, self.laptop):
            eventually(f"{node.name} reaches the relay", lambda at=node: at.reaches(address), 10)  # type: ignore[misc]

    @contextmanager
    def changes(self) -> Iterator[Changes]:
        """The services of the relay, in the calling thread."""
        with wiring.changes(self.relay.host) as changes:
            resolver = self.resolver or changes.context.resolver
            yield replace(changes, context=replace(changes.context, resolver=resolver))

    def sync_relay(self) -> None:
        """Bring the relay in line with its file; names are looked up as it does."""
        with self.changes() as changes:
            source = find_source(changes.host.files, INTERFACE, changes.config_dir)
            changes.transaction.apply(plan_sync(changes.context, source, changes.made(INTERFACE)))

    def close(self) -> None:
        """Remove everything."""
        self._closing.close()
        with ThreadPoolExecutor(3) as pool:
            nodes = (self.relay, self.gateway, self.laptop, self.lan, self.home, self.net)
            list(pool.map(Node.close, nodes))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


Prepare = Callable[[Rig], None]
"""Does something to a rig."""


def nothing(_rig: Rig) -> None:
    """Leave it as it is."""


@contextmanager
def relay_rig(
    layout: Layout | None = None,
    *,
    bare: Prepare = nothing,
    before: Prepare = nothing,
) -> Iterator[Rig]:
    """Make a rig and remove it.

    Args:
        layout: What it is like.
        bare: Called before the relay is set up.
        before: Called when the relay is up and the peers have their files, before they come up.
    """
    skip_unless_userspace_devices_work()
    layout = layout or Layout()
    number = secrets.token_hex(3)
    with tempfile.TemporaryDirectory(prefix="wgtui-") as folder:
        nodes = {
            name: Node(name, f"wgb-{number}-{name}", Path(folder, name))
            for name in ("net", "relay", "home", "gateway", "lan", "laptop")
        }
        rig = Rig(**nodes, layout=layout)  # type: ignore[arg-type]
        try:
            _wire(rig, nodes)
            bare(rig)
            _set_up(rig)
            rig.take_own_files()
            before(rig)
            rig.bring_peers_up()
            yield rig
        finally:
            rig.close()


def _wire(rig: Rig, nodes: dict[str, Node]) -> None:
    for node in nodes.values():
        subprocess.run(["ip", "netns", "add", node.netns], check=True, capture_output=True)
    names = {name: node.netns for name, node in nodes.items()}
    for name in ("net", "home", "relay", "gateway", "lan", "laptop"):
        nodes[name].ip(*(line.format(**names) for line in LINKS[name]))
    rig.net.sh(ROUTER)
    rig.home.sh(NAT)


def _set_up(rig: Rig) -> None:
    with rig.changes() as changes:
        prepared = changes.setup.prepare(answers_for(rig.layout))
        changes.transaction.apply(prepared.plan)
    rig.keys = {"relay": prepared.public_key, **{peer.name: peer.public_key for peer in prepared.peers}}
