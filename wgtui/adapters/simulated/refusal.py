"""Refusals of the kernel, as the real adapter words them."""

from __future__ import annotations

from wgtui.adapters.netlink_socket import NetlinkError
from wgtui.adapters.network import errors
from wgtui.domain.errors import WgtuiError


def refused(code: int, subject: str, done: str, reason: str = "") -> WgtuiError:
    """What the real adapter raises.

    Args:
        code: The kernel's error number.
        subject: What was to be changed.
        done: What was to be done to it: `added`, `removed`, ...
        reason: What the kernel says besides.
    """
    return errors.refusal(NetlinkError(code, reason), subject, done)
