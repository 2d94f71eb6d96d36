"""Checks of addresses: collisions, who owns which prefix, and whether the kernel's routes agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.cryptokey import Claim, Standing
from wgtui.domain.doctor.facts import DoctorFacts, InterfaceFacts
from wgtui.domain.doctor.finding import DoctorFinding, Severity
from wgtui.domain.doctor.needs import is_within
from wgtui.domain.fixes import SettingFix, SyncFix
from wgtui.domain.grammar.quick import SMALLEST_MTU_FOR_IPV6
from wgtui.domain.keys import PublicKey
from wgtui.domain.text import printable

_LED_AWAY: Final = (Standing.ELSEWHERE, Standing.REFUSED, Standing.PART_ROUTED)
_STRICT: Final = "1"


def address_checks(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """Everything about whose an address is."""
    yield from _collisions(facts, one)
    lost = set()
    for claim in facts.claims:
        if claim.owner.device == one.name:
            found = _claim(facts, one, claim)
            if found is not None:
                lost.add(claim.owner.key)
                yield found
    for device, key in facts.bare:
        if device == one.name and key not in lost:
            yield DoctorFinding(
                "owns-nothing",
                Severity.WARNING,
                f"{one.label(key)} has no allowed IP on {one.name}.",
                "Nothing is sent to it, and what it sends is dropped.",
                one.name,
                key,
                command="Give it its address in the tunnel: wgtui peer edit.",
            )
    yield from _reverse_path(facts, one)


def _collisions(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """The tunnel's subnets, and peers' LANs, against the networks of other links."""
    if one.config is None:
        return
    lans = {
        prefix: peer.public_key
        for peer in one.peers
        for prefix in peer.allowed_ips
        if 0 < prefix.prefixlen < prefix.max_prefixlen
    }
    for link in facts.links:
        if link.name == one.name:
            continue
        for network in link.networks:
            if network.prefixlen >= network.max_prefixlen - 1 and link.is_tunnel:
                continue
            yield from _collision(one, network, printable(link.name, 15), lans)


def _collision(
    one: InterfaceFacts, network: Prefix, link: str, lans: dict[Prefix, PublicKey]
) -> Iterator[DoctorFinding]:
    for mine in one.networks:
        if mine.prefixlen < mine.max_prefixlen and network.prefixlen and _overlap(mine, network):
            yield DoctorFinding(
                "collision",
                _subnet_severity(one, mine, network),
                f"The subnet {mine} of {one.name} and {network} of {link} overlap.",
                "Packets for the addresses that both have go to the longer prefix, or to either.",
                one.name,
                command=f"Renumber one of them; the peers of {one.name} need the new addresses as well.",
            )
            return
    for prefix, key in lans.items():
        # One that is merely wider, such as 10.0.0.0/8, gives way to the longer route of the link.
        if is_within(prefix, network) and not any(is_within(prefix, mine) for mine in one.networks):
            label = one.label(key)
            same = prefix == network
            yield DoctorFinding(
                "collision",
                Severity.ERROR if same else Severity.NOTE,
                f"{prefix} behind {label} is {'also' if same else 'within'} the network "
                f"{'' if same else f'{network} '}of {link} on this host.",
                "Packets for it go to one of the two, whichever route wins."
                if same
                else f"It goes to {label}, whose route is longer; what {link} has of it is not reached.",
                one.name,
                command=f"Renumber one of the two, or give {label} only the addresses that are meant.",
            )


def _subnet_severity(one: InterfaceFacts, mine: Prefix, network: Prefix) -> Severity:
    """The longer prefix gets the packets: a tunnel within a wide LAN works, a LAN within a tunnel takes."""
    if mine == network:
        return Severity.ERROR
    if is_within(mine, network):
        return Severity.NOTE
    taken = any(is_within(prefix, network) for peer in one.peers for prefix in peer.allowed_ips)
    return Severity.ERROR if taken else Severity.WARNING


def _overlap(one: Prefix, other: Prefix) -> bool:
    return is_within(one, other) or is_within(other, one)


def _claim(facts: DoctorFacts, one: InterfaceFacts, claim: Claim) -> DoctorFinding | None:
    owner, label = claim.owner, one.label(claim.owner.key)
    table_off = one.config is not None and one.config.quick.table.lower() == "off"
    if claim.standing is Standing.LOST:
        rival = one.label(claim.rivals[0].key)
        text = f"{owner.prefix} is given to {label} in the file, but {rival} has it."
        if claim.by_file:
            text += f" The file names it at {rival} as well, further down."
        return DoctorFinding(
            "allowed-ips-lost",
            Severity.ERROR,
            text,
            f"A prefix belongs to one peer: what is meant for {label} goes to {rival}, and what {label} "
            "sends from there is dropped.",
            one.name,
            owner.key,
            fix=None if claim.by_file else SyncFix(one.name),
            command=f"Take {owner.prefix} out of the allowed IPs of one of them: wgtui peer edit {one.name}"
            if claim.by_file
            else f"wgtui sync {one.name}",
        )
    if claim.standing is Standing.SHADOWED and claim.rivals:
        rival_device = claim.rivals[0].device
        where = "" if rival_device == one.name else f" of {printable(rival_device, 15)}"
        return DoctorFinding(
            "allowed-ips-lost",
            Severity.WARNING,
            f"{owner.prefix} belongs to {label}, but all of it goes to other peers{where}.",
            f"Nothing that is meant for it reaches {label}.",
            one.name,
            owner.key,
            command=f"wgtui peer show {one.name} {printable(label, 40)}",
        )
    if claim.standing in _LED_AWAY and owner.prefix.prefixlen and not table_off:
        return _led_away(one, claim, label)
    return None


def _led_away(one: InterfaceFacts, claim: Claim, label: str) -> DoctorFinding | None:
    prefix, decision = claim.owner.prefix, claim.route
    if prefix.version == 6 and one.mtu < SMALLEST_MTU_FOR_IPV6:
        # The kernel took the routes with the addresses: that is told by the check of the MTU.
        return None
    way = f"by {printable(decision.link, 15)}" if decision and decision.link else "elsewhere"
    part = "some" if claim.standing is Standing.PART_ROUTED else "all"
    by_default = (
        decision is not None and decision.route is not None and not decision.route.destination.prefixlen
    )
    text = f"{prefix} belongs to {label} on {one.name}, but a route leads {part} of it {way}."
    if by_default and part == "all":
        text = f"{prefix} belongs to {label}, but no route leads it into {one.name}: it goes {way}."
    return DoctorFinding(
        "route-missing" if by_default else "routed-elsewhere",
        Severity.NOTE if claim.standing is Standing.PART_ROUTED else Severity.ERROR,
        text,
        f"What is meant for it does not reach {label}.",
        one.name,
        claim.owner.key,
        fix=SyncFix(one.name),
        command=f"ip route get {prefix.network_address}",
    )


def _reverse_path(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """A strict filter drops what comes in by another link than packets to its source leave by (RFC 3704)."""
    link = one.name.replace(".", "/")
    names = ("net.ipv4.conf.all.rp_filter", f"net.ipv4.conf.{link}.rp_filter")
    values = [facts.settings.get(name) or "0" for name in names]
    # The kernel takes the larger of the two, and 2 is loose (ip-sysctl.rst).
    if max(values) != _STRICT:
        return
    for claim in facts.claims:
        asymmetric = claim.standing in (Standing.ELSEWHERE, Standing.NO_ROUTE, Standing.REFUSED)
        if claim.owner.device != one.name or claim.owner.prefix.version != 4 or not asymmetric:
            continue
        label = one.label(claim.owner.key)
        way = f"by {printable(claim.route.link, 15)}" if claim.route and claim.route.link else "nowhere"
        yield DoctorFinding(
            "rp-filter",
            Severity.ERROR,
            f"The reverse path filter of {one.name} is strict, and the route to {claim.owner.prefix} of "
            f"{label} leads {way}: what {label} sends from there is dropped.",
            "A strict filter takes packets only where the route to their source leads back the same way.",
            one.name,
            claim.owner.key,
            fix=SettingFix(names[1], "2"),
            command=f"sysctl -w {names[1]}=2",
        )
