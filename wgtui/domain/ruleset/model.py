"""The packet filter of a host as a whole: tables, chains and rules, whichever backend holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from wgtui.domain.ruleset.matches import Match
from wgtui.domain.ruleset.packet import Hook


class Backend(Enum):
    """Who holds rules in the kernel, and with whose program they are read."""

    LEGACY = "iptables-legacy"
    """ip_tables and ip6_tables."""

    IPTABLES_NFT = "iptables-nft"
    """Tables of nf_tables that belong to `iptables-nft` and speak its language."""

    NFT = "nft"
    """All other tables of nf_tables."""


class FilterFamily(Enum):
    """Which packets a table sees; the words of nft."""

    IP = "ip"
    IP6 = "ip6"
    INET = "inet"

    def sees(self, version: int) -> bool:
        """Whether packets of this family (4 or 6) pass through the table."""
        return self is FilterFamily.INET or (version == 4) == (self is FilterFamily.IP)


class VerdictKind(Enum):
    """What becomes of a packet that meets a rule."""

    CONTINUE = "continue"
    """The next rule is looked at."""

    ACCEPT = "accept"
    """The base chain lets it; later base chains still see it."""

    DROP = "drop"
    """It is gone, silently."""

    REJECT = "reject"
    """It is gone, and its sender is told."""

    RETURN = "return"
    """Back to the calling chain; in a base chain its policy decides."""

    JUMP = "jump"
    """The rules of another chain, then the next rule."""

    GOTO = "goto"
    """The rules of another chain, and then no more of this one."""

    MASQUERADE = "masquerade"
    """It gets the address of the link it leaves by."""

    SNAT = "snat"
    """It gets a source address."""

    DNAT = "dnat"
    """It gets another destination."""

    REDIRECT = "redirect"
    """It goes to this host itself."""

    QUEUE = "queue"
    """A program of the host decides."""

    UNKNOWN = "unknown"
    """The rule does something that is not understood."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a packet that meets a rule.

    Attributes:
        kind: Of the verdict.
        target: The chain to jump to; the address, port or range of a NAT; what is not understood.
    """

    kind: VerdictKind = VerdictKind.CONTINUE
    target: str = ""


class EffectKind(Enum):
    """What a rule does to a packet on its way to the verdict, or beside it."""

    LOG = "log"
    MARK = "mark"
    MSS = "mss"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that a rule does and that does not end a packet's way.

    Attributes:
        kind: Of the effect.
        text: As the ruleset has it.
        value: For MARK: what the masked bits become, None where that cannot be told, as from a connection.
        mask: For MARK: the bits that change.
    """

    kind: EffectKind
    text: str = ""
    value: int | None = None
    mask: int = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        text: In one line, in the language of its own program; untrusted.
        matches: All have to be met.
        effects: What it does beside its verdict.
        verdict: What becomes of the packet.
        comment: Its comment, or empty; untrusted.
        packets: Packets that met it, None where it does not count.
        bytes: Likewise.
        handle: Its number in an nft table; None in the language of iptables.
    """

    text: str
    matches: tuple[Match, ...] = ()
    effects: tuple[Effect, ...] = ()
    verdict: Verdict = Verdict()
    comment: str = ""
    packets: int | None = None
    bytes: int | None = None
    handle: int | None = None


@dataclass(frozen=True, slots=True)
class ChainRef:
    """The name of a chain, in full.

    Attributes:
        backend: Who holds them.
        family: Which packets the table sees.
        table: Its name.
        chain: Its own name.
    """

    backend: Backend
    family: FilterFamily
    table: str
    chain: str


Chains = Mapping[str, tuple[Rule, ...]]
"""The rules of chains, by name."""


@dataclass(frozen=True, slots=True)
class BaseChain:
    """A chain that the kernel itself sends packets through.

    Attributes:
        backend: Who holds it.
        family: Which packets its table sees.
        table: Name of its table.
        name: Its own name.
        hook: Where packets meet it.
        priority: Chains of a hook are passed from the lowest to the highest.
        policy: What becomes of packets that no rule decides: ACCEPT or DROP.
        rules: In order.
        kind: `filter`, `nat` (sees only the first packet of a connection) or `route`.
        packets: Packets that met the policy, None where that is not counted.
        bytes: Likewise.
        chains: The other chains of its table, to jump to.
    """

    backend: Backend
    family: FilterFamily
    table: str
    name: str
    hook: Hook
    priority: int
    policy: VerdictKind = VerdictKind.ACCEPT
    rules: tuple[Rule, ...] = ()
    kind: str = "filter"
    packets: int | None = None
    bytes: int | None = None
    chains: Chains = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        backend: Who holds it.
        family: Which packets it sees.
        name: Its name.
        base_chains: Those that packets are sent through.
        chains: The others.
    """

    backend: Backend
    family: FilterFamily
    name: str
    base_chains: tuple[BaseChain, ...] = ()
    chains: Chains = field(default_factory=dict)

    def rules_of(self, chain: str) -> tuple[Rule, ...] | None:
        """The rules of a chain of either kind, None where there is no such chain."""
        for base in self.base_chains:
            if base.name == chain:
                return base.rules
        return self.chains.get(chain)

    @property
    def is_idle(self) -> bool:
        """Whether it changes nothing about any packet: no rule, no chain of its own, no policy but ACCEPT."""
        return not self.chains and all(
            not base.rules and base.policy is VerdictKind.ACCEPT for base in self.base_chains
        )


@dataclass(frozen=True, slots=True)
class Ruleset:
    """All tables of a host, of all backends."""

    tables: tuple[Table, ...] = ()

    def base_chains(self, hook: Hook, version: int) -> tuple[BaseChain, ...]:
        """The chains that a packet of this family (4 or 6) passes at a hook, in order.

        Of chains with the same priority, the one that was made later comes first (Linux
        `net/netfilter/core.c`: `nf_hook_entries_grow`); who was first, nft or iptables-legacy, cannot be
        read, and legacy is taken to be.
        """
        found = [
            base
            for table in reversed(self.tables)
            if table.family.sees(version)
            for base in reversed(table.base_chains)
            if base.hook is hook
        ]
        return tuple(sorted(found, key=lambda base: base.priority))

    def rules(self) -> Iterator[tuple[ChainRef, Rule]]:
        """Every rule there is, with where it stands."""
        for table in self.tables:
            for base in table.base_chains:
                where = ChainRef(table.backend, table.family, table.name, base.name)
                yield from ((where, rule) for rule in base.rules)
            for name, rules in table.chains.items():
                where = ChainRef(table.backend, table.family, table.name, name)
                yield from ((where, rule) for rule in rules)

    def of(self, backend: Backend) -> tuple[Table, ...]:
        """The tables that a backend holds."""
        return tuple(table for table in self.tables if table.backend is backend)

    def table(self, backend: Backend, family: FilterFamily, name: str) -> Table | None:
        """A table, None where there is none."""
        for table in self.tables:
            if (table.backend, table.family, table.name) == (backend, family, name):
                return table
        return None
