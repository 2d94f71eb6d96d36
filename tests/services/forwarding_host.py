"""A host in memory whose forwarding is switched."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_interface

from tests.services.interface_host import FOLDER, OTHER_KEY, PEER_KEY, PRIVATE_KEY, InterfaceHost
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.config_files import SimulatedConfigFiles
from wgtui.adapters.simulated.packet_filter import SimulatedPacketFilter
from wgtui.adapters.simulated.world import SimulatedLinks
from wgtui.domain.forwarding import ForwardingView, Row, SwitchName, iptables
from wgtui.domain.host import FileImage, UnitState
from wgtui.domain.plan import Plan
from wgtui.ports.links import Link
from wgtui.services.editing import ConfigEditor, InterfacePlans, PeerPlans
from wgtui.services.forwarding.plans import ForwardingPlans
from wgtui.services.forwarding.reading import SceneReader
from wgtui.services.transaction import Applied

UNIT = "wg-quick@wg0.service"
OWN_SYSCTLS = "/etc/sysctl.d/99-wgtui.conf"


def relay_file(hooks: str = "", address: str = "10.0.0.1/24", port: str = "ListenPort = 51820\n") -> str:
    """A relay with two peers, the second of which has a LAN."""
    return f"""\
[Interface]
PrivateKey = {PRIVATE_KEY}
Address = {address}
{port}{hooks}
[Peer]
# Name = phone
PublicKey = {OTHER_KEY}
AllowedIPs = 10.0.0.3/32

[Peer]
# Name = home
PublicKey = {PEER_KEY}
AllowedIPs = 10.0.0.2/32, 192.168.2.0/24
"""


def saved(forward: str = "ACCEPT", filter_rules: str = "", nat_rules: str = "") -> str:
    """What `iptables-save` prints of a host."""
    return (
        f"*filter\n:INPUT ACCEPT [0:0]\n:FORWARD {forward} [0:0]\n{filter_rules}COMMIT\n"
        f"*nat\n:POSTROUTING ACCEPT [0:0]\n{nat_rules}COMMIT\n*mangle\n:FORWARD ACCEPT [0:0]\nCOMMIT\n"
    )


class AllLinks(SimulatedLinks):
    """The tunnels, and the links of the network."""

    def __init__(self, host: InterfaceHost) -> None:
        super().__init__(host.world)
        self._host = host
        self.names = ["eth0", "lan0"]

    def all(self) -> tuple[Link, ...]:
        """Every link."""
        others = (self._host.network.link(name) for name in self.names)
        return (*super().all(), *(link for link in others if link is not None))


@dataclass
class ForwardingHost(InterfaceHost):
    """The host, with an uplink eth0 and a LAN on lan0; wg0 is up and enabled."""

    hooks_of_file: str = ""
    is_namespace: bool = False
    others: SimulatedConfigFiles = field(default_factory=SimulatedConfigFiles)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.network.add_link("lan0", ip_interface("172.20.0.1/24"))
        self.units.units[UNIT] = UnitState(enabled=True, active=False)
        self.packet_filter = SimulatedPacketFilter(self.forward_rules)
        self.links = AllLinks(self)
        # It was brought up by hand: a unit that is not enabled does not stand in the way.
        self.units.available = False
        self.up(relay_file(self.hooks_of_file))
        self.units.available = True

    @property
    def editor(self) -> ConfigEditor:
        """Opens files."""
        return ConfigEditor(self.context, FOLDER, self.made)

    @property
    def peers(self) -> PeerPlans:
        """Plans for peers."""
        return PeerPlans(self.editor, NaclKeypairs())

    @property
    def interfaces(self) -> InterfacePlans:
        """Plans for interfaces."""
        return InterfacePlans(self.editor, NaclKeypairs())

    @property
    def plans(self) -> ForwardingPlans:
        """The plans."""
        reader = SceneReader(self.editor, self.packet_filter, self.links, is_namespace=self.is_namespace)
        return ForwardingPlans(reader, self.others)

    def view(self) -> ForwardingView:
        """What is seen."""
        return self.plans.view("wg0")

    def row(self, switch: SwitchName, target: str = "") -> Row:
        """One row."""
        row = self.view().row(switch, target)
        assert row is not None
        return row

    def turn(self, switch: SwitchName, on: bool = True, target: str = "") -> Plan:
        """Turn a switch, undo that and see that nothing is left of it, and turn it again."""
        return self.apply(self.plans.switch("wg0", switch, on, target))

    def apply(self, plan: Plan) -> Plan:
        """Apply, undo, apply."""
        before = self.everything()
        applied = self.transaction.apply(plan)
        if applied.number is not None:
            after = self.everything()
            undone = self.transaction.undo(applied.number)
            assert undone.number is not None
            assert self.everything() == before
            self.apply_once(plan)
            assert self.everything() == after
        return plan

    def apply_once(self, plan: Plan) -> Applied:
        """Apply it."""
        return self.transaction.apply(plan)

    def everything(self) -> object:
        """The host's state, rules among it."""
        return self.state(), self.rules_in_force()

    def rules_in_force(self, interface: str = "wg0") -> set[str]:
        """Our rules, as iptables has them."""
        return {
            f"{state.placed.rule.hook} {' '.join(iptables.words(state.placed.rule, interface))}"
            for state in self.forward_rules.read(interface)
        }

    def text(self, path: str = f"{FOLDER}/wg0.conf") -> str:
        """A file as text; empty where there is none."""
        image = self.files.read(path)
        return image.content.decode() if image else ""

    def put(self, path: str, text: str) -> None:
        """Put a file there."""
        self.files.write(path, FileImage(text.encode(), 0o644))
