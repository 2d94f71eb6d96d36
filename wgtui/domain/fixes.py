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


def fix_words(fix: Fix) -> str:
    """What a fix does, in one sentence."""
    match fix:
        case SwitchFix(interface=name, switch=switch, on=on, target=target):
            words = " ".join((switch.value, *([target] if target else [])))
            return f"Turn the switch {words} of {name} {'on' if on else 'off'}."
        case AllowFix(interface=name, key=key, prefix=prefix):
            return f"Give {prefix} to the peer {key.short()} of {name}."
        case FarAllowFix(key=key, prefix=prefix):
            return f"Add {prefix} to what the own file of the peer {key.short()} reaches, and take it there."
        case SyncFix(interface=name):
            return f"Bring {name} in line with its file."
        case SettingFix(name=name, value=value):
            return f"Set {name} to {value}."
        case MtuFix(interface=name, mtu=mtu):
            return f"Set the MTU of {name} to {mtu}, in its file and at once."
        case ByHand(text=text):
            return text


def fix_command(fix: Fix) -> str:
    """The command that does the same; empty where there is none, or the words have it."""
    match fix:
        case SyncFix(interface=name):
            return f"wgtui sync {name}"
        case SwitchFix(interface=name, switch=switch, on=on, target=target):
            return f"wgtui forward {name} {'on' if on else 'off'} {switch.value} {target}".rstrip()
        case SettingFix(name=name, value=value):
            return f"sysctl -w {name}={value}"
        case _:
            return ""
