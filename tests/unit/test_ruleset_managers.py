from __future__ import annotations

import pytest

from wgtui.domain.ruleset import (
    Backend,
    BaseChain,
    FilterFamily,
    Hook,
    Manager,
    Rule,
    Verdict,
    VerdictKind,
    manager_of_policy,
    manager_of_rule,
)


@pytest.mark.parametrize(
    ("table", "chain", "comment", "target", "manager"),
    [
        ("filter", "DOCKER-USER", "", "", Manager.DOCKER),
        ("filter", "FORWARD", "", "DOCKER-FORWARD", Manager.DOCKER),
        ("docker-bridges", "filter-FORWARD", "", "", Manager.DOCKER),
        ("filter", "ufw-user-forward", "", "", Manager.UFW),
        ("filter", "ufw6-before-input", "", "", Manager.UFW),
        ("firewalld", "filter_FWD_public", "", "", Manager.FIREWALLD),
        ("filter", "IN_public_allow", "", "", Manager.FIREWALLD),
        ("filter", "f2b-sshd", "", "", Manager.FAIL2BAN),
        ("f2b-table", "f2b-chain", "", "", Manager.FAIL2BAN),
        ("nat", "KUBE-POSTROUTING", "", "", Manager.KUBERNETES),
        ("filter", "FORWARD", "kubernetes forwarding rules", "KUBE-FORWARD", Manager.KUBERNETES),
        ("filter", "LIBVIRT_FWI", "", "", Manager.LIBVIRT),
        ("libvirt_network", "guest_input", "", "", Manager.LIBVIRT),
        ("nat", "POSTROUTING", "wireguard-nat-rule", "", Manager.PIVPN),
        ("filter", "INPUT", "openvpn-input-rule", "", Manager.PIVPN),
        ("raw", "PREROUTING", "wg-quick(8) rule for wg0", "", Manager.WGQUICK),
        ("wg-quick-wg0", "preraw", "", "", Manager.WGQUICK),
        ("filter", "ufw-before-forward", "wgtui:wg0:relay", "", Manager.WGTUI),
        ("wgtui-wg0", "forward", "", "", Manager.WGTUI),
        ("filter", "FORWARD", "", "", Manager.OTHER),
        ("filter", "FORWARD", "not wgtui:wg0", "MINE", Manager.OTHER),
        ("filter", "DOCKERY", "", "", Manager.OTHER),
    ],
)
def test_whose_a_rule_is(table: str, chain: str, comment: str, target: str, manager: Manager) -> None:
    rule = Rule("", verdict=Verdict(VerdictKind.JUMP, target), comment=comment)
    assert manager_of_rule(table, chain, rule) is manager


@pytest.mark.parametrize(
    ("table", "chains", "manager"),
    [
        ("filter", ["DOCKER", "DOCKER-USER"], Manager.DOCKER),
        ("filter", ["ufw-before-input", "DOCKER"], Manager.UFW),
        ("filter", ["f2b-sshd"], Manager.OTHER),
        ("filter", [], Manager.OTHER),
        ("firewalld", [], Manager.FIREWALLD),
        ("own", [], Manager.OTHER),
    ],
)
def test_whose_a_policy_is(table: str, chains: list[str], manager: Manager) -> None:
    base = BaseChain(
        Backend.IPTABLES_NFT,
        FilterFamily.IP,
        table,
        "FORWARD",
        Hook.FORWARD,
        0,
        VerdictKind.DROP,
        chains=dict.fromkeys(chains, ()),
    )
    assert manager_of_policy(base) is manager
