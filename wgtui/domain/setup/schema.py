"""The keys of a file of answers: what each means, how its value is read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from wgtui.domain.errors import InvalidValue
from wgtui.domain.forms import (
    Entered,
    enter_addresses,
    enter_allowed_ips,
    enter_dns,
    enter_endpoint,
    enter_interface_name,
    enter_keepalive,
    enter_listen_port,
    enter_mtu,
    enter_name,
    enter_preshared_key,
    enter_public_key,
)
from wgtui.domain.setup.answers import Role, Scenario

TomlValue = str | int | bool | list[str]
"""What these files have as values."""

Read = Callable[[object], Any]
"""Gives the value of a TOML value; raises `InvalidValue` with one sentence."""

Write = Callable[[Any], TomlValue]

_Value = TypeVar("_Value")
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Key:
    """One key.

    Attributes:
        name: In the file, and of the field it fills.
        comment: One line that explains it.
        read: From TOML.
        write: To TOML.
        example: A value for a template, in TOML.
    """

    name: str
    comment: str
    read: Read
    write: Write
    example: str


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue("This must be text in quotes.")
    return value


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidValue("This must be a number, without quotes.")
    return str(value)


def _texts(value: object) -> str:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidValue('This must be a list of texts, such as ["one", "two"].')
    return ", ".join(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue("This must be true or false, without quotes.")
    return value


def _entered(shape: Callable[[object], str], enter: Callable[[str], Entered[_Value]]) -> Read:
    """Reads a value as a field of a form does."""

    def read(value: object) -> _Value:
        entered = enter(shape(value))
        if entered.value is None:
            problem = entered.problems[0]
            raise InvalidValue(f"{problem.text} {problem.hint}".rstrip())
        return entered.value

    return read


def _link(value: object) -> str:
    text = _text(value)
    entered = enter_interface_name(text) if text else Entered("")
    if entered.value is None:
        raise InvalidValue(f"{entered.problems[0].text} {entered.problems[0].hint}".rstrip())
    return entered.value


def _dns(text: str) -> Entered[tuple[str, ...]]:
    entered = enter_dns(text)
    return Entered(
        None if entered.value is None else (*entered.value[0], *entered.value[1]), entered.problems
    )


def _mtu(text: str) -> Entered[int]:
    """0 stands for automatic here, for which a form has an empty field."""
    return enter_mtu("" if text == "0" else text)


def _word(words: type[_Word]) -> Read:
    def read(value: object) -> _Word:
        text = _text(value)
        if text not in list(words):
            raise InvalidValue(f"This must be one of: {', '.join(words)}.")
        return words(text)

    return read


def _strings(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values]


def _same(value: Any) -> Any:
    return value


def _flag_key(name: str, comment: str, example: str) -> Key:
    return Key(name, comment, _flag, _same, example)


HOST_KEYS: Final = (
    Key("scenario", f"What this host is to be: {', '.join(Scenario)}.", _word(Scenario), str, '"relay"'),
    _flag_key("boot", "Whether the interface comes up at boot, by its unit of systemd.", "true"),
    _flag_key("start", "Whether the interface comes up now.", "true"),
)
"""Keys above all tables."""

NETWORK_KEYS: Final = (
    Key(
        "name",
        "Name of the interface, and of its file.",
        _entered(_text, enter_interface_name),
        str,
        '"wg0"',
    ),
    Key(
        "addresses",
        "Its addresses, with the lengths of the tunnel's subnets.",
        _entered(_texts, enter_addresses),
        _strings,
        '["10.66.0.1/24"]',
    ),
    Key(
        "listen_port",
        "UDP port it listens on; 0 lets the system pick, for a host that only dials.",
        _entered(_number, enter_listen_port),
        _same,
        "51820",
    ),
    Key(
        "endpoint",
        "What peers dial: this host's public name or address, with the port.",
        _entered(_text, enter_endpoint),
        str,
        '"vpn.example.com:51820"',
    ),
    Key(
        "lans",
        "LANs that this host itself leads to.",
        _entered(_texts, enter_allowed_ips),
        _strings,
        '["192.168.2.0/24"]',
    ),
    Key(
        "peer_dns",
        "DNS servers and search domains for the files of roaming devices.",
        _entered(_texts, _dns),
        list,
        '["9.9.9.9"]',
    ),
    Key(
        "peer_mtu",
        "MTU in the files of peers, in bytes; 0 for automatic.",
        _entered(_number, _mtu),
        _same,
        "1420",
    ),
    Key("mtu", "MTU of the interface, in bytes; 0 for automatic.", _entered(_number, _mtu), _same, "0"),
)
"""Keys of `[interface]`."""

FORWARDING_KEYS: Final = (
    _flag_key("ipv4", "Whether the kernel forwards IPv4, now and after a reboot.", "true"),
    _flag_key("ipv6", "Whether the kernel forwards IPv6, now and after a reboot.", "true"),
    _flag_key("relay", "Whether packets go from peer to peer.", "true"),
    _flag_key("isolate", "Whether packets from peer to peer are dropped in any case.", "false"),
    _flag_key("forward", "Whether packets go between the tunnel and this host's other networks.", "false"),
    Key(
        "masquerade",
        "Interface behind whose address packets from the tunnel hide; empty for none.",
        _link,
        str,
        '"eth0"',
    ),
    _flag_key("open_port", "Whether this host's packet filter is told to let the listen port in.", "true"),
    _flag_key("mss_clamp", "Whether TCP through here is kept to sizes that fit the tunnel.", "false"),
)
"""Keys of `[forwarding]`."""

PEER_KEYS: Final = (
    Key("name", "What the peer is called here.", _entered(_text, enter_name), str, '"phone"'),
    Key("role", f"What it is: {', '.join(Role)}.", _word(Role), str, f'"{Role.ROAMING}"'),
    Key(
        "addresses",
        "Its addresses in the tunnel; leave out for the next free ones.",
        _entered(_texts, enter_addresses),
        _strings,
        '["10.66.0.2/32"]',
    ),
    Key(
        "lans",
        "LANs behind it, for a LAN gateway.",
        _entered(_texts, enter_allowed_ips),
        _strings,
        '["192.168.2.0/24"]',
    ),
    Key("lan_interface", "How a LAN gateway calls its interface to that LAN.", _link, str, '"eth0"'),
    Key(
        "public_key",
        "Of a peer that keeps its private key; leave out to generate its keys here.",
        _entered(_text, enter_public_key),
        str,
        '"BASE64="',
    ),
    Key(
        "preshared_key",
        "A preshared key that the other side has already. It is a secret.",
        _entered(_text, enter_preshared_key),
        lambda key: str(key.reveal()),
        '"BASE64="',
    ),
    _flag_key("preshared", "Whether to generate a preshared key.", "false"),
    Key(
        "reaches",
        "What it reaches through this host; leave out for what follows from its role.",
        _entered(_texts, enter_allowed_ips),
        _strings,
        '["10.66.0.0/24"]',
    ),
    Key(
        "keepalive",
        "Seconds between the packets that keep a NAT open; 0 for off, leave out for the usual.",
        _entered(_number, enter_keepalive),
        _same,
        "25",
    ),
    _flag_key("behind_nat", "Whether the side that dials is behind NAT, as homes and phones are.", "true"),
    Key(
        "endpoint",
        "Where this host dials it; leave out where the peer dials this host.",
        _entered(_text, enter_endpoint),
        str,
        '"relay.example.com:51820"',
    ),
)
"""Keys of every `[[peers]]`."""
