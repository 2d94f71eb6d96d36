"""Files that wgtui writes."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.host import FileImage


class Files(Protocol):
    """Regular files by absolute path. A symbolic link stands for the file that it leads to."""

    def read(self, path: str) -> FileImage | None:
        """The file, or None where there is none.

        Raises:
            ConfigUnreadable: It is not a regular file, or cannot be read.
            PermissionRefused: It is closed to us.
        """
        ...

    def write(self, path: str, image: FileImage) -> None:
        """Put a file there, whole or not at all, and on disk before this returns.

        Folders that are missing are made, closed to others. Mode and owner are those of the image.

        Raises:
            FileRefused: It could not be written (ENOSPC, EROFS ...); what was there is untouched.
            PermissionRefused: The folder is closed to us.
        """
        ...

    def remove(self, path: str) -> None:
        """Remove the file; raises `FileRefused` or `PermissionRefused`."""
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of what is in a folder, sorted; empty where there is none, or it is closed to us."""
        ...
