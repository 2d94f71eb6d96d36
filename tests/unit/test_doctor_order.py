"""The order of findings, and how many of a kind are shown."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.doctor_world import changed, facts, found, view
from wgtui.domain.doctor import DoctorFinding, Severity, most_likely_first
from wgtui.domain.forwarding import HiddenRules


def test_the_most_likely_cause_comes_first_and_many_of_a_kind_are_cut_short() -> None:
    many = [DoctorFinding("peer-missing", Severity.ERROR, f"{n:02}.", interface="wg0") for n in range(12)]
    others = [
        DoctorFinding("mtu", Severity.OK, "Fine."),
        DoctorFinding("mtu-too-large", Severity.WARNING, "Large.", certain=False),
        DoctorFinding("masquerade-missing", Severity.ERROR, "None.", certain=False),
        DoctorFinding("interface-down", Severity.ERROR, "Down.", interface="wg0"),
    ]
    ordered = most_likely_first([*others, *many])
    codes = [one.code for one in ordered]
    assert codes[0] == "interface-down"
    assert codes[1:7] == ["peer-missing"] * 6
    assert ordered[6].text == "wg0 has 7 more findings of this kind."
    assert codes[7:] == ["masquerade-missing", "mtu-too-large", "mtu"]


def test_what_is_the_hosts_is_told_once() -> None:
    hidden = view(hidden=(HiddenRules("nft", "nft list ruleset", ("x",)),))
    second = changed(name="wg1", forwarding=hidden, config=None, peers=(), own_files=())
    two = replace(facts(changed(forwarding=hidden)), interfaces=(changed(forwarding=hidden), second))
    assert sum(one.code == "hidden-rules" for one in found(two)) == 1
