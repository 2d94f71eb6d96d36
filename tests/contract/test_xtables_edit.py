"""The process that edits legacy tables with python-iptables: its lock, its retries, its refusals."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.forward_ground import Ground, ground_of
from tests.support.needs import needs, needs_root
from wgtui.adapters.forward_rules import legacy, xtables_edit
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.forwarding import Switches

pytestmark = [
    needs_root,
    needs("iptables-legacy"),
]

RELAY = Switches(relay=True)
RULE: dict[str, object] = {
    "src": None,
    "protocol": None,
    "in": "wg0",
    "out": "!eth0",
    "matches": [["comment", {"comment": ["wgtui:wg0:forward-in"]}]],
    "target": ["ACCEPT", {}],
}

DISTURBED = """\
import json, subprocess, sys
sys.path.insert(0, {folder!r})
import iptc, xtables_edit
commit, left = iptc.Table.commit, [3]
def disturbed(self):
    if left[0]:
        left[0] -= 1
        command = "iptables-legacy -A FORWARD -s 192.0.2.%d -j ACCEPT" % left[0]
        subprocess.run(command, shell=True, check=True, env={{"XTABLES_LOCKFILE": {other!r}, **{path!r}}})
    commit(self)
iptc.Table.commit = disturbed
sys.exit(xtables_edit.main())
"""
"""The same process, but before its first commits somebody who does not know of its lock adds a rule."""


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """Legacy tables, under a lock of their own."""
    monkeypatch.setenv("XTABLES_LOCKFILE", str(tmp_path / "lock"))
    with ground_of("legacy") as made:
        yield made


def edit(ground: Ground, rule: dict[str, object], do: str = "insert") -> subprocess.CompletedProcess[str]:
    order = {
        "version": 4,
        "wait": 5,
        "edits": [{"table": "filter", "chain": "FORWARD", "do": do, "rule": rule}],
    }
    command = ["ip", "netns", "exec", ground.netns, *legacy.PYTHON, xtables_edit.__file__]
    return subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=False)


def test_it_waits_for_the_lock_of_the_iptables_programs(ground: Ground, tmp_path: Path) -> None:
    wanted = ground.placed(RELAY)
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        change = threading.Thread(target=ground.rules.replace, args=("wg0", (), wanted))
        change.start()
        change.join(1.0)
        assert change.is_alive()
        assert ground.rules.read("wg0") == ()
        fcntl.flock(lock, fcntl.LOCK_UN)
        change.join(20)
    assert ground.present() == ground.held(wanted)


def test_a_lock_that_is_never_let_go_is_told(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legacy, "_LOCK_PATIENCE", 0.2)
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(HostCommandFailed, match=r"another program holds .*lock"):
            ground.rules.replace("wg0", (), ground.placed(RELAY))
    assert ground.rules.read("wg0") == ()


def test_it_tries_again_when_somebody_without_the_lock_was_faster(ground: Ground, tmp_path: Path) -> None:
    folder = str(Path(xtables_edit.__file__).parent)
    path = {"PATH": os.environ["PATH"]}
    code = DISTURBED.format(folder=folder, other=str(tmp_path / "other"), path=path)
    edits = [{"table": "filter", "chain": "FORWARD", "do": "insert", "rule": RULE}]
    done = subprocess.run(
        ["ip", "netns", "exec", ground.netns, sys.executable, "-W", "ignore", "-c", code],
        input=json.dumps({"version": 4, "wait": 5, "edits": edits}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    saved = ground.shell("iptables-legacy-save -t filter")
    assert saved.count("wgtui:wg0:forward-in") == 1
    assert [saved.count(f"-s 192.0.2.{number}/32") for number in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("link", ["in", "out"])
def test_an_interface_of_ipv6_is_that_one_alone(ground: Ground, link: str) -> None:
    """The kernel is asked by `ip6tables -C`, which compares the masks of the names too."""
    wanted = ground.placed(Switches(forward=True))
    ground.rules.replace("wg0", (), wanted)
    words = {"in": "-i wg0 ! -o wg0", "out": "! -i wg0 -o wg0"}[link]
    tag = f"wgtui:wg0:forward-{link}"
    ground.shell(f"ip6tables-legacy -C FORWARD {words} -m comment --comment {tag} -j ACCEPT")


@pytest.mark.parametrize(
    "change",
    [
        {"matches": [["no such match", {}]]},
        {"matches": [["comment", {"no-such-option": ["x"]}]]},
        {"target": ["NOSUCHTARGET", {}]},
        {"src": "10.0.0.0/99"},
    ],
    ids=str,
)
def test_a_rule_that_would_become_another_one_is_not_set(ground: Ground, change: dict[str, object]) -> None:
    before = ground.everything()
    done = edit(ground, {**RULE, **change})
    assert done.returncode == xtables_edit.UNUSABLE, done.stderr
    assert done.stderr.count("\n") == 1
    assert ground.everything() == before


def test_only_the_tables_that_it_edits_are_loaded() -> None:
    with ground_of("own table") as ground:
        assert edit(ground, RULE).returncode == 0
        assert ground.shell("cat /proc/net/ip_tables_names") == "filter\n"


def test_nothing_loads_python_iptables_but_that_process() -> None:
    """Its import starts modprobe and ldconfig: no look at a host may do that."""
    code = """
import sys
from wgtui.adapters.forward_rules import HostForwardRules
rules = HostForwardRules(sys.argv[1])
rules.read("wg0")
assert "iptc" not in sys.modules
"""
    with ground_of("legacy") as ground:
        ground.rules.replace("wg0", (), ground.placed(RELAY))
        subprocess.run([sys.executable, "-c", code, ground.netns], check=True)
    assert "iptc" not in sys.modules
