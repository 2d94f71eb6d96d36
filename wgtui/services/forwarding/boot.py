"""What will be set up at boot, by the files of the host."""

from __future__ import annotations

from typing import Final

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forwarding.scene import BootFacts
from wgtui.domain.forwarding.sysctl_files import FOLDERS, MAIN_FILE, SysctlEntry, read_entries, reading_order
from wgtui.domain.ruleset import Backend, FilterFamily, Ruleset, Table
from wgtui.domain.ruleset.save import parse_save
from wgtui.services.apply import HostPorts
from wgtui.services.interfaces import PlannerContext
from wgtui.services.interfaces.units import unit_of

_UFW: Final = "/etc/ufw/ufw.conf"
_UFW_SYSCTLS: Final = "/etc/ufw/sysctl.conf"
_UFW_RULES: Final = (("/etc/ufw/before.rules", FilterFamily.IP), ("/etc/ufw/before6.rules", FilterFamily.IP6))
_NFTABLES: Final = "nftables.service"
"""Loads /etc/nftables.conf, or Red Hat's /etc/sysconfig/nftables.conf, with whatever these include."""

_SAVED: Final = (
    # Debian's iptables-persistent, and Red Hat's iptables-services.
    ("netfilter-persistent.service", "/etc/iptables/rules.v4", "/etc/iptables/rules.v6"),
    ("iptables.service", "/etc/sysconfig/iptables", "/etc/sysconfig/ip6tables"),
)


def boot_facts(context: PlannerContext, interface: str, path: str, *, is_namespace: bool) -> BootFacts:
    """What will happen at boot. What cannot be read counts as not there.

    Args:
        context: The host.
        interface: Its name.
        path: Of its file.
        is_namespace: Whether this is a network namespace, for which the host's files are not.
    """
    if is_namespace:
        return BootFacts(is_namespace=True, unit=unit_of(interface))
    host = context.host
    has_systemd = host.units.is_available()
    is_units_file = path == f"{context.unit_config_dir}/{interface}.conf"
    state = host.units.state(unit_of(interface)) if has_systemd and is_units_file else None
    saved, saved_in = _saved(host)
    return BootFacts(
        has_systemd=has_systemd,
        unit=unit_of(interface),
        state=state,
        entries=sysctl_entries(host),
        saved=saved,
        saved_in=saved_in,
        loads_nftables=_is_enabled(host, _NFTABLES),
    )


def sysctl_entries(host: HostPorts) -> tuple[SysctlEntry, ...]:
    """The lines of all files from which the host takes its settings, as they are applied."""
    paths = reading_order({folder: host.files.names(folder) for folder in FOLDERS})
    if not host.units.is_available():
        # systemd reads it only through a link in one of the folders, which is among the paths then.
        paths = (*paths, MAIN_FILE)
    if _has_ufw(host):
        paths = (*paths, _UFW_SYSCTLS)
    return tuple(entry for path in paths for entry in read_entries(path, _content(host, path)))


def _saved(host: HostPorts) -> tuple[Ruleset | None, str]:
    """The rules of iptables that a unit restores at boot, and the file of those for IPv4."""
    for unit, ipv4, ipv6 in _SAVED:
        if not _is_enabled(host, unit):
            continue
        tables: list[Table] = []
        for path, family in ((ipv4, FilterFamily.IP), (ipv6, FilterFamily.IP6)):
            text = _content(host, path).decode("utf-8", "replace")
            tables += parse_save(text, Backend.IPTABLES_NFT, family)
        if tables:
            return Ruleset(tuple(tables)), ipv4
    return _nat_of_ufw(host)


def _nat_of_ufw(host: HostPorts) -> tuple[Ruleset | None, str]:
    """What ufw's own files say of NAT, and the file of IPv4.

    Of filtering ufw has rules in other files as well, and its chains tell themselves whose they are.
    """
    if not _has_ufw(host):
        return None, ""
    saved = (
        parse_save(_content(host, path).decode("utf-8", "replace"), Backend.IPTABLES_NFT, family)
        for path, family in _UFW_RULES
    )
    tables = tuple(table for some in saved for table in some if table.name == "nat")
    return (Ruleset(tables), _UFW_RULES[0][0]) if tables else (None, "")


def _has_ufw(host: HostPorts) -> bool:
    return b"ENABLED=yes" in _content(host, _UFW)


def _is_enabled(host: HostPorts, unit: str) -> bool:
    state = host.units.state(unit) if host.units.is_available() else None
    return state is not None and state.enabled


def _content(host: HostPorts, path: str) -> bytes:
    try:
        image = host.files.read(path)
    except WgtuiError:  # As for a link to /dev/null, which switches a file of another folder off.
        return b""
    return image.content if image is not None else b""
