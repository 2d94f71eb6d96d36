"""Runs all checks over the facts of a host."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.doctor.address_checks import address_checks
from wgtui.domain.doctor.facts import DoctorFacts
from wgtui.domain.doctor.filter_checks import filter_checks
from wgtui.domain.doctor.finding import DoctorFinding
from wgtui.domain.doctor.host_checks import host_checks
from wgtui.domain.doctor.interface_checks import interface_checks
from wgtui.domain.doctor.mtu_checks import mtu_checks
from wgtui.domain.doctor.own_file_checks import own_file_checks
from wgtui.domain.doctor.peer_checks import peer_checks


def examine(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    """All findings, in no order; what is told of several interfaces and is the host's comes once."""
    seen: set[DoctorFinding] = set()
    for finding in _all(facts):
        if finding.interface or finding not in seen:
            seen.add(finding)
            yield finding


def _all(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    yield from host_checks(facts)
    for one in facts.interfaces:
        yield from interface_checks(facts, one)
        if one.device is None or not one.is_link_up:
            # What else is wrong with it shows when it is brought up.
            continue
        yield from filter_checks(facts, one)
        yield from address_checks(facts, one)
        yield from peer_checks(facts, one)
        yield from own_file_checks(facts, one)
        yield from mtu_checks(one)
