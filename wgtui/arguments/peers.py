"""Commands for peers and interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wgtui.arguments.common import Parser

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_peers(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `peer` with its actions."""
    peer = commands.add_parser("peer", help="list, show, add, edit, remove, switch, rotate, forget peers")
    actions = peer.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)
    listing = _action(actions, common, "list", "list the peers of an interface, disabled ones too")
    listing.add_argument("--json", action="store_true", help="print JSON")
    show = _action(actions, common, "show", "show one peer", peer=True)
    show.add_argument("--json", action="store_true", help="print JSON")
    show.add_argument("--show-keys", action="store_true", help="give the preshared key too")
    _add_add(actions, common)
    _add_edit(actions, common)
    _action(actions, common, "remove", "remove a peer, and its own file that wgtui made", peer=True)
    _action(actions, common, "enable", "switch a disabled peer on", peer=True)
    _action(actions, common, "disable", "switch a peer off; it stays in the file, as comments", peer=True)
    _action(actions, common, "forget", "delete the peer's own file here, after it was shared", peer=True)
    rotate = _action(actions, common, "rotate", "renew the keys of a peer whose file wgtui has", peer=True)
    rotate.add_argument("--preshared-key-only", action="store_true", help="keep the key pair")


def add_export(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `export`."""
    export = commands.add_parser(
        "export",
        parents=[common],
        help="print a peer's own file, with its private key, or make a QR code of it",
        description="Without an option, the file goes to standard output byte by byte. QR codes and pictures "
        "hold only what the official apps take; what is left out is said. --yes overwrites a picture.",
    )
    export.add_argument("interface", metavar="IFACE")
    export.add_argument("peer", metavar="PEER", help="its name, or its public key or the start of it")
    form = export.add_mutually_exclusive_group()
    form.add_argument("--qr", action="store_true", help="draw a QR code, as large as the terminal allows")
    form.add_argument("--png", metavar="FILE", help="write the QR code as a picture; - for stdout")
    form.add_argument("--svg", metavar="FILE", help="write the QR code as a drawing; - for stdout")
    export.add_argument(
        "--dark-on-light",
        action="store_true",
        help="the terminal writes dark on light; --qr must know that where NO_COLOR is set",
    )


def add_interfaces(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `interface` with its actions."""
    interface = commands.add_parser("interface", help="show, create, edit, delete interfaces")
    actions = interface.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)
    _action(actions, common, "show", "print the file with its secrets hidden")
    for name, about in (("create", "write the file of a new interface"), ("edit", "change an interface")):
        action = _action(actions, common, name, about)
        _interface_settings(action)
    _action(actions, common, "delete", "delete the file of an interface that is down")


def _action(
    actions: _SubParsersAction[Parser], common: Parser, name: str, about: str, *, peer: bool = False
) -> Parser:
    action = actions.add_parser(name, parents=[common], help=about)
    action.add_argument("interface", metavar="IFACE")
    if peer:
        action.add_argument("peer", metavar="PEER", help="its name, or its public key or the start of it")
    return action


def _add_add(actions: _SubParsersAction[Parser], common: Parser) -> None:
    add = _action(actions, common, "add", "add a peer; without --public-key its keys are generated here")
    add.add_argument("name", metavar="NAME", help="what to call it")
    add.add_argument("--public-key", metavar="KEY", help="of a peer that keeps its private key")
    _secret(add)
    add.add_argument(
        "--allowed-ips", metavar="LIST", help="what belongs to it: its address, the LANs behind it"
    )
    add.add_argument("--endpoint", metavar="HOST:PORT", help="where it is called")
    add.add_argument("--keepalive", metavar="SECONDS|off")
    own = add.add_argument_group("for the file of a peer whose keys are generated")
    own.add_argument("--reaches", metavar="LIST", help="what it reaches through here (the tunnel's network)")
    own.add_argument("--calls", metavar="HOST:PORT", help="where it calls this host (as its other peers do)")
    own.add_argument("--dns", metavar="LIST", help="DNS servers and search domains")
    own.add_argument("--mtu", metavar="BYTES", help="its MTU (automatic)")
    own.add_argument(
        "--lan-interface",
        metavar="IFACE",
        help="it is a LAN gateway: its file forwards, and masquerades on this interface of it",
    )


def _add_edit(actions: _SubParsersAction[Parser], common: Parser) -> None:
    edit = _action(actions, common, "edit", "change a peer", peer=True)
    edit.add_argument("--name", metavar="NAME", help="call it so; empty for no name")
    edit.add_argument("--public-key", metavar="KEY", help="its new public key")
    _secret(edit).add_argument("--no-preshared-key", action="store_true", help="remove it")
    allowed = edit.add_mutually_exclusive_group()
    allowed.add_argument("--allowed-ips", metavar="LIST", help="the whole list; empty for none")
    allowed.add_argument("--add-allowed-ips", metavar="LIST")
    allowed.add_argument("--remove-allowed-ips", metavar="LIST")
    edit.add_argument("--endpoint", metavar="HOST:PORT", help="empty to write none")
    edit.add_argument("--keepalive", metavar="SECONDS|off")


def _secret(action: Parser) -> Parser:
    group = action.add_mutually_exclusive_group()
    group.add_argument("--preshared-key-file", metavar="FILE", help="read it from a file; - for stdin")
    group.add_argument("--generate-preshared-key", action="store_true")
    return group  # type: ignore[return-value]


def _interface_settings(action: Parser) -> None:
    action.add_argument("--private-key-file", metavar="FILE", help="read it from a file; - for stdin")
    action.add_argument("--address", metavar="LIST", help="such as 10.0.0.1/24, fd00::1/64")
    action.add_argument("--listen-port", metavar="PORT")
    action.add_argument("--mtu", metavar="BYTES")
    action.add_argument("--dns", metavar="LIST", help="servers and search domains")
    action.add_argument("--table", metavar="TABLE")
    action.add_argument("--fwmark", metavar="MARK")
    for hook in ("pre-up", "post-up", "pre-down", "post-down"):
        action.add_argument(f"--{hook}", metavar="COMMAND", action="append", help="several are kept in order")
