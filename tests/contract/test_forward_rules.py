"""What every `ForwardRules` has to do, and what the real ones have to be equal to."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.forward_ground import ALL, ISOLATED, REAL, Ground, furnish, ground_of
from tests.support.needs import needs, needs_root
from tests.support.netns import temporary_netns
from wgtui.adapters.forward_rules import HostForwardRules, legacy, restore
from wgtui.domain.errors import HostCommandFailed, PermissionRefused
from wgtui.domain.forwarding import (
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    PlacedRule,
    RuleFacts,
    Switches,
    hook_lines,
    place_portably,
    rules_of,
)

pytestmark = [
    needs_root,
    needs("nft", "iptables"),
]


def prepare(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let python-iptables be found, or not."""
    if name == "legacy":
        # That it is really used: without it nothing else takes its place.
        monkeypatch.setattr(restore, "restore", None)
    elif name == "legacy, restored":
        monkeypatch.setattr(legacy, "PYTHON", (sys.executable, "-I", "-S"))


@pytest.fixture(params=["simulated", *REAL])
def ground(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    prepare(request.param, monkeypatch)
    with ground_of(request.param) as made:
        yield made


@pytest.fixture(params=REAL)
def real(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    prepare(request.param, monkeypatch)
    with ground_of(request.param) as made:
        yield made


@pytest.mark.parametrize("switches", [ALL, ISOLATED], ids=["all", "isolated"])
def test_rules_are_read_as_they_were_set(ground: Ground, switches: Switches) -> None:
    wanted = ground.placed(switches)
    assert ground.rules.read("wg0") == ()
    ground.rules.replace("wg0", (), wanted)
    assert ground.present() == ground.held(wanted)
    assert len(ground.rules.read("wg0")) == len(ground.held(wanted))
    ground.rules.replace("wg0", wanted, ())
    assert ground.rules.read("wg0") == ()


def test_doing_it_again_does_nothing(ground: Ground) -> None:
    wanted = ground.placed(ALL)
    ground.rules.replace("wg0", (), wanted)
    before = ground.everything() if ground.netns else ""
    ground.rules.replace("wg0", (), wanted)
    ground.rules.replace("wg0", ground.placed(ISOLATED)[:0], wanted)
    assert not ground.netns or ground.everything() == before
    ground.rules.replace("wg0", wanted, ())
    ground.rules.replace("wg0", wanted, ())
    assert ground.rules.read("wg0") == ()


def test_only_the_difference_is_changed(ground: Ground) -> None:
    before, after = ground.placed(ALL), ground.placed(ISOLATED)
    other = ground.placed(Switches(masquerade=("wlan0",)))
    ground.rules.replace("wg0", (), (*before, *other))
    ground.rules.replace("wg0", before, after)
    assert ground.present() == ground.held((*after, *other))


def test_interfaces_do_not_touch_each_other(ground: Ground) -> None:
    """Also with names of which one begins like the other, and the same uplink."""
    names = ("wg0", "wg0.1", "wg", "wg-home")
    rules = {name: ground.placed(ALL, name, 51820) for name in names}
    for name in names:
        ground.rules.replace(name, (), rules[name])
    for gone in names:
        ground.rules.replace(gone, rules[gone], ())
        assert ground.rules.read(gone) == ()
        left = names[names.index(gone) + 1 :]
        for name in left:
            assert ground.present(name) == ground.held(rules[name])


def test_all_is_as_before_when_the_rules_are_gone(real: Ground) -> None:
    before = real.everything()
    wanted = real.placed(ALL)
    real.rules.replace("wg0", (), wanted)
    assert real.everything() != before
    real.rules.replace("wg0", wanted, ())
    assert real.everything() == before


def test_hook_lines_make_the_same_rules(real: Ground) -> None:
    wanted, lines, before = real.placed(ALL), real.lines(ALL), real.everything()
    real.hooks(lines.post_up)
    assert real.present() == real.held(wanted)
    by_lines = real.everything()
    real.hooks(lines.post_up)
    assert real.everything() == by_lines
    real.rules.replace("wg0", wanted, ())
    assert real.everything() == before
    real.rules.replace("wg0", (), wanted)
    by_port = real.everything()
    assert sorted(by_port.splitlines()) == sorted(by_lines.splitlines())
    real.hooks(lines.post_up)
    assert sorted(real.everything().splitlines()) == sorted(by_port.splitlines())
    real.hooks(lines.post_down)
    assert real.everything() == before
    real.hooks(lines.post_down)
    assert real.everything() == before


def test_hook_lines_of_two_interfaces_do_not_touch_each_other(real: Ground) -> None:
    masquerade = Switches(masquerade=("eth0",))
    for name in ("wg0", "wg1"):
        real.hooks(real.lines(masquerade, name).post_up, name)
    real.hooks(real.lines(masquerade, "wg0").post_down, "wg0")
    assert real.rules.read("wg0") == ()
    assert real.present("wg1") == real.held(real.placed(masquerade, "wg1"))


@pytest.mark.parametrize("program", ["iptables-nft", "iptables-legacy"])
def test_one_rule_made_by_hand_twice_goes_altogether(program: str) -> None:
    with ground_of(program.removeprefix("iptables-").replace("nft", "iptables-nft")) as ground:
        relay = ground.placed(Switches(relay=True))
        ground.rules.replace("wg0", (), relay)
        ground.shell(f"{program} -A FORWARD -i wg0 -o wg0 -m comment --comment wgtui:wg0:relay -j ACCEPT")
        assert len(ground.rules.read("wg0")) == len(relay)
        ground.rules.replace("wg0", relay, ())
        assert ground.rules.read("wg0") == ()


def test_rules_that_only_look_like_ours_are_left_alone(real: Ground) -> None:
    if isinstance(real.placement.primary, IptablesPlace):
        program = real.placement.primary.program(4)
        for words in (
            "FORWARD -d 10.0.0.0/8 -i wg0 -o wg0 -m comment --comment wgtui:wg0:relay -j ACCEPT",
            "FORWARD -i wg0 -o wg0 -m comment --comment wgtui:wg0:relay -j DROP",
            "INPUT -p udp -m udp --dport 51820 -m comment --comment wgtui:wg0:ports -j ACCEPT",
        ):
            real.shell(f"{program} -A {words}")
    else:
        real.shell("nft -f -", 'add rule inet fw passing iifname "wg0" drop comment "wgtui:wg0:relay"\n')
    before = real.everything()
    assert real.rules.read("wg0") == ()
    wanted = real.placed(ALL)
    real.rules.replace("wg0", (), wanted)
    real.rules.replace("wg0", wanted, ())
    assert real.everything() == before


def test_an_own_table_that_somebody_uses_is_kept_for_them() -> None:
    with ground_of("own table") as ground:
        wanted = ground.placed(ALL)
        ground.rules.replace("wg0", (), wanted)
        ground.shell("nft add rule inet wgtui-wg0 forward tcp dport 25 drop")
        ground.rules.replace("wg0", wanted, ())
        assert "tcp dport 25 drop" in ground.everything()
        assert ground.rules.read("wg0") == ()


@pytest.mark.parametrize("name", ["own table", "administrator's chains", "legacy"])
def test_nothing_is_left_where_nothing_was(name: str) -> None:
    with temporary_netns() as netns, ground_of(name) as example:
        ground = Ground(name, HostForwardRules(netns), example.placement, netns)
        if name == "administrator's chains":
            furnish(ground)
        before = ground.shell("nft list ruleset; iptables-nft-save")
        wanted = ground.placed(ALL)
        ground.rules.replace("wg0", (), wanted)
        ground.rules.replace("wg0", wanted, ())
        assert ground.shell("nft list ruleset; iptables-nft-save") == before
        if name == "legacy":
            assert set(ground.shell("cat /proc/net/ip_tables_names").split()) == {"filter", "nat", "mangle"}
            assert "-A" not in ground.shell("iptables-legacy-save")


def test_looking_makes_no_tables() -> None:
    with temporary_netns() as netns:
        ground = Ground("none", HostForwardRules(netns), None, netns)  # type: ignore[arg-type]
        assert ground.rules.read("wg0") == ()
        assert ground.shell("cat /proc/net/ip_tables_names; nft list ruleset") == ""


def test_rules_in_both_backends_of_iptables_are_seen() -> None:
    with ground_of("iptables-nft") as ground:
        both = (
            *ground.placed(Switches(relay=True)),
            *(PlacedRule(IptablesPlace("legacy"), one.rule) for one in ground.placed(Switches(forward=True))),
        )
        ground.rules.replace("wg0", (), both)
        assert ground.present() == ground.held(both)
        assert {one.place for one in ground.present()} == {IptablesPlace(), IptablesPlace("legacy")}
        ground.rules.replace("wg0", both, both[:2])
        assert ground.present() == ground.held(both[:2])


def test_portable_lines_do_what_fits_the_host() -> None:
    with ground_of("iptables") as ground:
        wanted = place_portably(rules_of(ALL, RuleFacts("wg0", 51820)), ())
        lines, before = hook_lines(wanted, "wg0"), ground.everything()
        ground.hooks(lines.post_up)
        assert ground.present() == ground.held(wanted)
        assert {one.place for one in ground.present()} == {IptablesPlace()}
        ground.hooks(lines.post_down)
        assert ground.everything() == before
        hidden = tuple(f"command() {{ return 1; }}; {line}" for line in lines.post_up)
        ground.hooks(hidden)
        assert {one.place for one in ground.present()} == {NftTablePlace()}


def test_a_chain_that_is_not_there_is_told_in_one_line() -> None:
    with ground_of("own table") as ground:
        rule = ground.placed(Switches(relay=True))[0].rule
        where = NftChainPlace("inet", "fw2", "passing", rule.hook)
        before = ground.everything()
        with pytest.raises(HostCommandFailed, match="nft could not change the rules of wg0: ") as refusal:
            ground.rules.replace("wg0", (), (PlacedRule(NftTablePlace(), rule), PlacedRule(where, rule)))
        assert "\n" not in refusal.value.text
        assert ground.everything() == before


def test_without_privilege(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with ground_of("iptables") as ground:
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        program = tmp_path / "nft"
        program.write_text("#!/bin/sh\necho 'Operation not permitted (you must be root)' >&2\nexit 1\n")
        program.chmod(0o755)
        with pytest.raises(PermissionRefused):
            ground.rules.read("wg0")


@pytest.mark.parametrize("netns_kind", ["iptables", "legacy", "own table"])
def test_a_name_that_the_packet_filter_cannot_be_told_is_refused(netns_kind: str) -> None:
    with ground_of(netns_kind) as ground:
        before = ground.everything()
        for name in ("wg+", "a+"):
            with pytest.raises(HostCommandFailed, match=r"\+"):
                ground.rules.replace(name, (), ground.placed(Switches(relay=True), name))
        assert ground.everything() == before


def test_a_kernel_without_nftables_has_no_rules_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "nft"
    program.write_text(
        "#!/bin/sh\necho 'netlink: Error: cache initialization failed: Operation not supported' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    with ground_of("legacy") as ground:
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        wanted = ground.placed(ALL)
        ground.rules.replace("wg0", (), wanted)
        assert ground.present() == ground.held(wanted)


def test_where_iptables_stands_for_the_legacy_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As after `update-alternatives --set iptables iptables-legacy`: plain rules are legacy ones."""
    for name in ("iptables", "ip6tables"):
        for action in ("", "-save", "-restore"):
            (tmp_path / f"{name}{action}").symlink_to(str(shutil.which(f"{name}-legacy{action}")))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with ground_of("iptables") as ground:
        before = ground.everything()
        wanted = ground.placed(ALL)
        ground.hooks(ground.lines(ALL).post_up)
        assert ground.present() == ground.held(wanted)
        assert {one.place for one in ground.present()} == {IptablesPlace()}
        named = tuple(PlacedRule(IptablesPlace("legacy"), one.rule) for one in wanted)
        assert ground.held(named) == ground.held(wanted)
        assert "wgtui:wg0" in ground.shell("iptables-legacy-save")
        ground.rules.replace("wg0", named, ())
        assert ground.everything() == before
        ground.rules.replace("wg0", (), wanted)
        assert "wgtui:wg0" not in ground.shell("iptables-nft-save")
        ground.hooks(ground.lines(ALL).post_down)
        assert ground.everything() == before
