"""The forwarding of an interface in its own file: what it says, and the file with other switches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import Final, TypeGuard

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.editing import InterfaceEdit, edit_interface, text_of
from wgtui.domain.forwarding.iptables import table_of
from wgtui.domain.forwarding.lines import HookLines, hook_lines
from wgtui.domain.forwarding.nftables import is_table_name
from wgtui.domain.forwarding.places import (
    FirewalldPlace,
    IptablesPlace,
    MissingTable,
    NftChainPlace,
    NftTablePlace,
    Place,
    PlacedRule,
    Placement,
    place,
    place_portably,
)
from wgtui.domain.forwarding.read_lines import ReadLines, read_lines
from wgtui.domain.forwarding.rules import (
    Family,
    FilterRule,
    Purpose,
    RuleFacts,
    Switches,
    for_each_family,
    rules_of,
)
from wgtui.domain.forwarding.view import SwitchName
from wgtui.domain.wgquick import Document

PRIMARY: Final = (IptablesPlace, NftTablePlace)
"""The places that take every rule; what stands in others repeats what accepts."""


@dataclass(frozen=True, slots=True)
class FileForwarding:
    """What a file says of forwarding by wgtui's own lines.

    Attributes:
        switches: Those that are on, also where some of their lines are missing.
        read: The rules, and which commands are wgtui's.
        post_up: All PostUp commands.
        post_down: All PostDown commands.
        pre_down: All PreDown commands, none of which is wgtui's.
    """

    switches: Switches
    read: ReadLines
    post_up: tuple[str, ...]
    post_down: tuple[str, ...]
    pre_down: tuple[str, ...] = ()

    @property
    def others_up(self) -> tuple[tuple[int, str], ...]:
        """Index and text of the PostUp commands that are not wgtui's."""
        return _others(self.post_up, self.read.own_up)

    @property
    def others_down(self) -> tuple[tuple[int, str], ...]:
        """Index and text of the PostDown commands that are not wgtui's."""
        return _others(self.post_down, self.read.own_down)


def forwarding_of(document: Document, interface: str) -> FileForwarding:
    """What a file says of forwarding by wgtui's own lines. Never raises.

    Args:
        document: The file.
        interface: Its name.
    """
    return forwarding_in(read_config(document).config, interface)


def forwarding_in(config: InterfaceConfig, interface: str) -> FileForwarding:
    """The same for a file that was read already."""
    quick = config.quick
    post_up, post_down, pre_down = (
        tuple(map(text_of, given)) for given in (quick.post_up, quick.post_down, quick.pre_down)
    )
    read = read_lines(post_up, post_down, interface)
    held = switches_of(one.rule for one in read.rules if isinstance(one.place, PRIMARY))
    return FileForwarding(held, read, post_up, post_down, pre_down)


def switches_of(rules: Iterable[FilterRule]) -> Switches:
    """The switches that these rules belong to, without asking whether all of each are there."""
    given = tuple(rules)
    purposes = {rule.purpose for rule in given}
    uplinks = (rule.outgoing.name for rule in given if rule.purpose is Purpose.MASQUERADE and rule.outgoing)
    return Switches(
        forward=bool(purposes & {Purpose.FORWARD_IN, Purpose.FORWARD_OUT}),
        relay=Purpose.RELAY in purposes,
        isolate=Purpose.ISOLATE in purposes,
        masquerade=tuple(dict.fromkeys(uplinks)),
        port=Purpose.PORT in purposes,
        mss=Purpose.MSS in purposes,
    )


def facts_of(config: InterfaceConfig, interface: str) -> RuleFacts:
    """What the rules of an interface depend on, by its file, on a host with both families.

    Args:
        config: What the file says.
        interface: Its name, or `%i` in a file whose name is not known.
    """
    inside = [address.network for address in config.quick.addresses]
    inside += [prefix for peer in config.peers() for prefix in peer.allowed_ips]
    return facts_for(interface, config.listen_port or 0, inside)


def facts_for(interface: str, listen_port: int, inside: Iterable[Prefix]) -> RuleFacts:
    """The same where there is no file yet.

    Args:
        interface: Its name.
        listen_port: 0 for none.
        inside: The subnets of its addresses, and its peers' allowed IPs.
    """
    # Nobody passes on what is link-local. Devices of wireguard-go have such an address; SaveConfig writes it.
    given = [prefix for prefix in inside if not (prefix.version == 6 and prefix.is_link_local)]
    families = frozenset(prefix.version for prefix in given) or frozenset((4, 6))
    return RuleFacts(interface, listen_port, families, sources=_collapsed(given))


def lines_for(switches: Switches, placement: Placement | None, facts: RuleFacts) -> HookLines:
    """The PostUp and PostDown commands that make switches true.

    Args:
        switches: Those that are on.
        placement: The host's; None for a host that is not known, such as a peer's.
        facts: Of the interface.
    """
    return hook_lines(placed_for(switches, placement, facts), facts.interface)


def placed_for(switches: Switches, placement: Placement | None, facts: RuleFacts) -> tuple[PlacedRule, ...]:
    """The rules that make switches true, each in its place; see `lines_for`."""
    rules = rules_of(switches, facts)
    if placement is None:
        return place_portably(rules, facts.sources)
    if not is_table_name(facts.interface):
        placement = replace(placement, missing=frozenset())
    return place(rules, placement, facts.sources)


