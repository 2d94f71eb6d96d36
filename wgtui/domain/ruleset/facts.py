"""What a ruleset tells at a glance: what its chains do with packets of which nothing is known."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.ruleset.matches import Links
from wgtui.domain.ruleset.model import Backend, BaseChain, FilterFamily, Rule, Ruleset
from wgtui.domain.ruleset.packet import Hook, Packet
from wgtui.domain.ruleset.walk import Outcome, walk

_ZONES = (("filter_INPUT_ZONES", "filter_IN_"), ("INPUT_ZONES", "IN_"))
"""firewalld's chains that look for the zone of a packet, with its backends nftables and iptables."""


def drops_by_default(base: BaseChain) -> bool:
    """Whether a chain drops the first packet of a connection that no rule of it speaks of."""
    version = 6 if base.family is FilterFamily.IP6 else 4
    packet = Packet(base.hook, None, None, version, in_link=None, out_link=None, is_dnat=None)
    return walk(base, packet).outcome is Outcome.DROPPED


def ufw_backend(ruleset: Ruleset) -> Backend | None:
    """In whose chains ufw is at work; None where it is not: disabled, it leaves its chains without rules."""
    for table in ruleset.tables:
        if table.name == "filter" and table.chains.get("ufw-before-input"):
            return table.backend
    return None


def has_firewalld(ruleset: Ruleset) -> bool:
    """Whether firewalld is at work: it removes its chains when it stops."""
    return any(True for _ in _zone_rules(ruleset))


def firewalld_zone(ruleset: Ruleset, link: str) -> str:
    """The zone that a link is in, or the default zone; empty where that cannot be told.

    firewalld sends what comes in by a link of a zone to that zone's chain, and the rest to the one of the
    default zone (firewalld 1.3 `core/nftables.py`, `core/ipXtables.py`).

    Args:
        ruleset: Of the host.
        link: Name of the link; empty for the default zone.
    """
    packet = Packet(Hook.INPUT, None, None, 4, in_link=link)
    for prefix, rule in _zone_rules(ruleset):
        links = [match for match in rule.matches if isinstance(match, Links)]
        asks_only_link = len(links) == len(rule.matches)
        target = rule.verdict.target
        if target.startswith(prefix) and asks_only_link and all(one.meets(packet) for one in links):
            return target.removeprefix(prefix)
    return ""


def _zone_rules(ruleset: Ruleset) -> Iterator[tuple[str, Rule]]:
    """The rules that send packets to zones, with what stands before a zone's name in its chains."""
    for table in ruleset.tables:
        for chain, prefix in _ZONES:
            yield from ((prefix, rule) for rule in table.chains.get(chain, ()))
