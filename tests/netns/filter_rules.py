"""Random rules of matches that are understood, in the languages of iptables and nft."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from random import Random
from typing import Final

from tests.netns.filter_rig import LINKS, PORTS, SOURCE_PORTS, addresses

_CHAINS: Final = ("one", "two", "three")


@dataclass(frozen=True)
class Line:
    """A rule in both languages."""

    iptables: str
    nft: str


def _names(random: Random, direction: str) -> Line:
    mine = LINKS[:2] if direction == "in" else LINKS[2:]
    negated = random.random() < 0.25
    name = random.choice((*mine, f"{mine[0][:-1]}+"))
    key, option = ("iifname", "-i") if direction == "in" else ("oifname", "-o")
    nft_name = name.replace("+", "*")
    words = f'{key} {"!= " if negated else ""}"{nft_name}"'
    if not negated and random.random() < 0.3:
        words = f'{key} {{ "{nft_name}", "lo" }}'
    return Line(f"{'! ' if negated else ''}{option} {name}", words)


def _address(random: Random, version: int, side: str) -> Line:
    links = LINKS[:2] if side == "s" else LINKS[2:]
    address = random.choice(addresses(random.choice(links), version))
    length = random.choice((8, 16, 24, 28, 32) if version == 4 else (16, 32, 64, 120, 128))
    negated = random.random() < 0.25
    key = f"{'ip' if version == 4 else 'ip6'} {side}addr"
    prefix = ip_network(f"{address}/{length}", strict=False)
    words = f"{key} {'!= ' if negated else ''}{prefix}"
    if random.random() < 0.3:
        other = "192.0.2.0/24" if version == 4 else "2001:db8::/32"
        words = f"{key} {'!= ' if negated else ''}{{ {prefix}, {other} }}"
    return Line(f"{'! ' if negated else ''}-{side} {prefix}", words)


def _protocol(random: Random, version: int) -> Line:
    name, nft = random.choice((("udp", "udp"), ("tcp", "tcp"), _ICMP[version]))
    negated = random.random() < 0.2
    return Line(f"{'! ' if negated else ''}-p {name}", f"meta l4proto {'!= ' if negated else ''}{nft}")


_ICMP: Final = {4: ("icmp", "icmp"), 6: ("ipv6-icmp", "ipv6-icmp")}


def _port(random: Random) -> Line:
    side, ports = random.choice((("s", SOURCE_PORTS), ("d", PORTS)))
    first = random.choice(ports)
    last = first + random.choice((0, 0, 10, 1500))
    negated = random.random() < 0.2
    span = str(first) if first == last else f"{first}:{last}"
    words = span.replace(":", "-")
    return Line(
        f"-p udp -m udp {'! ' if negated else ''}--{side}port {span}",
        f"udp {side}port {'!= ' if negated else ''}{words}",
    )


def _multiport(random: Random) -> Line:
    ports = ",".join(str(port) for port in random.sample((53, 80, 443, 1000), 2))
    return Line(f"-p udp -m multiport --dports {ports}", f"udp dport {{ {ports} }}")


def _state(random: Random) -> Line:
    states = ",".join(random.sample(("NEW", "ESTABLISHED", "RELATED", "INVALID"), random.choice((1, 2))))
    negated = random.random() < 0.2 and "," not in states
    return Line(
        f"-m conntrack {'! ' if negated else ''}--ctstate {states}",
        f"ct state {'!= ' if negated else ''}{states.lower()}",
    )


def _mark(random: Random) -> Line:
    value, mask = random.choice(((0, 0xFFFFFFFF), (1, 0xFFFFFFFF), (1, 1), (2, 6)))
    negated = random.random() < 0.2
    sign = "!=" if negated else "=="
    return Line(
        f"-m mark {'! ' if negated else ''}--mark {value:#x}/{mask:#x}",
        f"meta mark & {mask:#x} {sign} {value:#x}",
    )


def _icmp(random: Random, version: int) -> Line:
    if version == 4:
        return Line("-p icmp -m icmp --icmp-type 8", "icmp type echo-request")
    return Line("-p ipv6-icmp -m icmp6 --icmpv6-type 128", "icmpv6 type { echo-request, nd-redirect }")


def _type(random: Random) -> Line:
    side, word = random.choice((("dst", "daddr"), ("dst", "daddr"), ("src", "saddr")))
    kind = random.choice(("LOCAL", "LOCAL", "UNICAST", "MULTICAST"))
    negated = random.random() < 0.3
    return Line(
        f"-m addrtype {'! ' if negated else ''}--{side}-type {kind}",
        f"fib {word} type {'!= ' if negated else ''}{kind.lower()}",
    )


_ORDER: Final = ("s", "d", "in", "out", "protocol", "port", "multiport", "icmp", "state", "mark", "type")


def _matches(random: Random, version: int, base: str) -> Line:
    made: dict[str, Line] = {}
    protocols = ("protocol", "port", "multiport", "icmp")
    for _ in range(random.choice((0, 1, 1, 2, 2, 3))):
        kind = random.choice(("in", "out", "s", "d", *protocols, "state", "mark", "type"))
        if kind == "out" and base == "INPUT":
            continue
        # One word about the protocol: iptables takes no second -p.
        if kind in made or (kind in protocols and any(other in made for other in protocols)):
            continue
        made[kind] = {
            "in": lambda: _names(random, "in"),
            "out": lambda: _names(random, "out"),
            "s": lambda: _address(random, version, "s"),
            "d": lambda: _address(random, version, "d"),
            "protocol": lambda: _protocol(random, version),
            "port": lambda: _port(random),
            "multiport": lambda: _multiport(random),
            "icmp": lambda: _icmp(random, version),
            "state": lambda: _state(random),
            "mark": lambda: _mark(random),
            "type": lambda: _type(random),
        }[kind]()
    # What iptables wants before its modules comes first.
    lines = [made[kind] for kind in sorted(made, key=_ORDER.index)]
    return Line(" ".join(line.iptables for line in lines), " ".join(line.nft for line in lines))


def _verdict(random: Random, chain: str, table: str) -> Line:
    later = _CHAINS[_CHAINS.index(chain) + 1 :] if chain in _CHAINS else _CHAINS
    choices = ["ACCEPT", "DROP", "RETURN", "MARK", "MARK", ""]
    if table == "filter":
        choices.append("REJECT")
    if later:
        choices += ["JUMP", "JUMP", "GOTO"]
    kind = random.choice(choices)
    if kind in ("JUMP", "GOTO"):
        target = random.choice(later)
        return Line(f"-{'j' if kind == 'JUMP' else 'g'} {target}", f"{kind.lower()} {target}")
    if kind == "MARK":
        value = random.choice((1, 2, 5))
        return Line(f"-j MARK --set-xmark {value:#x}/0xffffffff", f"meta mark set {value:#x}")
    return Line(f"-j {kind}" if kind else "", kind.lower())


def _body(random: Random, version: int, table: str, base: str) -> list[tuple[str, Line]]:
    """The rules of a table, with their chains."""
    made = [(chain, None) for chain in (base,) * random.randint(1, 5)]
    made += [(chain, None) for chain in _CHAINS for _ in range(random.randint(0, 3))]
    rules = []
    for chain, _ in made:
        matches, verdict = _matches(random, version, base), _verdict(random, chain, table)
        rules.append(
            (
                chain,
                Line(f"{matches.iptables} {verdict.iptables}", f"{matches.nft} counter {verdict.nft}"),
            )
        )
    return rules


def iptables_restore(random: Random, version: int, base: str = "FORWARD") -> str:
    """Random tables mangle and filter for `iptables-restore` or `ip6tables-restore`."""
    lines = []
    for table in ("mangle", "filter"):
        policy = random.choice(("ACCEPT", "DROP")) if table == "filter" else "ACCEPT"
        lines += [f"*{table}", f":{base} {policy} [0:0]", *(f":{chain} - [0:0]" for chain in _CHAINS)]
        lines += [f"-A {chain} {line.iptables}" for chain, line in _body(random, version, table, base)]
        lines.append("COMMIT")
    return "\n".join(lines) + "\n"


def nft_script(random: Random, base: str = "FORWARD") -> str:
    """Random tables of nft, each with a base chain of a hook's name; some see both families."""
    lines = ["flush ruleset"]
    for number in range(random.choice((1, 2, 3))):
        family, version = random.choice((("ip", 4), ("ip6", 6), ("inet", 4), ("inet", 6)))
        policy = random.choice(("accept", "accept", "drop"))
        priority = random.choice((-150, 0, 0, 0, 10))
        body = _body(random, version, "filter", base)
        lines += [f"table {family} t{number} {{", *(f" chain {chain} {{}}" for chain in _CHAINS)]
        lines += [
            f" chain {base} {{",
            f"  type filter hook {base.lower()} priority {priority}; policy {policy};",
        ]
        lines += [" }", "}"]
        lines += [f"add rule {family} t{number} {chain} {line.nft}" for chain, line in body]
    return "\n".join(lines) + "\n"


def _nat_lines(random: Random) -> list[Line]:
    lines = []
    for _ in range(random.randint(1, 3)):
        out, source = _names(random, "out"), _address(random, 4, "s")
        kind = random.choice(("MASQUERADE", "MASQUERADE", "ACCEPT", "RETURN"))
        lines.append(
            Line(
                f"-A POSTROUTING {source.iptables} {out.iptables} -j {kind}",
                f"{source.nft} {out.nft} counter {kind.lower()}",
            )
        )
    return lines


def nat_restore(random: Random) -> str:
    """A random table nat for `iptables-restore`."""
    lines = (line.iptables for line in _nat_lines(random))
    return "\n".join(("*nat", ":POSTROUTING ACCEPT [0:0]", *lines, "COMMIT", ""))


def nat_script(random: Random) -> str:
    """Two random tables of nft with a NAT chain each."""
    made = []
    for number in range(2):
        priority = random.choice((90, 100, 110))
        rules = "\n".join(f"  {line.nft}" for line in _nat_lines(random))
        chain = f" chain post {{\n  type nat hook postrouting priority {priority};\n{rules}\n }}"
        made.append(f"table ip nat{number} {{\n{chain}\n}}\n")
    return "".join(made)
