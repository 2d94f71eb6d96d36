"""From a document to what it says, with everything that `wg` and `wg-quick` would refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from wgtui.domain.addresses import Prefix
from wgtui.domain.config.model import InterfaceConfig
from wgtui.domain.config.peers import PeerBlock
from wgtui.domain.config.quick_collector import AddressPlace, QuickCollector
from wgtui.domain.config.statements import Dialect, Kind, Statement, place_of, statements
from wgtui.domain.config.unknown import explain_unknown, first_line_problem
from wgtui.domain.grammar import scalars
from wgtui.domain.grammar.allowed_ips import AllowedIp, parse_allowed_ips
from wgtui.domain.grammar.endpoint import EndpointConfig, parse_endpoint
from wgtui.domain.grammar.finding import Findings, Refused, Severity
from wgtui.domain.grammar.scalars import ServicePort, no_services
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.wgquick.document import Document
from wgtui.domain.wgquick.lines import HOOKS

_LISTS = frozenset(("allowedips", "address", "dns", *HOOKS))
"""Keys that add up instead of replacing each other."""


@dataclass(frozen=True, slots=True)
class Element:
    """Where an allowed IP stands.

    Attributes:
        prefix: Masked.
        block: Number of its `[Peer]` among all of the file, from 0.
        statement: Its line.
        at: Its place in the statement's value.
    """

    prefix: Prefix
    block: int
    statement: Statement
    at: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file gave.

    Attributes:
        document: The file.
        dialect: For whom it was read.
        config: What it says. Where there are errors, what could be understood.
        findings: Errors, and lints of single values.
        interface: The statements of each key in `[Interface]`, in order.
        headers: The statements of all headers.
        elements: All allowed IPs.
        addresses: All addresses.
        keys: The public key of every `[Peer]` in order, None where it has none.
        is_text: Whether the file is in an encoding that can be read at all.
        listless: Numbers of the `[Peer]` sections that do not mention AllowedIPs, not even wrongly.
    """

    document: Document
    dialect: Dialect
    config: InterfaceConfig
    findings: Findings
    interface: dict[str, list[Statement]]
    headers: tuple[Statement, ...]
    elements: tuple[Element, ...]
    addresses: tuple[AddressPlace, ...]
    keys: tuple[PublicKey | None, ...]
    listless: frozenset[int]
    is_text: bool

    def place(self, statement: Statement, at: int = 0, severity: Severity = Severity.LINT) -> tuple[int, int]:
        """Line and column of a character of a statement's value, for a finding; the line of one too many."""
        if self.findings.is_full(severity):
            return statement.index + 1, 1
        return place_of(self.document, statement, at)


@dataclass(slots=True)
class _Block:
    """A `[Peer]` while it is read."""

    header: Statement
    public_key: PublicKey | None = None
    preshared_key: PresharedKey | None = None
    endpoint: EndpointConfig | None = None
    persistent_keepalive: int | None = None
    allowed_ips: list[AllowedIp] = field(default_factory=list)
    replaces: bool = True
    seen: set[str] = field(default_factory=set)
    refused_key: bool = False


def read_config(
    document: Document,
    dialect: Dialect = Dialect.WG_QUICK,
    service_port: ServicePort = no_services,
) -> Reading:
    """Read what a document says. Never raises; linear in the file's size.

    Args:
        document: The file.
        dialect: Who is to read it.
        service_port: Looks up UDP service names, which ports may be.

    Returns:
        The values and what is wrong with them. Unlike `wg`, reading goes on behind an error.
    """
    return _Reader(document, dialect, service_port).read()


