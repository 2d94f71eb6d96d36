"""The packet filter rules of the forwarding switches, on one host (or network namespace)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from wgtui.domain.forwarding import PlacedRule, RuleState


class ForwardRules(Protocol):
    """Reads and sets the rules that carry the tag of an interface.

    Every method raises `HostCommandFailed` where a program that it needs is missing or fails, and
    `PermissionRefused` without privilege.
    """

    def read(self, interface: str, also: Iterable[PlacedRule] = ()) -> tuple[RuleState, ...]:
        """All rules of the interface in force, in whatever place they stand, each once.

        Those that `iptables` of this host does not show are among them: rules of the other one of its two
        backends, and those of nftables. Where firewalld runs, what it holds is: it knows no tags, so the
        interface in its zone `trusted` counts, and of the ports that zones open the interface's listen port.

        Args:
            interface: Its name; it need not exist.
            also: Rules to look for besides: ports in zones of firewalld that it listened on before.
        """
        ...

    def held(self, placed: Iterable[PlacedRule]) -> tuple[PlacedRule, ...]:
        """The same rules as `read` gives them once they are in force on this host.

        Portable ones that do nothing here are left out, as are those of an IP version that the kernel does
        not speak; and each place has the name that `read` gives it:
        where `iptables` stands for `iptables-nft`, both are one.
        """
        ...

    def replace(self, interface: str, before: tuple[PlacedRule, ...], after: tuple[PlacedRule, ...]) -> None:
        """Take away what only `before` has, and put in force what only `after` has.

        Rules that are already as they should be stay untouched, with their counters: doing it again does
        nothing. All rules in nftables change at once, those in iptables one table of one family at a time;
        rules of others are never touched, also those that change meanwhile.

        Args:
            interface: Whose tag the rules carry.
            before: As they were.
            after: As they shall be.
        """
        ...
