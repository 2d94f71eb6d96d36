"""Rules of the forwarding switches, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from wgtui.domain.forwarding import (
    FirewalldPlace,
    IptablesPlace,
    NftTablePlace,
    PlacedRule,
    Purpose,
    RuleState,
    added,
    removed,
)

_RATES: Final = {
    Purpose.FORWARD_IN: 31.0,
    Purpose.FORWARD_OUT: 44.0,
    Purpose.RELAY: 17.0,
    Purpose.PORT: 96.0,
    Purpose.MSS: 0.4,
    Purpose.MASQUERADE: 0.7,
    Purpose.ISOLATE: 0.1,
}
"""Packets a second of a busy relay."""

_SIZE: Final = 620
"""Bytes of a packet, on average."""


def _still() -> float:
    return 0.0


@dataclass
class SimulatedForwardRules:
    """`ForwardRules` over a dictionary.

    Attributes:
        plain: The backend that `iptables` stands for here; empty for a host that has no `iptables`.
        now: Seconds of any clock, by which counters move; at a standstill unless given.
        rules: By interface; each with the time at which it was made.
    """

    plain: str = "nft"
    now: Callable[[], float] = _still
    rules: dict[str, dict[PlacedRule, float]] = field(default_factory=dict)

    def read(self, interface: str, also: Iterable[PlacedRule] = ()) -> tuple[RuleState, ...]:
        """All rules of the interface."""
        del also
        now = self.now()
        return tuple(self._state(one, now - since) for one, since in self.rules.get(interface, {}).items())

    def held(self, placed: Iterable[PlacedRule]) -> tuple[PlacedRule, ...]:
        """The same rules as `read` gives them."""
        named = (self._named(one) for one in placed)
        return tuple(dict.fromkeys(one for one in named if one is not None))

    def replace(self, interface: str, before: tuple[PlacedRule, ...], after: tuple[PlacedRule, ...]) -> None:
        """Take away what only `before` has, and put in force what only `after` has."""
        old, new = self.held(before), self.held(after)
        rules = self.rules.setdefault(interface, {})
        for one in removed(old, new):
            rules.pop(one, None)
        for one in added(old, new):
            rules.setdefault(one, self.now())
        if not rules:
            del self.rules[interface]

    def age(self, seconds: float) -> None:
        """Let all rules have been made earlier."""
        for rules in self.rules.values():
            for placed in rules:
                rules[placed] -= seconds

    def _named(self, placed: PlacedRule) -> PlacedRule | None:
        place = placed.place
        match place:
            case IptablesPlace(portable=True) if not self.plain:
                return None
            case NftTablePlace(portable=True) if self.plain:
                return None
            case IptablesPlace(variant=variant):
                place = IptablesPlace("" if variant == self.plain else variant)
            case NftTablePlace():
                place = NftTablePlace()
            case _:
                pass
        return PlacedRule(place, placed.rule)

    @staticmethod
    def _state(placed: PlacedRule, age: float) -> RuleState:
        if isinstance(placed.place, FirewalldPlace):
            return RuleState(placed)
        packets = int(age * _RATES[placed.rule.purpose])
        return RuleState(placed, packets, packets * _SIZE)
