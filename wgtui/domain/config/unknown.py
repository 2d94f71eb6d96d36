"""Why `wg` does not know a line, without ever quoting it: it may hold a mistyped secret."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from wgtui.domain.config.statements import INTERFACE_KEYS, PEER_KEYS, QUICK_KEYS, Dialect, Statement
from wgtui.domain.grammar.finding import Finding, Refused, Severity
from wgtui.domain.wgquick.document import Document
from wgtui.domain.wgquick.lines import BOM

_SPELLING: Final = {
    "privatekey": "PrivateKey",
    "listenport": "ListenPort",
    "fwmark": "FwMark",
    "publickey": "PublicKey",
    "presharedkey": "PresharedKey",
    "endpoint": "Endpoint",
    "allowedips": "AllowedIPs",
    "persistentkeepalive": "PersistentKeepalive",
    "address": "Address",
    "dns": "DNS",
    "mtu": "MTU",
    "table": "Table",
    "saveconfig": "SaveConfig",
    "preup": "PreUp",
    "postup": "PostUp",
    "predown": "PreDown",
    "postdown": "PostDown",
}

_FOREIGN: Final = {
    **dict.fromkeys(
        ("jc", "jmin", "jmax", *(f"{kind}{n}" for kind in "shi" for n in range(1, 6))), "AmneziaWG"
    ),
    **dict.fromkeys(("includedapplications", "excludedapplications"), "the Android app"),
}
"""Keys of other programs that look like WireGuard's."""


def first_line_problem(document: Document) -> Finding | None:
    """An error about the file's encoding; None for a file that starts like text."""
    head = document.lines[0][:4] if document.lines else b""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Finding(
            "encoding",
            Severity.ERROR,
            1,
            1,
            "This file is in UTF-16, which wg does not read.",
            "Save it as UTF-8 without a byte order mark.",
        )
    if head.startswith(BOM):
        return Finding(
            "bom",
            Severity.ERROR,
            1,
            1,
            "This file starts with a byte order mark, which wg takes for a part of the first line.",
            "Save it as UTF-8 without a byte order mark.",
        )
    return None


def explain_unknown(statement: Statement, dialect: Dialect, raw: bytes) -> Refused:
    """The error for a line that `wg` does not recognise."""
    key, known = statement.key, _SPELLING.get(statement.key)
    if key.startswith("["):
        return Refused(
            "unknown-section", "This section is neither [Interface] nor [Peer].", "Check its name."
        )
    if key.startswith((";", "//")):
        return Refused("unknown-line", "A comment starts with # and with nothing else.", "Write # in front.")
    if known and key in QUICK_KEYS:
        return _misplaced_quick_key(statement, dialect, known)
    if known:
        return _misplaced_key(statement, known, raw)
    if key in _FOREIGN:
        return Refused(
            "foreign-key",
            f"This is a key of {_FOREIGN[key]}, which wg does not know.",
            "Remove the line, or use the program it was written for.",
        )
    return _unknown_key(key)


def _unknown_key(key: str) -> Refused:
    close = get_close_matches(key, _SPELLING, n=1, cutoff=0.75) if len(key) <= 32 else []
    hint = f"Did you mean {_SPELLING[close[0]]}?" if close else "Remove it, or put a # in front."
    return Refused("unknown-key", "wg does not know this line.", hint)


def _misplaced_key(statement: Statement, known: str, raw: bytes) -> Refused:
    section = "[Interface]" if statement.key in INTERFACE_KEYS else "[Peer]"
    right = INTERFACE_KEYS if statement.section == "interface" else PEER_KEYS
    if not statement.section:
        return Refused(
            "outside-section", f"{known} stands above the first section.", f"Put it below {section}."
        )
    if statement.key not in right:
        return Refused("wrong-section", f"{known} does not belong here.", f"Put it below {section}.")
    if b"=" in raw.partition(b"#")[0]:
        return Refused("empty-value", f"{known} has no value.", "Give it one, or remove the line.")
    return Refused("no-equals", f"{known} has no = behind it.", f"Write {known} = and the value.")


def _misplaced_quick_key(statement: Statement, dialect: Dialect, known: str) -> Refused:
    if dialect is Dialect.WG:
        return Refused(
            "quick-key", f"{known} is a key of wg-quick, which wg does not know.", "Use wg-quick strip first."
        )
    if statement.quick_section:
        return Refused(
            "quick-key-spaced",
            f"wg-quick does not know {known} with spaces in it.",
            f"Write {known} in one word.",
        )
    if statement.section == "interface":
        return Refused(
            "quick-key-not-seen",
            f"wg-quick does not see {known}: the header above it has spaces inside its brackets.",
            "Write [Interface] without spaces.",
        )
    return Refused("wrong-section", f"{known} does not belong here.", "Put it below [Interface].")
