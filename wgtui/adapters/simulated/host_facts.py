"""A host that is looked at, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from wgtui.domain.setup.facts import ClockFacts, HostFacts, KernelSupport

PLAIN_HOST = HostFacts(
    net_admin=True,
    support=KernelSupport.LOADED,
    tun=True,
    programs=frozenset(("bash", "iptables", "ip6tables", "nft", "sysctl", "systemctl", "wg", "wg-quick")),
    systemd=True,
    network_manager=False,
    others=(),
    container="",
    sysctls_writable=True,
    clock=ClockFacts(1893456000.0, synchronised=True, keeper="chrony"),
    udp_ports=frozenset(),
    resolvers=("9.9.9.9",),
)
"""A server as a provider hands it over, with nothing in the way."""


@dataclass
class SimulatedInspector:
    """`HostInspector` with facts that are given.

    Attributes:
        facts: What it sees.
    """

    facts: HostFacts = field(default=PLAIN_HOST)

    def look(self) -> HostFacts:
        """The facts."""
        return self.facts


def foreseeable(count: int) -> bytes:
    """`Entropy` that gives the same bytes in every run."""
    return bytes(range(7, 7 + count))
