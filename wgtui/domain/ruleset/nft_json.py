"""What `nft -j list ruleset` prints, as tables (libnftables-json(5), nft 1.0.6 and newer)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wgtui.domain.errors import InvalidValue
from wgtui.domain.ruleset.model import Backend, BaseChain, FilterFamily, Rule, Table, VerdictKind
from wgtui.domain.ruleset.nft_items import Json, Named, as_list, as_number, as_object, as_text
from wgtui.domain.ruleset.nft_rules import read_rules
from wgtui.domain.ruleset.packet import Hook

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


def parse_nft(text: str) -> tuple[Table, ...]:
    """Read all tables that see packets of IPv4 or IPv6 between networks.

    Tables of iptables-nft are among them, with little more than the names of what their rules ask for:
    `wgtui.domain.ruleset.merge` takes those from `iptables-nft-save`. Tables of the families arp, bridge and
    netdev are left out, and so is what is not understood; a rule that asks for such may match.

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
    tables: dict[tuple[str, str], _Table] = {}
    for kind, held in _objects(objects):
        _take(kind, held, tables)
    return tuple(_finished(table) for table in tables.values())


def _objects(objects: list[Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for one in objects:
        for kind, held in as_object(one).items():
            yield kind, as_object(held)


def _take(kind: str, held: Mapping[str, Json], tables: dict[tuple[str, str], _Table]) -> None:
    family = _FAMILIES.get(as_text(held.get("family")))
    if family is None:
        return
    name = as_text(held.get("name" if kind == "table" else "table"))
    table = tables.setdefault((family.value, name), _Table(family, name))
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


def _finished(table: _Table) -> Table:
    rules = {
        chain: tuple(rule for one in given for rule in read_rules(one, table.named))
        for chain, given in table.rules.items()
    }
    named = [(as_text(chain.get("name")), chain) for chain in table.chains]
    users: dict[str, tuple[Rule, ...]] = {
        name: rules.get(name, ()) for name, chain in named if "hook" not in chain
    }
    bases = [
        _base(table, chain, rules.get(name, ()), users)
        for name, chain in named
        if as_text(chain.get("hook")) in _HOOKS and not table.is_dormant
    ]
    return Table(Backend.NFT, table.family, table.name, tuple(bases), users)


def _base(
    table: _Table, chain: Mapping[str, Json], rules: tuple[Rule, ...], users: dict[str, tuple[Rule, ...]]
) -> BaseChain:
    return BaseChain(
        Backend.NFT,
        table.family,
        table.name,
        as_text(chain.get("name")),
        _HOOKS[as_text(chain.get("hook"))],
        as_number(chain.get("prio")) or 0,
        VerdictKind.DROP if chain.get("policy") == "drop" else VerdictKind.ACCEPT,
        rules,
        as_text(chain.get("type")) or "filter",
        chains=users,
    )
