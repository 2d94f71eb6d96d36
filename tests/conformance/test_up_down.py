"""Our `up`, `down` and `sync` against Debian's `wg-quick`, and against what the newest was measured to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conformance.quick_cases import CASES, PEERS, PRIVATE_KEY, PUBLIC_KEY, file
from tests.conformance.quick_differences import IN_CASES
from tests.conformance.quick_host import QuickHost, why_unavailable
from tests.conformance.quick_state import State, without_random_port
from tests.conformance.quick_strategies import quick_files
from tests.conformance.test_oracle import CASES as ORACLE
from tests.conformance.test_oracle import TARGET

_MEASURED = [case for case in ORACLE if case["kind"] == "wg-quick"]
_slowly = settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="session")
def quick_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickHost]:
    reason = why_unavailable()
    if reason:
        pytest.skip(f"the comparison with wg-quick {reason}")
    host = QuickHost(tmp_path_factory.mktemp("quick-host"))
    yield host
    host.close()


@contextmanager
def left_as_before(host: QuickHost) -> Iterator[State]:
    """Hold the host to its state before; after a failure it begins anew, for the next test."""
    before = host.state()
    assert before["links"] == before["filter"] == before["resolvconf"] == []
    try:
        yield before
        forget_src_valid_mark(host)
        assert host.state() == before
    except BaseException:
        host.restart()
        raise


@pytest.fixture
def clean(quick_host: QuickHost) -> Iterator[State]:
    """The host's state before; it has to be the same afterwards."""
    with left_as_before(quick_host) as before:
        yield before


def forget_src_valid_mark(host: QuickHost) -> None:
    """Set back what `wg-quick` leaves set."""
    host.ask("run", command=["sysctl", "-qw", "net.ipv4.conf.all.src_valid_mark=0"])


def up_by_wg_quick(host: QuickHost, config: str) -> State | None:
    """What the host is like after `wg-quick up`, which is then taken down; None where it failed."""
    host.write(config)
    status, _ = host.wg_quick("up")
    if status:
        return None
    found = host.state()
    status, said = host.wg_quick("down")
    assert status == 0, said
    forget_src_valid_mark(host)
    return without_random_port(found, config)


def up_by_us(host: QuickHost, config: str) -> State | None:
    """The like for our `up`. `sync` then finds nothing to do, and undoing `down` brings the tunnel back."""
    before = host.state()
    host.write(config)
    done = host.ours("up")
    if done["error"]:
        assert host.state() == before
        return None
    found = host.state()
    for recorded in (True, False):
        synced = host.ours("sync", recorded=recorded)
        assert (synced["error"], synced["steps"]) == ("", 0)
    down = host.ours("down")
    assert not down["error"]
    assert host.state() == before
    host.ask("undo", number=down["number"])
    assert without_random_port(host.state(), config) == without_random_port(found, config)
    assert not host.ours("down")["error"]
    assert host.state() == before
    return without_random_port(found, config)


@pytest.mark.parametrize("case", CASES)
def test_up_and_down(quick_host: QuickHost, clean: State, case: str) -> None:
    theirs = up_by_wg_quick(quick_host, CASES[case])
    ours = up_by_us(quick_host, CASES[case])
    if case in IN_CASES:
        assert ours != theirs
    else:
        assert ours == theirs


@_slowly
@given(config=quick_files())
def test_up_and_down_of_any(quick_host: QuickHost, config: str) -> None:
    with left_as_before(quick_host):
        theirs = up_by_wg_quick(quick_host, config)
        assert up_by_us(quick_host, config) == theirs


@_slowly
@given(first=quick_files(for_sync=True), second=quick_files(for_sync=True))
def test_sync_makes_what_up_would(quick_host: QuickHost, first: str, second: str) -> None:
    with left_as_before(quick_host):
        wanted = up_by_us(quick_host, second)
        if wanted is None or up_by_us(quick_host, first) is None:
            return
        quick_host.write(first)
        assert not quick_host.ours("up")["error"]
        started = quick_host.state()
        quick_host.write(second)
        synced = quick_host.ours("sync")
        assert not synced["error"]
        assert essence(quick_host.state()) == essence(wanted)
        if synced["number"] is not None:
            quick_host.ask("undo", number=synced["number"])
            assert essence(quick_host.state()) == essence(started)
        assert not quick_host.ours("down")["error"]


def essence(state: State) -> State:
    """The state without what `sync` leaves as it is, such as the order of addresses in one network."""
    left_out = ("links", "wireguard", "src_valid_mark")
    kept = {about: lines for about, lines in state.items() if about not in left_out}
    routes = [re.sub(r" src \S+", "", route) for route in state["routes"]]
    return {**kept, "addresses": sorted(state["addresses"]), "routes": sorted(routes)}


