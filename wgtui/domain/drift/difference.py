"""One difference, with the two ways out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from wgtui.domain.drift.edits import FileEdit
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import Route


class DriftKind(Enum):
    """What differs."""

    PEER_MISSING = "peer-missing"
    """A peer is in the file and not on the interface."""

    PEER_UNKNOWN = "peer-unknown"
    """A peer is on the interface and not in the file."""

    PEER_DISABLED = "peer-disabled"
    """A peer is disabled in the file and still runs."""

    ALLOWED_IPS = "allowed-ips"
    ENDPOINT = "endpoint"
    KEEPALIVE = "keepalive"
    PRESHARED_KEY = "preshared-key"
    PRIVATE_KEY = "private-key"
    LISTEN_PORT = "listen-port"
    FWMARK = "fwmark"
    MTU = "mtu"

    ADDRESS_MISSING = "address-missing"
    """An address is in the file and not on the interface."""

    ADDRESS_UNKNOWN = "address-unknown"
    """An address is on the interface and not in the file."""

    DNS = "dns"

    ROUTE_MISSING = "route-missing"
    """An allowed IP has no route."""

    ROUTE_STALE = "route-stale"
    """A route leads into the interface to where no peer is."""

    DEFAULT_ROUTE = "default-route"
    """Rules, table or mark of a default route are not as they have to be."""

    NOT_AT_BOOT = "not-at-boot"
    """It is up, and will not be after a reboot."""

    NOT_UP = "not-up"
    """It is down, and comes up at boot."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. No secret is in any of its texts.

    Attributes:
        kind: What it is.
        text: One whole sentence, printable.
        file_way: What keeping the file's does, one whole sentence; of boot, what a reboot would do.
        kernel_way: What keeping the kernel's does, or why it cannot be kept.
        about: The address or destination, for kinds of which there may be several.
        peer: Whose it is; None for the interface's own.
        line: Of the file, from 1, where it stands; 0 where it stands nowhere.
        edit: What brings the file in line with the kernel; None where no file can say it, and for boot.
        route: The one that is missing or stale.
    """

    kind: DriftKind
    text: str
    file_way: str
    kernel_way: str
    about: str = ""
    peer: PublicKey | None = None
    line: int = 0
    edit: FileEdit | None = field(default=None, repr=False)
    route: Route | None = None

    @property
    def key(self) -> tuple[DriftKind, str, PublicKey | None]:
        """What it is about, the same in every look at the host."""
        return self.kind, self.about, self.peer

    @property
    def keeps_kernel(self) -> bool:
        """Whether the kernel's can be kept."""
        return self.edit is not None or self.kind in (DriftKind.NOT_AT_BOOT, DriftKind.NOT_UP)
