"""What setting a host up needs besides what every change needs."""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    inspector: HostInspector
    entropy: Entropy
    state_dir: str
    sysctl_file: str = ""
