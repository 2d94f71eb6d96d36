"""What was read of a host's packet filter, and with which programs."""

from __future__ import annotations

from dataclasses import dataclass, field

from wgtui.domain.ruleset.model import Backend, ChainRef, Rule, Ruleset


@dataclass(frozen=True, slots=True)
class FilterPrograms:
    """The programs of a host that speak to its packet filter.

    Attributes:
        nft: What `nft -v` says, empty where there is no such program.
        iptables: What `iptables -V` says, likewise.
        variant: What the plain `iptables` speaks to, LEGACY or IPTABLES_NFT; None where there is none.
        names: Which of `nft`, `iptables`, `iptables-nft`, `iptables-legacy` and the same with `ip6tables`
            there are.
    """

    nft: str = ""
    iptables: str = ""
    variant: Backend | None = None
    names: frozenset[str] = frozenset()

    def iptables_for(self, backend: Backend, version: int = 4) -> str | None:
        """The program that speaks to the tables of a backend.

        Args:
            backend: LEGACY or IPTABLES_NFT.
            version: 4 or 6.

        Returns:
            Its name without `-save` or `-restore`; None where the host has none.
        """
        word = "iptables" if version == 4 else "ip6tables"
        exact = f"{word}-{'legacy' if backend is Backend.LEGACY else 'nft'}"
        if exact in self.names:
            return exact
        return word if self.variant is backend and word in self.names else None


@dataclass(frozen=True, slots=True)
class ReadProblem:
    """Something that could not be read.

    Attributes:
        text: One sentence: what, and why.
        hint: What to do about it; may be empty.
        is_permission: Whether it was refused for lack of privilege.
    """

    text: str
    hint: str = ""
    is_permission: bool = False


@dataclass(frozen=True, slots=True)
class RulesetReading:
    """What was read of a host's packet filter.

    Attributes:
        ruleset: All tables that could be read.
        programs: What the host has.
        in_force: The backends that hold tables, whether or not these could be read.
        problems: What could not be read; where there are any, the ruleset may not be all of it.
    """

    ruleset: Ruleset = field(default_factory=Ruleset)
    programs: FilterPrograms = field(default_factory=FilterPrograms)
    in_force: frozenset[Backend] = frozenset()
    problems: tuple[ReadProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class CountedRule:
    """A rule that counts packets, and where it stands."""

    where: ChainRef
    rule: Rule


def counted(ruleset: Ruleset) -> tuple[CountedRule, ...]:
    """The rules of a ruleset that count packets."""
    return tuple(CountedRule(where, rule) for where, rule in ruleset.rules() if rule.packets is not None)
