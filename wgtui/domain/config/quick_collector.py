"""Collects the keys that `wg-quick` keeps for itself."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.config.model import QuickSettings
from wgtui.domain.config.statements import Statement
from wgtui.domain.grammar import quick
from wgtui.domain.grammar.finding import Note, Refused
from wgtui.domain.wgquick.lines import HOOKS


@dataclass(frozen=True, slots=True)
class AddressPlace:
    """Where an address of the interface stands.

    Attributes:
        address: The address.
        statement: Its line.
        at: Its place in the statement's value.
    """

    address: quick.InterfaceAddress
    statement: Statement
    at: int


class QuickCollector:
    """Collects the keys of `wg-quick`."""

    def __init__(self) -> None:
        self.addresses: list[AddressPlace] = []
        self._servers: list[str] = []
        self._domains: list[str] = []
        self._hooks: dict[str, list[str]] = {key: [] for key in HOOKS}
        self._mtu: int | None = None
        self._table = ""
        self._save_config = False

    def take(self, statement: Statement, note: Note) -> None:
        """Take one setting; raises `Refused`."""
        key, value = statement.key, statement.value
        if key in self._hooks:
            self._hooks[key].append(value)
        elif key == "address":
            self._take_addresses(statement, note)
        elif key == "dns":
            servers, domains = quick.parse_dns(value, note)
            self._servers.extend(servers)
            self._domains.extend(domains)
        elif key == "mtu":
            self._mtu = quick.parse_mtu(value, note)
        elif key == "table":
            self._table = quick.parse_table(value, note)
        else:
            self._save_config = quick.parse_save_config(value)

    def _take_addresses(self, statement: Statement, note: Note) -> None:
        for at, element in quick.split_list(statement.value):

            def note_here(code: str, text: str, hint: str, inner: int, at: int = at) -> None:
                note(code, text, hint, at + inner)

            try:
                address = quick.parse_address(element, note_here)
            except Refused as error:
                raise Refused(error.code, str(error), error.hint, at) from None
            self.addresses.append(AddressPlace(address, statement, at))

    def settings(self) -> QuickSettings:
        """What was taken."""
        pre_up, post_up, pre_down, post_down = (tuple(self._hooks[key]) for key in HOOKS)
        return QuickSettings(
            addresses=tuple(place.address for place in self.addresses),
            dns_servers=tuple(self._servers),
            dns_search=tuple(self._domains),
            mtu=self._mtu,
            table=self._table,
            pre_up=pre_up,
            post_up=post_up,
            pre_down=pre_down,
            post_down=post_down,
            save_config=self._save_config,
        )
