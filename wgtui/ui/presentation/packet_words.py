"""The sentences that say who gets a packet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wgtui.domain.cryptokey import Delivery, Fate, Outcome, Owner
from wgtui.domain.text import printable
from wgtui.services.ownership_map import Answer
from wgtui.ui.presentation.allowed_ips import owner_name, route_text
from wgtui.ui.presentation.allowed_ips_words import Names, route_phrase
from wgtui.ui.presentation.cells import Tone
from wgtui.ui.presentation.devices import device_name
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.prose import Sentence

QUESTION: Final = "Who gets this packet?"
"""The label of the line in which an address is typed."""


def not_an_address(text: str, glyphs: Glyphs) -> list[Sentence]:
    """What was typed cannot be asked for."""
    shown = glyphs.text(printable(text, 40))
    return [Sentence(f'"{shown}" is no address: type one such as 5.5.5.3 or fd00::3.', Tone.WARN)]


def link_local_sentences(text: str) -> list[Sentence]:
    """An address that means another host on every link."""
    return [Sentence(f"{text} is link-local: each link has its own, so no route can tell.", Tone.WARN)]


def answer_sentences(answer: Answer, glyphs: Glyphs) -> list[Sentence]:
    """Who gets the packet, then how that comes about."""
    delivery, names = answer.delivery, answer.names
    good = delivery.outcome in (Outcome.PEER, Outcome.HERE)
    first = Sentence(glyphs.text(_verdict(delivery, names)), Tone.STRONG if good else Tone.BAD)
    rest = [Sentence(glyphs.text(text)) for text in _ways(delivery, names)]
    doubts = [Sentence(glyphs.text(text), Tone.WARN) for text in _doubts(answer)]
    return [first, *doubts, *rest]


def _verdict(delivery: Delivery, names: Names) -> str:
    address, device = delivery.address, device_name(delivery.device)
    if delivery.owner is not None:
        return f"{owner_name(names, delivery.owner)} gets it, on {device}."
    return {
        Outcome.PEER: "",
        Outcome.NO_OWNER: (
            f"Nobody gets it: it is led into {device}, but no peer owns {address} there, and WireGuard"
            ' answers "Required key not available".'
        ),
        Outcome.NOT_A_TUNNEL: (
            f"No peer gets it: it is led to {device or 'several links'}, which is no WireGuard interface."
        ),
        Outcome.HERE: f"This host itself gets it: {address} is its own address.",
        Outcome.NO_ROUTE: f"Nobody gets it: no route of this host leads to {address}.",
        Outcome.REFUSED: f"Nobody gets it: the kernel refuses to send to {address}.",
    }[delivery.outcome]


def _ways(delivery: Delivery, names: Names) -> Iterator[str]:
    """The steps: the route, the prefix that matched, what else would have."""
    decision = delivery.computed
    if decision is not None and decision.route is not None and delivery.agree:
        if decision.fate is Fate.REFUSED:
            yield f"The route that refuses it: {route_text(decision)}."
        elif decision.fate is Fate.LINK:
            gateway = delivery.kernel.gateway if delivery.kernel is not None else None
            by = f" with the gateway {gateway}" if gateway is not None else ""
            yield f"The kernel takes {route_phrase(decision)}{by}."
    owner = delivery.owner
    if owner is not None:
        yield f"The longest allowed IP of {device_name(owner.device)} that holds it is {owner.prefix}."
    for other in delivery.runners_up[:1]:
        yield f"{owner_name(names, other)}'s {other.prefix} holds it too, and is shorter."
    for other in delivery.elsewhere[:2]:
        yield _elsewhere(other, names)


def _elsewhere(other: Owner, names: Names) -> str:
    device = device_name(other.device)
    return f"{owner_name(names, other)} owns {other.prefix} on {device}, where it is not led."


def _doubts(answer: Answer) -> Iterator[str]:
    delivery = answer.delivery
    if answer.problem is not None:
        why = printable(answer.problem.text, 200)
        yield f"The kernel did not say, so this is worked out from its rules and routes. {why}"
    elif not delivery.agree and delivery.computed is not None:
        yield (
            "This is the kernel's own answer. By its rules and routes as wgtui reads them the way would be:"
            f" {route_text(delivery.computed)}."
        )
