"""What mends something: intents that services turn into plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wgtui.domain.addresses import Prefix
from wgtui.domain.keys import PublicKey

if TYPE_CHECKING:
    from wgtui.domain.forwarding import SwitchName


@dataclass(frozen=True, slots=True)
class SwitchFix:
    """Turn a forwarding switch of an interface on or off."""

    interface: str
    switch: SwitchName
    on: bool
    target: str = ""


@dataclass(frozen=True, slots=True)
class AllowFix:
    """Give a prefix to a peer in this host's file."""

    interface: str
    key: PublicKey
    prefix: Prefix


@dataclass(frozen=True, slots=True)
class FarAllowFix:
    """Add a prefix to what a peer's own file reaches; the new file has to be taken to the peer."""

    interface: str
    key: PublicKey
    prefix: Prefix


@dataclass(frozen=True, slots=True)
class SyncFix:
    """Bring a running interface in line with its file, routes included."""

    interface: str


@dataclass(frozen=True, slots=True)
class SettingFix:
    """Set a kernel setting."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class MtuFix:
    """Set the MTU of an interface, in its file and at once."""

    interface: str
    mtu: int


@dataclass(frozen=True, slots=True)
class ByHand:
    """What has to be done elsewhere, or by the operator, in one sentence."""

    text: str


Fix = SwitchFix | AllowFix | FarAllowFix | SyncFix | SettingFix | MtuFix | ByHand
"""One way to mend what is broken."""


def fix_words(fix: Fix | None) -> str:
    """What is offered, as an order with the command to type; empty for nothing."""
    match fix:
        case SyncFix(interface=name):
            return f"Bring {name} in line with its file: wgtui sync {name}"
        case SwitchFix(interface=name, switch=switch, on=on):
            return (
                f"Turn it {'on' if on else 'off'} here: wgtui forward {name} {'on' if on else 'off'} {switch}"
            )
        case SettingFix(name=name, value=value):
            return f"Set {name} to {value}."
        case ByHand(text=text):
            return text
        case _:
            return ""
