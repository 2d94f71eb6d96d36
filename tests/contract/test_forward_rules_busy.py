"""The rules of the switches while others edit theirs, and when wgtui is killed in the midst of a change."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.contract.forward_ground import ALL, ISOLATED, Ground, ground_of
from tests.contract.forward_toggler import journal_in, transaction_in
from tests.support.needs import needs, needs_root
from tests.support.netns import ip
from tests.support.waiting import eventually
from wgtui.domain.forwarding import IptablesPlace, PlacedRule, iptables

pytestmark = [
    needs_root,
    needs("nft", "iptables"),
]

EDITS = 50
KILLS = 6
KINDS = ("iptables", "legacy", "own table", "administrator's chains")

_IPTABLES = """\
for i in $(seq 1 {edits}); do
    {program} -w 20 -I FORWARD -s 198.51.100.$i -m comment --comment theirs-$i -j ACCEPT || exit 1
    {program} -w 20 -t nat -A POSTROUTING -s 198.51.100.$i -m comment --comment theirs-$i -j RETURN || exit 1
    test $((i % 2)) = 0 || continue
    {program} -w 20 -D FORWARD -s 198.51.100.$i -m comment --comment theirs-$i -j ACCEPT || exit 1
    {program} -w 20 -t nat -D POSTROUTING -s 198.51.100.$i -m comment --comment theirs-$i -j RETURN || exit 1
done
"""
_NFT = """\
for i in $(seq 1 {edits}); do
    nft insert rule inet fw passing ip saddr 198.51.100.$i accept comment theirs-$i || exit 1
    nft add rule ip old INPUT ip saddr 198.51.100.$i accept comment theirs-$i || exit 1
    test $((i % 2)) = 0 || continue
    for chain in 'inet fw passing' 'ip old INPUT'; do
        handle=$(nft -a list chain $chain | grep "theirs-$i\\"" | grep -o '[0-9]*$')
        nft delete rule $chain handle $handle || exit 1
    done
done
"""


def their_script(ground: Ground) -> str:
    """Edits of others: each adds a rule in two chains, and removes every second one again."""
    place = ground.placement.primary
    if isinstance(place, IptablesPlace):
        return _IPTABLES.format(program=place.program(4), edits=EDITS)
    return _NFT.format(edits=EDITS)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_while_others_edit(kind: str) -> None:
    with ground_of(kind) as ground:
        states = [ground.placed(ALL), ground.placed(ISOLATED)]
        turns = 0
        with subprocess.Popen(
            ["ip", "netns", "exec", ground.netns, "bash", "-c", their_script(ground)],
            stderr=subprocess.PIPE,
            text=True,
        ) as others:
            ground.rules.replace("wg0", (), states[0])
            while others.poll() is None or turns < 3:
                ground.rules.replace("wg0", states[0], states[1])
                states.reverse()
                turns += 1
                assert ground.present() == ground.held(states[0])
            assert others.stderr is not None
            assert others.returncode == 0, others.stderr.read()
        everything = ground.everything()
        for number in range(1, EDITS + 1):
            marks = [line for line in everything.splitlines() if line.find(f"theirs-{number}") >= 0]
            exact = [line for line in marks if f"theirs-{number} " in line or f'theirs-{number}"' in line]
            assert len(exact) == (2 if number % 2 else 0), f"{number}: {exact}"
        ground.rules.replace("wg0", states[0], ())
        assert ground.rules.read("wg0") == ()


def parts(rules: Iterable[PlacedRule]) -> dict[object, frozenset[PlacedRule]]:
    """Rules by what changes at once: nftables altogether, `iptables` by family and table."""
    found: dict[object, set[PlacedRule]] = {}
    for one in rules:
        key: object = "nft"
        if isinstance(one.place, IptablesPlace):
            key = (one.rule.family, iptables.table_of(one.rule))
        found.setdefault(key, set()).add(one)
    return {key: frozenset(some) for key, some in found.items()}


def kill_all(process: subprocess.Popen[str], netns: str) -> None:
    """Kill a process, and what it started in its namespace."""
    process.kill()
    process.wait()

    def are_gone() -> bool:
        pids = ip("netns", "pids", netns).split()
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        return not pids

    eventually("what it started is gone", are_gone, 20)


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_moment_it_leaves_the_old_or_the_new_rules(kind: str, tmp_path: Path) -> None:
    chance = random.Random(kind)
    with ground_of(kind) as ground:
        states = (ground.held(ground.placed(ALL)), ground.held(ground.placed(ISOLATED)))
        ground.rules.replace("wg0", (), ground.placed(ALL))
        command = [sys.executable, "-m", "tests.contract.forward_toggler", ground.netns, kind, str(tmp_path)]
        cut_off = 0
        for turn in range(KILLS):
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "begins\n"
                # The moment is by chance: there is nothing that could be waited for.
                time.sleep(chance.uniform(0.0, 0.4))
                kill_all(process, ground.netns)
            allowed = [parts(state) for state in states]
            for key, present in parts(ground.present()).items():
                assert present in [state.get(key) for state in allowed], key
            entry = journal_in(tmp_path, ground.netns).unsettled()
            if entry is None:
                assert ground.present() in states
                continue
            cut_off += 1
            step = entry.plan.steps[0]
            transaction = transaction_in(tmp_path, ground.netns)
            if turn % 2:
                transaction.undo(entry.number)
                assert ground.present() == ground.held(step.before)  # type: ignore[union-attr, arg-type]
            else:
                transaction.confirm(entry.number)
                assert ground.present() == ground.held(step.after)  # type: ignore[union-attr, arg-type]
            assert journal_in(tmp_path, ground.netns).unsettled() is None
        assert cut_off, "no kill came in the midst of a change"
