"""Where the values of a peer and its interface stand in the file."""

from __future__ import annotations

from dataclasses import dataclass, field

from wgtui.domain.addresses import Prefix
from wgtui.domain.config.reader import read_config
from wgtui.domain.config.statements import Dialect, Kind, statements
from wgtui.domain.keys import PublicKey
from wgtui.domain.names.reader import named_peers
from wgtui.domain.wgquick import Document


@dataclass(frozen=True, slots=True)
class FilePlaces:
    """Numbers of lines, from 1; 0 for what the file does not say.

    Attributes:
        path: Of the file; empty where there is none.
        name: Of the comment that names the peer.
        peer: Of its last settings, by key in lower case, such as `endpoint`.
        interface: Of the interface's settings, likewise.
        allowed_ips: By prefix, of the peer's.
    """

    path: str = ""
    name: int = 0
    peer: dict[str, int] = field(default_factory=dict)
    interface: dict[str, int] = field(default_factory=dict)
    allowed_ips: dict[Prefix, int] = field(default_factory=dict)


def places_of(path: str, document: Document, key: PublicKey) -> FilePlaces:
    """Find a peer's values in a file. Never raises.

    Args:
        path: Of the file.
        document: Its lines.
        key: The peer's.
    """
    reading = read_config(document)
    blocks = {number for number, one in enumerate(reading.keys) if one == key}
    name = next(
        (peer.comment.line + 1 for peer in named_peers(document) if peer.public_key == key and peer.comment),
        0,
    )
    places = FilePlaces(path, name)
    number = -1
    for one in statements(document, Dialect.WG_QUICK):
        if one.kind is Kind.HEADER:
            number += one.section == "peer"
        elif one.section == "peer" and number in blocks:
            places.peer[one.key] = one.index + 1
        elif one.quick_section:
            places.interface[one.key] = one.index + 1
    for element in reading.elements:
        if element.block in blocks:
            places.allowed_ips[element.prefix] = element.statement.index + 1
    return places
