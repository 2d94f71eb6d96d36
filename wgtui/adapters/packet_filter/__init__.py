"""Reading the host's packet filter."""

from wgtui.adapters.packet_filter.reader import HostPacketFilter

__all__ = ["HostPacketFilter"]
