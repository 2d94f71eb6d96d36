"""What a form says beside its fields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Generic, TypeVar


class Field(StrEnum):
    """The fields of the forms. Those of `PeerEdit` and `InterfaceEdit` are called as there."""

    NAME = "name"
    PUBLIC_KEY = "public_key"
    PRESHARED_KEY = "preshared_key"
    ALLOWED_IPS = "allowed_ips"
    ENDPOINT = "endpoint"
    PERSISTENT_KEEPALIVE = "persistent_keepalive"
    LAN_INTERFACE = "lan_interface"
    """Of a LAN gateway, as it calls it itself."""

    INTERFACE_NAME = "interface_name"
    PRIVATE_KEY = "private_key"
    ADDRESSES = "addresses"
    LISTEN_PORT = "listen_port"
    MTU = "mtu"
    DNS = "dns"
    """Servers and search domains, in one field."""

    TABLE = "table"
    FWMARK = "fwmark"
    PRE_UP = "pre_up"
    POST_UP = "post_up"
    PRE_DOWN = "pre_down"
    POST_DOWN = "post_down"
    SAVE_CONFIG = "save_config"


class Level(Enum):
    """How bad a problem is."""

    ERROR = "error"
    """It cannot be saved so."""

    WARNING = "warning"
    """It can be saved, but was hardly meant, or takes something away from others."""

    NOTE = "note"
    """Good to know: what was understood, or what follows."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark about one field.

    Attributes:
        field: Where it is shown: a `Field`, or the name of another form's field; empty for the whole form.
        text: One sentence: what is wrong, or what happens. Printable; never holds a secret.
        severity: How bad it is.
        hint: One sentence: what to do; may be empty.
    """

    field: str
    text: str
    severity: Level = Level.ERROR
    hint: str = ""


_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Entered(Generic[_Value]):
    """What a text in a field means.

    Attributes:
        value: None when the text is refused. An empty text gives the value that clears the field.
        problems: One error, or any number of warnings and notes.
    """

    value: _Value | None
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.value is not None
