from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.needs import needs, needs_root
from tests.support.netns import temporary_netns
from wgtui.adapters.hooks import BashHooks
from wgtui.adapters.simulated.host import SimulatedHooks
from wgtui.domain.errors import HostCommandFailed
from wgtui.ports.programs import Hooks

pytestmark = needs("bash")

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.fixture(params=["real", "simulated"])
def hooks(request: pytest.FixtureRequest) -> Hooks:
    return BashHooks() if request.param == "real" else SimulatedHooks(statuses={"exit 4": 4, "wg0; false": 1})


def test_a_command_that_goes_well(hooks: Hooks) -> None:
    hooks.run("true %i", "wg0", "/etc/wireguard/wg0.conf")
    hooks.run("", "wg0", "/etc/wireguard/wg0.conf")


def test_a_command_that_fails(hooks: Hooks) -> None:
    with pytest.raises(HostCommandFailed, match="status 4"):
        hooks.run("exit 4", "wg0", "/etc/wireguard/wg0.conf")


def succeeds(command: str, interface: str = "wg0") -> bool:
    try:
        BashHooks().run(command, interface, "/etc/wireguard/wg0.conf")
    except HostCommandFailed:
        return False
    return True


@pytest.mark.parametrize(
    "command",
    [
        "[[ %i == wg0 && a%ib%%i == awg0b%wg0 ]]",
        "[[ $INTERFACE == wg0 && $CONFIG_FILE == /etc/wireguard/wg0.conf ]]",
        "[[ $0 == wg-quick && $# == 0 && -z $WGTUI_HOOK ]]",
        "! env | grep -E '^(INTERFACE|CONFIG_FILE|WGTUI_HOOK)='",
        "[[ $LC_ALL == C && ab == @(ab|c) ]]",
        "a=(1 2); [[ ${#a[@]} == 2 ]]",
        "x='q\"uo#te'; [[ $x == 'q\"uo#te' ]] # a comment",
        "[[ -z $(cat) ]]",
        "ip() { return 0; }; ip link set nosuch",
        "sleep 600 </dev/null & kill $!",
    ],
)
def test_bash_is_as_in_wg_quick(command: str) -> None:
    assert succeeds(command)


@pytest.mark.parametrize(
    "command",
    ["false; true", "false | true", "f() { false; true; }; f", "syntax (", "no-such-program", "kill -9 $$"],
)
def test_what_fails_in_wg_quick_fails_here(command: str) -> None:
    assert not succeeds(command)


def test_the_error_says_what_failed_and_how() -> None:
    with pytest.raises(HostCommandFailed) as caught:
        BashHooks().run(f"echo one >&2; echo {KEY} is bad >&2; exit 3 # {KEY}", "wg0", "/x")
    assert caught.value.text == (
        "The command failed with status 3: (hidden) is bad. "
        "It was: echo one >&2; echo (hidden) is bad >&2; exit 3 # (hidden)"
    )


def test_a_command_is_nobodys_argument(tmp_path: Path) -> None:
    BashHooks().run(f"cat /proc/$$/cmdline >{tmp_path}/line # {KEY}", "wg0", "/x")
    line = (tmp_path / "line").read_bytes()
    assert b"pipefail" in line
    assert KEY.encode() not in line


@needs_root
def test_a_command_runs_in_the_namespace(tmp_path: Path) -> None:
    with temporary_netns() as netns:
        BashHooks(netns).run(
            f"ip link add va type veth peer name vb; ip -o link >{tmp_path}/links", "wg0", "/x"
        )
    assert "va@vb" in (tmp_path / "links").read_text()
