"""All packet filters of a host together; implements `wgtui.ports.forward_rules.ForwardRules`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from wgtui.adapters.forward_rules import legacy, restore
from wgtui.adapters.forward_rules.backends import LEGACY, VERSIONS, Backend, backends, plain_variant
from wgtui.adapters.forward_rules.firewalld import FirewalldRules
from wgtui.adapters.forward_rules.nft import NftRules
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.forwarding import (
    FirewalldPlace,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    PlacedRule,
    RuleState,
    added,
    removed,
)
from wgtui.domain.forwarding.nftables import is_table_name


def _no_port(interface: str) -> int:
    del interface
    return 0


class HostForwardRules:
    """Rules in `iptables` of both backends, in nftables and in firewalld.

    Args:
        netns: Network namespace to work in, None for this process's own.
        listen_port: Tells the listen port of an interface, 0 where it has none.
        firewalld: Whether firewalld is of that namespace; None to say so of this process's own.
        variables: More of the environment of `firewall-cmd`.
    """

    def __init__(
        self,
        netns: str | None = None,
        *,
        listen_port: Callable[[str], int] = _no_port,
        firewalld: bool | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._netns = netns
        self._listen_port = listen_port
        self._nft = NftRules(netns)
        self._firewalld = FirewalldRules(netns is None if firewalld is None else firewalld, variables)

    def read(self, interface: str, also: Iterable[PlacedRule] = ()) -> tuple[RuleState, ...]:
        """All rules of the interface; see the port."""
        ports = {rule.rule.udp_port or 0 for rule in also} | {self._listen_port(interface)}
        return (
            *self._read_iptables(interface),
            *self._nft.read(interface),
            *self._firewalld.read(interface, ports - {0}),
        )

    def held(self, placed: Iterable[PlacedRule]) -> tuple[PlacedRule, ...]:
        """The same rules as `read` gives them; see the port."""
        versions = frozenset(version for version in VERSIONS if restore.has_version(version, self._netns))
        return tuple(dict.fromkeys(_held(placed, plain_variant(), versions)))

    def replace(self, interface: str, before: tuple[PlacedRule, ...], after: tuple[PlacedRule, ...]) -> None:
        """Put the difference in force; see the port."""
        old, new = self.held(before), self.held(after)
        going, coming = removed(old, new), added(old, new)
        _require_speakable(interface, coming)
        self._change_iptables(interface, going, coming)
        in_nft = (NftTablePlace, NftChainPlace)
        nft_going = frozenset(one for one in going if isinstance(one.place, in_nft))
        nft_coming = tuple(one for one in coming if isinstance(one.place, in_nft))
        if nft_going or nft_coming:
            self._nft.change(interface, nft_going, nft_coming)
        in_zones = [one for one in (*going, *coming) if isinstance(one.place, FirewalldPlace)]
        if in_zones:
            there = {state.placed for state in self.read(interface, in_zones)}
            self._firewalld.change(going, [one for one in coming if one not in there])

    def _read_iptables(self, interface: str) -> Iterator[RuleState]:
        for backend in backends():
            for version in VERSIONS:
                yield from restore.states(backend, restore.read(backend, version, interface, self._netns))

    def _change_iptables(
        self, interface: str, going: tuple[PlacedRule, ...], coming: tuple[PlacedRule, ...]
    ) -> None:
        places = {one.place for one in (*going, *coming) if isinstance(one.place, IptablesPlace)}
        if not places:
            return
        by_place: dict[IptablesPlace, Backend] = {backend.place: backend for backend in backends()}
        for place in sorted(places, key=lambda one: one.variant):
            backend = by_place.get(place)
            if backend is None:
                raise HostCommandFailed(f"There is no program {place.program(4)} on this host.")
            for version in VERSIONS:
                out, new = (
                    tuple(one.rule for one in some if one.place == place and one.rule.family.value == version)
                    for some in (going, coming)
                )
                if out or new:
                    change = legacy.change if backend.variant == LEGACY else restore.change
                    change(backend, version, interface, frozenset(out), new, self._netns)


def _require_speakable(interface: str, coming: Iterable[PlacedRule]) -> None:
    """Refuse names of interfaces that mean something else to a packet filter, or that it cannot be told."""
    for one in coming:
        links = [link.name for link in (one.rule.incoming, one.rule.outgoing) if link is not None]
        wild = next((name for name in links if name.endswith("+")), None)
        if isinstance(one.place, IptablesPlace) and wild is not None:
            raise HostCommandFailed(
                f"No rule can be about {wild} alone: to iptables the + stands for any end of a name.",
                hint="Give the interface a name without a + at its end.",
            )
        if isinstance(one.place, NftTablePlace) and not is_table_name(interface):
            raise HostCommandFailed(
                f"nft takes no table by the name of {interface}.",
                hint="Give the interface a name without = and +.",
            )


def _held(placed: Iterable[PlacedRule], plain: str, versions: frozenset[int]) -> Iterator[PlacedRule]:
    for one in placed:
        match one.place:
            case IptablesPlace(variant=variant, portable=portable):
                if (plain or not portable) and one.rule.family.value in versions:
                    named = "" if variant == plain else variant
                    yield PlacedRule(IptablesPlace(named), one.rule)
            case NftTablePlace(portable=portable):
                if not (plain and portable):
                    yield PlacedRule(NftTablePlace(), one.rule)
            case FirewalldPlace() | NftChainPlace():
                yield one
