"""What whoever edits a file of another program has to know, with a way out for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from wgtui.domain.adopting.records import ServerRecord
from wgtui.domain.adopting.structured import WG_COMMANDER, WG_DASHBOARD, WG_EASY, WG_GEN_WEB, WIREGUARD_UI
from wgtui.domain.names.origin import Origin
from wgtui.domain.text import printable
from wgtui.domain.wgquick import Document, LineKind
from wgtui.services.adopting.client_files import Relay
from wgtui.services.adopting.report import AdoptedPeer, AdoptionWarning, PeerState, WayOut

_STOPPING: Final = {
    WG_EASY: "Make changes in wg-easy, or stop its container for good",
    WIREGUARD_UI: "Make changes in wireguard-ui, or stop its service for good",
    WG_GEN_WEB: "Make changes in wg-gen-web, or stop its service for good",
    WG_DASHBOARD: "Make changes in WGDashboard, or stop its service for good",
    WG_COMMANDER: "Make changes in wg-cmd, or do not start it any more",
    "WireGuard Portal": "Make changes in WireGuard Portal, or unset its config_storage_path",
    "linuxserver/wireguard": "Unset PEERS of the container, which then leaves the file alone",
}
"""How each program is kept from writing."""


def warnings_of(
    relay: Relay,
    document: Document,
    origin: Origin | None,
    servers: Sequence[ServerRecord],
    peers: Iterable[AdoptedPeer],
) -> Iterator[AdoptionWarning]:
    """The warnings about one interface.

    Args:
        relay: The interface.
        document: Its file.
        origin: Who wrote it.
        servers: What programs' own files tell of this very interface.
        peers: As they were found.
    """
    yield from _rewritten(relay.name, origin, servers)
    if relay.config.quick.save_config:
        yield AdoptionWarning(
            "save-config",
            "With SaveConfig = true, wg-quick down writes this file anew from what runs: names, comments and "
            "disabled peers are lost.",
            f"Turn it off with: wgtui adopt {relay.name} --save-config-off.",
            _line_of(document, "saveconfig"),
            WayOut.SAVE_CONFIG_OFF,
        )
    yield from _secrets(document)
    found = list(peers)
    away = [peer for peer in found if peer.state is PeerState.LEFT_OUT]
    if away:
        yield AdoptionWarning(
            "left-out",
            f"{_peers(len(away))} known to {away[0].tool} only, and not in this file.",
            f"Write them into it, switched off, with: wgtui adopt {relay.name} --write-left-out.",
            way_out=WayOut.WRITE_LEFT_OUT,
        )
    foreign = [peer for peer in found if peer.name and peer.state is not PeerState.LEFT_OUT]
    foreign = [peer for peer in foreign if not _is_in(relay.name, peer.name_from)]
    if foreign:
        yield AdoptionWarning(
            "names-elsewhere",
            f"{_peers(len(foreign))} named outside of this file only, so other screens show the key instead.",
            f"Write the names into it with: wgtui adopt {relay.name} --write-names.",
            way_out=WayOut.WRITE_NAMES,
        )


def _rewritten(
    interface: str, origin: Origin | None, servers: Sequence[ServerRecord]
) -> Iterator[AdoptionWarning]:
    if origin is not None and origin.rewrites:
        way = f", then take the file over with: wgtui adopt {interface} --take-over" if origin.header else ""
        yield AdoptionWarning(
            "overwritten",
            f"{origin.tool} writes this file anew, and an edit is lost when it does.",
            f"{_STOPPING.get(origin.tool, f'Make changes in {origin.tool}')}{way}.",
            origin.line + 1,
            WayOut.TAKE_OVER if origin.header else None,
        )
        return
    keeper = next((server for server in servers if server.tool in _STOPPING), None)
    if keeper is not None:
        yield AdoptionWarning(
            "overwritten-later",
            f"{keeper.tool} keeps this server in {printable(keeper.path, 400)}; where it still runs, it "
            "writes this file anew, and an edit is lost.",
            f"{_STOPPING[keeper.tool]}.",
        )


def _secrets(document: Document) -> Iterator[AdoptionWarning]:
    lines = [index for index, raw in enumerate(document.lines) if b"-WGP- PrivateKey:" in raw]
    if lines:
        yield AdoptionWarning(
            "secret-in-comment",
            f"Comments of this file hold private keys of peers: {len(lines)} of them.",
            "Keep the file closed to others; wgtui shows these keys nowhere.",
            lines[0] + 1,
        )


def _is_in(interface: str, path: str) -> bool:
    return path.endswith(f"/{interface}.conf")


def _line_of(document: Document, key: str) -> int:
    lines = (index for index, line in document.parsed() if line.kind is LineKind.ENTRY and line.name == key)
    return next((index + 1 for index in lines), 0)


def _peers(count: int) -> str:
    return "One peer is" if count == 1 else f"{count} peers are"
