"""Edits of interfaces and peers as plans: the file, and what runs, in one go."""

from __future__ import annotations

from wgtui.services.editing.config_editor import ConfigEditor, OpenFile
from wgtui.services.editing.interfaces import InterfacePlans
from wgtui.services.editing.peers import NewPeer, PeerPlans
from wgtui.services.editing.scenes import InterfaceScene, PeerScene, Scenes
from wgtui.services.editing.surroundings import Surroundings

__all__ = [
    "ConfigEditor",
    "InterfacePlans",
    "InterfaceScene",
    "NewPeer",
    "OpenFile",
    "PeerPlans",
    "PeerScene",
    "Scenes",
    "Surroundings",
]
