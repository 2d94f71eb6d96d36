"""Labs for the tests, made by the very code behind `wgtui lab`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.operator_rig import Operator, operator_in
from tests.netns.ssh_rig import SshRig
from tests.netns.ssh_rig import ssh_rig as made_ssh_rig
from tests.netns.support import UserspaceHost, skip_unless_userspace_devices_work, userspace_host
from wgtui.adapters import lab
from wgtui.adapters.lab import LabHandle


def _lab(scenario: str) -> Iterator[LabHandle]:
    skip_unless_userspace_devices_work()
    with lab.start(scenario, traffic=False) as handle:
        yield handle


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Let the commands under test be interrupted: what a shell runs in the background ignores SIGINT.

    The commands would inherit that (POSIX shell, 2.11).
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def relay_lab() -> Iterator[LabHandle]:
    """The relay scenario, silent but for what the test sends."""
    yield from _lab("relay")


@pytest.fixture(scope="session")
def direct_lab() -> Iterator[LabHandle]:
    """The direct scenario, silent but for what the test sends."""
    yield from _lab("direct")


@pytest.fixture
def quickstart_lab() -> Iterator[LabHandle]:
    """A fresh quick start: the dialler has not spoken yet."""
    yield from _lab("quickstart")


@pytest.fixture
def host() -> Iterator[UserspaceHost]:
    """A namespace without devices yet."""
    with userspace_host() as made:
        yield made


@pytest.fixture
def ssh_rig() -> Iterator[SshRig]:
    """A relay that is operated over its own tunnel."""
    with made_ssh_rig() as rig:
        yield rig


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """An operator with a host and the file of an interface."""
    with operator_in(tmp_path) as made:
        yield made
