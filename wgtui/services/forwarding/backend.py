"""Which packet filter rules go to: the one that is in force on this host, not one that is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.domain.forwarding import FirewalldPlace, HiddenRules, IptablesPlace, NftChainPlace, Placement
from wgtui.domain.forwarding import Hook as RuleHook
from wgtui.domain.forwarding.places import MissingTable, NftTablePlace, PrimaryPlace
from wgtui.domain.forwarding.rules import Family
from wgtui.domain.ruleset import (
    Backend,
    BaseChain,
    FilterFamily,
    Hook,
    Manager,
    RulesetReading,
    Table,
    VerdictKind,
)
from wgtui.domain.ruleset.facts import drops_by_default, firewalld_zone, has_firewalld, ufw_backend
from wgtui.domain.ruleset.managers import manager_of_policy
from wgtui.domain.text import printable

_TRUSTED: Final = "trusted"
"""firewalld's zone that lets everything through."""

_VARIANTS: Final = {Backend.LEGACY: "legacy", Backend.IPTABLES_NFT: "nft"}
_HOOKS: Final = {Hook.INPUT: RuleHook.INPUT, Hook.FORWARD: RuleHook.FORWARD}

_FAMILIES: Final = {Family.IPV4: FilterFamily.IP, Family.IPV6: FilterFamily.IP6}
_AVOIDED: Final = ("nat", "mangle")
_BESIDE: Final = (
    "Tables that iptables does not have yet, and that nothing would remove again, are not made: what belongs "
    "there goes to a table of its own in nftables."
)

AlsoPlace = NftChainPlace | IptablesPlace | FirewalldPlace
"""A place that takes only what accepts packets."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the rules of a host go.

    Attributes:
        placement: All places.
        reasons: Why, one sentence a place.
        hidden: Rules in force that the host's plain `iptables` does not show.
        has_program: Whether the host has the program that puts rules there.
    """

    placement: Placement
    reasons: tuple[str, ...]
    hidden: tuple[HiddenRules, ...] = ()
    has_program: bool = True


def choose_places(reading: RulesetReading, uplinks: Iterable[str] = ()) -> Choice:
    """Choose where rules go.

    Args:
        reading: What is in force, and with which programs it can be changed.
        uplinks: Names of the links that the packets of WireGuard itself come in by; firewalld's zone of the
            first is the one in which the listen port is opened.
    """
    primary, reason = _primary(reading)
    also: dict[AlsoPlace, str] = {}
    if has_firewalld(reading.ruleset):
        also |= _firewalld(reading, uplinks)
    also |= _other_variant(reading, primary)
    also |= _own_chains(reading)
    missing = _missing_tables(reading, primary)
    reasons = (reason, *(_BESIDE for _ in missing[:1]), *also.values())
    return Choice(
        Placement(primary, tuple(also), frozenset(missing)),
        reasons,
        tuple(_hidden(reading)),
        has_program=isinstance(primary, IptablesPlace) or bool(reading.programs.nft),
    )


def _primary(reading: RulesetReading) -> tuple[PrimaryPlace, str]:
    ufw = ufw_backend(reading.ruleset)
    if ufw is not None and (place := _iptables(reading, ufw)) is not None:
        return place, (
            f"ufw is active: rules go to the top of the chains of {ufw.value}, before ufw's own, "
            "where a reload of ufw leaves them alone."
        )
    used = [backend for backend in _VARIANTS if _is_used(reading, backend)]
    places = {backend: place for backend in used if (place := _iptables(reading, backend)) is not None}
    if len(places) == 2:
        spoken = reading.programs.variant or Backend.IPTABLES_NFT
        return places[spoken], (
            f"Both variants of iptables have rules in force; rules go to {spoken.value}, "
            "which is the one that iptables stands for on this host."
        )
    for backend, place in places.items():
        return place, f"Rules go to {backend.value}: that is where this host has rules in force."
    if reading.programs.nft:
        return (
            NftTablePlace(),
            "Rules go to a table of their own in nftables: iptables has no rules in force here.",
        )
    if reading.programs.variant is not None:
        return IptablesPlace(), "Rules go to iptables: this host has no program nft."
    return NftTablePlace(), "Rules need the program nft or iptables, and this host has neither."


