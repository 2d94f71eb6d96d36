"""One of the two ways of a path."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.path.facts import HostView, PathDevice, PathPeer
from wgtui.domain.path.hops import Direction, Spot


@dataclass(frozen=True, slots=True)
class Leg:
    """One of the two ways.

    Attributes:
        view: The host.
        direction: Which way.
        origin: Who sends.
        target: Who receives.
    """

    view: HostView
    direction: Direction
    origin: Spot
    target: Spot

    def device_of(self, spot: Spot) -> PathDevice | None:
        """The tunnel that an end is behind."""
        return next((device for device in self.view.devices if device.name == spot.device), None)

    def peer_of(self, spot: Spot) -> PathPeer | None:
        """The peer that an end is, or is behind."""
        device = self.device_of(spot)
        return next((peer for peer in device.peers if peer.key == spot.key), None) if device else None
