"""The kernel's refusals as sentences about links, addresses, routes and rules."""

from __future__ import annotations

import errno
import os

from wgtui.adapters.netlink_socket import NetlinkError, NetlinkTimeout
from wgtui.domain.addresses import Address
from wgtui.domain.errors import DeviceBusy, NetworkError, PermissionRefused, WgtuiError, WrongWayIn
from wgtui.domain.network import MAIN_TABLE, LinkAddress, LinkSettings, Route, Rule
from wgtui.domain.text import printable

_ABSENT = (errno.ESRCH, errno.ENOENT, errno.EADDRNOTAVAIL)


def no_such_link(name: str) -> NetworkError:
    """There is no link of this name."""
    return NetworkError(
        f"There is no interface {printable(name)}.", hint="List the interfaces with: ip link show"
    )


def address_text(link: str, address: LinkAddress) -> str:
    """An address, within a sentence."""
    return f"the address {address.interface} of {printable(link)}"


def link_text(link: str) -> str:
    """A link, within a sentence."""
    return f"the interface {printable(link)}"


def settings_text(settings: LinkSettings) -> str:
    """What should have happened to a link, within a sentence."""
    return f"{'brought up' if settings.up else 'set down'} with an MTU of {settings.mtu}"


def route_text(route: Route) -> str:
    """A route, within a sentence."""
    way = f" via {route.gateway}" if route.gateway is not None else ""
    way += f" dev {printable(route.link)}" if route.link else ""
    table = "" if route.table == MAIN_TABLE else f" table {route.table}"
    return f"the route {route.destination}{way}{table}"


def rule_text(rule: Rule) -> str:
    """A rule, within a sentence."""
    priority = "" if rule.priority is None else f" {rule.priority}"
    mark = "" if rule.fwmark is None else f" fwmark {rule.fwmark:#x}"
    negation = " not" if rule.invert else ""
    return f"the IPv{rule.family} rule{priority}{negation}{mark} table {rule.table}"


def too_small_for_ipv6(link: str, mtu: int, address: LinkAddress) -> NetworkError:
    """The kernel has no IPv6 on links with an MTU below 1280 (RFC 8200), and says only "Invalid argument"."""
    return NetworkError(
        f"{_start(address_text(link, address), 'added')}: its MTU of {mtu} is below the 1280 bytes of IPv6.",
        hint="Set a larger MTU, or leave out the IPv6 addresses.",
    )


def not_plain(rule: Rule, done: str) -> NetworkError:
    """A rule that cannot be set or removed because it says more than a `Rule` does."""
    text = rule_text(rule)
    return NetworkError(f"The{text[3:]} cannot be {done}: it has conditions that wgtui does not know.")


def wrong_way_in(destination: Address, in_link: str) -> WrongWayIn:
    """The reverse path filter drops a packet."""
    return WrongWayIn(
        f"The kernel drops a packet for {destination} that comes in by {printable(in_link)}: packets to its "
        "source would leave by another interface.",
        hint=f"Look at: sysctl net.ipv4.conf.{printable(in_link)}.rp_filter",
    )


def refusal(error: NetlinkError, subject: str, done: str) -> WgtuiError:
    """The error of the port.

    Args:
        error: What the kernel answered.
        subject: What was asked about, such as "the address 10.0.0.1/24 of wg0".
        done: What should have happened to it: "added", "read" ...
    """
    start = _start(subject, done)
    if isinstance(error, NetlinkTimeout):
        return NetworkError(f"{start}: the kernel did not answer in time.")
    if error.code == errno.EPERM:
        return PermissionRefused(f"{start} without the capability CAP_NET_ADMIN.", hint="Run wgtui as root.")
    if error.code == errno.ENODEV:
        return NetworkError(f"{start}: there is no such interface any more.")
    if error.code == errno.EEXIST:
        return NetworkError(f"{start}: it is there already.")
    if error.code in _ABSENT and done == "removed":
        return NetworkError(f"{start}: it is not there.")
    if error.code == errno.EADDRINUSE:
        return DeviceBusy(
            f"{start}: its listen port is in use by another program or device.",
            hint="Choose another port, or find who has it with: ss -lunp",
        )
    if error.code == errno.EACCES:
        reason = error.message or "IPv6 is switched off there"
        return NetworkError(f"{start}: {reason}.", hint="Look at: sysctl -a -r disable_ipv6")
    if error.code == errno.EINTR:
        return NetworkError(f"{start}: it changed again and again meanwhile.", hint="Try again.")
    reason = printable(error.message, 200).rstrip(".") or os.strerror(error.code)
    return NetworkError(f"{start}: {reason}.")


def _start(subject: str, done: str) -> str:
    return f"{subject[0].upper()}{subject[1:]} could not be {done}"
