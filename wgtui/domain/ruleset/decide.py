"""What a host does with a packet at a hook: all of its base chains have to let it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wgtui.domain.ruleset.model import BaseChain, Ruleset, VerdictKind
from wgtui.domain.ruleset.packet import ConnectionState, Packet
from wgtui.domain.ruleset.walk import NAT_KINDS, ChainDecision, Decider, Outcome, walk


@dataclass(frozen=True, slots=True)
class Decision:
    """What a host does with a packet at a hook.

    Attributes:
        outcome: DROPPED by the first chain that drops it; ACCEPTED where a rule of some chain let it and none
            dropped it; PASSED where no rule said anything.
        chains: What each base chain said, in order; the last one is the one that drops it, if one does.
        packet: The packet as it leaves the hook, with its mark.
    """

    outcome: Outcome
    chains: tuple[ChainDecision, ...]
    packet: Packet

    @property
    def passes(self) -> bool:
        """Whether the packet gets through, as far as is known."""
        return self.outcome is not Outcome.DROPPED

    @property
    def is_certain(self) -> bool:
        """Whether it cannot be otherwise."""
        if self.passes:
            return all(chain.is_certain for chain in self.chains)
        # A chain before that may drop it as well takes nothing from the certainty that it is dropped.
        return self.chains[-1].is_certain

    @property
    def culprit(self) -> Decider | None:
        """The rule or policy that drops the packet, None where it gets through."""
        return None if self.passes else self.chains[-1].by

    @property
    def doubts(self) -> tuple[Decider, ...]:
        """What may decide otherwise: what may drop a packet that gets through, or let one that does not."""
        return tuple(doubt for chain in self._in_doubt() for doubt in chain.doubts)

    def _in_doubt(self) -> tuple[ChainDecision, ...]:
        return self.chains if self.passes else self.chains[-1:]


def decide(ruleset: Ruleset, packet: Packet) -> Decision:
    """Send a packet through all base chains of its hook.

    Args:
        ruleset: Of the host.
        packet: As it comes to the hook.
    """
    chains = []
    outcome = Outcome.PASSED
    for base in _chains_for(ruleset, packet):
        decision = walk(base, packet)
        chains.append(decision)
        packet = decision.packet
        if decision.outcome is Outcome.DROPPED:
            return Decision(Outcome.DROPPED, tuple(chains), packet)
        if decision.outcome is Outcome.ACCEPTED:
            outcome = Outcome.ACCEPTED
    return Decision(outcome, tuple(chains), packet)


@dataclass(frozen=True, slots=True)
class Translation:
    """What becomes of a packet's source or destination.

    Attributes:
        by: The rule that rewrites it, None where none does.
        doubts: Rules that may rewrite it otherwise.
    """

    by: Decider | None
    doubts: tuple[Decider, ...]

    @property
    def is_certain(self) -> bool:
        """Whether it cannot be otherwise."""
        return not self.doubts

    @property
    def hides_source(self) -> bool:
        """Whether the packet gets a source address of this host."""
        return self.by is not None and self.by.verdict in (VerdictKind.MASQUERADE, VerdictKind.SNAT)


def masquerades(ruleset: Ruleset, packet: Packet) -> Translation:
    """What the NAT chains do with the first packet of a connection; ask at POSTROUTING for its source.

    Every NAT chain of the hook is asked in turn until one rewrites the packet (Linux
    `net/netfilter/nf_nat_core.c`: `nf_nat_inet_fn`): an accept of an earlier one does not hold off a later.

    Args:
        ruleset: Of the host.
        packet: As it comes to the hook.
    """
    doubts: list[Decider] = []
    for base in ruleset.base_chains(packet.hook, packet.version):
        if base.kind != "nat":
            packet = walk(base, packet).packet
            continue
        decision = walk(base, packet)
        packet = decision.packet
        doubts += decision.doubts
        if decision.by.verdict in NAT_KINDS:
            return Translation(decision.by, tuple(doubts))
    return Translation(None, tuple(doubts))


def _chains_for(ruleset: Ruleset, packet: Packet) -> Iterator[BaseChain]:
    for base in ruleset.base_chains(packet.hook, packet.version):
        # Connection tracking sends only the first packet of a connection to chains of NAT.
        if base.kind != "nat" or packet.ct_state in (ConnectionState.NEW, ConnectionState.RELATED, None):
            yield base
