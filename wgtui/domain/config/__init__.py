"""What a file says, apart from what the device reports (`wgtui.domain.device`)."""

from __future__ import annotations

from wgtui.domain.config.merge import merge_peers
from wgtui.domain.config.model import EMPTY_QUICK, InterfaceConfig, QuickSettings
from wgtui.domain.config.peers import PeerBlock, PeerConfig
from wgtui.domain.config.reader import Reading, read_config
from wgtui.domain.config.statements import Dialect
from wgtui.domain.grammar.allowed_ips import AllowedIp
from wgtui.domain.grammar.endpoint import EndpointConfig

__all__ = [
    "EMPTY_QUICK",
    "AllowedIp",
    "Dialect",
    "EndpointConfig",
    "InterfaceConfig",
    "PeerBlock",
    "PeerConfig",
    "QuickSettings",
    "Reading",
    "merge_peers",
    "read_config",
]
