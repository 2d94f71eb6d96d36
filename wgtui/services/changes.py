"""All that a screen or a command needs to change a host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from wgtui.domain.plan import Plan
from wgtui.domain.session import Risk
from wgtui.ports.config_store import ConfigStore
from wgtui.ports.keypairs import Keypairs
from wgtui.ports.links import Links
from wgtui.ports.packet_filter import PacketFilterReader
from wgtui.services.adopting.adoption import Adoption
from wgtui.services.adopting.client_files import ClientFiles
from wgtui.services.adopting.gathering import NO_FOREIGN_HOST, ForeignHost
from wgtui.services.adopting.ways import WaysOut
from wgtui.services.apply import HostPorts
from wgtui.services.drift import DriftPlans
from wgtui.services.editing import ConfigEditor, InterfacePlans, PeerPlans, Scenes, Surroundings
from wgtui.services.forwarding.plans import ForwardingPlans
from wgtui.services.forwarding.reading import SceneReader
from wgtui.services.interfaces import PlannerContext
from wgtui.services.journal import Journal
from wgtui.services.setup import Drafts, Preflight, Proposer, SetupPlans, SetupTools, filter_findings
from wgtui.services.sharing import Sharing
from wgtui.services.transaction import Transaction

OpenChanges = Callable[[], "Changes"]
"""Opens the changes of a host, in the thread that will use them; close them by leaving their context."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The services of one host, for one thread: they share sockets.

    Attributes:
        host: Its ports.
        context: What planners look at.
        config_dir: Folder of its wg-quick files.
        configs: Those files.
        links: All of its links.
        keypairs: Makes and derives keys.
        journal: What was changed.
        transaction: Applies plans and takes them back.
        risks: How a plan can cut the operator's own session, in whole sentences.
        tools: What setting the host up needs besides.
        packet_filter: Reads the rules of the packet filter.
        is_namespace: Whether this is a network namespace of a host, which the host's own files are not for.
        foreign: Where the files of other programs are.
    """

    host: HostPorts
    context: PlannerContext
    config_dir: str
    configs: ConfigStore
    links: Links
    keypairs: Keypairs
    journal: Journal
    transaction: Transaction
    risks: Callable[[Plan], Sequence[Risk]]
    tools: SetupTools
    packet_filter: PacketFilterReader
    is_namespace: bool = False
    foreign: ForeignHost = NO_FOREIGN_HOST

    @property
    def editor(self) -> ConfigEditor:
        """Edits interfaces' files."""
        return ConfigEditor(self.context, self.config_dir, self.made)

    @property
    def peers(self) -> PeerPlans:
        """Plans for peers."""
        return PeerPlans(self.editor, self.keypairs, self.clients)

    @property
    def clients(self) -> ClientFiles:
        """Own files of peers that somebody else made."""
        return ClientFiles(self.foreign, self.keypairs, self.config_dir)

    @property
    def adoption(self) -> Adoption:
        """Who set up the servers that are there, and what is known of their peers."""
        return Adoption(self.editor, self.configs, self.foreign, self.clients)

    @property
    def ways_out(self) -> WaysOut:
        """Plans for taking servers over."""
        return WaysOut(self.editor, self.adoption, self.keypairs)

    @property
    def interfaces(self) -> InterfacePlans:
        """Plans for interfaces as such."""
        return InterfacePlans(self.editor, self.keypairs)

    @property
    def surroundings(self) -> Surroundings:
        """What edits are examined against."""
        return Surroundings(self.editor, self.configs, self.links)

    @property
    def scenes(self) -> Scenes:
        """What editors start with."""
        return Scenes(self.editor, self.surroundings, self.keypairs, self.peers.relay_endpoint)

    @property
    def drift(self) -> DriftPlans:
        """Plans that end differences between file, kernel and boot."""
        return DriftPlans(self.editor, self.made)

    @property
    def sharing(self) -> Sharing:
        """Peers' own files, to be handed over."""
        return Sharing(self.editor, self.keypairs, self.journal, self.clients)

    @property
    def setup(self) -> SetupPlans:
        """Plans that set the host up."""
        return SetupPlans(self.editor, self.keypairs, self.forwarding.placement, self.tools.sysctl_file)

    @property
    def preflight(self) -> Preflight:
        """What stands in the way of setting the host up."""
        return Preflight(
            self.tools.inspector,
            self.configs,
            self.host.wireguard,
            lambda: filter_findings(self.forwarding.choice()),
        )

    @property
    def proposer(self) -> Proposer:
        """What to propose when the host is set up."""
        return Proposer(self.host.network, self.links, self.configs, self.tools.entropy)

    @property
    def drafts(self) -> Drafts:
        """Answers that were not applied yet."""
        return Drafts(self.host.files, self.tools.state_dir)

    @property
    def forwarding(self) -> ForwardingPlans:
        """What is seen of forwarding and NAT, and the plans that change them."""
        reader = SceneReader(self.editor, self.packet_filter, self.links, is_namespace=self.is_namespace)
        return ForwardingPlans(reader, self.configs)

    def made(self, interface: str) -> Plan | None:
        """All that wgtui did to a running interface since it brought it up; None where it did not."""
        link = self.host.network.link(interface)
        return self.journal.made_by(interface, link.index) if link else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.host.close()
        self.links.close()
