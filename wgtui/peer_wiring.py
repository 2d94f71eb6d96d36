"""Puts together what watches peers: who waits for them, and who judges them. Part of `wgtui.wiring`.

Everything here is called in the thread that will use it: it opens sockets.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wgtui.ports.resolver import EndpointResolver
    from wgtui.services.first_contact import FirstContact, PortObserver, Surroundings
    from wgtui.services.judging.own_sides import OwnSides
    from wgtui.services.judging.peer_files import PeerFiles
    from wgtui.services.judging.peer_judge import PeerJudge


def first_contact(netns: str | None) -> FirstContact:
    """What waits for first handshakes."""
    from wgtui.adapters.clock import SystemClock
    from wgtui.services.first_contact import FirstContact

    return FirstContact(_port_observer(netns), SystemClock(), _surroundings(netns))


def peer_judge(netns: str | None, config_dir: Path, resolver: EndpointResolver | None = None) -> PeerJudge:
    """What judges the peer that is looked at.

    Args:
        netns: Network namespace; None for the process's own.
        config_dir: Folder of wg-quick files.
        resolver: Looks up names of endpoints; None for the system's.
    """
    from wgtui.adapters.clock import SystemClock
    from wgtui.adapters.endpoint_resolver import HostEndpointResolver
    from wgtui.adapters.files import HostFiles
    from wgtui.adapters.keypairs_nacl import NaclKeypairs
    from wgtui.services.judging.own_sides import OwnSides
    from wgtui.services.judging.peer_judge import PeerJudge

    return PeerJudge(
        _port_observer(netns),
        SystemClock(),
        surroundings=_surroundings(netns),
        files=peer_files(config_dir, OwnSides(HostFiles(), NaclKeypairs(), str(config_dir.absolute()))),
        resolver=resolver or HostEndpointResolver(netns),
    )


def peer_files(config_dir: Path, own: OwnSides | None = None) -> PeerFiles:
    """What the files of interfaces say of peers, and those of peers themselves where they are to be read."""
    from wgtui.adapters.config_files import ConfigFiles
    from wgtui.services.judging.peer_files import PeerFiles

    return PeerFiles(ConfigFiles(config_dir), own)


def _port_observer(netns: str | None) -> PortObserver:
    from wgtui.adapters.clock import SystemClock
    from wgtui.adapters.initiation_nacl import NaclInitiations
    from wgtui.adapters.port_watch import open_port_watch
    from wgtui.services.first_contact import PortObserver

    return PortObserver(partial(open_port_watch, netns=netns), NaclInitiations(), SystemClock())


def _surroundings(netns: str | None) -> Surroundings:
    from wgtui.adapters.forward_rules import HostForwardRules
    from wgtui.adapters.network import RtnlNetwork
    from wgtui.adapters.packet_filter import HostPacketFilter
    from wgtui.services.first_contact import Surroundings

    return Surroundings(RtnlNetwork(netns), HostPacketFilter(netns), HostForwardRules(netns))
