"""An examination as data for other programs."""

from __future__ import annotations

from typing import Any, Final

from wgtui.domain.doctor import DoctorFinding
from wgtui.services.doctor.doctor import DoctorReport
from wgtui.services.doctor.words import doctor_fix_words

SCHEMA: Final = 1
"""Version of the JSON; it rises when a key changes its meaning or leaves."""

Json = dict[str, Any]


def doctor_json(report: DoctorReport) -> Json:
    """What `wgtui doctor --json` prints: findings with the most likely cause of trouble first."""
    return {
        "schema": SCHEMA,
        "healthy": report.is_healthy,
        "interfaces": list(report.interfaces),
        "findings": [_finding(one) for one in report.findings],
    }


def _finding(one: DoctorFinding) -> Json:
    return {
        "code": one.code,
        "severity": one.severity.name.lower(),
        "certain": one.certain,
        "interface": one.interface or None,
        "public_key": str(one.peer) if one.peer is not None else None,
        "text": one.text,
        "why": one.why or None,
        "fix": None if one.fix is None else {"text": doctor_fix_words(one.fix)},
        "command": one.command or None,
    }
