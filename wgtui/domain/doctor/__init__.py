"""The doctor's checks: facts of a host in, findings out, the most likely cause of trouble first."""

from __future__ import annotations

from wgtui.domain.doctor.examine import examine
from wgtui.domain.doctor.facts import DoctorFacts, InterfaceFacts, LinkFacts, OwnFile, Underlay
from wgtui.domain.doctor.finding import (
    BringUpFix,
    DoctorFinding,
    DoctorFix,
    EndClaimsFix,
    KeepFileFix,
    KeepKernelFix,
    LinkUpFix,
    ModeFix,
    Severity,
    most_likely_first,
)

__all__ = [
    "BringUpFix",
    "DoctorFacts",
    "DoctorFinding",
    "DoctorFix",
    "EndClaimsFix",
    "InterfaceFacts",
    "KeepFileFix",
    "KeepKernelFix",
    "LinkFacts",
    "LinkUpFix",
    "ModeFix",
    "OwnFile",
    "Severity",
    "Underlay",
    "examine",
    "most_likely_first",
]
