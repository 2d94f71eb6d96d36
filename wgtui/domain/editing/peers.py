"""Adds, changes and removes peers of a file.

Peers are identified by their public key; where a live and a disabled block name the same key, the live one
is meant. Every function returns a new document in which no line of anybody else has changed a byte. All
raise `EditRefused` where they would not do what was asked, and `InvalidValue` for values that no line holds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from wgtui.domain.addresses import Prefix
from wgtui.domain.editing.editable import require_editable, stray_lines
from wgtui.domain.editing.intents import NO_ENDPOINT, PeerEdit
from wgtui.domain.editing.peer_list import FilePeer, find_peer, peers_of, require_peer
from wgtui.domain.editing.values import ListLine, set_list, set_scalar
from wgtui.domain.errors import EditRefused
from wgtui.domain.grammar.allowed_ips import parse_allowed_ips
from wgtui.domain.grammar.endpoint import parse_endpoint
from wgtui.domain.grammar.finding import Refused
from wgtui.domain.grammar.scalars import parse_keepalive, parse_preshared_key
from wgtui.domain.keys import PublicKey
from wgtui.domain.names.reader import find_name
from wgtui.domain.names.writer import remove_peer_name, set_peer_name
from wgtui.domain.wgquick import Block, Document, Patch, peer_blocks
from wgtui.domain.wgquick.lines import SPACE


def add_peer(document: Document, edit: PeerEdit) -> Document:
    """Append a peer, named as most other peers of the file are, else by `# Name = NAME` as its first line.

    It stands behind an empty line and in front of empty lines that end the file, so that `remove_peer`
    gives back the same bytes.

    Args:
        document: The file.
        edit: The peer; its public key is needed.
    """
    require_editable(document)
    if edit.public_key is None:
        raise EditRefused("A peer needs a public key.", hint="Paste the other side's public key.")
    _require_unused(document, edit.public_key)
    end = len(document.lines)
    while end and not document.lines[end - 1].strip():
        end -= 1
    patch = Patch(document)
    if end:
        patch.insert(end, "")
    patch.insert(end, "[Peer]")
    for key, value in _entries(edit):
        patch.add_entry(end, key, value)
    changed = patch.apply()
    *_, block = peer_blocks(changed)
    return set_peer_name(changed, block, edit.name) if edit.name else changed


def edit_peer(document: Document, key: PublicKey, edit: PeerEdit) -> Document:
    """Change fields of a peer, live or disabled.

    A field that already has the value keeps its spelling. Of repeated lines the last one that counts is
    changed, in whichever of the peer's blocks it stands, and the others of that key go. Allowed IPs over
    several lines stay on their lines. Another public key keeps everything else of the peer.

    Args:
        document: The file.
        key: Which peer.
        edit: What to change.
    """
    require_editable(document)
    peer = require_peer(document, key)
    if edit.public_key not in (None, key):
        assert edit.public_key is not None
        _require_unused(document, edit.public_key)
    editor = _PeerEditor(document, peer)
    editor.apply_keys(edit)
    if edit.allowed_ips is not None:
        editor.set_allowed_ips(edit.allowed_ips)
    editor.apply_scalars(edit)
    changed = editor.patch.apply()
    if edit.name is None:
        return changed
    return _rename(changed, edit.public_key or key, peer.enabled, edit.name)


def rename_peer(document: Document, key: PublicKey, name: str) -> Document:
    """Name a peer in the convention that its file uses for it; an empty name takes it out."""
    return edit_peer(document, key, PeerEdit(name=name))


def remove_peer(document: Document, key: PublicKey) -> Document:
    """Remove a peer's blocks with their comments and markers, and the empty line that set each apart."""
    require_editable(document)
    patch = Patch(document)
    for block in require_peer(document, key).blocks:
        start, end = _with_empty_lines(document, block)
        patch.remove(start, end)
        for index in stray_lines(document, block):
            patch.remove(index)
    return patch.apply()


def take_prefixes(document: Document, owner: PublicKey, prefixes: Iterable[Prefix]) -> Document:
    """Take prefixes out of the allowed IPs of all live peers but one.

    In a file the last peer to name a prefix owns it; a prefix that moves must leave its former owner's list.

    Args:
        document: The file.
        owner: The peer that keeps them.
        prefixes: Exactly these; wider and narrower ones stay.
    """
    wanted = frozenset(prefixes)
    patch = Patch(document)
    for peer in peers_of(document) if wanted else ():
        if peer.enabled and peer.public_key != owner and not wanted.isdisjoint(peer.settings.allowed_ips):
            for block in peer.blocks:
                for index, _ in document.entries(block.section, "allowedips"):
                    _drop(patch, document, index, wanted)
    return patch.apply()


