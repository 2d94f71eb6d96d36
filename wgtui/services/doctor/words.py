"""Fixes in words."""

from __future__ import annotations

from wgtui.domain.doctor import (
    BringUpFix,
    DoctorFix,
    EndClaimsFix,
    KeepFileFix,
    KeepKernelFix,
    LinkUpFix,
    ModeFix,
)
from wgtui.domain.fixes import fix_words


def doctor_fix_words(fix: DoctorFix) -> str:
    """What a fix does, in one sentence; not made printable."""
    match fix:
        case KeepFileFix(difference=difference):
            return difference.file_way
        case KeepKernelFix(difference=difference):
            return difference.kernel_way
        case BringUpFix(interface=name):
            return f"Bring {name} up."
        case LinkUpFix(interface=name):
            return f"Switch the link of {name} on, with the routes and addresses that went with it."
        case ModeFix(path=path, mode=mode):
            return f"Set the permissions of {path} to {mode:o}."
        case EndClaimsFix(interface=name):
            return f"Take out of {name}.conf what has it written anew."
        case _:
            return fix_words(fix)
