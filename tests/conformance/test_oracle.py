"""`check` against what `wg` and `wg-quick` were measured to do (`data/wg-quick-oracle.jsonl`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.deliberate import IN_THE_ORACLE
from tests.conformance.showconf import comparable, own_key_of, parse_showconf
from wgtui.adapters.services_file import udp_service_port
from wgtui.domain.config import Dialect, read_config
from wgtui.domain.wgquick import parse
from wgtui.services.check import check, render_text

TARGET = "1.0.20260223+4"
CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "wg-quick-oracle.jsonl").read_text("utf-8").splitlines()
]


def _title(case: dict[str, Any]) -> str:
    return f"{case['kind']} {case['name']}"


def _data(case: dict[str, Any]) -> bytes:
    text: str = case["config"]
    return text.encode("latin-1")


def _accepted(case: dict[str, Any]) -> bool:
    result = case["results"][TARGET]
    return bool(result["accept"] if case["kind"] == "wg-setconf" else result["up_exit"] == 0)


@pytest.mark.parametrize("case", CASES, ids=_title)
def test_verdict(case: dict[str, Any]) -> None:
    dialect = Dialect.WG if case["kind"] == "wg-setconf" else Dialect.WG_QUICK
    report = check(_data(case), "wgo.conf", dialect=dialect, service_port=udp_service_port)
    if _title(case) in IN_THE_ORACLE:
        assert report.ok and not _accepted(case)
    else:
        assert report.ok == _accepted(case), render_text(report)


def test_every_deliberate_difference_is_a_case() -> None:
    assert set(IN_THE_ORACLE) <= {_title(case) for case in CASES}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["kind"] == "wg-setconf" and _accepted(case)], ids=_title
)
def test_values(case: dict[str, Any]) -> None:
    config = read_config(parse(_data(case)), Dialect.WG, udp_service_port).config
    shown = case["results"][TARGET]["showconf"].encode("latin-1")
    own_key = own_key_of(config)
    expected, found = comparable(config, own_key), parse_showconf(shown)
    assert found.without_unknown_port(config) == expected.without_unresolved(found)


@pytest.mark.parametrize("case", CASES, ids=_title)
def test_round_trip(case: dict[str, Any]) -> None:
    assert bytes(parse(_data(case))) == _data(case)