class _Reader:
    """The state of one reading."""

    def __init__(self, document: Document, dialect: Dialect, service_port: ServicePort) -> None:
        self.document = document
        self.dialect = dialect
        self.service_port = service_port
        self.findings = Findings()
        self.blocks: list[_Block] = []
        self.interface: dict[str, list[Statement]] = {}
        self.headers: list[Statement] = []
        self.elements: list[Element] = []
        self.private_key: PrivateKey | None = None
        self.listen_port: int | None = None
        self.fwmark: int | None = None
        self.quick = QuickCollector()
        self.now: Statement | None = None
        self.handlers: dict[str, Callable[[str], None]] = {
            "privatekey": self._private_key,
            "listenport": self._listen_port,
            "fwmark": self._fwmark,
            "publickey": self._public_key,
            "presharedkey": self._preshared_key,
            "endpoint": self._endpoint,
            "allowedips": self._allowed_ips,
            "persistentkeepalive": self._keepalive,
        }

    def read(self) -> Reading:
        problem = first_line_problem(self.document)
        if problem is not None:
            self.findings.add(problem)
        is_text = problem is None or problem.code == "bom"
        if is_text:
            for statement in statements(self.document, self.dialect):
                self._statement(statement)
        for block in self.blocks:
            if block.public_key is None and not block.refused_key:
                self._refuse(
                    block.header,
                    Refused("peer-without-key", "This peer has no PublicKey.", "Add its public key."),
                )
        return Reading(
            self.document,
            self.dialect,
            self._config(),
            self.findings,
            self.interface,
            tuple(self.headers),
            tuple(self.elements),
            tuple(self.quick.addresses),
            tuple(block.public_key for block in self.blocks),
            frozenset(number for number, block in enumerate(self.blocks) if "allowedips" not in block.seen),
            is_text,
        )

    def _config(self) -> InterfaceConfig:
        blocks = tuple(
            PeerBlock(
                block.public_key,
                block.preshared_key,
                block.endpoint,
                block.persistent_keepalive,
                tuple(block.allowed_ips),
                block.replaces,
                block.header.index + 1,
            )
            for block in self.blocks
            if block.public_key is not None
        )
        settings = self.quick.settings()
        return InterfaceConfig(self.private_key, self.listen_port, self.fwmark, blocks, settings)

    def _statement(self, statement: Statement) -> None:
        self.now = statement
        if statement.kind is Kind.HEADER:
            self.headers.append(statement)
            if statement.key == "peer":
                self.blocks.append(_Block(statement))
            return
        if statement.kind is Kind.UNKNOWN:
            if statement.section == "peer":
                self.blocks[-1].seen.add(statement.key)
            self._refuse(statement, explain_unknown(statement, self.dialect, self._raw(statement)))
            return
        self._note_repeat(statement)
        try:
            if statement.kind is Kind.QUICK:
                self.quick.take(statement, self._note)
            else:
                self.handlers[statement.key](statement.value)
        except Refused as error:
            self._refuse(statement, error)

    def _raw(self, statement: Statement) -> bytes:
        return self.document.lines[statement.index]

    def _note_repeat(self, statement: Statement) -> None:
        if statement.section == "peer" and statement.kind is Kind.WG:
            seen = self.blocks[-1].seen
            repeated = statement.key in seen
            seen.add(statement.key)
        else:
            earlier = self.interface.setdefault(statement.key, [])
            repeated = bool(earlier)
            earlier.append(statement)
        if repeated and statement.key not in _LISTS:
            self._note("repeated-key", "This key was set before: only the last one counts.", "Keep one.", 0)

    def _refuse(self, statement: Statement, error: Refused) -> None:
        full = self.findings.is_full(Severity.ERROR)
        line, column = (0, 0) if full else place_of(self.document, statement, error.at)
        self.findings.error(error.code, line, column, str(error), error.hint)

    def _note(self, code: str, text: str, hint: str, at: int) -> None:
        assert self.now is not None
        full = self.findings.is_full(Severity.LINT)
        line, column = (0, 0) if full else place_of(self.document, self.now, at)
        self.findings.lint(code, line, column, text, hint)

    def _private_key(self, value: str) -> None:
        self.private_key = scalars.parse_private_key(value, self._note)

    def _listen_port(self, value: str) -> None:
        self.listen_port = scalars.parse_listen_port(value, self.service_port, self._note)

    def _fwmark(self, value: str) -> None:
        self.fwmark = scalars.parse_fwmark(value)

    def _public_key(self, value: str) -> None:
        block = self.blocks[-1]
        block.refused_key = True
        block.public_key = scalars.parse_public_key(value)
        block.refused_key = False

    def _preshared_key(self, value: str) -> None:
        self.blocks[-1].preshared_key = scalars.parse_preshared_key(value)

    def _endpoint(self, value: str) -> None:
        self.blocks[-1].endpoint = parse_endpoint(value, self.service_port, self._note)

    def _keepalive(self, value: str) -> None:
        self.blocks[-1].persistent_keepalive = scalars.parse_keepalive(value)

    def _allowed_ips(self, value: str) -> None:
        assert self.now is not None
        block = self.blocks[-1]
        found = parse_allowed_ips(value, self._note)
        block.allowed_ips.extend(found)
        block.replaces = not any(element.sign for element in found)
        at = 0
        for element, text in zip(found, value.split(","), strict=True):
            self.elements.append(Element(element.prefix, len(self.blocks) - 1, self.now, at))
            at += len(text) + 1
