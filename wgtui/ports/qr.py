"""QR codes."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.sharing import Modules


class QrCodes(Protocol):
    """Makes QR codes of texts, each in the smallest version that holds it.

    Error correction is L, or a higher level where that takes no larger version. All methods raise
    `NothingToShare` where a text is longer than any QR code holds (2,953 bytes, ISO/IEC 18004).
    """

    def modules(self, text: str) -> Modules:
        """The modules, without a quiet zone."""
        ...

    def png(self, text: str) -> bytes:
        """A black and white picture with the quiet zone that the standard demands."""
        ...

    def svg(self, text: str) -> bytes:
        """The same as a drawing: a document of its own, in UTF-8."""
        ...
