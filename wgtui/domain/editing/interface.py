"""Changes the `[Interface]` of a file, and makes new files."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from wgtui.domain.config import Reading, read_config
from wgtui.domain.config.statements import Statement
from wgtui.domain.editing.editable import require_editable
from wgtui.domain.editing.intents import NO_PRIVATE_KEY, InterfaceEdit
from wgtui.domain.editing.values import Add, ListLine, set_commands, set_list, set_scalar
from wgtui.domain.grammar import quick
from wgtui.domain.grammar.finding import Refused
from wgtui.domain.grammar.scalars import parse_fwmark, parse_listen_port, parse_private_key
from wgtui.domain.wgquick import Document, LineKind, Patch, Section, parse

KEYS: Final = (
    "PrivateKey",
    "Address",
    "ListenPort",
    "MTU",
    "DNS",
    "Table",
    "FwMark",
    "SaveConfig",
    "PreUp",
    "PostUp",
    "PreDown",
    "PostDown",
)
"""All keys of `[Interface]`, in the order of a new file."""


def interface_values(document: Document) -> InterfaceEdit:
    """All fields with their present values: what a form starts with. Never raises."""
    config = read_config(document).config
    values = config.quick
    return InterfaceEdit(
        private_key=config.private_key or NO_PRIVATE_KEY,
        addresses=values.addresses,
        listen_port=config.listen_port or 0,
        mtu=values.mtu or 0,
        dns_servers=values.dns_servers,
        dns_search=values.dns_search,
        table=values.table,
        fwmark=config.fwmark or 0,
        pre_up=tuple(map(text_of, values.pre_up)),
        post_up=tuple(map(text_of, values.post_up)),
        pre_down=tuple(map(text_of, values.pre_down)),
        post_down=tuple(map(text_of, values.post_down)),
        save_config=values.save_config,
    )


def new_interface(edit: InterfaceEdit) -> Document:
    """A new file with these settings, in the usual order; raises `InvalidValue`."""
    return edit_interface(parse(b"[Interface]\n"), edit)


def edit_interface(document: Document, edit: InterfaceEdit) -> Document:
    """Change fields of `[Interface]`.

    A field that already has the value keeps its spelling. Of repeated lines the last, which counts, is
    changed and the others go, in all `[Interface]` sections; lists stay on their lines, and so does every
    hook that stays. A new key follows those that usually stand in front of it, in the first section that
    `wg-quick` sees; a file without one gets it on top.

    Args:
        document: The file.
        edit: What to change.

    Raises:
        EditRefused: The file cannot be edited without guessing.
        InvalidValue: A value does not fit into a line.
    """
    require_editable(document)
    if edit == InterfaceEdit():
        return document
    reading = read_config(document)
    section = _section(document, reading)
    if section is None:
        document = _with_section(document)
        reading = read_config(document)
        section = _section(document, reading)
        assert section is not None
    return _Editor(document, reading, section).apply(edit)


def _section(document: Document, reading: Reading) -> Section | None:
    """The first `[Interface]` that both `wg` and `wg-quick` see."""
    headers = {
        header.index for header in reading.headers if header.key == "interface" and header.quick_section
    }
    return next((section for section in document.sections if section.header in headers), None)


def _with_section(document: Document) -> Document:
    patch = Patch(document)
    patch.insert(0, "[Interface]")
    if document.lines:
        patch.insert(0, "")
    return patch.apply()


@dataclass(frozen=True, slots=True)
class _Scalar:
    """A field with one value.

    Attributes:
        key: Its spelling in the file.
        text: What to write; empty to clear it.
        says: Whether a value in the file means the same.
    """

    key: str
    text: str
    says: Callable[[str], bool]


class _Editor:
    """Collects the edits of one file's `[Interface]`."""

    def __init__(self, document: Document, reading: Reading, section: Section) -> None:
        self.document = document
        self.reading = reading
        self.section = section
        self.patch = Patch(document)

    def apply(self, edit: InterfaceEdit) -> Document:
        scalars = {scalar.key: scalar for scalar in _scalars(edit)}
        hooks = _hooks(edit)
        for key in KEYS:
            commands = hooks.get(key)
            if key in scalars:
                self._set_scalar(scalars[key])
            elif commands is not None:
                lines = [(statement.index, text_of(statement.value)) for statement in self._statements(key)]
                set_commands(self.patch, lines, key, commands, partial(self._adder, key))
            elif key == "Address" and edit.addresses is not None:
                self._set_addresses(edit)
            elif key == "DNS" and (edit.dns_servers, edit.dns_search) != (None, None):
                self._set_dns(edit)
        return self.patch.apply()

    def _statements(self, key: str) -> list[Statement]:
        return self.reading.interface.get(key.lower(), [])

    def _set_scalar(self, scalar: _Scalar) -> None:
        found = self._statements(scalar.key)
        if not (found and scalar.says(found[-1].value)):
            lines = [statement.index for statement in found]
            set_scalar(self.patch, lines, scalar.key, scalar.text, self._adder(scalar.key))

    def _set_addresses(self, edit: InterfaceEdit) -> None:
        wanted = edit.addresses or ()
        lines = [ListLine(one.index, _addresses(one.value)) for one in self._statements("Address")]
        present = [identity for line in lines for identity, _ in line.elements or (("?", ""),)]
        if present != list(wanted):
            texts: dict[Hashable, str] = {address: str(address) for address in wanted}
            set_list(self.patch, lines, "Address", texts, self._adder("Address"), ordered=True)

    def _set_dns(self, edit: InterfaceEdit) -> None:
        values = self.reading.config.quick
        servers = values.dns_servers if edit.dns_servers is None else edit.dns_servers
        search = values.dns_search if edit.dns_search is None else edit.dns_search
        if (servers, search) == (values.dns_servers, values.dns_search):
            return
        lines = [
            ListLine(one.index, tuple((text, text) for _, text in quick.split_list(one.value)))
            for one in self._statements("DNS")
        ]
        texts: dict[Hashable, str] = {text: text for text in (*servers, *search)}
        set_list(self.patch, lines, "DNS", texts, self._adder("DNS"), ordered=True)

    def _adder(self, key: str, behind: int = -1) -> Add:
        def add(value: str) -> None:
            index = self._place(key) if behind < 0 else behind
            line = self.document.line(index)
            is_entry = line.kind is LineKind.ENTRY and not line.disabled
            self.patch.add_entry(index + 1, key, value, line.raw[: line.start] if is_entry else b"")

        return add

    def _place(self, key: str) -> int:
        """The line behind which a new key goes: the last of those that usually precede it."""
        lines = (
            statement.index
            for earlier in KEYS[: KEYS.index(key)]
            for statement in self._statements(earlier)
            if self.section.header < statement.index < self.section.end
        )
        return max(lines, default=self.section.header)


