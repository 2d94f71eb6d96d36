"""`wgtui setup --answers FILE`: the wizard, unattended."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from wgtui import wiring
from wgtui.adapters.config_files import read_config_file
from wgtui.adapters.given_files import read_standard_input
from wgtui.commands.changing import carry_out
from wgtui.commands.entered import judge
from wgtui.domain.editing import InterfaceEdit
from wgtui.domain.forms import examine_interface
from wgtui.domain.setup import Answers, Scenario, complete, read_draft, write_draft
from wgtui.domain.setup.examine import examine_here
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse
from wgtui.services.changes import Changes
from wgtui.services.setup import PreparedPeer, PreparedSetup, Proposals
from wgtui.streams import complain, say

SCHEMA = 1
"""Version of the JSON."""


def run(args: Namespace) -> int:
    """Do it, or print what is proposed."""
    if args.print_answers:
        return _print(args)
    given = read_draft(*_file(args.answers))
    with wiring.changes(wiring.host_of(args)) as changes:
        proposals = changes.proposer.propose(changes.tools.inspector.look())
        answers = complete(proposals.fill(given))
        prepared = changes.setup.prepare(answers)
        _judge(answers, changes, proposals)
        tell = complain if args.json else say
        code = carry_out(args, changes, prepared.plan, grave=True, tell=tell)
        if code == 0 and not args.dry_run:
            _report(args, changes, prepared)
        return code


def _print(args: Namespace) -> int:
    with wiring.changes(wiring.host_of(args)) as changes:
        proposals = changes.proposer.propose(changes.tools.inspector.look())
    say(write_draft(proposals.draft(Scenario(args.print_answers)), template=True).decode())
    return 0


def _file(name: str) -> tuple[bytes, str]:
    """The bytes of a file of answers, and what to call it."""
    if name == "-":
        return read_standard_input(), "standard input"
    return read_config_file(Path(name)), printable(name, 300)


def _judge(answers: Answers, changes: Changes, proposals: Proposals) -> None:
    """Compare with the other interfaces and the networks of this host."""
    judge(examine_here(answers, proposals.taken))
    here = answers.interface
    edit = InterfaceEdit(addresses=here.addresses, listen_port=here.listen_port, mtu=here.mtu)
    judge(examine_interface(edit, changes.surroundings.of(here.name, parse(b""))))


def _report(args: Namespace, changes: Changes, prepared: PreparedSetup) -> None:
    if args.json:
        say(json.dumps(_made(changes, prepared), indent=2) + "\n")
        return
    for sentence in prepared.next_steps:
        say(f"{printable(sentence, 1000)}\n")


def _made(changes: Changes, prepared: PreparedSetup) -> dict[str, object]:
    entry = next(iter(changes.journal.entries()), None)
    return {
        "schema": SCHEMA,
        "entry": None if entry is None else entry.number,
        "interface": prepared.interface,
        "file": prepared.path,
        "public_key": str(prepared.public_key),
        "peers": [_peer(peer) for peer in prepared.peers],
        "next_steps": list(prepared.next_steps),
    }


def _peer(peer: PreparedPeer) -> dict[str, object]:
    both = peer.derived
    return {
        "name": peer.name,
        "role": both.answers.role.value,
        "public_key": str(peer.public_key),
        "file": peer.path or None,
        "addresses": [str(address) for address in both.addresses],
        "allowed_ips": [str(prefix) for prefix in both.allowed_ips],
        "reaches": [str(prefix) for prefix in both.reaches],
    }
