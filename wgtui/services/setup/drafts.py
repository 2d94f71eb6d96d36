"""Answers that were not applied yet, kept over a dropped session: `<state-dir>/setup.toml`."""

from __future__ import annotations

from wgtui.domain.errors import WgtuiError
from wgtui.domain.host import FileImage
from wgtui.domain.setup import Draft, read_draft, write_draft
from wgtui.ports.files import Files


class Drafts:
    """Keeps one draft. The file is wgtui's own, closed to others, and no part of any plan.

    Args:
        files: Writes it.
        state_dir: Folder of wgtui's own files.
    """

    def __init__(self, files: Files, state_dir: str) -> None:
        self._files = files
        self.path = f"{state_dir}/setup.toml"

    def load(self) -> Draft | None:
        """The draft; None where there is none.

        Raises:
            AnswersRefused: Somebody wrote something else into it.
            WgtuiError: It cannot be read.
        """
        image = self._files.read(self.path)
        return None if image is None else read_draft(image.content, self.path)

    def save(self, draft: Draft) -> None:
        """Keep a draft, on disk before this returns; raises `WgtuiError`."""
        self._files.write(self.path, FileImage(write_draft(draft)))

    def forget(self) -> None:
        """Remove it, as once it was applied. A file that is gone or stays does no harm."""
        try:
            if self._files.read(self.path) is not None:
                self._files.remove(self.path)
        except WgtuiError:
            return
