"""Reads rules with the host's own programs; implements `wgtui.ports.packet_filter.PacketFilterReader`."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

from wgtui.adapters.netns import call_in_netns
from wgtui.adapters.packet_filter import kernel_tables
from wgtui.adapters.packet_filter.installed import InstalledPrograms
from wgtui.adapters.programs import run
from wgtui.domain.errors import InvalidValue, PermissionRefused, WgtuiError
from wgtui.domain.ruleset import Backend, FilterFamily, Ruleset, Table
from wgtui.domain.ruleset.nft_json import NftListing, read_listing
from wgtui.domain.ruleset.reading import (
    CountedRule,
    FilterPrograms,
    ReadProblem,
    RulesetReading,
    counted,
)
from wgtui.domain.ruleset.save import RuleMemory, parse_save

_TIMEOUT: Final = 10.0
_FAMILIES: Final = {4: FilterFamily.IP, 6: FilterFamily.IP6}
_NAMES_FILES: Final = {4: "ip_tables_names", 6: "ip6_tables_names"}

_FOREIGN: Final = "use 'nft' tool"
"""What iptables-nft-save says of tables and chains that are not its own."""

_NUMBERS: Final = {FilterFamily.IP: socket.AF_INET, FilterFamily.IP6: socket.AF_INET6}
_NO_NFT: Final = ReadProblem(
    "There are rules that only nft can list, and no program nft.",
    "Install it, on Debian and Ubuntu with: apt install nftables",
)


class HostPacketFilter:
    """Reads the packet filter of a host.

    The tables of iptables-legacy are read only where the kernel says that there are some: asking for them
    would make them, and load their modules.

    Args:
        netns: Network namespace to read, None for this process's own.
    """

    def __init__(self, netns: str | None = None) -> None:
        self._netns = netns
        self._installed = InstalledPrograms()
        self._problems: list[ReadProblem] = []
        self._memories: dict[tuple[Backend, int], RuleMemory] = {}

    def read(self) -> RulesetReading:
        """Read everything."""
        programs = self._installed.look()
        self._problems = []
        legacy, has_legacy = self._legacy(programs)
        tables = self._nf_tables(programs, terse=False)
        in_force = {table.backend for table in tables}
        if has_legacy:
            in_force.add(Backend.LEGACY)
        return RulesetReading(
            Ruleset(tuple(legacy + tables)), programs, frozenset(in_force), tuple(self._problems)
        )

    def counters(self) -> tuple[CountedRule, ...]:
        """Read the rules that count packets."""
        programs = self._installed.look()
        legacy, _ = self._legacy(programs)
        return counted(Ruleset(tuple(legacy + self._nf_tables(programs, terse=True))))

    def _legacy(self, programs: FilterPrograms) -> tuple[list[Table], bool]:
        tables: list[Table] = []
        has_tables = False
        for version, file in _NAMES_FILES.items():
            if not self._names(file):
                continue
            has_tables = True
            tables += self._saved(programs, Backend.LEGACY, version)
        return tables, has_tables

    def _names(self, file: str) -> list[str]:
        """The tables of ip_tables that the kernel has made; none where it has no ip_tables."""

        def read() -> str:
            # Of this thread, which alone is in the namespace.
            return Path("/proc/thread-self/net", file).read_text()

        try:
            return call_in_netns(self._netns, read).split()
        except PermissionError:
            self._refused("Whether there are rules of iptables-legacy could not be read.")
        except WgtuiError as error:
            self._note(error)
        except OSError:
            pass
        return []

    def _nf_tables(self, programs: FilterPrograms, *, terse: bool) -> list[Table]:
        listed = self._listed(terse=terse) if programs.nft else None
        saved: list[Table] = []
        for version, family in _FAMILIES.items():
            if listed is None or listed.may_be_iptables(family):
                saved += self._saved(programs, Backend.IPTABLES_NFT, version, required=listed is not None)
        if not programs.nft:
            self._look_for_others(saved)
        if listed is None:
            return [table for table in saved if not table.is_idle]
        return list(listed.tables(saved))

    def _look_for_others(self, saved: list[Table]) -> None:
        """Say so where the kernel holds tables of nftables that nothing here can list."""
        if not kernel_tables.is_loaded():
            return
        read = {(_NUMBERS[table.family], table.name) for table in saved}
        with suppress(OSError, WgtuiError):
            others = call_in_netns(self._netns, kernel_tables.table_names) - read
            if others and _NO_NFT not in self._problems:
                self._problems.append(_NO_NFT)

    def _listed(self, *, terse: bool) -> NftListing | None:
        """What nft lists, None where it cannot be had."""
        text = self._output(["nft", *(["-t"] if terse else []), "-j", "list", "ruleset"])
        if text is None:
            return None
        try:
            return read_listing(text)
        except InvalidValue as error:
            self._problems.append(ReadProblem(str(error)))
            return None

    def _saved(
        self, programs: FilterPrograms, backend: Backend, version: int, *, required: bool = True
    ) -> tuple[Table, ...]:
        """The tables that a program of iptables prints.

        Args:
            programs: What the host has.
            backend: Whose tables.
            version: 4 or 6.
            required: Whether it is a problem where the host has no program that could.
        """
        program = programs.iptables_for(backend, version)
        if program is None:
            if required:
                self._problems.append(_no_program(backend, version))
            return ()
        text = self._output([f"{program}-save", "-c"])
        if text is None:
            return ()
        if not programs.nft and _FOREIGN in text:
            self._problems.append(_NO_NFT)
        memory = self._memories.setdefault((backend, version), RuleMemory())
        return parse_save(text, backend, _FAMILIES[version], memory)

    def _output(self, command: list[str]) -> str | None:
        try:
            finished = run(command, netns=self._netns, timeout=_TIMEOUT)
            return finished.require_success("list its rules").text()
        except WgtuiError as error:
            self._note(error)
            return None

    def _note(self, error: WgtuiError) -> None:
        problem = ReadProblem(error.text, error.hint, isinstance(error, PermissionRefused))
        if problem not in self._problems:
            self._problems.append(problem)

    def _refused(self, text: str) -> None:
        self._note(PermissionRefused(text, hint="Run wgtui as root."))


def _no_program(backend: Backend, version: int) -> ReadProblem:
    word = "iptables" if version == 4 else "ip6tables"
    variant = "legacy" if backend is Backend.LEGACY else "nft"
    return ReadProblem(
        f"There are rules of {word}-{variant}, and no program {word}-{variant}-save to read them with.",
        "Install it, on Debian and Ubuntu with: apt install iptables",
    )
