"""The packet filter rules of a default route through a tunnel, in the words of `nft` and `iptables-restore`.

They are those of `wg-quick` to the letter (wireguard-tools `wg-quick/linux.bash`: `add_default` and
`remove_firewall`), so that it can remove ours and we can remove its.
"""

from __future__ import annotations

from collections.abc import Iterable

from wgtui.domain.host import GuardRules

FAMILIES = (4, 6)


def families(rules: GuardRules) -> tuple[int, ...]:
    """The families that there are rules for."""
    return tuple(family for family in FAMILIES if (rules.ipv4 if family == 4 else rules.ipv6))


def nft_table(interface: str) -> str:
    """The name of a tunnel's tables."""
    return f"wg-quick-{interface}"


def nft_script(rules: GuardRules) -> str:
    """What `nft -f` makes the rules of both families from, all or none."""
    return "".join(_nft_family(rules, family) for family in families(rules))


def _nft_family(rules: GuardRules, family: int) -> str:
    word = "ip" if family == 4 else "ip6"
    table = f"{word} {nft_table(rules.interface)}"
    lines = [
        f"add table {table}",
        f"add chain {table} preraw {{ type filter hook prerouting priority -300; }}",
        f"add chain {table} premangle {{ type filter hook prerouting priority -150; }}",
        f"add chain {table} postmangle {{ type filter hook postrouting priority -150; }}",
    ]
    lines += (
        f'add rule {table} preraw iifname != "{rules.interface}" '
        f"{word} daddr {address} fib saddr type != local drop"
        for address in _addresses(rules, family)
    )
    lines += (
        f"add rule {table} postmangle meta l4proto udp mark {rules.fwmark} ct mark set mark",
        f"add rule {table} premangle meta l4proto udp meta mark set ct mark",
    )
    return "\n".join(lines) + "\n"


def nft_removal(interface: str, tables: str) -> str:
    """What `nft -f` removes a tunnel's tables with; empty where it has none.

    Args:
        interface: Its name.
        tables: What `nft list tables` prints.
    """
    ending = f" {nft_table(interface)}"
    return "".join(f"delete {line}\n" for line in tables.splitlines() if line.endswith(ending))


def iptables_restore(rules: GuardRules, family: int) -> str:
    """What `iptables-restore -n`, or `ip6tables-restore -n`, makes the rules of a family from."""
    marker = f"-m comment --comment {_comment(rules.interface)}"
    lines = ["*raw"]
    lines += (
        f"-I PREROUTING ! -i {rules.interface} -d {address} -m addrtype ! --src-type LOCAL -j DROP {marker}"
        for address in _addresses(rules, family)
    )
    lines += (
        "COMMIT",
        "*mangle",
        f"-I POSTROUTING -m mark --mark {rules.fwmark} -p udp -j CONNMARK --save-mark {marker}",
        f"-I PREROUTING -p udp -j CONNMARK --restore-mark {marker}",
        "COMMIT",
    )
    return "\n".join(lines) + "\n"


def iptables_removal(interface: str, saved: str) -> str:
    """What `iptables-restore -n` removes a tunnel's rules with; empty where it has none.

    Args:
        interface: Its name.
        saved: What `iptables-save` prints.
    """
    marker = f"-m comment --comment {_comment(interface)}"
    lines = []
    found = False
    for line in saved.splitlines():
        if line.startswith("-A ") and marker in line:
            found = True
            lines.append(f"-D{line[2:]}")
        elif line.startswith("*") or line == "COMMIT":
            lines.append(line)
    return "\n".join(lines) + "\n" if found else ""


def _comment(interface: str) -> str:
    return f'"wg-quick(8) rule for {interface}"'


def _addresses(rules: GuardRules, family: int) -> Iterable[str]:
    return (str(address.interface.ip) for address in rules.addresses if address.interface.version == family)
