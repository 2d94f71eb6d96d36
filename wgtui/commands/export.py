"""`wgtui export IFACE PEER`: a peer's own file, as text, QR code or picture."""

from __future__ import annotations

from argparse import Namespace

from wgtui import wiring
from wgtui.commands.qr_text import render_code, standard_output
from wgtui.domain.sharing import DENSE, Rendition, compact_file, left_out_sentence, remarks
from wgtui.domain.text import printable
from wgtui.services.changes import Changes
from wgtui.services.sharing import Kind, SharedFile
from wgtui.streams import complain, say, say_bytes


def run(args: Namespace) -> int:
    """Hand the file over."""
    with wiring.changes(wiring.host_of(args)) as changes:
        shared = changes.sharing.find(args.interface, args.peer)
        if args.qr:
            _show(args, shared)
        elif args.png is not None or args.svg is not None:
            kind, target = (Kind.PNG, args.png) if args.png is not None else (Kind.SVG, args.svg)
            _picture(args, changes, shared, kind, target)
        else:
            say_bytes(shared.content)
    for sentence in shared.said:
        complain(f"wgtui: {sentence}\n")
    return 0


def _show(args: Namespace, shared: SharedFile) -> None:
    """Draw the code; what must be known of it stands below, where it does not scroll away."""
    compact = compact_file(shared.content)
    modules = wiring.qr_codes().modules(compact.text)
    canvas = standard_output(ascii_only=args.ascii, dark_on_light=args.dark_on_light)
    said = [*remarks(compact), *filter(None, [left_out_sentence(compact)])]
    columns = canvas.size[0] if canvas.size else 80
    rows = sum(1 + len(f"wgtui: {sentence}") // columns for sentence in said)
    text, fit = render_code(modules, canvas, below=rows + 1)
    if fit.rendition is Rendition.SEXTANTS:
        # The one remark that may scroll away: who sees the code needs it not.
        complain(f"wgtui: {DENSE}\n")
    say(text)
    for sentence in said:
        complain(f"wgtui: {sentence}\n")


def _picture(args: Namespace, changes: Changes, shared: SharedFile, kind: Kind, target: str) -> None:
    data = shared.rendered(kind, wiring.qr_codes())
    compact = compact_file(shared.content)
    if target == "-":
        say_bytes(data)
    elif args.dry_run:
        say(f"{printable(target, 300)} would be written: {len(data)} bytes, readable for its owner alone.\n")
    else:
        _save(args, changes, target, data)
    for sentence in (*remarks(compact), *filter(None, [left_out_sentence(compact)])):
        complain(f"wgtui: {sentence}\n")


def _save(args: Namespace, changes: Changes, target: str, data: bytes) -> None:
    changes.sharing.save(
        target, data, overwrite=args.yes, otherwise="Give another name, or overwrite it with --yes."
    )
    say(f"{printable(target, 300)} is written. It holds a private key: delete it when the peer has it.\n")
