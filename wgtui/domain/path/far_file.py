"""What a peer's own file makes the peer do, as far as it can be read."""

from __future__ import annotations

import re
from typing import Final

from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.editing import text_of
from wgtui.domain.forwarding import Family, PlacedRule, Purpose, read_lines
from wgtui.domain.keys import PublicKey
from wgtui.domain.path.facts import FarSide
from wgtui.domain.peer_file import SWITCHING_ON
from wgtui.domain.wgquick import Document

_NAME: Final = "%i"
_SETTING: Final = re.compile(
    r"sysctl\s+(?:-[a-zA-Z]+\s+)*(?:net[./]ipv4[./]ip_forward|net[./]ipv(?P<v>[46])[./]conf[./]all[./]forwarding)"
    r"\s*=\s*1"
)
_ANY_SETTING: Final = re.compile(r"sysctl\s+(?:-[a-zA-Z]+\s+)*net[./][\w./-]+\s*=\s*\d+")
_FAMILIES: Final = {Family.IPV4: (4,), Family.IPV6: (6,), Family.BOTH: (4, 6)}


def far_side(document: Document, relay: PublicKey | None, config: InterfaceConfig | None = None) -> FarSide:
    """Read a peer's own file.

    Args:
        document: The file.
        relay: This host's public key, which tells the peer that is meant; with None the only one counts.
        config: What the file says, where it was read already.
    """
    config = config or read_config(document).config
    peers = config.peers()
    meant = [peer for peer in peers if peer.public_key == relay] or (list(peers) if len(peers) == 1 else [])
    quick = config.quick
    commands = tuple(map(text_of, (*quick.pre_up, *quick.post_up)))
    read = read_lines(commands, tuple(map(text_of, quick.post_down)), _NAME)
    others = [command for index, command in enumerate(commands) if index not in read.own_up]
    return FarSide(
        addresses=config.quick.addresses,
        reaches=tuple(prefix for peer in meant for prefix in peer.allowed_ips),
        dials=any(peer.endpoint is not None for peer in meant),
        keepalive=max((peer.persistent_keepalive or 0 for peer in meant), default=0),
        forwards=frozenset(family for command in others for family in _switched_on(command)),
        lets_through={Purpose.FORWARD_IN, Purpose.FORWARD_OUT} <= {one.rule.purpose for one in read.rules},
        masquerades=_masquerading(read.rules),
        runs_own_rules=any(not _is_setting(command) for command in others),
        mtu=config.quick.mtu or 0,
    )


def _is_setting(command: str) -> bool:
    return command in SWITCHING_ON or _ANY_SETTING.fullmatch(command.strip()) is not None


def _switched_on(command: str) -> tuple[int, ...]:
    if command in SWITCHING_ON:
        return (SWITCHING_ON[command],)
    match = _SETTING.fullmatch(command.strip())
    return (int(match["v"] or 4),) if match else ()


def _masquerading(rules: tuple[PlacedRule, ...]) -> frozenset[int]:
    found = (one.rule for one in rules if one.rule.purpose is Purpose.MASQUERADE)
    return frozenset(version for rule in found for version in _FAMILIES[rule.family])
