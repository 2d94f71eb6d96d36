"""Answers as far as they were given: what a wizard saves, and what a file of answers holds."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from wgtui.domain.addresses import Prefix
from wgtui.domain.editing.intents import NO_ENDPOINT, NO_PRESHARED_KEY
from wgtui.domain.errors import AnswersRefused
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.setup.answers import (
    Answers,
    ForwardingAnswers,
    NetworkAnswers,
    PeerAnswers,
    Role,
    Scenario,
)


@dataclass(frozen=True, slots=True)
class DraftNetwork:
    """`NetworkAnswers`, with None for what was not answered."""

    name: str | None = None
    addresses: tuple[InterfaceAddress, ...] | None = None
    listen_port: int | None = None
    endpoint: EndpointConfig | None = None
    lans: tuple[Prefix, ...] | None = None
    peer_dns: tuple[str, ...] | None = None
    peer_mtu: int | None = None
    mtu: int | None = None


@dataclass(frozen=True, slots=True)
class DraftForwarding:
    """`ForwardingAnswers`, with None for what was not answered."""

    ipv4: bool | None = None
    ipv6: bool | None = None
    relay: bool | None = None
    isolate: bool | None = None
    forward: bool | None = None
    masquerade: str | None = None
    open_port: bool | None = None
    mss_clamp: bool | None = None


@dataclass(frozen=True, slots=True)
class DraftPeer:
    """`PeerAnswers`, with None for what was not answered."""

    name: str | None = None
    role: Role | None = None
    addresses: tuple[InterfaceAddress, ...] | None = None
    lans: tuple[Prefix, ...] | None = None
    lan_interface: str | None = None
    public_key: PublicKey | None = None
    preshared_key: PresharedKey | None = None
    preshared: bool | None = None
    reaches: tuple[Prefix, ...] | None = None
    keepalive: int | None = None
    behind_nat: bool | None = None
    endpoint: EndpointConfig | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """`Answers`, with None for what was not answered. `NO_ENDPOINT` and the zero preshared key answer "none".

    Attributes:
        scenario: As there.
        interface: As there.
        forwarding: As there.
        peers: As there.
        boot: As there.
        start: As there.
        page: The page of the wizard that was open; empty outside of it.
    """

    scenario: Scenario | None = None
    interface: DraftNetwork = DraftNetwork()
    forwarding: DraftForwarding = DraftForwarding()
    peers: tuple[DraftPeer, ...] = ()
    boot: bool | None = None
    start: bool | None = None
    page: str = ""


_Part = TypeVar("_Part", DraftNetwork, DraftForwarding)


def draft_of(answers: Answers) -> Draft:
    """Complete answers as a draft; `complete` gives them back."""
    return Draft(
        answers.scenario,
        DraftNetwork(**_values(answers.interface)),
        DraftForwarding(**_values(answers.forwarding)),
        tuple(DraftPeer(**_values(peer)) for peer in answers.peers),
        answers.boot,
        answers.start,
    )


def filled(draft: Draft, proposal: Draft) -> Draft:
    """A draft with a proposal's values where it has none. Peers are nobody's to propose."""
    return replace(
        draft,
        scenario=draft.scenario if draft.scenario is not None else proposal.scenario,
        interface=_filled(draft.interface, proposal.interface),
        forwarding=_filled(draft.forwarding, proposal.forwarding),
        boot=draft.boot if draft.boot is not None else proposal.boot,
        start=draft.start if draft.start is not None else proposal.start,
    )


def complete(draft: Draft) -> Answers:
    """The answers, with the usual ones for what was not answered.

    Raises:
        AnswersRefused: One is missing that has no usual value; the text names it.
    """
    if draft.scenario is None:
        raise _missing("scenario", f"Say what this host is to be, one of: {', '.join(Scenario)}.")
    interface = _given(draft.interface)
    if not interface.get("name"):
        raise _missing("interface.name", "Name the interface, such as wg0.")
    if not interface.get("addresses"):
        raise _missing("interface.addresses", 'Give it an address of the tunnel, such as "10.66.0.1/24".')
    peers = [_given(peer) for peer in draft.peers]
    for number, peer in enumerate(peers, 1):
        if not peer.get("name"):
            raise _missing(f"peers[{number}].name", "Name every peer.")
    return Answers(
        draft.scenario,
        NetworkAnswers(**interface),
        ForwardingAnswers(**_given(draft.forwarding)),
        tuple(PeerAnswers(**peer) for peer in peers),
        draft.boot is not False,
        draft.start is not False,
    )


def _missing(key: str, hint: str) -> AnswersRefused:
    return AnswersRefused(f"The answers have no {key}.", hint=hint)


def _values(part: NetworkAnswers | ForwardingAnswers | PeerAnswers) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in fields(part)}


def _given(part: DraftNetwork | DraftForwarding | DraftPeer) -> dict[str, Any]:
    """What was answered. Where the answer was "none" to what is None by itself, it is left out."""
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {
        name: value for name, value in values.items() if value not in (None, NO_ENDPOINT, NO_PRESHARED_KEY)
    }


def _filled(draft: _Part, proposal: _Part) -> _Part:
    values = {field.name: getattr(draft, field.name) for field in fields(draft)}
    return replace(proposal, **{name: value for name, value in values.items() if value is not None})
