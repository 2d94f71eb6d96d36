"""Addresses, routes and rules over rtnetlink."""

from wgtui.adapters.network.rtnl import RtnlNetwork

__all__ = ["RtnlNetwork"]
