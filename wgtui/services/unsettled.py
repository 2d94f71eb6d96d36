"""Earlier changes that come first: cut off, or waiting for their confirmation."""

from __future__ import annotations

from wgtui.domain.errors import UnsettledChange
from wgtui.domain.journal import EntryState
from wgtui.services.journal import Journal


def refuse_unsettled(journal: Journal) -> None:
    """Raise `UnsettledChange` where there is one. The lock is held, so nobody is at work on it."""
    entry = journal.unsettled()
    if entry is None:
        return
    number, title = entry.number, entry.plan.title
    if entry.state is EntryState.WAITING:
        raise UnsettledChange(
            f"Entry {number} ({title}) still waits for its confirmation.",
            hint=f"Keep it with: wgtui confirm {number}. Take it back with: wgtui undo {number}.",
        )
    raise UnsettledChange(
        f"Entry {number} ({title}) was cut off before it was complete.",
        hint=f"Take it back with: wgtui undo {number}. Complete it with: wgtui confirm {number}.",
    )
