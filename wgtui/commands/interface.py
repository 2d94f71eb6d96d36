"""`wgtui interface show|create|edit|delete`."""

from __future__ import annotations

from argparse import Namespace

from wgtui import wiring
from wgtui.commands.changing import carry_out
from wgtui.commands.entered import judge, value_of
from wgtui.commands.keys import read_key
from wgtui.domain.editing import InterfaceEdit
from wgtui.domain.forms import (
    Field,
    enter_addresses,
    enter_dns,
    enter_fwmark,
    enter_hooks,
    enter_interface_name,
    enter_listen_port,
    enter_mtu,
    enter_table,
    examine_interface,
)
from wgtui.domain.keys import PrivateKey
from wgtui.domain.plan import Plan
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse
from wgtui.domain.wgquick.masking import shown_line
from wgtui.services.changes import Changes
from wgtui.streams import say


def run(args: Namespace) -> int:
    """Do what the action says."""
    with wiring.changes(wiring.host_of(args)) as changes:
        if args.action == "show":
            return _show(args, changes)
        if args.action == "delete":
            return carry_out(args, changes, changes.interfaces.delete(args.interface), grave=True)
        return carry_out(args, changes, _plan(args, changes))


def _show(args: Namespace, changes: Changes) -> int:
    for raw in changes.editor.open(args.interface).document.lines:
        say(printable(shown_line(raw), 4096) + "\n")
    return 0


def _plan(args: Namespace, changes: Changes) -> Plan:
    edit = _edit(args)
    if args.action == "create":
        name = value_of(enter_interface_name(args.interface))
        judge(examine_interface(edit, changes.surroundings.of(name, parse(b""))))
        return changes.interfaces.create(name, edit)
    document = changes.editor.open(args.interface).document
    judge(examine_interface(edit, changes.surroundings.of(args.interface, document)))
    return changes.interfaces.edit(args.interface, edit)


def _edit(args: Namespace) -> InterfaceEdit:
    dns = None if args.dns is None else value_of(enter_dns(args.dns))
    key_file = args.private_key_file
    return InterfaceEdit(
        private_key=None if key_file is None else read_key(PrivateKey, key_file),
        addresses=None if args.address is None else value_of(enter_addresses(args.address)),
        listen_port=None if args.listen_port is None else value_of(enter_listen_port(args.listen_port)),
        mtu=None if args.mtu is None else value_of(enter_mtu(args.mtu)),
        dns_servers=None if dns is None else dns[0],
        dns_search=None if dns is None else dns[1],
        table=None if args.table is None else value_of(enter_table(args.table)),
        fwmark=None if args.fwmark is None else value_of(enter_fwmark(args.fwmark)),
        pre_up=_hooks(Field.PRE_UP, args.pre_up),
        post_up=_hooks(Field.POST_UP, args.post_up),
        pre_down=_hooks(Field.PRE_DOWN, args.pre_down),
        post_down=_hooks(Field.POST_DOWN, args.post_down),
    )


def _hooks(field: Field, commands: list[str] | None) -> tuple[str, ...] | None:
    return None if commands is None else value_of(enter_hooks(field, "\n".join(commands)))
