"""Turns the switches of wg0 to and fro, as fast as it can, until it is killed.

Usage: python -m tests.contract.forward_toggler NETNS KIND STATE-FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.contract.forward_ground import ALL, ISOLATED, PLACEMENTS, Ground
from tests.support.host_ports import real_ports
from wgtui.adapters.boot import boot_id
from wgtui.adapters.clock import SystemClock
from wgtui.adapters.forward_rules import HostForwardRules
from wgtui.adapters.host_lock import FileHostLock
from wgtui.adapters.journal_files import JournalFiles
from wgtui.adapters.operator import Operator
from wgtui.domain.forwarding import PlacedRule
from wgtui.domain.plan import Plan, SetForwardRules
from wgtui.services.journal import Journal
from wgtui.services.transaction import Transaction


def journal_in(folder: Path, netns: str) -> Journal:
    """The journal of a host."""
    return Journal(JournalFiles(folder), SystemClock(), "root in a test", boot_id(), netns)


def transaction_in(folder: Path, netns: str) -> Transaction:
    """What applies plans to a host."""
    lock = FileHostLock(folder, Operator("root", ""))
    return Transaction(real_ports(netns), journal_in(folder, netns), lock)


def turn(transaction: Transaction, before: tuple[PlacedRule, ...], after: tuple[PlacedRule, ...]) -> None:
    """Apply one change."""
    transaction.apply(Plan("Turn switches", (SetForwardRules("wg0", before, after),)))


def main(netns: str, kind: str, folder: Path) -> None:
    """Toggle; a line is printed once it begins."""
    ground = Ground(kind, HostForwardRules(netns), PLACEMENTS[kind], netns)
    states = [ground.placed(ALL), ground.placed(ISOLATED)]
    if ground.present() != ground.held(states[0]):
        states.reverse()
    transaction = transaction_in(folder, netns)
    print("begins", flush=True)
    while True:
        turn(transaction, states[0], states[1])
        states.reverse()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
