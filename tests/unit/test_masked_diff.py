"""A difference shows every change and no secret."""

from __future__ import annotations

import base64
import difflib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.config_strategies import KEYS, SECRET, TYPICAL, files
from wgtui.domain.masked_diff import DiffKind, DiffLine, masked_diff
from wgtui.domain.wgquick import parse
from wgtui.domain.wgquick.masking import shown_line


def shown(lines: tuple[DiffLine, ...]) -> list[str]:
    return [line.kind.value + line.text for line in lines]


def test_a_changed_secret_is_a_changed_line() -> None:
    other = base64.b64encode(bytes(32)).decode()
    after = TYPICAL.replace(f"PrivateKey = {SECRET}".encode(), f"PrivateKey = {other}".encode())
    assert shown(masked_diff(TYPICAL, after, context=1)) == [
        " ListenPort = 51820",
        "-PrivateKey = (hidden)",
        "+PrivateKey = (hidden)",
        " PostUp = iptables -A FORWARD -i %i -j ACCEPT # keep = this",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"PrivateKey = {SECRET}\r\n", "PrivateKey = (hidden)"),
        (f" pre shared KEY={SECRET} # old {SECRET}", " pre shared KEY=(hidden) # old (hidden)"),
        (f"PrivateKey = {SECRET[:20]} {SECRET[20:]}", "PrivateKey = (hidden)"),
        (f"PrivateKey = {SECRET[:10]}", "PrivateKey = (hidden)"),
        (f"#[disabled] PresharedKey = {SECRET}", "#[disabled] PresharedKey = (hidden)"),
        (f"#! PresharedKey = {SECRET}", "#! PresharedKey = (hidden)"),
        (f"# -WGP- PrivateKey: {SECRET}", "# -WGP- PrivateKey: (hidden)"),
        (f"# PrivateKey = {SECRET[:-3]}", "# PrivateKey = (hidden)"),
        (f"# private_key={SECRET[:10]} {SECRET[10:]}", "# private_key=(hidden)"),
        (f"# {SECRET[:-1]}", "# (hidden)"),
        (f"PrivateKye = {SECRET}", "PrivateKye = (hidden)"),
        (
            f"PostUp = wg set %i private-key <(echo {SECRET})",
            "PostUp = wg set %i private-key <(echo (hidden))",
        ),
        (f"P\0rivateKey = {SECRET}", "(hidden)"),
        (f"PublicKey = {KEYS[0]} # {SECRET}", f"PublicKey = {KEYS[0]} # (hidden)"),
        (f"PublicKey = AQEB PresharedKey = {SECRET}", "PublicKey = AQEB PresharedKey = (hidden)"),
        (f"#[disabled] PublicKey = {KEYS[0]}", f"#[disabled] PublicKey = {KEYS[0]}"),
        ("PrivateKey =", "PrivateKey ="),
        ("# Name = [bold]\x1b[31m\n", "# Name = [bold]\x1b[31m"),
        ("AllowedIPs = fd08:1234:5678:9abc::/64", "AllowedIPs = fd08:1234:5678:9abc::/64"),
    ],
)
def test_a_line(line: str, expected: str | None) -> None:
    expected = line.replace(SECRET, "(hidden)") if expected is None else expected
    assert shown_line(line.encode()) == expected


@given(before=files, after=files, context=st.integers(0, 5))
def test_no_secret_and_every_change(before: bytes, after: bytes, context: int) -> None:
    lines = masked_diff(before, after, context)
    assert not any(SECRET in line.text for line in lines)
    old, new = parse(before).lines, parse(after).lines
    removed = {line.old - 1 for line in lines if line.kind is DiffKind.REMOVED}
    added = {line.new - 1 for line in lines if line.kind is DiffKind.ADDED}
    kept = [raw for index, raw in enumerate(old) if index not in removed]
    assert kept == [raw for index, raw in enumerate(new) if index not in added]
    for line in lines:
        if line.kind is DiffKind.CONTEXT:
            assert old[line.old - 1] == new[line.new - 1]
    assert bool(lines) == (before != after)


@given(numbers=st.lists(st.integers(0, 60), max_size=4), context=st.integers(0, 4))
def test_context_is_that_of_diff(numbers: list[int], context: int) -> None:
    before = [f"# {number}\n" for number in range(60)]
    after = [f"changed {line}" if number in numbers else line for number, line in enumerate(before)]
    lines = masked_diff("".join(before).encode(), "".join(after).encode(), context)
    expected = [
        line.rstrip("\n")
        for line in difflib.unified_diff(before, after, n=context)
        if not line.startswith(("---", "+++", "@@"))
    ]
    assert shown(lines) == expected


def test_a_large_file_takes_no_time() -> None:
    block = "\n[Peer]\nPublicKey = {}\nAllowedIPs = 10.{}.{}.1/32\nPersistentKeepalive = 25\n"
    parts = [block.format(number, number >> 8, number & 255) for number in range(10_000)]
    before = "".join(parts).encode()
    parts[10], parts[9_990] = parts[10].replace("25", "15"), parts[9_990].replace("25", "15")
    started = time.process_time()
    lines = masked_diff(before, "".join(parts).encode())
    assert time.process_time() - started < 2.0
    assert len([line for line in lines if line.kind is not DiffKind.CONTEXT]) == 4
