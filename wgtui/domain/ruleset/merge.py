"""The tables of nf_tables, read with two programs, as one list.

nft lists the tables of iptables-nft as well, but tells little of their rules. iptables-nft-save tells all of
those, but prints base chains that are not in the kernel, and nothing of chains that others hooked into such a
table. So a chain is in force where nft lists it, and says what iptables says where iptables knows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wgtui.domain.ruleset.model import Backend, BaseChain, Rule, Table


def merge(listed: Sequence[Table], saved: Sequence[Table]) -> tuple[Table, ...]:
    """Put together what both programs say.

    Args:
        listed: Tables as nft lists them, in its order.
        saved: Tables as iptables-nft-save and ip6tables-nft-save print them.
    """
    found = {(table.family, table.name): table for table in saved}
    merged = []
    for table in listed:
        own = found.pop((table.family, table.name), None)
        merged.append(table if own is None else _merged(table, own))
    return tuple(merged)


def _merged(listed: Table, saved: Table) -> Table:
    users = {name: _rules(rules, saved.chains.get(name)) for name, rules in listed.chains.items()}
    known = {base.name: base for base in saved.base_chains}
    bases = tuple(_base(base, known.get(base.name), users) for base in listed.base_chains)
    # A table that iptables-nft could have made, but in which nothing is iptables', is somebody else's.
    is_iptables = any(base.backend is Backend.IPTABLES_NFT for base in bases) or (
        not bases and bool(saved.chains)
    )
    return Table(
        Backend.IPTABLES_NFT if is_iptables else Backend.NFT, listed.family, listed.name, bases, users
    )


def _base(listed: BaseChain, saved: BaseChain | None, users: dict[str, tuple[Rule, ...]]) -> BaseChain:
    if saved is None or saved.hook is not listed.hook:
        return replace(listed, chains=users)
    return replace(
        listed,
        backend=Backend.IPTABLES_NFT,
        rules=_rules(listed.rules, saved.rules),
        packets=saved.packets,
        bytes=saved.bytes,
        chains=users,
    )


def _rules(listed: tuple[Rule, ...], saved: tuple[Rule, ...] | None) -> tuple[Rule, ...]:
    """What iptables says of a chain, unless it does not know all rules, as those that nft put there."""
    if saved is None or len(saved) != len(listed):
        return listed
    return tuple(replace(rule, handle=same.handle) for rule, same in zip(saved, listed, strict=True))
