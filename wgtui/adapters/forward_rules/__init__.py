"""The packet filter rules of the forwarding switches, in whatever packet filter the host has."""

from wgtui.adapters.forward_rules.host import HostForwardRules

__all__ = ["HostForwardRules"]
