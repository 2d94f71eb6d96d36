"""QR codes by segno; implements `wgtui.ports.qr.QrCodes`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from wgtui.domain.errors import NothingToShare
from wgtui.domain.sharing import Modules

if TYPE_CHECKING:
    from segno import QRCode

_SCALE: Final = 8
"""Pixels a module: large enough for the worst camera, small enough for a chat."""


class SegnoQrCodes:
    """The port over segno, which is imported when the first code is made."""

    def modules(self, text: str) -> Modules:
        """The modules, without a quiet zone."""
        return tuple(tuple(bool(module) for module in row) for row in _make(text).matrix)

    def png(self, text: str) -> bytes:
        """A black and white picture."""
        out = io.BytesIO()
        _make(text).save(out, kind="png", scale=_SCALE)
        return out.getvalue()

    def svg(self, text: str) -> bytes:
        """A drawing, with a white ground: viewers put it on anything."""
        out = io.BytesIO()
        _make(text).save(out, kind="svg", scale=_SCALE, light="#ffffff", nl=True)
        return out.getvalue()


def _make(text: str) -> QRCode:
    from segno import DataOverflowError, make_qr

    try:
        return make_qr(text, error="l")
    except DataOverflowError:
        raise NothingToShare(
            f"The file is too long for a QR code: {len(text.encode())} bytes, and 2953 are the most.",
            hint="Hand over the file itself, or shorten the peer's AllowedIPs.",
        ) from None
