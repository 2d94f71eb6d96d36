"""Looks whether a host can be set up."""

from __future__ import annotations

from collections.abc import Callable

from wgtui.domain.errors import WgtuiError
from wgtui.domain.setup.facts import HostFacts
from wgtui.domain.setup.preflight import Existing, FindingLevel, PreflightFinding, judge_host
from wgtui.ports.config_store import ConfigStore
from wgtui.ports.host_facts import HostInspector
from wgtui.ports.wireguard import WireGuard
from wgtui.services.forwarding.backend import Choice


class Preflight:
    """Collects findings. Nothing is touched, and nothing is waited for.

    Args:
        inspector: Looks at the host.
        configs: Its wg-quick files.
        wireguard: Its devices.
        more: Gives further findings, such as who rules the packet filter.
    """

    def __init__(
        self,
        inspector: HostInspector,
        configs: ConfigStore,
        wireguard: WireGuard,
        more: Callable[[], tuple[PreflightFinding, ...]] = tuple,
    ) -> None:
        self._more = more
        self._inspector = inspector
        self._configs = configs
        self._wireguard = wireguard

    def facts(self) -> HostFacts:
        """What the host is like now."""
        return self._inspector.look()

    def findings(self, facts: HostFacts | None = None) -> tuple[PreflightFinding, ...]:
        """All findings; never raises.

        Args:
            facts: As looked at before; None to look now.
        """
        found = judge_host(facts if facts is not None else self.facts(), self._existing())
        try:
            return (*found, *self._more())
        except WgtuiError:
            return found

    def _existing(self) -> Existing:
        try:
            running, readable = self._wireguard.names(), True
        except WgtuiError:
            running, readable = (), False
        return Existing(self._configs.names(), running, readable)


def filter_findings(choice: Choice) -> tuple[PreflightFinding, ...]:
    """Which packet filter decides here, and what its own programs do not show."""
    topic = "packet filter"
    found = [PreflightFinding(topic, FindingLevel.GOOD, reason) for reason in choice.reasons]
    found += [
        PreflightFinding(
            topic,
            FindingLevel.WARNING,
            f"{len(hidden.lines)} rules of {hidden.backend} are in force, which iptables does not show.",
            "They decide about packets too.",
            f"See them with: {hidden.program}",
        )
        for hidden in choice.hidden
    ]
    return tuple(found)
