"""Answers as a TOML file, and back.

TOML 1.0 (toml.io): basic strings are written, whose escapes are those of JSON with U+007F besides.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from wgtui.domain.errors import AnswersRefused, InvalidValue
from wgtui.domain.setup.answers import Answers
from wgtui.domain.setup.draft import Draft, DraftForwarding, DraftNetwork, DraftPeer, complete, draft_of
from wgtui.domain.setup.schema import FORWARDING_KEYS, HOST_KEYS, NETWORK_KEYS, PEER_KEYS, Key, TomlValue
from wgtui.domain.text import printable

SCHEMA: Final = 1
"""Version of the format."""

_TABLES: Final = {"interface": NETWORK_KEYS, "forwarding": FORWARDING_KEYS, "peers": PEER_KEYS}
_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
_LONGEST_PAGE: Final = 40


def read_answers(data: bytes, name: str) -> Answers:
    """Complete answers from a file.

    Args:
        data: The file.
        name: How errors call it.

    Raises:
        AnswersRefused: It cannot be understood, or lacks an answer; the text says where and what to do.
    """
    return complete(read_draft(data, name))


def read_draft(data: bytes, name: str) -> Draft:
    """What a file answers; raises as `read_answers`, but not for what is missing."""
    tables = _parsed(data, name)
    schema = tables.pop("schema", None)
    if schema != SCHEMA or isinstance(schema, bool):
        raise AnswersRefused(
            f"{name} does not say schema = {SCHEMA}, so it may mean something else.",
            hint=f"Write schema = {SCHEMA} as its first line, or make a file with this wgtui.",
        )
    page = tables.pop("page", "")
    top = {key: value for key, value in tables.items() if key not in _TABLES}
    host = _values(name, "", top, HOST_KEYS, (*_TABLES, "schema"))
    peers = tables.get("peers", [])
    if not isinstance(peers, list):
        raise AnswersRefused(f"{name}: peers must be tables.", hint="Start each peer with [[peers]].")
    return Draft(
        interface=DraftNetwork(**_table(name, "interface", tables.get("interface", {}))),
        forwarding=DraftForwarding(**_table(name, "forwarding", tables.get("forwarding", {}))),
        peers=tuple(
            DraftPeer(**_table(name, f"peers[{number}]", peer)) for number, peer in enumerate(peers, 1)
        ),
        page=page[:_LONGEST_PAGE] if isinstance(page, str) else "",
        **host,
    )


def write_answers(answers: Answers) -> bytes:
    """The file of complete answers; it holds their preshared keys."""
    return write_draft(draft_of(answers))


def write_draft(draft: Draft, *, template: bool = False) -> bytes:
    """The file of a draft, each key explained; it holds the draft's preshared keys.

    Args:
        draft: The answers.
        template: Whether keys without an answer are shown as comments, with an example.
    """
    lines = ["# Answers for: wgtui setup --answers FILE", f"schema = {SCHEMA}"]
    if draft.page:
        lines.append(f"page = {_toml(draft.page)}")
    lines += _lines(draft, HOST_KEYS, template)
    for title, part in (("interface", draft.interface), ("forwarding", draft.forwarding)):
        written = [*_lines(part, _TABLES[title], template)]
        lines += ["", f"[{title}]", *written] if written else []
    for peer in draft.peers:
        lines += ["", "[[peers]]", *_lines(peer, PEER_KEYS, template)]
    if template and not draft.peers:
        shown = [
            line if line.startswith("#") else f"# {line}" for line in _lines(DraftPeer(), PEER_KEYS, True)
        ]
        lines += ["", "# [[peers]]", *shown]
    return ("\n".join(lines) + "\n").encode()


def _lines(part: object, keys: Sequence[Key], template: bool) -> Iterator[str]:
    for key in keys:
        value = getattr(part, key.name)
        if value is not None:
            yield f"# {key.comment}"
            yield f"{key.name} = {_toml(key.write(value))}"
        elif template:
            yield f"# {key.comment}"
            yield f"# {key.name} = {key.example}"


def _toml(value: TomlValue) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _parsed(data: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AnswersRefused(f"{name}:{line}: this is not UTF-8.", hint="Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        text = str(error)
        place = _PLACE.search(text)
        what = printable(_PLACE.sub("", text).strip().rstrip("."), 200)
        where = f"{name}:{place[1]}:{place[2]}" if place else f"{name}, at its end"
        raise AnswersRefused(
            f"{where}: this is not TOML: {what}.", hint='Write key = "text", key = 1 or key = true.'
        ) from None
    except RecursionError:
        raise AnswersRefused(f"{name} is nested too deep.", hint="It has tables and lists only.") from None


def _table(name: str, title: str, table: object) -> dict[str, Any]:
    keys = _TABLES[title.partition("[")[0]]
    if not isinstance(table, dict):
        raise AnswersRefused(f"{name}: {title} must be a table.", hint=f"Write [{title}] and its keys below.")
    return _values(name, f"{title}.", table, keys)


def _values(
    name: str, path: str, table: Mapping[str, object], keys: Sequence[Key], others: Sequence[str] = ()
) -> dict[str, Any]:
    known = {key.name: key for key in keys}
    for unknown in table.keys() - known.keys():
        near = get_close_matches(unknown, (*known, *others), 1, 0.5)
        listed = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join((*known, *others))}."
        raise AnswersRefused(f"{name} has an unknown key {path}{printable(unknown, 60)}.", hint=listed)
    values = {}
    for key, value in table.items():
        try:
            values[key] = known[key].read(value)
        except InvalidValue as error:
            raise AnswersRefused(f"{name}: {path}{key}: {error}") from None
    return values
