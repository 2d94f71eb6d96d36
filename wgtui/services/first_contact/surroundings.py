"""What of the host bears upon a first handshake: its address, and its packet filter."""

from __future__ import annotations

from dataclasses import replace

from wgtui.domain.addresses import Address
from wgtui.domain.errors import WgtuiError
from wgtui.domain.first_contact import Admission
from wgtui.domain.reach import Reach, best_first, reach_of
from wgtui.domain.ruleset.decide import decide
from wgtui.domain.ruleset.managers import Manager, manager_of
from wgtui.domain.ruleset.model import Backend
from wgtui.domain.ruleset.packet import UDP, Hook, Packet
from wgtui.domain.ruleset.walk import Decider
from wgtui.domain.ruleset.words import decider_words
from wgtui.ports.forward_rules import ForwardRules
from wgtui.ports.network import Network
from wgtui.ports.packet_filter import PacketFilterReader
from wgtui.services.ways_out import ways_out


class Surroundings:
    """Asks the host. Made, used and closed in one thread."""

    def __init__(
        self, network: Network, packet_filter: PacketFilterReader, forward_rules: ForwardRules
    ) -> None:
        """Ask through these; the first is closed with this."""
        self._network = network
        self._packet_filter = packet_filter
        self._forward_rules = forward_rules

    def reach(self) -> Reach | None:
        """From where the address can be called with which this host goes to the internet."""
        sources = self.uplinks()
        return reach_of(best_first(sources)[0]) if sources else None

    def uplinks(self) -> tuple[Address, ...]:
        """The addresses with which this host goes to the internet, at most one a family."""
        return tuple(route.source for route in ways_out(self._network) if route.source is not None)

    def admit(self, source: Address, port: int) -> Admission | None:
        """What the packet filter does with a packet to a UDP port; None where that is not certain."""
        reading = self._packet_filter.read()
        at_first = Packet(
            Hook.PREROUTING, source, None, source.version, in_link=None, protocol=UDP, destination_port=port
        )
        for packet in (at_first, replace(at_first, hook=Hook.INPUT)):
            decision = decide(reading.ruleset, packet)
            if not decision.is_certain:
                return None
            if decision.culprit is not None:
                return Admission(False, decider_words(decision.culprit), _yields(decision.culprit))
        return None if reading.problems else Admission(True)

    def let_in(self, interface: str, port: int) -> int | None:
        """Packets to a UDP port that the rule which opens it has met; None where no such rule counts."""
        try:
            states = self._forward_rules.read(interface)
        except WgtuiError:
            return None
        met = [
            state.packets
            for state in states
            if state.placed.rule.udp_port == port and state.packets is not None
        ]
        return sum(met) if met else None

    def close(self) -> None:
        """Release sockets."""
        self._network.close()


def _yields(culprit: Decider) -> bool:
    """Whether our rule may come before that one: in the chains of iptables, and in firewalld's policies."""
    return culprit.base.backend is not Backend.NFT or manager_of(culprit) is Manager.FIREWALLD
