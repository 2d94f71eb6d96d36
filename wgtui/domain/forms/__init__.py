"""What forms need of the domain: text to values, and what to say beside each field."""

from __future__ import annotations

from wgtui.domain.forms.context import FormContext, OtherInterface, form_context
from wgtui.domain.forms.examine_interface import examine_interface
from wgtui.domain.forms.examine_peer import examine_peer
from wgtui.domain.forms.interface_fields import (
    enter_addresses,
    enter_dns,
    enter_fwmark,
    enter_hooks,
    enter_interface_name,
    enter_lan_interface,
    enter_listen_port,
    enter_mtu,
    enter_private_key,
    enter_table,
)
from wgtui.domain.forms.owners import Neighbour, PrefixOwners
from wgtui.domain.forms.peer_fields import (
    enter_allowed_ips,
    enter_endpoint,
    enter_keepalive,
    enter_name,
    enter_preshared_key,
    enter_public_key,
)
from wgtui.domain.forms.problem import Entered, Field, Level, Problem

__all__ = [
    "Entered",
    "Field",
    "FormContext",
    "Level",
    "Neighbour",
    "OtherInterface",
    "PrefixOwners",
    "Problem",
    "enter_addresses",
    "enter_allowed_ips",
    "enter_dns",
    "enter_endpoint",
    "enter_fwmark",
    "enter_hooks",
    "enter_interface_name",
    "enter_keepalive",
    "enter_lan_interface",
    "enter_listen_port",
    "enter_mtu",
    "enter_name",
    "enter_preshared_key",
    "enter_private_key",
    "enter_public_key",
    "enter_table",
    "examine_interface",
    "examine_peer",
    "form_context",
]
