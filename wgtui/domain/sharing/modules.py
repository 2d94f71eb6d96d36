"""The modules of a QR code."""

from __future__ import annotations

Modules = tuple[tuple[bool, ...], ...]
"""Rows of modules from the top, as many as each row has, True for dark; without a quiet zone."""
