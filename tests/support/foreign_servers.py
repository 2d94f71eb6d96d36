"""Servers as other programs leave them on a disk, written from what is known of each program's files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support import foreign_panels, foreign_scripts
from tests.support.foreign_rig import Server

SERVERS: dict[str, Callable[[Path], Server]] = {
    make.__name__: make
    for make in (
        foreign_scripts.by_hand,
        foreign_scripts.pivpn,
        foreign_scripts.angristan,
        foreign_scripts.nyr,
        foreign_scripts.linuxserver,
        foreign_scripts.wireme,
        foreign_scripts.regix1,
        foreign_scripts.easy_wg_quick,
        foreign_scripts.wgg,
        foreign_scripts.exporter,
        foreign_panels.wg_easy_json,
        foreign_panels.wg_easy_database,
        foreign_panels.wireguard_ui,
        foreign_panels.wg_gen_web,
        foreign_panels.wg_dashboard,
        foreign_panels.wg_portal,
        foreign_panels.wg_commander,
    )
}
