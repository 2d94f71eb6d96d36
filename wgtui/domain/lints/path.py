"""A file's name and mode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from wgtui.domain.grammar.finding import Findings, quote

_PATH: Final = re.compile(r"(?:.*/)?([a-zA-Z0-9_=+.-]{1,15})\.conf", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What `stat` says.

    Attributes:
        mode: Permission bits of the file, links followed.
        directory_mode: Permission bits of the folder that holds it.
    """

    mode: int
    directory_mode: int


def interface_of(path: str) -> str | None:
    """The interface a file is for; None when `wg-quick` refuses its name."""
    match = _PATH.fullmatch(path)
    return match[1] if match else None


def check_path(path: str, facts: FileFacts | None, findings: Findings) -> None:
    """Judge a file by its path and mode, as `wg-quick` does before it reads it.

    Args:
        path: As given to `wg-quick`, links not followed: the interface is named after it.
        facts: None when they are not known.
        findings: Where to put what is found, at line 0.
    """
    name = interface_of(path)
    if name is None:
        findings.error(
            "file-name",
            0,
            0,
            "The file's name must be an interface name of 1 to 15 characters, followed by .conf.",
            "Letters, digits and _ = + . - are taken, such as wg0.conf.",
        )
    elif name in (".", ".."):
        findings.error("file-name", 0, 0, f"The kernel takes no interface named {quote(name)}.", "Rename it.")
    elif "+" in name or "=" in name:
        findings.lint(
            "interface-name",
            0,
            0,
            f"The interface name {quote(name)} breaks the firewall step and the systemd unit of wg-quick.",
            "Use letters, digits, - and _ only.",
        )
    if facts is not None and facts.mode & facts.directory_mode & 0o007:
        findings.lint(
            "world-accessible",
            0,
            0,
            "Every user of this machine can open this file, which holds keys.",
            "Run chmod 600 on it.",
        )
