"""Plans as JSON types and back, for the journal.

Every value that JSON does not know is an object with one key, `$` and its kind; a dataclass adds its fields.
Private and preshared keys are written out: what comes of this belongs into files of root only.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
    ip_address,
    ip_interface,
    ip_network,
)
from typing import Final, TypeVar

from wgtui.domain.addresses import Endpoint
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.forwarding import (
    Family,
    FilterRule,
    FirewalldPlace,
    Hook,
    IptablesPlace,
    LinkMatch,
    NftChainPlace,
    NftTablePlace,
    PlacedRule,
    Purpose,
)
from wgtui.domain.host import DnsSettings, FileImage, GuardRules, UnitState
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.network import LinkAddress, LinkSettings, Route, Rule
from wgtui.domain.plan import steps
from wgtui.domain.plan.plan import Plan

_RECORDS: Final[dict[str, type]] = {
    kind.__name__: kind
    for kind in (
        *(Plan, Endpoint, DeviceChange, PeerChange, Device, Peer),
        *(DnsSettings, FileImage, GuardRules, UnitState, LinkAddress, LinkSettings, Route, Rule),
        *(steps.DeviceImage, steps.SetFile, steps.SetDevice, steps.ConfigureDevice, steps.SetLink),
        *(steps.SetAddress, steps.SetRoute, steps.SetRule, steps.SetSysctl, steps.SetGuard),
        *(steps.SetForwardRules, steps.SetDns, steps.SetUnit, steps.RunHooks),
        *(PlacedRule, FilterRule, LinkMatch, IptablesPlace, NftTablePlace, NftChainPlace, FirewalldPlace),
    )
}

Kind = TypeVar("Kind")
_Writer = Callable[[object], str]
_Reader = Callable[[str], object]

# An interface is an address to `isinstance`, and a purpose a string, so types are looked up exactly.
_SCALARS: Final[dict[type, tuple[str, _Writer]]] = {
    bytes: ("bytes", lambda value: base64.b64encode(_as(bytes, value)).decode("ascii")),
    PublicKey: ("public key", str),
    PrivateKey: ("private key", lambda value: _as(PrivateKey, value).reveal()),
    PresharedKey: ("preshared key", lambda value: _as(PresharedKey, value).reveal()),
    IPv4Address: ("address", str),
    IPv6Address: ("address", str),
    IPv4Network: ("prefix", str),
    IPv6Network: ("prefix", str),
    IPv4Interface: ("interface", str),
    IPv6Interface: ("interface", str),
    Implementation: ("implementation", lambda value: _as(Implementation, value).value),
    Family: ("family", lambda value: _as(Family, value).name),
    Purpose: ("purpose", str),
    Hook: ("hook", str),
}
_FAMILIES: Final = {family.name: family for family in Family}
_READERS: Final[dict[str, _Reader]] = {
    "bytes": lambda text: base64.b64decode(text, validate=True),
    "public key": PublicKey.parse,
    "private key": PrivateKey.parse,
    "preshared key": PresharedKey.parse,
    "address": ip_address,
    "prefix": ip_network,
    "interface": ip_interface,
    "implementation": Implementation,
    "family": lambda name: _FAMILIES[name],
    "purpose": Purpose,
    "hook": Hook,
}


def to_json(value: object) -> object:
    """The value as JSON types; raises `TypeError` for a type that plans do not have."""
    scalar = _SCALARS.get(type(value))
    if scalar is not None:
        kind, write = scalar
        return {"$": kind, "value": write(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    name = type(value).__name__
    if _RECORDS.get(name) is type(value) and is_dataclass(value):
        record: dict[str, object] = {"$": name}
        for field in fields(value):
            record[field.name] = to_json(getattr(value, field.name))
        return record
    raise TypeError(f"a plan has no {name}")


def from_json(data: object) -> object:
    """The value that `to_json` wrote.

    Raises:
        ValueError: It is not what `to_json` writes, or was written by another version of wgtui.
    """
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, list):
        return tuple(from_json(item) for item in data)
    if not isinstance(data, dict):
        raise ValueError("a value of an unknown kind")
    kind = str(data.get("$"))
    if kind in _READERS:
        return _scalar(kind, data.get("value"))
    record = _RECORDS.get(kind)
    if record is None:
        raise ValueError("a value of an unknown kind")
    values = {str(name): from_json(item) for name, item in data.items() if name != "$"}
    try:
        return record(**values)
    except TypeError:
        raise ValueError(f"{kind} has other parts than this version knows") from None


def plan_from_json(data: object) -> Plan:
    """A plan; raises `ValueError` where it is none."""
    plan = from_json(data)
    if not isinstance(plan, Plan):
        raise ValueError("no plan")
    return plan


def _scalar(kind: str, text: object) -> object:
    if not isinstance(text, str):
        raise ValueError(f"{kind} without a value")
    try:
        return _READERS[kind](text)
    except (ValueError, KeyError, binascii.Error):
        # The text may be a key: it is not quoted, nor is the error that quotes it kept.
        raise ValueError(f"{kind} that makes no sense") from None


def _as(kind: type[Kind], value: object) -> Kind:
    assert isinstance(value, kind)
    return value
