"""Plans: what will be done to the host, in steps that say themselves and can be taken back."""

from __future__ import annotations

from wgtui.domain.plan.plan import Plan
from wgtui.domain.plan.shell import commands
from wgtui.domain.plan.steps import (
    ConfigureDevice,
    DeviceImage,
    RunHooks,
    SetAddress,
    SetDevice,
    SetDns,
    SetFile,
    SetForwardRules,
    SetGuard,
    SetLink,
    SetRoute,
    SetRule,
    SetSysctl,
    SetUnit,
    Step,
    link_of,
)
from wgtui.domain.plan.words import sentence

__all__ = [
    "ConfigureDevice",
    "DeviceImage",
    "Plan",
    "RunHooks",
    "SetAddress",
    "SetDevice",
    "SetDns",
    "SetFile",
    "SetForwardRules",
    "SetGuard",
    "SetLink",
    "SetRoute",
    "SetRule",
    "SetSysctl",
    "SetUnit",
    "Step",
    "commands",
    "link_of",
    "sentence",
]
