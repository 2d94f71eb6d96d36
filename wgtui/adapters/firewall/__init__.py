"""The host's packet filter."""

from wgtui.adapters.firewall.guard import HostFirewall

__all__ = ["HostFirewall"]
