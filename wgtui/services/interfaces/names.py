"""DNS servers that a tunnel brings."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.config import QuickSettings
from wgtui.domain.host import DnsSettings
from wgtui.domain.plan import SetDns
from wgtui.domain.text import printable
from wgtui.services.interfaces.context import PlannerContext


def dns_of(quick: QuickSettings) -> DnsSettings | None:
    """What a file hands to resolvconf: nothing without a server, whatever the search domains."""
    return DnsSettings(quick.dns_servers, quick.dns_search) if quick.dns_servers else None


def dns_steps(
    context: PlannerContext, interface: str, quick: QuickSettings, notes: list[str]
) -> Iterator[SetDns]:
    """Set a file's DNS servers; where the host has no resolvconf, a note says that they are not set."""
    wanted = dns_of(quick)
    resolvconf = context.host.resolvconf
    if wanted is None:
        return
    if not resolvconf.is_available():
        servers = printable(", ".join(wanted.servers), 200)
        notes.append(
            f"This host has no resolvconf, so the DNS servers of {interface} ({servers}) are not set. "
            "Names are looked up as before."
        )
        return
    yield SetDns(interface, resolvconf.read(interface), wanted)
