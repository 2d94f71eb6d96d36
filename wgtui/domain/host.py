"""Values of a host's resources outside the network: files, DNS, packet filters, units."""

from __future__ import annotations

from dataclasses import dataclass, field

from wgtui.domain.network import LinkAddress


@dataclass(frozen=True, slots=True)
class FileImage:
    """A regular file as a whole.

    Attributes:
        content: Its bytes, which may hold keys and so are left out of its `repr`.
        mode: Permission bits.
        uid: Owner; None stands for whoever writes it.
        gid: Group; None likewise.
    """

    content: bytes = field(repr=False)
    mode: int = 0o600
    uid: int | None = None
    gid: int | None = None

    def same_as(self, other: FileImage | None) -> bool:
        """Whether content, mode and owner agree; an owner of None agrees with any."""
        return (
            other is not None
            and self.content == other.content
            and self.mode == other.mode
            and (self.uid is None or other.uid is None or self.uid == other.uid)
            and (self.gid is None or other.gid is None or self.gid == other.gid)
        )


@dataclass(frozen=True, slots=True)
class DnsSettings:
    """What a tunnel hands to resolvconf.

    Attributes:
        servers: In order; without one nothing is set.
        search: Search domains.
    """

    servers: tuple[str, ...]
    search: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuardRules:
    """The packet filter rules that `wg-quick` adds for a default route through a tunnel.

    They drop packets for the tunnel's addresses that came in elsewhere, and carry the fwmark over
    connection tracking (wireguard-tools `wg-quick/linux.bash`: `add_default`).

    Attributes:
        interface: Name of the tunnel.
        fwmark: The mark on its own encrypted packets.
        addresses: All addresses that it had when the rules were made.
        ipv4: Whether a default route of IPv4 goes through it.
        ipv6: Likewise.
    """

    interface: str
    fwmark: int
    addresses: tuple[LinkAddress, ...]
    ipv4: bool = True
    ipv6: bool = False


@dataclass(frozen=True, slots=True)
class UnitState:
    """A systemd unit.

    Attributes:
        enabled: Whether it starts at boot.
        active: Whether systemd counts it as started.
    """

    enabled: bool
    active: bool
