"""A WireGuard device for the whole session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.userspace_device import UserspaceDevice, why_unavailable


@pytest.fixture(scope="session")
def userspace_device() -> Iterator[UserspaceDevice]:
    reason = why_unavailable()
    if reason:
        pytest.skip(f"the comparison with wg {reason}")
    device = UserspaceDevice()
    yield device
    device.close()
