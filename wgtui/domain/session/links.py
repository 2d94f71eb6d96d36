"""How a change of links and their addresses can cut a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wgtui.domain.network import LinkAddress
from wgtui.domain.plan import Plan, SetAddress, SetDevice, SetLink
from wgtui.domain.session.facts import Risk, SessionFacts, Severity
from wgtui.domain.session.ssh import SshSession

_IPV6_MINIMUM: Final = 1280
"""Bytes; a link with a smaller MTU loses IPv6 altogether (`net/ipv6/addrconf.c`, `addrconf_notify`)."""


def link_risks(plan: Plan, session: SshSession, facts: SessionFacts) -> Iterator[Risk]:
    """Reasons from links that go, and from addresses that come and go."""
    for step in plan.steps:
        match step:
            case SetDevice(interface=name, before=before) if before is not None and name in facts.links:
                yield Risk(Severity.WILL, f"{name} is deleted, and your session comes over it.")
            case SetLink(interface=name) if name in facts.links:
                yield from _settings_risks(step, session, facts)
            case SetAddress(present=True):
                yield from _added_risks(step, session, facts)
            case SetAddress(interface=name, present=False) if name == facts.link:
                yield from _removed_risks(step, plan, session, facts)
            case _:
                pass


def links_that_go(plan: Plan) -> frozenset[str]:
    """Links that are deleted or brought down, and all routes by them with them."""
    return frozenset(
        step.interface
        for step in plan.steps
        if (isinstance(step, SetDevice) and step.before is not None)
        or (isinstance(step, SetLink) and step.before.up and not step.after.up)
    )


def _settings_risks(step: SetLink, session: SshSession, facts: SessionFacts) -> Iterator[Risk]:
    name, before, after = step.interface, step.before, step.after
    if before.up and not after.up:
        yield Risk(Severity.WILL, f"{name} is brought down, and your session comes over it.")
    if after.mtu > before.mtu:
        text = (
            f"The MTU of {name}, which your session comes over, is raised to {after.mtu}: where a part of "
            "the way carries less, large packets are lost and the session hangs."
        )
        yield Risk(Severity.MAY, text)
    if after.mtu < _IPV6_MINIMUM <= before.mtu and _uses_ipv6(name, session, facts):
        text = f"An MTU of {after.mtu} takes IPv6 away from {name}, which your session comes over."
        yield Risk(Severity.WILL, text)


def _uses_ipv6(name: str, session: SshSession, facts: SessionFacts) -> bool:
    arrives = name == facts.link and session.server.version == 6
    return arrives or any(leg.link == name and leg.packet.destination.version == 6 for leg in facts.legs)


def _added_risks(step: SetAddress, session: SshSession, facts: SessionFacts) -> Iterator[Risk]:
    address = step.address.interface.ip
    hops = {leg.route.gateway for leg in facts.legs if leg.route is not None}
    if address in hops or address in facts.destinations(address.version):
        text = f"{address} becomes this host's own address, and your session needs it as somebody else's."
        yield Risk(Severity.WILL, text)
    elif address == session.server and step.interface != facts.link:
        text = f"{step.interface} gets the address {address} too, by which your session reaches this host."
        yield Risk(Severity.MAY, text)


def _removed_risks(step: SetAddress, plan: Plan, session: SshSession, facts: SessionFacts) -> Iterator[Risk]:
    removed, name = step.address.interface, step.interface
    if removed.ip == session.server:
        back = any(_adds(other, session) for other in plan.steps if isinstance(other, SetAddress))
        if back:
            text = f"The address {removed.ip}, by which your session reaches this host, is set anew."
            yield Risk(Severity.MAY, text)
        else:
            text = f"{name} loses the address {removed.ip}, by which your session reaches this host."
            yield Risk(Severity.WILL, text)
    elif _goes_with(session, step.address, facts.addresses):
        text = (
            f"Linux may remove {session.server}, by which your session reaches this host, together with "
            f"{removed.ip}: it is a secondary address of the same prefix."
        )
        yield Risk(Severity.MAY, text)


def _adds(step: SetAddress, session: SshSession) -> bool:
    return step.present and step.address.interface.ip == session.server


def _goes_with(session: SshSession, removed: LinkAddress, addresses: tuple[LinkAddress, ...]) -> bool:
    """Whether the session's address is a secondary one behind the removed (`net/ipv4/devinet.c`)."""
    order = [address.interface for address in addresses]
    own = next((interface for interface in order if interface.ip == session.server), None)
    if own is None or own.version == 6 or removed.interface not in order:
        return False
    return own.network == removed.interface.network and order.index(removed.interface) < order.index(own)
