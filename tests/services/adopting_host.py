"""Services for adopting a server that lies on a disk."""

from __future__ import annotations

from dataclasses import replace

from tests.services.interface_host import InterfaceHost
from tests.support.foreign_rig import KEYPAIRS, Server
from wgtui.adapters.config_files import ConfigFiles
from wgtui.adapters.files import HostFiles
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.journal import SimulatedHostLock, SimulatedJournal
from wgtui.services.adopting.adoption import Adoption
from wgtui.services.adopting.client_files import ClientFiles
from wgtui.services.adopting.report import AdoptedInterface, AdoptionReport
from wgtui.services.adopting.ways import WaysOut
from wgtui.services.editing import ConfigEditor, InterfacePlans, PeerPlans
from wgtui.services.journal import Journal
from wgtui.services.sharing import Sharing
from wgtui.services.transaction import Transaction


class AdoptingHost:
    """wgtui on the host of a server.

    Args:
        server: Its files are real, all else is simulated; its interface is down.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        context = InterfaceHost().context
        self.context = replace(context, host=replace(context.host, files=HostFiles()))
        self.editor = ConfigEditor(self.context, str(server.folder), lambda _: None)
        clients = ClientFiles(server.foreign, KEYPAIRS, str(server.folder))
        self.adoption = Adoption(self.editor, ConfigFiles(server.folder), server.foreign, clients)
        self.peers = PeerPlans(self.editor, KEYPAIRS, clients)
        self.interfaces = InterfacePlans(self.editor, KEYPAIRS)
        self.ways = WaysOut(self.editor, self.adoption, KEYPAIRS)
        journal = Journal(SimulatedJournal(), FakeClock(), "the test")
        self.sharing = Sharing(self.editor, KEYPAIRS, journal, clients)
        self.transaction = Transaction(self.context.host, journal, SimulatedHostLock())

    @property
    def report(self) -> AdoptionReport:
        """What is found."""
        return self.adoption.look()

    @property
    def interface(self) -> AdoptedInterface:
        """What is found of the server."""
        found = self.report.interface(self.server.interface)
        assert found is not None
        return found

    @property
    def text(self) -> str:
        """The interface's file."""
        return self.server.file.read_text()

    def everything(self) -> dict[str, bytes]:
        """All files below the root."""
        root = self.server.root
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
