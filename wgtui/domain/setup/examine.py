"""Whether answers go together: what forms and the unattended setup say before anything is planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wgtui.domain.addresses import Prefix
from wgtui.domain.forms import Level, Problem
from wgtui.domain.setup.answers import Answers, PeerAnswers, Role, Scenario
from wgtui.domain.setup.derive import single, subnets
from wgtui.domain.text import printable


def examine_here(answers: Answers, taken: Iterable[tuple[str, Prefix]]) -> tuple[Problem, ...]:
    """LANs behind peers that this host has already; `examine_interface` tells of the tunnel's own subnets.

    Args:
        answers: All of them.
        taken: Prefixes that the host routes or owns, by what has them.
    """
    given = tuple(taken)
    return tuple(
        Problem(
            f"peers[{number}].lans",
            f"{lan} behind {_name(peer)} overlaps with {other}, which this host has by {_shown(owner)}.",
            Level.WARNING,
            "Packets for what both hold go one way only: name single addresses of the LAN, or renumber it.",
        )
        for number, peer in enumerate(answers.peers, 1)
        for lan in peer.lans
        for owner, other in given
        if _overlap(lan, other)
    )


def examine(answers: Answers) -> tuple[Problem, ...]:
    """All that is wrong, or was hardly meant; fields are keys of a file of answers, peers counted from 1."""
    if answers.scenario is Scenario.ADOPT:
        text = "Interfaces that exist are read as they are: there is nothing to set up."
        return (Problem("scenario", text, hint="Open wgtui, or choose another scenario."),)
    return (*_network(answers), *_forwarding(answers), *_peers(answers), *_lans(answers))


def _network(answers: Answers) -> Iterator[Problem]:
    here = answers.interface
    called = [peer for peer in answers.peers if peer.endpoint is None]
    if called and not here.listen_port:
        yield Problem(
            "interface.listen_port",
            f"{_name(called[0])} dials this host, which so needs a listen port of its own.",
            hint="Give one such as 51820.",
        )
    if here.endpoint is None and any(peer.public_key is None for peer in called):
        yield Problem(
            "interface.endpoint",
            "Without an endpoint the files of peers do not say where to dial.",
            Level.WARNING,
            "Give this host's public name or address, with the port.",
        )
    elif here.endpoint is not None and called and here.endpoint.port != here.listen_port != 0:
        yield Problem(
            "interface.endpoint",
            f"Peers dial port {here.endpoint.port}, and this host listens on {here.listen_port}.",
            Level.WARNING,
            "That needs a router in between that translates the port.",
        )
    if any(address.network.prefixlen == address.max_prefixlen for address in here.addresses):
        yield Problem(
            "interface.addresses",
            "An address without a subnet around it leaves no addresses for peers.",
            Level.WARNING,
            "Add the subnet's length, such as /24.",
        )


def _forwarding(answers: Answers) -> Iterator[Problem]:
    wanted = answers.forwarding
    versions = {address.version for address in answers.interface.addresses}
    if wanted.relay and wanted.isolate:
        yield Problem(
            "forwarding.isolate",
            "Peers that are isolated from each other are not relayed.",
            hint="Choose one of relay and isolate.",
        )
    if wanted.masquerade and not wanted.forward:
        yield Problem(
            "forwarding.masquerade",
            f"Nothing is forwarded to {printable(wanted.masquerade)}, so nothing is translated there.",
            Level.WARNING,
            "Set forward as well, or leave masquerade empty.",
        )
    if (wanted.relay or wanted.forward) and not any(
        switch and version in versions for version, switch in ((4, wanted.ipv4), (6, wanted.ipv6))
    ):
        yield Problem(
            "forwarding.ipv4",
            "The packet filter lets packets through that the kernel does not forward.",
            Level.WARNING,
            "Set ipv4 or ipv6, unless forwarding is on already.",
        )


def _peers(answers: Answers) -> Iterator[Problem]:
    names: set[str] = set()
    keys = set()
    taken = {single(address): "this host" for address in answers.interface.addresses}
    for number, peer in enumerate(answers.peers, 1):
        path = f"peers[{number}]"
        if peer.name.casefold() in names:
            yield Problem(
                f"{path}.name", f"Two peers are called {_name(peer)}.", hint="Give one another name."
            )
        names.add(peer.name.casefold())
        if peer.public_key is not None and peer.public_key in keys:
            yield Problem(
                f"{path}.public_key",
                f"Another peer has the public key of {_name(peer)}.",
                hint="Every peer has a key of its own.",
            )
        keys.add(peer.public_key)
        yield from _addresses(path, peer, answers, taken)
        yield from _side(path, peer, answers.scenario)
    if answers.scenario.dials and not any(peer.endpoint for peer in answers.peers):
        yield Problem(
            "peers",
            "This host dials, and no peer has an endpoint.",
            hint="Say where the other side is dialled.",
        )


def _addresses(path: str, peer: PeerAnswers, answers: Answers, taken: dict[Prefix, str]) -> Iterator[Problem]:
    nets = subnets(answers.interface.addresses)
    for address in peer.addresses:
        one = single(address)
        if one in taken:
            yield Problem(
                f"{path}.addresses", f"{address.ip} is {taken[one]}'s already.", hint="Choose a free address."
            )
        taken[one] = _name(peer)
        if not any(address.ip in net for net in nets):
            yield Problem(
                f"{path}.addresses",
                f"{address.ip} of {_name(peer)} is in none of the tunnel's subnets.",
                Level.WARNING,
                "Peers reach it only where they are told to.",
            )


def _side(path: str, peer: PeerAnswers, scenario: Scenario) -> Iterator[Problem]:
    generated = peer.public_key is None
    if scenario is Scenario.JOIN and peer.endpoint is not None and generated:
        yield Problem(
            f"{path}.public_key",
            f"{_name(peer)} is a relay that exists, so it has a public key.",
            hint="Ask whoever runs it.",
        )
    if peer.role is Role.GATEWAY and not peer.lans:
        yield Problem(
            f"{path}.lans",
            f"{_name(peer)} is a LAN gateway without a LAN.",
            Level.WARNING,
            "Give the prefixes of the LAN behind it, such as 192.168.2.0/24.",
        )
    if peer.role is Role.GATEWAY and peer.lans and generated and not peer.lan_interface:
        yield Problem(
            f"{path}.lan_interface",
            f"How {_name(peer)} calls its interface to the LAN is not said, so it does not masquerade there.",
            Level.WARNING,
            "Give the name, such as eth0, or let the machines of the LAN route the tunnel to it.",
        )
    if peer.role is not Role.GATEWAY and peer.lans and peer.endpoint is None:
        yield Problem(
            f"{path}.lans",
            f"{_name(peer)} is no LAN gateway, and so does not forward to the LANs behind it.",
            Level.WARNING,
            "Make it a LAN gateway.",
        )


def _lans(answers: Answers) -> Iterator[Problem]:
    """LANs that overlap with the tunnel, or with those behind another peer: only one can have a prefix."""
    nets = subnets(answers.interface.addresses)
    seen: list[tuple[str, Prefix]] = [("this host", lan) for lan in answers.interface.lans]
    for number, peer in enumerate(answers.peers, 1):
        field, earlier = f"peers[{number}].lans", tuple(seen)
        for lan in peer.lans:
            for net in nets:
                if _overlap(lan, net):
                    yield Problem(
                        field,
                        f"{lan} behind {_name(peer)} overlaps with the tunnel's own {net}.",
                        hint="Choose another subnet for the tunnel.",
                    )
            for owner, other in earlier:
                if lan == other:
                    yield Problem(
                        field,
                        f"{lan} is behind {owner} as well as behind {_name(peer)}: only one can have it.",
                        hint="Renumber one of the LANs, or name single addresses of them.",
                    )
                elif _overlap(lan, other):
                    yield Problem(
                        field,
                        f"{lan} behind {_name(peer)} overlaps with {other} behind {owner}.",
                        Level.WARNING,
                        "The narrower prefix gets its packets.",
                    )
            seen.append((_name(peer), lan))


def _overlap(one: Prefix, other: Prefix) -> bool:
    return one.version == other.version and one.overlaps(other)


def _shown(owner: str) -> str:
    return printable(owner, 15)


def _name(peer: PeerAnswers) -> str:
    return printable(peer.name) or "a peer"
