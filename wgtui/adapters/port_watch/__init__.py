"""Packets of a UDP port, as packet sockets see them."""

from wgtui.adapters.port_watch.sockets import PacketPortWatch, open_port_watch

__all__ = ["PacketPortWatch", "open_port_watch"]
