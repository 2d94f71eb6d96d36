"""What is said of packets is what happens to them: random rules of every backend, real packets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import pytest

from tests.netns.filter_rig import Rig, Sent, filter_rig
from tests.netns.filter_rules import iptables_restore, nat_restore, nat_script, nft_script
from tests.support.needs import needs, needs_root
from wgtui.adapters.packet_filter import HostPacketFilter
from wgtui.domain.addresses import Address
from wgtui.domain.ruleset import (
    ConnectionState,
    Decision,
    Hook,
    Outcome,
    Ruleset,
    VerdictKind,
    decide,
    decider_words,
    masquerades,
)

pytestmark = [
    needs_root,
    needs("nft", "iptables-nft", "iptables-legacy"),
]

SEEDS = range(20)
TERMINAL = (VerdictKind.ACCEPT, VerdictKind.DROP, VerdictKind.REJECT)

TRACKING = """
table inet tracking {
    chain tracked {
        type filter hook prerouting priority -400
        ct state invalid counter
    }
}
"""
"""Keeps connections tracked whatever rules come and go."""


EMPTY = """
*mangle
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
COMMIT
*nat
COMMIT
"""
"""For `iptables-restore`."""


@dataclass
class Router:
    """The rig, and which of its connections are established."""

    rig: Rig
    reader: HostPacketFilter
    established: dict[tuple[Address, int], ConnectionState]

    def corpus(self) -> list[Sent]:
        """One packet of each kind."""
        return self.rig.corpus(self.established)


@pytest.fixture(scope="module")
def router() -> Iterator[Router]:
    with filter_rig() as rig:
        rig.run("nft", "-f", "-", stdin=TRACKING)
        # The connections from the second source port are answered, in every direction there is.
        answered = [one for one in rig.corpus({}) if one.packet.source_port == 2000]
        assert set(rig.send(answered)) == {one.number for one in answered}
        rig.answer(answered)
        established = {
            (one.packet.source, 2000): ConnectionState.ESTABLISHED
            for one in answered
            if one.packet.source is not None
        }
        yield Router(rig, HostPacketFilter(rig.router), established)


def forget(rig: Rig) -> None:
    """Empty what the tests fill, of every backend."""
    for variant in ("legacy", "nft"):
        for word in ("iptables", "ip6tables"):
            rig.run(f"{word}-{variant}-restore", stdin=EMPTY)
    rig.run("nft", "-f", "-", stdin=f"flush ruleset\n{TRACKING}")


def compare(router: Router, base: str = "FORWARD") -> None:
    """Ask about every packet, send it, and look what happened and which rules were met."""
    reading = router.reader.read()
    assert reading.problems == ()
    packets = router.corpus() if base == "FORWARD" else router.rig.corpus_to_router()
    asked = {one.number: decide(reading.ruleset, one.packet) for one in packets}
    arrived = router.rig.send(packets)
    for one in packets:
        decision = asked[one.number]
        assert decision.is_certain, [decider_words(doubt) for doubt in decision.doubts]
        assert (one.number in arrived) == decision.passes, (one, _said(decision))
    after = router.reader.read().ruleset
    met, foreseen = _met(reading.ruleset, after), _foreseen(reading.ruleset, list(asked.values()))
    # The router itself gets more packets, such as reports of multicast listeners.
    assert met == foreseen or (base == "INPUT" and met > foreseen)


def _said(decision: Decision) -> list[str]:
    return [decider_words(chain.by) for chain in decision.chains]


def _met(before: Ruleset, after: Ruleset) -> Counter[str]:
    """How many packets each rule met that decides, by its place."""
    met: Counter[str] = Counter()
    pairs = zip(before.rules(), after.rules(), strict=True)
    for place, ((where, old), (_, new)) in enumerate(pairs):
        if old.verdict.kind in TERMINAL and new.packets != old.packets:
            assert new.packets is not None and old.packets is not None
            met[f"{place} {where.chain} {old.text}"] += new.packets - old.packets
    return met


def _foreseen(ruleset: Ruleset, decisions: list[Decision]) -> Counter[str]:
    places = {id(rule): f"{n} {where.chain} {rule.text}" for n, (where, rule) in enumerate(ruleset.rules())}
    return Counter(
        places[id(chain.by.rule)]
        for decision in decisions
        for chain in decision.chains
        if chain.by.rule is not None and chain.by.verdict in TERMINAL
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("variant", ["legacy", "nft"])
def test_iptables(router: Router, variant: str, seed: int) -> None:
    random = Random(f"{variant} {seed}")
    try:
        for version, word in ((4, "iptables"), (6, "ip6tables")):
            script = iptables_restore(random, version)
            router.rig.run(f"{word}-{variant}-restore", stdin=script)
        compare(router)
    finally:
        forget(router.rig)


@pytest.mark.parametrize("seed", SEEDS)
def test_nft(router: Router, seed: int) -> None:
    random = Random(f"native {seed}")
    try:
        router.rig.run("nft", "-f", "-", stdin=nft_script(random) + TRACKING)
        compare(router)
    finally:
        forget(router.rig)


@pytest.mark.parametrize("seed", range(10))
def test_all_backends_at_once(router: Router, seed: int) -> None:
    random = Random(f"all {seed}")
    try:
        router.rig.run("nft", "-f", "-", stdin=nft_script(random) + TRACKING)
        router.rig.run("iptables-nft-restore", stdin=iptables_restore(random, 4))
        router.rig.run("iptables-legacy-restore", stdin=iptables_restore(random, 4))
        reading = router.reader.read()
        packets = router.corpus()
        arrived = router.rig.send(packets)
        for one in packets:
            decision = decide(reading.ruleset, one.packet)
            assert decision.is_certain
            assert (one.number in arrived) == decision.passes, (one, _said(decision))
            assert (decision.outcome is Outcome.DROPPED) == (decision.culprit is not None)
    finally:
        forget(router.rig)


@pytest.mark.parametrize("seed", SEEDS)
def test_masquerading(router: Router, seed: int) -> None:
    random = Random(f"nat {seed}")
    try:
        router.rig.run("nft", "-f", "-", stdin=nat_script(random))
        variant = random.choice(("legacy", "nft"))
        router.rig.run(f"iptables-{variant}-restore", stdin=nat_restore(random))
        ruleset = router.reader.read().ruleset
        # Each echo request is a new connection; NAT sees no others.
        packets = [one for one in router.corpus() if one.packet.protocol == 1]
        arrived = router.rig.send(packets)
        for one in packets:
            translation = masquerades(ruleset, replace(one.packet, hook=Hook.POSTROUTING))
            assert translation.is_certain
            assert (arrived[one.number] != one.packet.source) == translation.hides_source, one
    finally:
        forget(router.rig)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("backend", ["legacy", "nft", "native"])
def test_what_comes_to_the_router_itself(router: Router, backend: str, seed: int) -> None:
    random = Random(f"input {backend} {seed}")
    try:
        if backend == "native":
            router.rig.run("nft", "-f", "-", stdin=nft_script(random, "INPUT") + TRACKING)
        else:
            for version, word in ((4, "iptables"), (6, "ip6tables")):
                script = iptables_restore(random, version, "INPUT")
                router.rig.run(f"{word}-{backend}-restore", stdin=script)
        compare(router, "INPUT")
    finally:
        forget(router.rig)
