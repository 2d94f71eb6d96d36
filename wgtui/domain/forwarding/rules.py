"""The packet filter rules behind the forwarding switches of one interface, as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Final

from wgtui.domain.addresses import Prefix


class Family(Enum):
    """Of which packets a rule is about."""

    IPV4 = 4
    IPV6 = 6
    BOTH = 0


class Purpose(StrEnum):
    """What a rule is for; the last part of its tag."""

    FORWARD_IN = "forward-in"
    """Packets out of the tunnel to other networks."""
    FORWARD_OUT = "forward-out"
    """Packets of other networks into the tunnel."""
    RELAY = "relay"
    """Packets of one peer to another peer of the same interface."""
    PORT = "port"
    """Packets of WireGuard itself to the listen port."""
    MSS = "mss"
    """The largest segment of TCP connections through the tunnel, fitted to the path's MTU."""
    MASQUERADE = "masquerade"
    """Packets out of the tunnel take this host's address on another interface."""
    ISOLATE = "isolate"
    """No packets between the peers of the interface."""


class Hook(StrEnum):
    """Where in a packet's way a rule stands; named as iptables names its chains."""

    INPUT = "INPUT"
    FORWARD = "FORWARD"
    POSTROUTING = "POSTROUTING"


class Action(StrEnum):
    """What a rule does with a packet."""

    ACCEPT = "accept"
    DROP = "drop"
    MASQUERADE = "masquerade"
    CLAMP_MSS = "clamp MSS"


_ACTIONS: Final = {
    Purpose.MSS: Action.CLAMP_MSS,
    Purpose.MASQUERADE: Action.MASQUERADE,
    Purpose.ISOLATE: Action.DROP,
}
_HOOKS: Final = {Purpose.PORT: Hook.INPUT, Purpose.MASQUERADE: Hook.POSTROUTING}


@dataclass(frozen=True, slots=True)
class LinkMatch:
    """An interface that a packet comes in or goes out by, or any other than it."""

    name: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class FilterRule:
    """One rule. What it does, and where it stands, follows from its purpose.

    Attributes:
        purpose: What it is for.
        family: Of its packets.
        incoming: Interface that they came in by; None for any.
        outgoing: Interface that they go out by; None for any.
        source: Their source; None for any. Only where the packet filter cannot ask for `incoming`.
        udp_port: Their destination port; None for any packet.
    """

    purpose: Purpose
    family: Family
    incoming: LinkMatch | None = None
    outgoing: LinkMatch | None = None
    source: Prefix | None = None
    udp_port: int | None = None

    @property
    def action(self) -> Action:
        """What it does."""
        return _ACTIONS.get(self.purpose, Action.ACCEPT)

    @property
    def hook(self) -> Hook:
        """Where it stands."""
        return _HOOKS.get(self.purpose, Hook.FORWARD)


@dataclass(frozen=True, slots=True)
class Switches:
    """What an interface's rules do, as an operator thinks of it.

    `relay` and `isolate` exclude each other; without either the chain's policy decides.

    Attributes:
        forward: Packets between the tunnel and other networks are let through, both ways.
        relay: Packets between peers are let through.
        isolate: Packets between peers are dropped.
        masquerade: Interfaces on which packets out of the tunnel take this host's address.
        port: The listen port is open.
        mss: The MSS of TCP connections is clamped.
    """

    forward: bool = False
    relay: bool = False
    isolate: bool = False
    masquerade: tuple[str, ...] = ()
    port: bool = False
    mss: bool = False


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What the rules of an interface depend on.

    Attributes:
        interface: Its name.
        listen_port: 0 where it has none of its own: no rule can open it.
        families: Of its addresses and allowed IPs.
        outer_families: Of the host, for the packets that carry the tunnel.
        sources: What can come out of the tunnel: its subnets and its peers' allowed IPs; empty for anything.
    """

    interface: str
    listen_port: int = 0
    families: frozenset[int] = frozenset((4, 6))
    outer_families: frozenset[int] = frozenset((4, 6))
    sources: tuple[Prefix, ...] = ()


def tag(interface: str, purpose: Purpose) -> str:
    """The comment that marks a rule as ours."""
    return f"wgtui:{interface}:{purpose.value}"


def family_of(versions: Iterable[int]) -> Family:
    """One value for a set of IP versions; without any, both."""
    found = set(versions)
    if len(found) != 1:
        return Family.BOTH
    return Family.IPV4 if found == {4} else Family.IPV6


def rules_of(switches: Switches, facts: RuleFacts) -> tuple[FilterRule, ...]:
    """The rules that make the switches true, as they are wanted whatever the packet filter."""
    return tuple(_rules(switches, facts))


def _rules(switches: Switches, facts: RuleFacts) -> Iterator[FilterRule]:
    family = family_of(facts.families)
    own, others = LinkMatch(facts.interface), LinkMatch(facts.interface, negated=True)
    if switches.forward:
        yield FilterRule(Purpose.FORWARD_IN, family, own, others)
        yield FilterRule(Purpose.FORWARD_OUT, family, others, own)
    if switches.relay and not switches.isolate:
        yield FilterRule(Purpose.RELAY, family, own, own)
    if switches.port and facts.listen_port:
        yield FilterRule(Purpose.PORT, family_of(facts.outer_families), udp_port=facts.listen_port)
    if switches.mss:
        yield FilterRule(Purpose.MSS, family, incoming=own)
        yield FilterRule(Purpose.MSS, family, outgoing=own)
    for uplink in switches.masquerade:
        yield FilterRule(Purpose.MASQUERADE, family, own, LinkMatch(uplink))
    if switches.isolate:
        yield FilterRule(Purpose.ISOLATE, family, own, own)


def for_each_family(rule: FilterRule) -> tuple[FilterRule, ...]:
    """The rule for packet filters that have a set of rules for each family."""
    if rule.family is not Family.BOTH:
        return (rule,)
    return tuple(replace(rule, family=family) for family in (Family.IPV4, Family.IPV6))


def by_source(rule: FilterRule, sources: Iterable[Prefix]) -> tuple[FilterRule, ...]:
    """A rule of one family for packet filters whose POSTROUTING cannot ask where a packet came in.

    Cryptokey routing makes sure that nothing else comes out of a tunnel than its peers' allowed IPs.

    Args:
        rule: Of any purpose; only those of POSTROUTING are changed.
        sources: Of both families; a default route, or none of the rule's family, stands for anything.
    """
    if rule.hook is not Hook.POSTROUTING or rule.incoming is None:
        return (rule,)
    bare = replace(rule, incoming=None)
    own = [source for source in sources if source.version == rule.family.value]
    if not own or any(source.prefixlen == 0 for source in own):
        return (bare,)
    return tuple(replace(bare, source=source) for source in own)
