"""The words of the setup wizard: scenarios, pages, switches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from wgtui.domain.setup import Role, Scenario

RULE: Final = (
    "Here, allowed IPs are what belongs to a peer; in the peer's own file, they are all that it wants to"
    " reach."
)
"""What every peer's fields follow from."""


class Step(Enum):
    """The pages, in order; the value is what a draft calls them."""

    PREFLIGHT = "preflight"
    SCENARIO = "scenario"
    NETWORK = "network"
    FORWARDING = "forwarding"
    PEERS = "peers"
    REVIEW = "review"
    ADOPT = "adopt"


TITLES: Final = {
    Step.PREFLIGHT: "Is this host ready?",
    Step.SCENARIO: "What is this host to be?",
    Step.NETWORK: "This host's end of the tunnel",
    Step.FORWARDING: "Forwarding and NAT",
    Step.PEERS: "Peers",
    Step.REVIEW: "Ready to set up",
    Step.ADOPT: "What this host has",
}
"""What stands above each page."""

_USUAL: Final = (
    Step.PREFLIGHT,
    Step.SCENARIO,
    Step.NETWORK,
    Step.FORWARDING,
    Step.PEERS,
    Step.REVIEW,
)
_ADOPTING: Final = (Step.PREFLIGHT, Step.SCENARIO, Step.ADOPT)


def steps_of(scenario: Scenario | None) -> tuple[Step, ...]:
    """The pages that a scenario goes through."""
    return _ADOPTING if scenario is Scenario.ADOPT else _USUAL


@dataclass(frozen=True, slots=True)
class ScenarioWords:
    """A scenario in words.

    Attributes:
        label: A few words, for the list.
        text: One sentence: what it is good for.
    """

    label: str
    text: str


SCENARIOS: Final = {
    Scenario.RELAY: ScenarioWords(
        "Relay between peers",
        "This public host passes packets between peers that cannot call each other: phones, laptops, and"
        " homes behind NAT with their LANs.",
    ),
    Scenario.DIRECT_PUBLIC: ScenarioWords(
        "Direct, this host is public",
        "This host reaches the LAN of a peer behind NAT. The peer calls it, and keeps the way open.",
    ),
    Scenario.DIRECT_NATED: ScenarioWords(
        "Direct, this host is behind NAT",
        "This host calls one public peer, which then reaches this host's LAN.",
    ),
    Scenario.GATEWAY: ScenarioWords(
        "Gateway to the internet (full tunnel)",
        "Phones and laptops on the road send all of their traffic through this host's uplink.",
    ),
    Scenario.JOIN: ScenarioWords(
        "Join a relay as the gateway of a LAN",
        "This host calls a relay that exists already, and opens its LAN to the relay's other peers.",
    ),
    Scenario.ADOPT: ScenarioWords(
        "Adopt what exists",
        "Interfaces that this host has already are shown as they are. Nothing is written until you change"
        " something.",
    ),
}
"""In the order of the list."""

ROLES: Final = {
    Role.ROAMING: "A phone or a laptop: it calls from anywhere, and has one address in the tunnel.",
    Role.GATEWAY: "A router or a box at home: it leads to the LAN behind it, and its own file gets the NAT"
    " lines for that.",
    Role.PLAIN: "A server or the like: it takes part with its own address and leads nowhere.",
}
"""A sentence about each role."""

FORWARDING_INTROS: Final = {
    Scenario.RELAY: "A relay forwards: the kernel must be told to, and the packet filter must let it.",
    Scenario.DIRECT_PUBLIC: "Nothing is forwarded here: this host only has to let the peer's packets in.",
    Scenario.DIRECT_NATED: "This host leads the other side into its LAN: it forwards, with its own address.",
    Scenario.GATEWAY: "All traffic of the peers leaves by the uplink: it is forwarded, and takes this host's"
    " address there.",
    Scenario.JOIN: "This host leads the relay's peers into its LAN: it forwards, with its own address.",
}
"""What a scenario needs of the host, above the switches."""


@dataclass(frozen=True, slots=True)
class SwitchWords:
    """One forwarding switch in words.

    Attributes:
        label: At most 18 characters.
        on: What it means when it is on.
        off: What it means when it is off.
        hint: One sentence: why one wants it.
    """

    label: str
    on: str
    off: str
    hint: str


SWITCHES: Final = {
    "ipv4": SwitchWords(
        "IPv4 forwarding",
        "the kernel passes IPv4 on, after a reboot too",
        "left as it is",
        "Without it this host takes packets for itself only, and drops all others.",
    ),
    "ipv6": SwitchWords(
        "IPv6 forwarding",
        "the kernel passes IPv6 on, after a reboot too",
        "left as it is",
        "A host that forwards IPv6 no longer takes its own address from router advertisements by default.",
    ),
    "relay": SwitchWords(
        "Peer to peer",
        "peers reach each other through this host",
        "left to the other rules of this host",
        "Packets that come out of the tunnel and go back into it are let through.",
    ),
    "isolate": SwitchWords(
        "Keep peers apart",
        "packets from peer to peer are dropped",
        "off",
        "Each peer reaches this host and what is behind it, and never another peer.",
    ),
    "forward": SwitchWords(
        "Tunnel and LAN",
        "packets go between tunnel and other networks",
        "left to the other rules of this host",
        "Packets between the tunnel and this host's other interfaces are let through, both ways.",
    ),
    "open_port": SwitchWords(
        "UDP port",
        "the packet filter lets the listen port in",
        "left to the other rules of this host",
        "A firewall of the provider outside of this host has to let the UDP port in as well.",
    ),
    "mss_clamp": SwitchWords(
        "MSS clamp",
        "TCP is kept to what fits the tunnel",
        "off",
        "It helps where some sites hang: TCP connections learn how large their packets may be.",
    ),
}
"""By the names of `ForwardingAnswers`."""

MASQUERADE_HINT: Final = (
    "Packets from the tunnel take this host's address on that interface, so that answers find their way back."
)
