"""What setting a host up needs besides what every change needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wgtui.domain.forwarding import IptablesPlace, NftTablePlace, Placement
from wgtui.domain.setup.facts import HostFacts
from wgtui.ports.entropy import Entropy
from wgtui.ports.host_facts import HostInspector


@dataclass(frozen=True, slots=True)
class SetupTools:
    """Ports and places.

    Attributes:
        inspector: Looks at the host.
        entropy: Random bytes.
        state_dir: Folder of wgtui's own files.
        sysctl_file: Keeps settings of the kernel over a reboot; empty in a namespace, which none outlives.
        placement: Finds where rules of the packet filter go; None to go by the programs that there are.
    """

    inspector: HostInspector
    entropy: Entropy
    state_dir: str
    sysctl_file: str = ""
    placement: Callable[[], Placement] | None = None

    def place(self) -> Placement:
        """Where rules of the packet filter go on this host."""
        return self.placement() if self.placement is not None else usual_placement(self.inspector.look())


def usual_placement(facts: HostFacts) -> Placement:
    """Iptables where it is installed, for its rules work on either backend; else a table of our own."""
    return Placement(IptablesPlace() if "iptables" in facts.programs else NftTablePlace())
