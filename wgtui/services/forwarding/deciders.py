"""Who decides about a tunnel's packets beside its own rules."""

from __future__ import annotations

from collections.abc import Iterable

from wgtui.domain.forwarding import Decider as DeciderView
from wgtui.domain.ruleset import (
    Decider,
    Manager,
    Packet,
    Ruleset,
    VerdictKind,
    decide,
    decider_words,
    manager_of,
)
from wgtui.domain.text import printable

_OURS = (Manager.WGTUI, Manager.WGQUICK)


def deciders(ruleset: Ruleset, packets: Iterable[Packet]) -> tuple[DeciderView, ...]:
    """Everybody who drops, or may drop, some of these packets, without what our own rules do.

    Args:
        ruleset: Of the host.
        packets: The tunnel's, one of each kind that shall pass.
    """
    found: dict[str, DeciderView] = {}
    for packet in packets:
        decision = decide(ruleset, packet)
        named = [decision.culprit] if decision.culprit is not None else []
        if decision.passes:
            named += [doubt for doubt in decision.doubts if doubt.verdict in _DROPS]
        for decider in named:
            if manager_of(decider) in _OURS:
                continue
            view = _view(decider, drops=decider is decision.culprit)
            found.setdefault(view.text, view)
    return tuple(found.values())


_DROPS = (VerdictKind.DROP, VerdictKind.REJECT, VerdictKind.QUEUE)


def _view(decider: Decider, *, drops: bool) -> DeciderView:
    manager = manager_of(decider)
    who = manager.value if manager is not Manager.OTHER else printable(decider.chain)
    return DeciderView(who, decider_words(decider), drops)
