"""Where rules go: the packet filter that decides on a host, and the way to speak to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wgtui.domain.addresses import Prefix
from wgtui.domain.forwarding import firewalld
from wgtui.domain.forwarding.iptables import table_of
from wgtui.domain.forwarding.rules import Action, Family, FilterRule, Hook, by_source, for_each_family


@dataclass(frozen=True, slots=True)
class IptablesPlace:
    """The built-in chains, through the `iptables` programs.

    Attributes:
        variant: `legacy` or `nft`; empty for whatever the plain names stand for on the host.
        portable: The lines are for a host that is not known, and do nothing where it has no `iptables`.
    """

    variant: str = ""
    portable: bool = False

    def program(self, version: int) -> str:
        """The program's name for IP version 4 or 6."""
        word = "iptables" if version == 4 else "ip6tables"
        return f"{word}-{self.variant}" if self.variant else word


@dataclass(frozen=True, slots=True)
class NftTablePlace:
    """A table of our own, one for each interface, so that all of it comes and goes at once.

    Attributes:
        portable: The lines are for a host that is not known, and do nothing where it has `iptables`.
    """

    portable: bool = False


@dataclass(frozen=True, slots=True)
class NftChainPlace:
    """A chain of the administrator's own nftables rules.

    nftables asks every base chain of a hook, and one that drops has the last word; so what shall pass has to
    be accepted there as well.

    Attributes:
        family: Of the table: `ip`, `ip6` or `inet`.
        table: Its name.
        chain: Its base chain.
        hook: Of the chain.
    """

    family: str
    table: str
    chain: str
    hook: Hook


@dataclass(frozen=True, slots=True)
class FirewalldPlace:
    """firewalld, through `firewall-cmd`, whose rules reject what is accepted elsewhere.

    It takes the rules that accept; the others stand in our own table beside it.

    Attributes:
        zone: `trusted`, which the interface joins, or the zone in which the listen port is opened.
    """

    zone: str


Place = IptablesPlace | NftTablePlace | NftChainPlace | FirewalldPlace
"""One place for rules."""

MissingTable = tuple[str, Family]
"""A table of `iptables` and the IP version whose program would make it."""

PrimaryPlace = IptablesPlace | NftTablePlace
"""A place that can hold every rule."""


def spoken(where: Place) -> str:
    """A place's name in a sentence."""
    match where:
        case IptablesPlace():
            return where.program(4)
        case NftTablePlace():
            return "nftables"
        case NftChainPlace():
            return f"nftables, chain {where.chain} of {where.family} {where.table}"
        case FirewalldPlace(zone=zone):
            return f"firewalld, zone {zone}"


@dataclass(frozen=True, slots=True)
class Placement:
    """All places that the rules of a host go to.

    Attributes:
        primary: Takes every rule.
        also: Take those that accept packets, since they would be dropped there otherwise.
        missing: Tables that `iptables` would make for a rule, and nothing would remove again. Their rules go
            to a table of our own instead.
    """

    primary: PrimaryPlace
    also: tuple[NftChainPlace | IptablesPlace | FirewalldPlace, ...] = ()
    missing: frozenset[MissingTable] = frozenset()

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them, in order."""
        return (self.primary, *self.also)


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule as it stands in one place."""

    place: Place
    rule: FilterRule


def place(
    rules: Iterable[FilterRule], placement: Placement, sources: tuple[Prefix, ...]
) -> tuple[PlacedRule, ...]:
    """The rules as each place holds them.

    Args:
        rules: As `rules_of` makes them.
        placement: The host's.
        sources: What can come out of the tunnel (`RuleFacts.sources`).
    """
    given = tuple(rules)
    beside = tuple(one for rule in given for one in _in_missing(rule, placement))
    others = tuple(one for rule in given for one in _without(rule, beside))
    placed = [PlacedRule(placement.primary, one) for one in _as_held(others, placement.primary, sources)]
    placed += [PlacedRule(NftTablePlace(), one) for one in beside]
    for further in placement.also:
        placed += [PlacedRule(further, one) for one in _as_held(_accepting(given), further, sources)]
    return tuple(dict.fromkeys(placed))


def place_portably(rules: Iterable[FilterRule], sources: tuple[Prefix, ...]) -> tuple[PlacedRule, ...]:
    """The rules for a host that is not known: through `iptables` where it is there, else through `nft`."""
    given = tuple(rules)
    return (
        *place(given, Placement(IptablesPlace(portable=True)), sources),
        *place(given, Placement(NftTablePlace(portable=True)), sources),
    )


def _in_missing(rule: FilterRule, placement: Placement) -> tuple[FilterRule, ...]:
    """The rule for the families whose table is missing; as it is where that is all of them."""
    each = for_each_family(rule)
    missing = tuple(one for one in each if (table_of(one), one.family) in placement.missing)
    return (rule,) if missing == each else missing


def _without(rule: FilterRule, beside: tuple[FilterRule, ...]) -> tuple[FilterRule, ...]:
    """The rule for the families for which it does not stand beside."""
    if rule in beside:
        return ()
    each = for_each_family(rule)
    return tuple(one for one in each if one not in beside) if set(each) & set(beside) else (rule,)


def _accepting(rules: Iterable[FilterRule]) -> tuple[FilterRule, ...]:
    return tuple(rule for rule in rules if rule.action is Action.ACCEPT)


def _as_held(rules: Iterable[FilterRule], where: Place, sources: tuple[Prefix, ...]) -> list[FilterRule]:
    match where:
        case IptablesPlace():
            return [
                held for rule in rules for one in for_each_family(rule) for held in by_source(one, sources)
            ]
        case NftChainPlace():
            here = (rule for rule in rules if rule.hook is where.hook)
            if where.family == "inet":
                return list(here)
            version = 4 if where.family == "ip" else 6
            return [one for rule in here for one in for_each_family(rule) if one.family.value == version]
        case FirewalldPlace():
            return firewalld.as_held(rules, where.zone)
        case NftTablePlace():
            return list(rules)
