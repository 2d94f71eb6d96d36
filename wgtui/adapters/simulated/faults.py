"""Errors on demand: what a host does on a bad day."""

from __future__ import annotations

from dataclasses import dataclass, field

from wgtui.domain.errors import WgtuiError


@dataclass
class Faults:
    """Errors that the simulated ports raise instead of answering.

    Attributes:
        listing: Raised by `names`.
        reading: Raised by `read`, by device name.
        configuring: Raised by `configure`, by device name.
        network: Raised by methods of the `Network` port, by their names.
    """

    listing: WgtuiError | None = None
    reading: dict[str, WgtuiError] = field(default_factory=dict)
    configuring: dict[str, WgtuiError] = field(default_factory=dict)
    network: dict[str, WgtuiError] = field(default_factory=dict)

    def on_listing(self) -> None:
        """Raise what is set for `names`."""
        if self.listing is not None:
            raise self.listing

    def on_reading(self, name: str) -> None:
        """Raise what is set for `read` of this device."""
        if name in self.reading:
            raise self.reading[name]

    def on_configuring(self, name: str) -> None:
        """Raise what is set for `configure` of this device."""
        if name in self.configuring:
            raise self.configuring[name]

    def on_network(self, method: str) -> None:
        """Raise what is set for this method of the network."""
        if method in self.network:
            raise self.network[method]
