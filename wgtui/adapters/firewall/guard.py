"""The rules that guard a default route through a tunnel; implements `wgtui.ports.firewall.Firewall`."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from wgtui.adapters.programs import Finished, find_program, run
from wgtui.domain import guard
from wgtui.domain.errors import HostCommandFailed, PermissionRefused, WgtuiError
from wgtui.domain.host import GuardRules

_IPTABLES: Final = {4: "iptables", 6: "ip6tables"}


class HostFirewall:
    """Sets rules with `nft` where there is one, else with `iptables-restore`, and looks for them with both.

    Args:
        netns: Network namespace to work in, None for this process's own.
        nft: Name or path of the program nft.
    """

    def __init__(self, netns: str | None = None, nft: str = "nft") -> None:
        self._netns = netns
        self._nft = nft

    def has_guard(self, interface: str) -> bool:
        """Whether there are rules for a default route through this tunnel."""
        if guard.nft_removal(interface, self._nft_tables()):
            return True
        return any(guard.iptables_removal(interface, self._saved(family)) for family in _IPTABLES)

    def add_guard(self, rules: GuardRules) -> None:
        """Add them, all or none."""
        what = f"add the rules that guard {rules.interface}"
        if find_program(self._nft):
            self._run([self._nft, "-f", "-"], guard.nft_script(rules)).require_success(what)
            return
        if not find_program("iptables-restore"):
            text = f"The rules that guard {rules.interface} need the program nft, or iptables-restore."
            raise HostCommandFailed(text, hint="Install one, on Debian and Ubuntu with: apt install nftables")
        try:
            for family in guard.families(rules):
                self._restore(family, guard.iptables_restore(rules, family)).require_success(what)
        except WgtuiError:
            with suppress(WgtuiError):
                self.remove_guard(rules.interface)
            raise

    def remove_guard(self, interface: str) -> None:
        """Remove them, whichever of nft and iptables holds them; none there is no error."""
        what = f"remove the rules that guard {interface}"
        removal = guard.nft_removal(interface, self._nft_tables())
        if removal:
            self._run([self._nft, "-f", "-"], removal).require_success(what)
        for family in _IPTABLES:
            removal = guard.iptables_removal(interface, self._saved(family))
            if removal:
                self._restore(family, removal).require_success(what)

    def _nft_tables(self) -> str:
        """What `nft` lists; nothing where there is no such program, or no such filter in the kernel."""
        return (
            self._listed([self._nft, "list", "tables"], "list its tables") if find_program(self._nft) else ""
        )

    def _saved(self, family: int) -> str:
        """What `iptables-save` prints; nothing where there is no such program or filter."""
        program = f"{_IPTABLES[family]}-save"
        return self._listed([program], "list its rules") if find_program(program) else ""

    def _listed(self, command: list[str], what: str) -> str:
        try:
            return self._run(command).require_success(what).text()
        except PermissionRefused:
            raise
        except HostCommandFailed:
            return ""

    def _restore(self, family: int, script: str) -> Finished:
        return self._run([f"{_IPTABLES[family]}-restore", "-n", "-w", "5"], script)

    def _run(self, command: list[str], script: str = "") -> Finished:
        return run(command, stdin=script.encode(), netns=self._netns)
