"""The operator's own text editor."""

from __future__ import annotations

from typing import Protocol


class TextEditor(Protocol):
    """Runs an editor on the terminal, and waits for it."""

    def edit(self, content: bytes, name: str) -> bytes:
        """Have a text edited, on a private copy of which nothing is left afterwards.

        Args:
            content: May hold keys.
            name: Of the file, so that the editor knows what it is.

        Returns:
            The text as it was saved last.

        Raises:
            EditorFailed: There is no editor, or it ended with an error; then nothing is to be changed.
        """
        ...