def with_switches(
    document: Document, switches: Switches, placement: Placement | None, facts: RuleFacts | None = None
) -> Document:
    """The file with the lines for these switches, and without those of others.

    Only wgtui's own PostUp and PostDown lines change. They stand where they stood, or behind all others.

    Args:
        document: The file.
        switches: Those that are to be on.
        placement: The host's; None for a host that is not known, such as a peer's.
        facts: Of the interface; None to take what the file says, with `%i` for its name.

    Raises:
        EditRefused: The file cannot be edited without guessing.
    """
    given = facts if facts is not None else facts_of(read_config(document).config, "%i")
    return with_lines(document, given.interface, lines_for(switches, placement, given))


def placement_in(held: FileForwarding) -> Placement | None:
    """Where a file's own lines put rules; None for a host that is not known, and where there are none."""
    places = tuple(dict.fromkeys(one.place for one in held.read.rules))
    primaries = [place for place in places if isinstance(place, PRIMARY)]
    if not primaries or primaries[0].portable:
        return None
    primary = next((place for place in primaries if isinstance(place, IptablesPlace)), primaries[0])
    also = tuple(place for place in places if _is_beside(place, primary))
    missing = _missing_in(held.read.rules) if isinstance(primary, IptablesPlace) else frozenset()
    return Placement(primary, also, missing)


def _missing_in(placed: tuple[PlacedRule, ...]) -> frozenset[MissingTable]:
    """The tables of iptables in whose place these rules stand in our own table."""
    used: dict[type[Place], set[MissingTable]] = {IptablesPlace: set(), NftTablePlace: set()}
    for one in placed:
        used.setdefault(type(one.place), set()).update(
            (table_of(rule), rule.family) for rule in for_each_family(one.rule)
        )
    names = {name for name, _ in used[NftTablePlace]}
    every = {(name, family) for name in names for family in (Family.IPV4, Family.IPV6)}
    return frozenset(every - used[IptablesPlace])


def _is_beside(place: Place, primary: Place) -> TypeGuard[NftChainPlace | IptablesPlace | FirewalldPlace]:
    return place != primary and not isinstance(place, NftTablePlace)


def refreshed(document: Document, before: RuleFacts, after: RuleFacts) -> Document:
    """The file with its own lines for what it says now, such as another listen port or a new LAN of a peer.

    Lines that were not all there before stay as they are: somebody wanted them so.

    Args:
        document: The file, edited.
        before: What it said before the edit.
        after: What it says now.

    Raises:
        EditRefused: The file cannot be edited without guessing.
    """
    held = forwarding_of(document, after.interface)
    own = tuple(text for index, text in enumerate(held.post_up) if index in held.read.own_up)
    placement = placement_in(held)
    if not own or before == after or lines_for(held.switches, placement, before).post_up != own:
        return document
    return with_switches(document, held.switches, placement, after)


def with_lines(
    document: Document,
    interface: str,
    lines: HookLines,
    instead_of: Collection[int] = (),
) -> Document:
    """The file with other lines of wgtui's.

    Args:
        document: The file.
        interface: Its name.
        lines: All that it shall have.
        instead_of: Indices of somebody's own PostUp commands in whose place they go.

    Raises:
        EditRefused: The file cannot be edited without guessing.
    """
    held = forwarding_of(document, interface)
    return edit_interface(
        document,
        InterfaceEdit(
            post_up=_replaced(held.post_up, held.read.own_up | set(instead_of), lines.post_up),
            post_down=_replaced(held.post_down, held.read.own_down, lines.post_down),
        ),
    )


def turned(switches: Switches, name: SwitchName, on: bool, target: str = "") -> Switches:
    """The switches with one of them turned.

    Args:
        switches: As they are.
        name: Which to turn; `ipv4` and `ipv6` are no rules and change nothing here.
        on: To what.
        target: For `masquerade`: the interface; empty, to turn it off on all.
    """
    match name:
        case SwitchName.FORWARD:
            return replace(switches, forward=on)
        case SwitchName.RELAY:
            return replace(switches, relay=on, isolate=switches.isolate and not on)
        case SwitchName.ISOLATE:
            return replace(switches, isolate=on, relay=switches.relay and not on)
        case SwitchName.PORT:
            return replace(switches, port=on)
        case SwitchName.MSS:
            return replace(switches, mss=on)
        case SwitchName.MASQUERADE:
            others = tuple(one for one in switches.masquerade if target and one != target)
            if on:
                others = tuple(dict.fromkeys((*switches.masquerade, target)))
            return replace(switches, masquerade=others)
        case _:
            return switches


def _others(commands: tuple[str, ...], own: Collection[int]) -> tuple[tuple[int, str], ...]:
    return tuple((index, text) for index, text in enumerate(commands) if index not in own)


def _replaced(commands: tuple[str, ...], going: Collection[int], coming: tuple[str, ...]) -> tuple[str, ...]:
    """The commands with others in the place of those that go: where the first stood, else behind all."""
    if tuple(commands[index] for index in sorted(going)) == coming:
        return commands
    first = min(going, default=len(commands))
    before = tuple(commands[:first])
    behind = tuple(text for index, text in enumerate(commands) if index >= first and index not in going)
    return (*before, *coming, *behind)


def _collapsed(prefixes: Iterable[Prefix]) -> tuple[Prefix, ...]:
    given = tuple(prefixes)
    ipv4 = [prefix for prefix in given if isinstance(prefix, IPv4Network)]
    ipv6 = [prefix for prefix in given if isinstance(prefix, IPv6Network)]
    return (*collapse_addresses(ipv4), *collapse_addresses(ipv6))