def _missing_tables(reading: RulesetReading, primary: PrimaryPlace) -> tuple[MissingTable, ...]:
    """The tables of iptables-nft that our rules would make; none where that is not to be avoided."""
    if not isinstance(primary, IptablesPlace) or not reading.programs.nft:
        return ()
    if primary.variant != "nft" and (primary.variant or reading.programs.variant is not Backend.IPTABLES_NFT):
        return ()
    there = {(table.name, table.family) for table in reading.ruleset.of(Backend.IPTABLES_NFT)}
    return tuple(
        (name, version)
        for name in _AVOIDED
        for version, family in _FAMILIES.items()
        if (name, family) not in there
    )


def _is_used(reading: RulesetReading, backend: Backend) -> bool:
    return any(not table.is_idle for table in reading.ruleset.of(backend))


def _iptables(reading: RulesetReading, backend: Backend) -> IptablesPlace | None:
    """The place behind a variant; None where the host has no program that speaks to it."""
    if reading.programs.variant is backend:
        return IptablesPlace()
    return IptablesPlace(_VARIANTS[backend]) if reading.programs.iptables_for(backend) else None


def _firewalld(reading: RulesetReading, uplinks: Iterable[str]) -> dict[AlsoPlace, str]:
    zones = (firewalld_zone(reading.ruleset, link) for link in (*uplinks, ""))
    zone = next((zone for zone in zones if zone), "public")
    found: dict[AlsoPlace, str] = {
        FirewalldPlace(_TRUSTED): (
            "firewalld is running and rejects what no zone lets: the interface joins its zone trusted."
        )
    }
    if zone != _TRUSTED:
        found[FirewalldPlace(zone)] = f"The listen port is opened in firewalld's zone {printable(zone)}."
    return found


def _other_variant(reading: RulesetReading, primary: PrimaryPlace) -> dict[AlsoPlace, str]:
    """The variant of iptables that rules do not go to, where it drops what it does not know."""
    found: dict[AlsoPlace, str] = {}
    for backend in _VARIANTS:
        place = _iptables(reading, backend)
        if place is None or place == primary:
            continue
        tables = reading.ruleset.of(backend)
        drops = next(_dropping(tables), None)
        if drops is not None:
            found[place] = (
                f"The chain {printable(drops.name)} of {backend.value} drops what no rule accepts: "
                "what shall pass is accepted there as well."
            )
    return found


def _own_chains(reading: RulesetReading) -> dict[AlsoPlace, str]:
    """Chains of an administrator's own tables that drop what they do not know."""
    found: dict[AlsoPlace, str] = {}
    for base in _dropping(reading.ruleset.tables):
        if base.backend is not Backend.NFT or manager_of_policy(base) is not Manager.OTHER:
            continue
        place = NftChainPlace(base.family.value, base.table, base.name, _HOOKS[base.hook])
        where = f"{printable(base.name)} of the table {base.family.value} {printable(base.table)}"
        found[place] = (
            f"The chain {where} drops what no rule accepts: what shall pass is accepted there as well."
        )
    return found


def _dropping(tables: Iterable[Table]) -> Iterator[BaseChain]:
    for table in tables:
        for base in table.base_chains:
            if base.hook in _HOOKS and base.kind == "filter" and drops_by_default(base):
                yield base


def _hidden(reading: RulesetReading) -> Iterator[HiddenRules]:
    shown = reading.programs.variant
    if shown is None:
        return
    for backend in _VARIANTS:
        if backend is shown:
            continue
        lines = tuple(line for table in reading.ruleset.of(backend) for line in _iptables_lines(table))
        if lines:
            yield HiddenRules(backend.value, f"{backend.value}-save", lines)
    lines = tuple(line for table in reading.ruleset.of(Backend.NFT) for line in _nft_lines(table))
    if lines:
        yield HiddenRules(Backend.NFT.value, "nft list ruleset", lines)


def _iptables_lines(table: Table) -> Iterator[str]:
    option = "" if table.name == "filter" else f"-t {table.name} "
    for base in table.base_chains:
        if base.policy is VerdictKind.DROP:
            yield f"{option}-P {base.name} DROP"
        yield from (f"{option}{rule.text}" for rule in base.rules)
    for rules in table.chains.values():
        yield from (f"{option}{rule.text}" for rule in rules)


def _nft_lines(table: Table) -> Iterator[str]:
    for base in table.base_chains:
        if manager_of_policy(base) in (Manager.WGTUI, Manager.WGQUICK, Manager.FIREWALLD):
            return
    name = f"{table.family.value} {table.name}"
    for base in table.base_chains:
        if base.policy is VerdictKind.DROP:
            yield f"{name} {base.name} policy drop"
        yield from (f"{name} {base.name} {rule.text}" for rule in base.rules)
    for chain, rules in table.chains.items():
        yield from (f"{name} {chain} {rule.text}" for rule in rules)
