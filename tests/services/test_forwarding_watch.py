"""Looking at forwarding again and again: what is read anew, and when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.forwarding_host import ForwardingHost
from wgtui.adapters.simulated.packet_filter import DOCKER, OPEN, SimulatedPacketFilter
from wgtui.domain.errors import HostCommandFailed, WgtuiError
from wgtui.domain.forwarding import ForwardingView, NowState, RuleState, SwitchName
from wgtui.domain.ruleset import RulesetReading
from wgtui.services.forwarding.watch import WHOLE_EVERY

RELAY, FORWARD = SwitchName.RELAY, SwitchName.FORWARD


class CountingFilter(SimulatedPacketFilter):
    """Counts how often everything is read."""

    whole = 0

    def read(self) -> RulesetReading:
        """Read everything."""
        self.whole += 1
        return super().read()


class Watched:
    """A host whose relaying is on, and the watch over it."""

    def __init__(self, background: str = DOCKER, *, relays: bool = True) -> None:
        self.host = ForwardingHost()
        self.clock = 0.0
        self.host.forward_rules.now = lambda: self.clock
        # Beside the host's own, so that one of the two can fail alone.
        self.filter = CountingFilter(replace(self.host.forward_rules), background)
        self.host.packet_filter = self.filter
        if relays:
            self.host.apply_once(self.host.plans.switch("wg0", RELAY, on=True))
        self.watch = self.host.plans.watch("wg0")
        self.watch.look()

    def look(self, *, fresh: bool = False) -> tuple[ForwardingView, int]:
        """What is seen, and how often everything was read for it."""
        before = self.filter.whole
        return self.watch.look(fresh=fresh), self.filter.whole - before


def packets(view: ForwardingView, switch: SwitchName) -> int | None:
    row = view.row(switch)
    assert row is not None
    return row.packets


def test_between_whole_looks_only_the_counters_of_its_own_rules_are_read() -> None:
    watched = Watched()
    for look in range(1, WHOLE_EVERY):
        watched.clock += 10.0
        view, whole = watched.look()
        assert (packets(view, RELAY), whole) == (170 * look, 0)
    assert watched.look()[1] == 1
    assert watched.look()[1] == 0
    assert watched.look(fresh=True)[1] == 1


def test_an_unchanged_host_gives_an_equal_view() -> None:
    watched = Watched()
    first, _ = watched.look()
    assert watched.look()[0] == first
    assert watched.look(fresh=True)[0] == first


def test_where_rules_come_or_go_everything_is_read() -> None:
    watched = Watched()
    watched.host.apply_once(watched.host.plans.switch("wg0", FORWARD, on=True))
    view, whole = watched.look()
    row = view.row(FORWARD)
    assert row is not None
    assert (row.now, whole) == (NowState.ON, 1)


def test_the_counters_of_others_move_as_well() -> None:
    rules = ":FORWARD ACCEPT [0:0]\n[{0}:60] -A FORWARD -i wg0 -o wg0 -j ACCEPT\nCOMMIT\n*nat"
    background = OPEN.replace(":FORWARD ACCEPT [0:0]\nCOMMIT\n*nat", rules)
    watched = Watched(background.format(3), relays=False)
    assert packets(watched.look()[0], RELAY) == 3
    watched.filter.background = background.format(4)
    assert packets(watched.look()[0], RELAY) == 4


def test_what_cannot_be_read_is_read_whole_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()

    def refuse(_interface: str) -> tuple[RuleState, ...]:
        raise HostCommandFailed("iptables-save is missing.")

    with monkeypatch.context() as patched:
        patched.setattr(watched.host.forward_rules, "read", refuse)
        view, _ = watched.look()
        assert "iptables-save is missing." in view.problems
        assert watched.look()[0] == view
    assert watched.look()[0].problems == ()


def test_an_interface_that_is_gone_with_its_file_is_told_and_may_come_back() -> None:
    watched = Watched()
    text = watched.host.text()
    watched.host.down()
    watched.host.files.remove("/etc/wireguard/wg0.conf")
    with pytest.raises(WgtuiError):
        watched.look(fresh=True)
    with pytest.raises(WgtuiError):
        watched.look()
    watched.host.write(text)
    assert not watched.look()[0].is_up
