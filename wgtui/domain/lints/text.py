"""Rules for the text itself."""

from __future__ import annotations

import re
from typing import Final

from wgtui.domain.config.reader import Reading
from wgtui.domain.config.statements import Dialect
from wgtui.domain.names.origin import detect_origin
from wgtui.domain.wgquick.lines import disabled_prefix

_COMMENTED_SECRET: Final = re.compile(
    rb"#.{0,40}(?:private|preshared)\s*-?_?key\s*[=:]\s*[A-Za-z0-9+/]{42,43}=?", re.IGNORECASE
)


def check_text(reading: Reading) -> None:
    """Find NUL bytes, repeated sections, and secrets in comments; findings are added to the reading."""
    for index, raw in enumerate(reading.document.lines if reading.is_text else ()):
        if b"\0" in raw:
            reading.findings.lint(
                "nul-byte",
                index + 1,
                raw.index(b"\0") + 1,
                "There is a NUL byte in this line: wg stops reading the line there, wg-quick drops the byte.",
                "Remove it.",
            )
        # The preshared key of a peer that is switched off is no comment's, but the peer's.
        start = disabled_prefix(raw)
        secret = _COMMENTED_SECRET.search(raw, start) if b"#" in raw[start:] else None
        if secret:
            reading.findings.lint(
                "secret-in-comment",
                index + 1,
                secret.start() + 1,
                "This comment holds a secret key.",
                "Remove it, unless the program that wrote it needs it.",
            )
    _check_origin(reading)
    _check_sections(reading)
    _check_private_key(reading)


def _check_origin(reading: Reading) -> None:
    origin = detect_origin(reading.document) if reading.is_text else None
    if origin is not None and origin.rewrites:
        # Short: the Config screen has three narrow lines for both.
        way = "Stop it, then: wgtui adopt IFACE --take-over."
        reading.findings.lint(
            "overwritten",
            origin.line + 1,
            1,
            f"{origin.tool} writes this file anew: edits are lost.",
            way if origin.header else "Make changes there, or stop it for good.",
        )


def _check_sections(reading: Reading) -> None:
    interfaces = [header for header in reading.headers if header.key == "interface"]
    first = interfaces[0].index + 1 if interfaces else 0
    for header in interfaces[1:]:
        reading.findings.lint(
            "repeated-section",
            *reading.place(header),
            f"There is an [Interface] at line {first} already, and some apps refuse a second one.",
            "Merge the two sections.",
        )


def _check_private_key(reading: Reading) -> None:
    """`wg` accepts an interface without a key; it then exchanges nothing with anybody."""
    if reading.dialect is not Dialect.WG_QUICK or "privatekey" in reading.interface:
        return
    if reading.config.quick.pre_up or reading.config.quick.post_up:
        return
    header = next((header for header in reading.headers if header.key == "interface"), None)
    if header is not None:
        reading.findings.lint(
            "no-private-key",
            *reading.place(header),
            "This interface has no PrivateKey, so no peer can reach it.",
            "Add the key that `wg genkey` makes.",
        )
