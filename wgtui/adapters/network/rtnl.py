"""The network of a host or namespace over rtnetlink; implements `wgtui.ports.network.Network`."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from wgtui.adapters import rtnetlink as rt
from wgtui.adapters.links import decode_address, decode_link
from wgtui.adapters.netlink_socket import MalformedMessage, NetlinkError, NetlinkSocket
from wgtui.adapters.network import decode, encode, errors
from wgtui.adapters.network import messages as m
from wgtui.domain.addresses import Address
from wgtui.domain.errors import NetworkError
from wgtui.domain.network import LinkAddress, LinkSettings, Route, Rule
from wgtui.domain.text import printable
from wgtui.ports.links import Link

_NETLINK_ROUTE: Final = 0
_FAMILIES: Final = (m.AF_INET, m.AF_INET6)
_NEW: Final = m.NLM_F_CREATE | m.NLM_F_EXCL
_SMALLEST_IPV6_MTU: Final = 1280

_NO_WAY: Final = frozenset((errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EINVAL, errno.EACCES, errno.EAGAIN))
"""What a look-up says where there is no route, or one of a type that lets nothing pass: `fib_props` of
Linux `net/ipv4/fib_semantics.c`. Looking up needs no privilege, so that EACCES is the type prohibit."""

_MARTIAN: Final = frozenset((errno.EXDEV, errno.EINVAL))
"""What a look-up for a packet from elsewhere says of its source: `fib_validate_source` of Linux
`net/ipv4/fib_frontend.c`, and since 6.14 `ip_route_input_slow`."""

_DEAD_ENDS: Final = frozenset((m.RTN_BLACKHOLE, m.RTN_UNREACHABLE, m.RTN_PROHIBIT, m.RTN_THROW))


class RtnlNetwork:
    """Reads and sets links, addresses, routes and rules. Belongs to one thread: it owns a socket.

    Args:
        netns: Network namespace to work in, None for this process's own.
        timeout: Seconds to wait for each answer of the kernel.
    """

    def __init__(self, netns: str | None = None, timeout: float = 5.0) -> None:
        self._socket = NetlinkSocket(_NETLINK_ROUTE, netns, timeout, strict=True)
        self._tells_origin = _kernel_release() >= (5, 18)

    def link(self, name: str) -> Link | None:
        """The link of this name with its addresses, None where there is none."""
        link = self._find(name)
        if link is None:
            return None
        with _told(f"the addresses of {printable(name)}", "read"):
            found = (decode_address(payload) for payload in self._address_dump(link.index))
            own = tuple(interface for index, interface in filter(None, found) if index == link.index)
        return replace(link, addresses=own)

    def set_link(self, name: str, settings: LinkSettings) -> None:
        """Set MTU and whether it is up, in one request; see the port."""
        with _told(errors.link_text(name), errors.settings_text(settings)):
            self._socket.request(rt.RTM_NEWLINK, encode.link_settings(self._existing(name).index, settings))

    def addresses(self, link: str) -> tuple[LinkAddress, ...]:
        """The addresses of a link, in the kernel's order; empty where there is no such link."""
        place = self._find(link)
        if place is None:
            return ()
        with _told(f"the addresses of {printable(link)}", "read"):
            found = (
                decode.link_address(payload, is_tun=place.kind == "tun", tells_origin=self._tells_origin)
                for payload in self._address_dump(place.index)
            )
            return tuple(address for index, address in filter(None, found) if index == place.index)

    def add_address(self, link: str, address: LinkAddress) -> None:
        """Add an address; one that is there already is refused."""
        place = self._existing(link)
        if address.interface.version == 6 and place.mtu < _SMALLEST_IPV6_MTU:
            raise errors.too_small_for_ipv6(link, place.mtu, address)
        with _told(errors.address_text(link, address), "added"):
            self._socket.request(rt.RTM_NEWADDR, encode.address(place.index, address), _NEW)

    def remove_address(self, link: str, address: LinkAddress) -> None:
        """Remove an address; one that is not there is refused."""
        with _told(errors.address_text(link, address), "removed"):
            self._socket.request(rt.RTM_DELADDR, encode.address(self._existing(link).index, address))

    def routes(self, *, link: str | None = None, table: int | None = None) -> tuple[Route, ...]:
        """Routes in the kernel's order; see the port."""
        with _told("the routes", "read"):
            if link is None:
                names = rt.link_names(self._socket)
                return tuple(self._routes(names, table, 0))
            place = self._find(link)
            if place is None:
                return ()
            return tuple(self._routes({place.index: link}, table, place.index))

    def route_to(self, address: Address, *, mark: int = 0, source: Address | None = None) -> Route | None:
        """The route that a packet of this host would take; None for unreachable."""
        return self._look_up(address, encode.route_to(address, mark, source))

    def route_through(self, address: Address, *, source: Address, in_link: str) -> Route | None:
        """The route of a packet from elsewhere that came in by a link; see the port."""
        index = self._existing(in_link).index
        return self._look_up(address, encode.route_to(address, 0, source, index), in_link)

    def _look_up(self, address: Address, request: bytes, in_link: str = "") -> Route | None:
        with _told(f"the route to {address}", "looked up"):
            try:
                answers = self._socket.request(m.RTM_GETROUTE, request)
            except NetlinkError as error:
                if in_link and error.code in _MARTIAN:
                    raise errors.wrong_way_in(address, in_link) from None
                if error.code in _NO_WAY:
                    return None
                raise
            names = rt.link_names(self._socket)
            for payload in answers:
                route = decode.route(payload, names, cloned=True)
                if route is not None and route.type not in _DEAD_ENDS:
                    return route
        return None

    def add_route(self, route: Route) -> None:
        """Add a route; one like it that is there already is refused."""
        with _told(errors.route_text(route), "added"):
            self._socket.request(m.RTM_NEWROUTE, self._route_message(route), _NEW)

    def remove_route(self, route: Route) -> None:
        """Remove a route; one that is not there is refused."""
        with _told(errors.route_text(route), "removed"):
            self._socket.request(m.RTM_DELROUTE, self._route_message(route))

    def rules(self) -> tuple[Rule, ...]:
        """The rules of both families, by family and priority."""
        with _told("the routing rules", "read"):
            found: list[Rule] = []
            for family in _FAMILIES:
                version = 4 if family == m.AF_INET else 6
                decoded = map(decode.rule, self._family_dump(m.RTM_GETRULE, encode.rules(family)))
                found += (rule for rule in decoded if rule is not None and rule.family == version)
            return tuple(found)

    def add_rule(self, rule: Rule) -> None:
        """Add a rule; without a priority the kernel puts it in front of all others but the one at 0."""
        _require_plain(rule, "added")
        with _told(errors.rule_text(rule), "added"):
            self._socket.request(m.RTM_NEWRULE, encode.rule(rule), _NEW)

    def remove_rule(self, rule: Rule) -> None:
        """Remove one rule that matches; without a priority, the first one.

        To the kernel, what a removal does not mention matches anything, and whether a rule is inverted is
        not compared at all. So the rule is looked for first, and removed with its priority.
        """
        _require_plain(rule, "removed")
        found = next((known for known in self.rules() if known.matches(rule)), None)
        with _told(errors.rule_text(rule), "removed"):
            if found is None:
                raise NetlinkError(errno.ENOENT)
            self._socket.request(m.RTM_DELRULE, encode.rule(found))

    def close(self) -> None:
        """Close the socket; the next call opens a new one."""
        self._socket.close()

    def _find(self, name: str) -> Link | None:
        request = encode.link_by_name(name)
        if request is None:
            return None
        with _told(errors.link_text(name), "read"):
            try:
                answers = self._socket.request(rt.RTM_GETLINK, request)
            except NetlinkError as error:
                if error.code == errno.ENODEV:
                    return None
                raise
            return decode_link(answers[0]) if answers else None

    def _existing(self, name: str) -> Link:
        link = self._find(name)
        if link is None:
            raise errors.no_such_link(name)
        return link

    def _route_message(self, route: Route) -> bytes:
        return encode.route(self._existing(route.link).index if route.link else 0, route)

    def _address_dump(self, index: int) -> list[bytes]:
        """Messages about the addresses of a link, on kernels before 4.20 about those of all links."""
        try:
            return self._socket.dump(rt.RTM_GETADDR, rt.IFADDRMSG.pack(0, 0, 0, 0, index))
        except NetlinkError as error:
            if error.code == errno.ENODEV:
                return []
            raise

    def _routes(self, names: dict[int, str], table: int | None, index: int) -> Iterator[Route]:
        link = names[index] if index else None
        for family in _FAMILIES:
            version = 4 if family == m.AF_INET else 6
            for payload in self._family_dump(m.RTM_GETROUTE, encode.routes(family, table or 0, index)):
                route = decode.route(payload, names)
                if route is None or route.destination.version != version:
                    continue
                in_table = route.table != m.LOCAL_TABLE if table is None else route.table == table
                if in_table and link in (None, route.link):
                    yield route

    def _family_dump(self, kind: int, request: bytes) -> list[bytes]:
        """A dump of one family; nothing where the kernel has no such table or link, or lacks the family."""
        try:
            return self._socket.dump(kind, request)
        except NetlinkError as error:
            if error.code in (errno.ENOENT, errno.ENODEV, errno.EAFNOSUPPORT, errno.EOPNOTSUPP):
                return []
            raise


@contextmanager
def _told(subject: str, done: str) -> Iterator[None]:
    """Turn the kernel's refusals into errors of the port."""
    try:
        yield
    except NetlinkError as error:
        raise errors.refusal(error, subject, done) from None
    except MalformedMessage as error:
        raise NetworkError(f"The kernel's answer about {subject} makes no sense: {error}.") from None


def _require_plain(rule: Rule, done: str) -> None:
    if not rule.is_plain:
        raise errors.not_plain(rule, done)


def _kernel_release() -> tuple[int, int]:
    """The kernel's version and patch level."""
    match = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return (int(match[1]), int(match[2])) if match else (0, 0)