@pytest.mark.parametrize("case", ["relay", "full", "full-with-mark", "table-number-full", "dns", "hooks"])
def test_each_takes_down_what_the_other_brought_up(quick_host: QuickHost, clean: State, case: str) -> None:
    quick_host.write(CASES[case])
    assert not quick_host.ours("up")["error"]
    assert quick_host.wg_quick("down")[0] == 0
    forget_src_valid_mark(quick_host)
    assert quick_host.state() == clean
    assert quick_host.wg_quick("up")[0] == 0
    assert not quick_host.ours("down", recorded=False)["error"]


@pytest.mark.parametrize("first", ["wgo", "wgp"])
@pytest.mark.parametrize("by_us", [True, False])
def test_another_full_tunnel_stays_whole(
    quick_host: QuickHost, clean: State, first: str, by_us: bool
) -> None:
    """`wg-quick down` would take its rules for local networks away."""
    alone = {}
    for name in ("wgo", "wgp"):
        quick_host.write(
            CASES["full"] if name == "wgo" else file("Address = 10.6.0.1/24", "AllowedIPs = 0.0.0.0/0"), name
        )
    for name in ("wgo", "wgp"):
        if by_us:
            assert not quick_host.ours("up", name)["error"]
        else:
            assert quick_host.wg_quick("up", name)[0] == 0
        alone[name] = quick_host.state()
    second = "wgp" if first == "wgo" else "wgo"
    assert not quick_host.ours("down", first, recorded=by_us)["error"]
    left = quick_host.state()
    table = {"wgo": "51820", "wgp": "51821"}[second]
    own = [line.split(":")[0] for line in left["rules"] if f"lookup {table}" in line]
    assert own
    for rule in own:
        family, priority = rule.split()
        in_front = f"{family} {int(priority) - 1}:\tfrom all lookup main suppress_prefixlength 0"
        assert in_front in left["rules"]
    assert sum("suppress" in line for line in left["rules"]) == len(own)
    assert left["src_valid_mark"] == ["1"]
    assert not quick_host.ours("down", second, recorded=by_us)["error"]


@pytest.mark.parametrize("case", _MEASURED, ids=lambda case: case["name"])
def test_as_measured(quick_host: QuickHost, clean: State, case: dict[str, Any]) -> None:
    measured = case["results"][TARGET]
    quick_host.write(case["config"])
    done = quick_host.ours("up")
    assert bool(done["error"]) == (measured["up_exit"] != 0), done
    if done["error"]:
        return
    found = quick_host.state()
    without = "fe80::"
    assert found["links"] == [f"wgo mtu {measured['link_mtu']} True"]
    assert sorted(line.split()[1] for line in found["addresses"]) == sorted(
        address for address in measured["addresses"] if without not in address
    )
    ours = sorted(line.replace(" dev wgo", "") for line in found["routes"] if " dev wgo " in line)
    assert ours == sorted(route for route in measured["routes"] if without not in route)
    rules = [f"-4 {rule}" for rule in measured["rules4"]] + [f"-6 {rule}" for rule in measured["rules6"]]
    assert found["rules"] == rules
    tables = sorted(line.removesuffix(" {") for line in found["filter"] if line.startswith("table"))
    assert tables == sorted(measured["nft_tables"])
    (device,) = [line for line in found["wireguard"] if PEERS[0] not in line and PEERS[1] not in line]
    assert device.split()[-1] == measured["wg"]["fwmark"]
    for line in measured["wg"]["allowed_ips"]:
        key, _, allowed = line.partition("\t")
        owned = ",".join(sorted(allowed.split()))
        assert any(key in peer and f" {owned} " in peer for peer in found["wireguard"])
    assert not quick_host.ours("down")["error"]


def test_what_pre_up_sets_on_the_device_stays(quick_host: QuickHost, clean: State) -> None:
    """As with the newest `wg-quick`; Debian's runs PreUp before there is a device."""
    key = f"echo {PRIVATE_KEY} > /run/key && wg set %i private-key /run/key && rm /run/key"
    quick_host.write(f"[Interface]\nPreUp = {key}\nListenPort = 5555\n")
    assert not quick_host.ours("up")["error"]
    assert f"wgo {PRIVATE_KEY} {PUBLIC_KEY} 5555 off" in quick_host.state()["wireguard"]
    assert quick_host.ours("sync")["steps"] == 0
    assert not quick_host.ours("down")["error"]


def test_a_name_that_is_not_found_leaves_no_trace(quick_host: QuickHost, clean: State) -> None:
    quick_host.write(file("", "AllowedIPs = 10.7.0.0/16\nEndpoint = vpn.invalid:51820"))
    assert quick_host.ours("up")["error"].startswith("The endpoint vpn.invalid of wgo was not found within 2")
    assert quick_host.state() == clean
