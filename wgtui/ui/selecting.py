"""A screen on which an interface is open and a peer is selected."""

from __future__ import annotations

from abc import abstractmethod

from textual.dom import DOMNode

from wgtui.domain.snapshot import DeviceState, PeerState


class Selecting(DOMNode):
    """What is open and selected, asked for when a key is pressed."""

    @property
    @abstractmethod
    def open_device(self) -> DeviceState | None:
        """The open interface as it is now."""

    @property
    @abstractmethod
    def selected_peer(self) -> PeerState | None:
        """The peer under the cursor."""