class _PeerEditor:
    """Collects the edits of one peer's lines."""

    def __init__(self, document: Document, peer: FilePeer) -> None:
        self.document = document
        self.peer = peer
        self.patch = Patch(document)

    def apply_keys(self, edit: PeerEdit) -> None:
        if edit.public_key not in (None, self.peer.public_key):
            for block in self.peer.blocks:
                lines = self._lines("publickey", block)
                self._set("PublicKey", lines, str(edit.public_key))
        preshared = edit.preshared_key
        if preshared is not None and not self._says("presharedkey", parse_preshared_key, preshared):
            text = "" if preshared.is_zero else preshared.reveal()
            self._set("PresharedKey", self._lines("presharedkey"), text)

    def apply_scalars(self, edit: PeerEdit) -> None:
        endpoint, keepalive = edit.endpoint, edit.persistent_keepalive
        if endpoint is not None and not self._says("endpoint", parse_endpoint, endpoint):
            text = "" if endpoint == NO_ENDPOINT else str(endpoint)
            self._set("Endpoint", self._lines("endpoint"), text)
        if keepalive is not None and not self._says("persistentkeepalive", parse_keepalive, keepalive):
            lines = self._lines("persistentkeepalive")
            self._set("PersistentKeepalive", lines, str(keepalive or ""))

    def set_allowed_ips(self, wanted: tuple[Prefix, ...]) -> None:
        *earlier, last = ([*_allowed_ips(self.document, block)] for block in self.peer.blocks)
        present = [identity for line in last for identity, _ in line.elements or (("?", ""),)]
        if present == list(wanted):
            return
        for line in (line for lines in earlier for line in lines):
            self.patch.remove(line.index)
        texts: dict[Hashable, str] = {prefix: str(prefix) for prefix in wanted}
        set_list(self.patch, last, "AllowedIPs", texts, self._adder("AllowedIPs"), ordered=False)

    def _lines(self, key: str, block: Block | None = None) -> list[int]:
        blocks = self.peer.blocks if block is None else (block,)
        return [index for one in blocks for index, _ in self.document.entries(one.section, key)]

    def _says(self, key: str, parse: Callable[[str], object], wanted: object) -> bool:
        """Whether the last line of a key, which counts, has the value already."""
        lines = self._lines(key)
        if not lines:
            return False
        try:
            return parse(_compact(self.document.line(lines[-1]).value)) == wanted
        except Refused:
            return False

    def _set(self, key: str, lines: list[int], text: str) -> None:
        set_scalar(self.patch, lines, key, text, self._adder(key))

    def _adder(self, key: str) -> Callable[[str], None]:
        """Adds behind the last entry of the peer's last block, indented and disabled like that one."""

        def add(value: str) -> None:
            *_, (index, line) = self.document.entries(self.peer.blocks[-1].section)
            self.patch.add_entry(index + 1, key, value, line.raw[: line.start])

        return add


def _entries(edit: PeerEdit) -> Iterator[tuple[str, str]]:
    """The lines of a new peer, in the usual order."""
    yield "PublicKey", str(edit.public_key)
    if edit.preshared_key is not None and not edit.preshared_key.is_zero:
        yield "PresharedKey", edit.preshared_key.reveal()
    if edit.allowed_ips:
        yield "AllowedIPs", ", ".join(map(str, dict.fromkeys(edit.allowed_ips)))
    if edit.endpoint not in (None, NO_ENDPOINT):
        yield "Endpoint", str(edit.endpoint)
    if edit.persistent_keepalive:
        yield "PersistentKeepalive", str(edit.persistent_keepalive)


def _require_unused(document: Document, key: PublicKey) -> None:
    peer = find_peer(document, key)
    if peer is not None:
        raise EditRefused(
            f"The file has a peer with the public key {key} already.",
            hint="Edit that peer." if peer.enabled else "Enable that peer, or remove it first.",
        )


def _rename(document: Document, key: PublicKey, enabled: bool, name: str) -> Document:
    peers = (peer for peer in peers_of(document) if peer.public_key == key and peer.enabled == enabled)
    peer = next(peers)
    if peer.name == name.strip():
        return document
    if not name.strip():
        for number in range(len(peer.blocks)):
            document = remove_peer_name(document, _block(document, key, enabled, number))
        return document
    named = [block for block in peer.blocks if find_name(document, block) is not None]
    return set_peer_name(document, (named or peer.blocks)[-1], name)


def _block(document: Document, key: PublicKey, enabled: bool, number: int) -> Block:
    peers = (peer for peer in peers_of(document) if peer.public_key == key and peer.enabled == enabled)
    return next(peers).blocks[number]


def _with_empty_lines(document: Document, block: Block) -> tuple[int, int]:
    """A block's lines with the empty ones that would be one too many without it."""
    behind = block.end
    while behind < len(document.lines) and not document.lines[behind].strip():
        behind += 1
    in_front = block.lead > 0 and not document.lines[block.lead - 1].strip()
    if behind == len(document.lines):
        return block.lead - in_front, block.end
    return block.lead, behind if in_front or block.lead == 0 else block.end


def _allowed_ips(document: Document, block: Block) -> Iterator[ListLine]:
    """The lines with a block's allowed IPs; signed ones depend on those in front of them."""
    for index, line in document.entries(block.section, "allowedips"):
        elements = [(_prefix_of(text), text) for text in _texts(line.value)]
        is_plain = not any(prefix is None or text[:1] in "+-" for prefix, text in elements)
        yield ListLine(index, tuple(elements) if is_plain else None)


def _texts(value: bytes) -> list[str]:
    return [part.strip(SPACE).decode("latin-1") for part in value.split(b",")]


def _prefix_of(text: str) -> Prefix | None:
    try:
        return parse_allowed_ips(_compact(text.encode("latin-1")))[0].prefix
    except Refused:
        return None


def _drop(patch: Patch, document: Document, index: int, unwanted: frozenset[Prefix]) -> None:
    texts = _texts(document.line(index).value)
    kept = [text for text in texts if _prefix_of(text) not in unwanted]
    if not kept:
        patch.remove(index)
    elif len(kept) < len(texts):
        patch.set_value(index, ", ".join(kept))


def _compact(value: bytes) -> str:
    return value.translate(None, SPACE).decode("latin-1")
