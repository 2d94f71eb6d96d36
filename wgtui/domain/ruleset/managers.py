"""Whose rules these are, told by the names that managers give to tables, chains and comments."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from wgtui.domain.ruleset.model import BaseChain, Rule
from wgtui.domain.ruleset.walk import Decider


class Manager(Enum):
    """Who makes rules; the value is what people call it."""

    DOCKER = "Docker"
    UFW = "ufw"
    FIREWALLD = "firewalld"
    FAIL2BAN = "fail2ban"
    KUBERNETES = "Kubernetes"
    LIBVIRT = "libvirt"
    PIVPN = "PiVPN"
    WGQUICK = "wg-quick"
    WGTUI = "wgtui"
    OTHER = ""


_CHAINS: Final = (
    (Manager.UFW, re.compile(r"ufw6?-")),
    (Manager.DOCKER, re.compile(r"DOCKER(-|$)")),
    (Manager.FAIL2BAN, re.compile(r"f2b-|fail2ban-")),
    (Manager.KUBERNETES, re.compile(r"KUBE-|CNI-|FLANNEL-|cali-|CILIUM_|kube-")),
    (Manager.FIREWALLD, re.compile(r"(INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)_(ZONES|POLICIES|direct)")),
    (Manager.FIREWALLD, re.compile(r"(IN|FWD|FWDI|FWDO|OUT|PRE|POST)_[a-z]")),
    (Manager.LIBVIRT, re.compile(r"LIBVIRT_|guest_(input|output|cross|nat)$")),
)

_TABLES: Final = (
    (Manager.FIREWALLD, re.compile(r"firewalld(_|$)")),
    (Manager.WGQUICK, re.compile(r"wg-quick-")),
    (Manager.WGTUI, re.compile(r"wgtui(-|_|$)")),
    (Manager.FAIL2BAN, re.compile(r"f2b-table$")),
    (Manager.KUBERNETES, re.compile(r"kube-proxy$|flannel|cilium")),
    (Manager.LIBVIRT, re.compile(r"libvirt_network$")),
    (Manager.DOCKER, re.compile(r"docker-bridges$")),
)

_COMMENTS: Final = (
    (Manager.WGTUI, re.compile(r"wgtui:")),
    (Manager.WGQUICK, re.compile(r"wg-quick\(8\) rule for ")),
    (Manager.PIVPN, re.compile(r"(wireguard|openvpn)-(input|forward|nat)-rule$")),
    (Manager.KUBERNETES, re.compile(r"(kubernetes|flanneld|cali:)")),
)

_SETS_POLICIES: Final = (Manager.UFW, Manager.DOCKER)
"""Those that set the policy of FORWARD to DROP when they start, in the order in which they last did."""


def manager_of_rule(table: str, chain: str, rule: Rule) -> Manager:
    """Who made a rule, by its comment, the chain it stands in, the table and the chain it jumps to."""
    for found in (
        _first(_COMMENTS, rule.comment),
        _first(_CHAINS, chain),
        _first(_TABLES, table),
        _first(_CHAINS, rule.verdict.target),
    ):
        if found is not None:
            return found
    return Manager.OTHER


def manager_of_policy(base: BaseChain) -> Manager:
    """Who set a chain's policy, by the table's name or the chains beside it."""
    by_table = _first(_TABLES, base.table)
    if by_table is not None:
        return by_table
    present = {_first(_CHAINS, name) for name in base.chains}
    return next((manager for manager in _SETS_POLICIES if manager in present), Manager.OTHER)


def manager_of(decider: Decider) -> Manager:
    """Who made what decides."""
    if decider.rule is None:
        return manager_of_policy(decider.base)
    return manager_of_rule(decider.base.table, decider.chain, decider.rule)


def _first(patterns: tuple[tuple[Manager, re.Pattern[str]], ...], name: str) -> Manager | None:
    for manager, pattern in patterns:
        if pattern.match(name):
            return manager
    return None