def _hooks(edit: InterfaceEdit) -> dict[str, tuple[str, ...] | None]:
    return {
        "PreUp": edit.pre_up,
        "PostUp": edit.post_up,
        "PreDown": edit.pre_down,
        "PostDown": edit.post_down,
    }


def _scalars(edit: InterfaceEdit) -> Iterator[_Scalar]:
    if edit.private_key is not None:
        text = "" if edit.private_key.is_zero else edit.private_key.reveal()
        yield _Scalar("PrivateKey", text, _means(parse_private_key, edit.private_key))
    if edit.listen_port is not None:
        yield _Scalar("ListenPort", str(edit.listen_port or ""), _means(parse_listen_port, edit.listen_port))
    if edit.mtu is not None:
        yield _Scalar("MTU", str(edit.mtu or ""), _means(quick.parse_mtu, edit.mtu or None))
    if edit.table is not None:
        yield _Scalar("Table", edit.table, _means(quick.parse_table, edit.table))
    if edit.fwmark is not None:
        text = f"{edit.fwmark:#x}" if edit.fwmark else ""
        yield _Scalar("FwMark", text, _means(parse_fwmark, edit.fwmark))
    if edit.save_config is not None:
        text = "true" if edit.save_config else ""
        yield _Scalar("SaveConfig", text, _means(quick.parse_save_config, edit.save_config))


def _means(parse_value: Callable[[str], object], wanted: object) -> Callable[[str], bool]:
    def says(value: str) -> bool:
        try:
            return parse_value(value) == wanted
        except Refused:
            return False

    return says


def _addresses(value: str) -> tuple[tuple[Hashable, str], ...] | None:
    try:
        return tuple((quick.parse_address(text), text) for _, text in quick.split_list(value))
    except Refused:
        return None


def text_of(value: str) -> str:
    """A value of the reader's, which has one character a byte, as text."""
    return value.encode("latin-1").decode("utf-8", "surrogateescape")
