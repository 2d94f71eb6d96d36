"""What decides about a packet, in words for the operator."""

from __future__ import annotations

from wgtui.domain.ruleset.managers import Manager, manager_of
from wgtui.domain.ruleset.model import BaseChain, VerdictKind
from wgtui.domain.ruleset.walk import Decider
from wgtui.domain.text import printable

_RULE_LENGTH = 160

_DOES = {
    VerdictKind.ACCEPT: "accepts",
    VerdictKind.DROP: "drops",
    VerdictKind.REJECT: "rejects",
    VerdictKind.QUEUE: "hands to a program",
    VerdictKind.MASQUERADE: "masquerades",
    VerdictKind.SNAT: "gives another source to",
    VerdictKind.DNAT: "gives another destination to",
    VerdictKind.REDIRECT: "redirects to this host",
}


def chain_words(base: BaseChain, chain: str = "") -> str:
    """Where a chain is: its name, table and backend.

    Args:
        base: The base chain.
        chain: Name of the chain jumped to from there; empty for the base chain itself.
    """
    family = f"{base.family.value} " if base.backend.value == "nft" else ""
    name = printable(chain or base.name)
    program = base.backend.value
    if base.backend.value != "nft" and base.family.value == "ip6":
        program = program.replace("iptables", "ip6tables")
    return f"{name} in the table {family}{printable(base.table)} of {program}"


def decider_words(decider: Decider) -> str:
    """One sentence: who decides what, where, by which rule."""
    where = chain_words(decider.base, decider.chain)
    manager = manager_of(decider)
    owner = f"{manager.value}'s " if manager is not Manager.OTHER else "The "
    if decider.rule is None:
        return f"{owner}policy {decider.verdict.value.upper()} of the chain {where} decides."
    rule = printable(decider.rule.text, _RULE_LENGTH)
    does = _DOES.get(decider.verdict, "does something unknown with")
    if manager is Manager.OTHER:
        return f"A rule in the chain {where} {does} it: {rule}"
    return f"{manager.value} {does} it in the chain {where}: {rule}"
