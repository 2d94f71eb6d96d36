"""Keeps the answers on disk, off the UI's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wgtui.domain.errors import WgtuiError
from wgtui.domain.host import FileImage
from wgtui.domain.setup import Draft, write_draft
from wgtui.domain.text import printable
from wgtui.services.changes import Changes

if TYPE_CHECKING:
    from textual.timer import Timer

    from wgtui.ui.changing_app import ChangingApp

_REST = 0.5
"""Seconds without a key after which what was typed is written."""


class DraftKeeper:
    """Writes the newest draft: when the keys rest, and at once when it is asked to.

    Work that was handed in is done even when the UI ends; see `ChangeThread`.

    Args:
        app: Has the thread of changes.
    """

    def __init__(self, app: ChangingApp) -> None:
        self._app = app
        self._newest: Draft | None = None
        self._timer: Timer | None = None
        self._failed = False

    def take(self, draft: Draft) -> None:
        """There is a newer draft."""
        self._newest = draft
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._app.set_timer(_REST, self.flush)

    def flush(self) -> None:
        """Write it now, unless it is written."""
        draft, self._newest = self._newest, None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if draft is not None:
            self._app.changes.run(lambda changes: changes.drafts.save(draft), self._saved)

    def forget(self) -> None:
        """The answers were applied, or there are none."""
        self._newest = None
        self.flush()
        self._app.changes.run(lambda changes: changes.drafts.forget(), lambda _result: None)

    def write(self, draft: Draft, path: str) -> None:
        """Write the file of answers for the operator; an existing file is not overwritten."""

        def work(changes: Changes) -> str:
            if changes.host.files.read(path) is not None:
                raise WgtuiError(f"{printable(path, 200)} exists already.", hint="Type another path.")
            changes.host.files.write(path, FileImage(write_draft(draft)))
            return f"Written to {printable(path, 200)}."

        self._app.changes.look(work, lambda text: self._app.notify(text, markup=False))

    def _saved(self, result: object) -> None:
        if isinstance(result, WgtuiError) and not self._failed:
            self._failed = True
            self._app.notify(
                f"Your answers cannot be kept over a dropped session: {result} {result.hint}".rstrip(),
                severity="warning",
                markup=False,
            )
