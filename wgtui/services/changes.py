"""All that a screen or a command needs to change a host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from wgtui.domain.plan import Plan
from wgtui.domain.session import Risk
from wgtui.ports.config_store import ConfigStore
from wgtui.services.apply import HostPorts
from wgtui.services.journal import Journal
from wgtui.services.transaction import Transaction

OpenChanges = Callable[[], "Changes"]
"""Opens the changes of a host, in the thread that will use them; close them by leaving their context."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The services of one host, for one thread: they share sockets.

    Attributes:
        host: Its ports, for planning.
        configs: Its wg-quick files.
        journal: What was changed.
        transaction: Applies plans and takes them back.
        risks: How a plan can cut the operator's own session, in whole sentences.
    """

    host: HostPorts
    configs: ConfigStore
    journal: Journal
    transaction: Transaction
    risks: Callable[[Plan], Sequence[Risk]]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.host.close()
