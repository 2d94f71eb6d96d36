"""What `nft -j list ruleset` prints, as tables (libnftables-json(5), nft 1.0.6 and newer)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from wgtui.domain.errors import InvalidValue
from wgtui.domain.ruleset.model import Backend, BaseChain, FilterFamily, Rule, Table, VerdictKind
from wgtui.domain.ruleset.nft_items import Json, Named, as_list, as_number, as_object, as_text
from wgtui.domain.ruleset.nft_rules import read_rules
from wgtui.domain.ruleset.packet import Hook

IPTABLES_TABLES: Final = ("filter", "nat", "mangle", "raw", "security")
"""The tables that iptables-nft makes, in the families ip and ip6."""

_HOOKS = {hook.value: hook for hook in Hook}
_FAMILIES = {family.value: family for family in FilterFamily}


@dataclass
class _Table:
    """A table while it is read."""

    family: FilterFamily
    name: str
    is_dormant: bool = False
    named: Named = field(default_factory=Named)
    chains: list[Mapping[str, Json]] = field(default_factory=list)
    rules: dict[str, list[Mapping[str, Json]]] = field(default_factory=dict)


class NftListing:
    """What nft lists, to be put together with what iptables-nft-save prints of the same tables.

    nft lists the tables of iptables-nft as well, but tells little of their rules. iptables-nft-save tells all
    of those, but prints base chains that are not in the kernel, and nothing of chains that others hooked into
    such a table. So a chain is in force where nft lists it, and holds what iptables says where iptables knows
    all of its rules.

    Args:
        tables: As read, by family and name.
    """

    def __init__(self, tables: Mapping[tuple[FilterFamily, str], _Table]) -> None:
        self._tables = tables

    def may_be_iptables(self, family: FilterFamily) -> bool:
        """Whether there is a table that iptables-nft may have made."""
        return any((family, name) in self._tables for name in IPTABLES_TABLES)

    def tables(self, saved: Iterable[Table] = ()) -> tuple[Table, ...]:
        """All tables, in nft's order.

        Args:
            saved: The tables that iptables-nft-save and ip6tables-nft-save print.
        """
        known = {(table.family, table.name): table for table in saved}
        return tuple(_finished(table, known.get(key)) for key, table in self._tables.items())


def parse_nft(text: str) -> tuple[Table, ...]:
    """Read all tables, without what iptables-nft-save tells of some of them; see `read_listing`."""
    return read_listing(text).tables()


def read_listing(text: str) -> NftListing:
    """Read what there is, for IPv4 and IPv6.

    Tables of the families arp, bridge and netdev are left out, and so is what is not understood; a rule that
    asks for such may match.

    Args:
        text: As printed.

    Raises:
        InvalidValue: It is not what `nft -j` prints.
    """
    try:
        given: Json = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidValue("What nft printed is not JSON.") from None
    objects = as_object(given).get("nftables")
    if not isinstance(objects, list):
        raise InvalidValue("What nft printed is no list of its objects.")
    tables: dict[tuple[FilterFamily, str], _Table] = {}
    for kind, held in _objects(objects):
        _take(kind, held, tables)
    return NftListing(tables)


def _objects(objects: list[Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for one in objects:
        for kind, held in as_object(one).items():
            yield kind, as_object(held)


def _take(kind: str, held: Mapping[str, Json], tables: dict[tuple[FilterFamily, str], _Table]) -> None:
    family = _FAMILIES.get(as_text(held.get("family")))
    if family is None:
        return
    name = as_text(held.get("name" if kind == "table" else "table"))
    table = tables.setdefault((family, name), _Table(family, name))
    own = as_text(held.get("name"))
    if kind == "table":
        flags = held.get("flags")
        table.is_dormant = flags == "dormant" or "dormant" in as_list(flags)
    elif kind == "chain":
        table.chains.append(held)
        table.named.chains.add(own)
    elif kind == "rule":
        table.rules.setdefault(as_text(held.get("chain")), []).append(held)
    elif kind == "set":
        table.named.sets[own] = as_list(held.get("elem"))
    elif kind == "map":
        table.named.maps[own] = as_list(held.get("elem"))
    elif kind == "counter":
        counted = as_number(held.get("packets")), as_number(held.get("bytes"))
        table.named.counters[own] = (counted[0] or 0, counted[1] or 0)


def _finished(table: _Table, saved: Table | None) -> Table:
    named = [(as_text(chain.get("name")), chain) for chain in table.chains]
    users = {name: _rules(table, name, saved) for name, chain in named if "hook" not in chain}
    known = {base.name: base for base in saved.base_chains} if saved is not None else {}
    bases = [
        _base(table, chain, _rules(table, name, saved), users, known.get(name))
        for name, chain in named
        if as_text(chain.get("hook")) in _HOOKS and not table.is_dormant
    ]
    # A table that iptables-nft could have made, but in which nothing is iptables', is somebody else's.
    is_iptables = any(base.backend is Backend.IPTABLES_NFT for base in bases) or (
        saved is not None and not bases and bool(saved.chains)
    )
    backend = Backend.IPTABLES_NFT if is_iptables else Backend.NFT
    return Table(backend, table.family, table.name, tuple(bases), users)


def _rules(table: _Table, chain: str, saved: Table | None) -> tuple[Rule, ...]:
    listed = table.rules.get(chain, [])
    known = saved.rules_of(chain) if saved is not None else None
    # Where the numbers differ there are rules that iptables cannot tell, as those that nft put there.
    if known is not None and len(known) == len(listed):
        return known
    return tuple(rule for one in listed for rule in read_rules(one, table.named))


def _base(
    table: _Table,
    chain: Mapping[str, Json],
    rules: tuple[Rule, ...],
    users: dict[str, tuple[Rule, ...]],
    saved: BaseChain | None,
) -> BaseChain:
    hook = _HOOKS[as_text(chain.get("hook"))]
    is_iptables = saved is not None and saved.hook is hook
    return BaseChain(
        Backend.IPTABLES_NFT if is_iptables else Backend.NFT,
        table.family,
        table.name,
        as_text(chain.get("name")),
        hook,
        as_number(chain.get("prio")) or 0,
        VerdictKind.DROP if chain.get("policy") == "drop" else VerdictKind.ACCEPT,
        rules,
        as_text(chain.get("type")) or "filter",
        saved.packets if saved is not None and is_iptables else None,
        saved.bytes if saved is not None and is_iptables else None,
        users,
    )
