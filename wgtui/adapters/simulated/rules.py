"""Policy routing rules in memory."""

from __future__ import annotations

import errno
from dataclasses import replace

from wgtui.adapters.network import errors
from wgtui.adapters.simulated.refusal import refused
from wgtui.domain.cryptokey.routing import DEFAULT_RULES
from wgtui.domain.network import Rule


class SimulatedRules:
    """The rules of both families; those of a fresh host at first."""

    def __init__(self) -> None:
        self._rules: list[Rule] = list(DEFAULT_RULES)

    def all(self) -> list[Rule]:
        """By family and priority."""
        return sorted(self._rules, key=lambda rule: (rule.family, rule.priority or 0))

    def add(self, rule: Rule) -> None:
        """Add a rule; without a priority it goes in front of all but the first one."""
        if not rule.is_plain:
            raise errors.not_plain(rule, "added")
        if rule.priority is None:
            rule = replace(rule, priority=self._free_priority(rule.family))
        elif rule in self._rules:
            raise refused(errno.EEXIST, errors.rule_text(rule), "added")
        self._rules.append(rule)

    def remove(self, rule: Rule) -> None:
        """Remove the first rule that matches."""
        if not rule.is_plain:
            raise errors.not_plain(rule, "removed")
        found = next((known for known in self.all() if rule.matches(known)), None)
        if found is None:
            raise refused(errno.ENOENT, errors.rule_text(rule), "removed")
        self._rules.remove(found)

    def _free_priority(self, family: int) -> int:
        """One below the second rule's (`fib_default_rule_pref`)."""
        of_family = [rule.priority or 0 for rule in self.all() if rule.family == family]
        return max(0, of_family[1] - 1) if len(of_family) > 1 else 0
