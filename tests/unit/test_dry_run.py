"""What a dry run says."""

from __future__ import annotations

from argparse import Namespace
from types import SimpleNamespace
from typing import Any

import pytest

from wgtui.commands.changing import carry_out
from wgtui.domain.plan import Plan, SetSysctl
from wgtui.domain.session import Risk, Severity


def test_it_tells_how_the_plan_can_cut_the_session(capsys: pytest.CaptureFixture[str]) -> None:
    risks = (Risk(Severity.MAY, "The port closes.\x1b[31m"),)
    transaction = SimpleNamespace(apply=None)
    changes: Any = SimpleNamespace(transaction=transaction, risks=lambda _plan: risks)
    plan = Plan("Turn port off", (SetSysctl("net.ipv4.ip_forward", "1", "0"),))
    assert carry_out(Namespace(dry_run=True), changes, plan) == 0
    said = capsys.readouterr().out
    assert "sysctl -w net.ipv4.ip_forward=0" in said
    assert said.endswith("  ! The port closes.\N{REPLACEMENT CHARACTER}[31m\n")
