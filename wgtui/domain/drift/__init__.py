"""What differs between an interface's file, the interface that runs, and what comes after a reboot."""

from __future__ import annotations

from wgtui.domain.drift.difference import Difference, DriftKind
from wgtui.domain.drift.edits import FileEdit, HookAdded, in_file
from wgtui.domain.drift.finding import Running, boot_drift, drift_of
from wgtui.domain.drift.parts import only_new
from wgtui.domain.drift.said import Said, said_of, with_own_key

__all__ = [
    "Difference",
    "DriftKind",
    "FileEdit",
    "HookAdded",
    "Running",
    "Said",
    "boot_drift",
    "drift_of",
    "in_file",
    "only_new",
    "said_of",
    "with_own_key",
]
