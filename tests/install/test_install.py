"""install.sh on a machine that has nothing: what it leaves, and what it leaves alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import wgtui
from tests.install.system import System
from tests.kernel.vm import host_has_wireguard

COMPLETIONS = {
    "bash": "usr/local/share/bash-completion/completions/wgtui",
    "zsh": "usr/local/share/zsh/site-functions/_wgtui",
    "fish": "usr/local/share/fish/vendor_completions.d/wgtui.fish",
}
TO_A_RELAY = """
ip link set lo up
ip netns add phone
ip link add eth0 type veth peer name eth0 netns phone
ip address add 203.0.113.10/24 dev eth0
ip link set eth0 up
ip route add default via 203.0.113.1
ip -n phone address add 203.0.113.30/24 dev eth0
ip -n phone link set eth0 up
cd /root
wgtui setup --print-answers relay >relay.toml
printf '[[peers]]\\nname = "phone"\\n' >>relay.toml
wgtui setup --answers relay.toml
iptables -S >rules
wgtui export wg0 phone --png phone.png
wgtui export wg0 phone --qr >phone.txt
wgtui export wg0 phone >phone.conf
ip netns exec phone wg-quick up /root/phone.conf
deadline=$(($(date +%s) + 20))
until wg show wg0 transfer | grep -q '[1-9][0-9]*.[1-9][0-9]*$'; do
    [ "$(date +%s)" -lt "$deadline" ]
    sleep 0.1
done
wgtui status wg0 --json >status.json
wgtui undo 1 --yes
wgtui setup --print-answers road-warrior >gateway.toml
wgtui setup --answers gateway.toml
{ iptables -t nat -S; if command -v nft >/dev/null; then nft list ruleset; fi; } >nat
wgtui undo 3 --yes
iptables -S >rules.after
ip -o link >links
"""
"""What is typed on a fresh host, and on its phone; then all of it is taken back."""

OWNED_BY_THE_OPERATOR = ("etc/wireguard/wg0.conf", "etc/sysctl.d/99-wgtui.conf", "var/lib/wgtui/journal/1")


def _versions(system: System) -> list[str]:
    return sorted(path.name for path in (system.root / "usr/local/lib/wgtui/versions").iterdir())


def _state(system: System) -> dict[str, float]:
    """Every file that install.sh makes, with the time of its last change."""
    folders = ("usr/local", "var/lib/dpkg")
    files = (path for folder in folders for path in (system.root / folder).rglob("*"))
    return {str(path): path.lstat().st_mtime for path in files if "__pycache__" not in path.parts}


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_it_says_each_step_and_what_to_type_next(
    first_run: tuple[System, subprocess.CompletedProcess[str]],
) -> None:
    done = first_run[1]
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    for step in range(1, 6):
        assert f"[{step}/5] " in done.stdout
    assert "  sudo wgtui  " in done.stdout
    assert "  sudo wgtui lab relay  " in done.stdout
    assert "  wgtui --demo  " in done.stdout


def test_the_command_runs(installed: System) -> None:
    done = installed.run("wgtui", "--version")
    assert (done.returncode, done.stdout) == (0, f"wgtui {wgtui.__version__}\n")
    status = installed.run("wgtui", "status", "--json")
    assert status.returncode == 0, status.stderr


def test_all_it_depends_on_is_there(installed: System) -> None:
    for command in ("ip", "iptables", "wg", "wg-quick", "sysctl"):
        assert installed.run("sh", "-c", f"command -v {command}").returncode == 0, command
    python = "/usr/local/lib/wgtui/current/bin/python"
    done = installed.run(python, "-c", "import iptc, nacl.public, pyroute2, segno, textual")
    assert done.returncode == 0, done.stderr


def test_the_shortest_way_from_there_to_a_relay_with_a_phone(installed: System, scratch: Path) -> None:
    system = installed.copy(scratch)
    done = system.run("unshare", "--net", "sh", "-euc", TO_A_RELAY)
    assert done.returncode == 0, done.stdout + done.stderr
    files = system.root / "root"
    rules = (files / "rules").read_text()
    assert "wgtui:wg0:relay" in rules
    assert "wgtui:wg0:port" in rules
    (running,) = json.loads((files / "status.json").read_text())["devices"]
    (phone,) = running["peers"]
    assert phone["name"] == "phone"
    assert phone["rx_bytes"] > 0
    assert (files / "phone.png").read_bytes().startswith(b"\x89PNG")
    assert (files / "phone.txt").read_text().count("\n") > 10
    assert "wgtui:wg0:masquerade" in (files / "nat").read_text()
    assert "wgtui" not in (files / "rules.after").read_text()
    assert "wg0" not in (files / "links").read_text()
    assert not list((system.root / "etc/wireguard").rglob("*.conf"))


def test_wireguard_go_comes_only_where_the_kernel_has_none(installed: System) -> None:
    there = installed.run("sh", "-c", "command -v wireguard-go").returncode == 0
    assert there is not host_has_wireguard()


def test_the_systems_own_python_gets_nothing(installed: System) -> None:
    assert installed.run("/usr/bin/python3", "-c", "import textual").returncode != 0
    assert list((installed.root / "usr/local/lib").glob("python3*/dist-packages/*")) == []


@pytest.mark.parametrize("shell", COMPLETIONS)
def test_completions_are_in_place(installed: System, shell: str) -> None:
    expected = installed.run("wgtui", "completion", shell).stdout
    assert expected.strip()
    assert (installed.root / COMPLETIONS[shell]).read_text() == expected


def test_the_style_sheets_are_in_place(installed: System, checkout: Path) -> None:
    found = {path.name for path in (installed.root / "usr/local/lib/wgtui/versions").rglob("*.tcss")}
    assert {path.name for path in (checkout / "styles").glob("*.tcss")} <= found


def test_a_second_run_changes_nothing(installed: System) -> None:
    before = _state(installed)
    done = installed.install()
    assert done.returncode == 0, done.stderr
    assert "all there" in done.stdout
    assert "(unchanged)" in done.stdout
    after = _state(installed)
    assert {path: time for path, time in after.items() if before.get(path) != time} == {}


def test_an_upgrade_takes_the_place_of_the_version_before(
    installed: System, own_checkout: Path, scratch: Path
) -> None:
    _edit(own_checkout / "wgtui/__init__.py", wgtui.__version__, "98.7")
    system = installed.copy(scratch, own_checkout)
    done = system.install()
    assert done.returncode == 0, done.stdout + done.stderr
    assert system.run("wgtui", "--version").stdout == "wgtui 98.7\n"
    # The one before stays for programs that still run; the one before that does not.
    assert len(_versions(system)) == 2
    _edit(own_checkout / "wgtui/__init__.py", "98.7", "98.8")
    assert system.install().returncode == 0
    assert system.run("wgtui", "--version").stdout == "wgtui 98.8\n"
    assert len(_versions(system)) == 2


def test_a_failing_upgrade_leaves_the_version_that_works(
    installed: System, own_checkout: Path, scratch: Path
) -> None:
    with (own_checkout / "wgtui/cli.py").open("a") as module:
        module.write("\nraise RuntimeError\n")
    system = installed.copy(scratch, own_checkout)
    before = _versions(system)
    done = system.install()
    assert done.returncode == 1
    assert "/var/log/wgtui-install.log" in done.stderr
    assert "RuntimeError" in done.stderr
    assert "still in place" in done.stderr
    assert system.run("wgtui", "--version").stdout == f"wgtui {wgtui.__version__}\n"
    assert _versions(system) == before


def test_uninstall_leaves_what_the_operator_owns(installed: System, scratch: Path) -> None:
    system = installed.copy(scratch)
    for name in OWNED_BY_THE_OPERATOR:
        (system.root / name).parent.mkdir(parents=True, exist_ok=True)
        (system.root / name).write_text(name)
    done = system.install("--uninstall")
    assert done.returncode == 0, done.stderr
    assert "/etc/wireguard" in done.stdout
    assert "/var/lib/wgtui" in done.stdout
    assert [(system.root / name).read_text() for name in OWNED_BY_THE_OPERATOR] == [*OWNED_BY_THE_OPERATOR]
    assert list((system.root / "usr/local").rglob("*wgtui*")) == []
    again = system.install("--uninstall")
    assert (again.returncode, again.stdout) == (0, "wgtui is not installed here.\n")


def test_a_command_of_someone_else_is_not_replaced(bare: System, scratch: Path) -> None:
    system = bare.copy(scratch)
    foreign = system.root / "usr/local/bin/wgtui"
    foreign.write_text("mine\n")
    done = system.install()
    assert done.returncode == 1
    assert "/usr/local/bin/wgtui is there and was not made by this script" in done.stderr
    assert foreign.read_text() == "mine\n"
    assert not (system.root / "usr/local/lib/wgtui").exists()


def test_without_root_one_line_says_what_to_do(bare: System) -> None:
    done = bare.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/src/install.sh")
    assert done.returncode == 1
    assert done.stderr == "install.sh: needs root: run  sudo ./install.sh\n"


def test_an_unknown_distribution_gets_a_list(bare: System, scratch: Path) -> None:
    system = bare.copy(scratch)
    (system.root / "usr/bin/apt-get").unlink()
    done = system.install()
    assert done.returncode == 1
    assert "dnf install" in done.stdout
    assert "ip is missing" in done.stderr


def test_an_unknown_distribution_with_all_tools_is_served(
    installed: System, own_checkout: Path, scratch: Path
) -> None:
    _edit(own_checkout / "wgtui/__init__.py", wgtui.__version__, "98.7")
    system = installed.copy(scratch, own_checkout)
    (system.root / "usr/bin/apt-get").unlink()
    done = system.install()
    assert done.returncode == 0, done.stdout + done.stderr
    assert system.run("wgtui", "--version").stdout == "wgtui 98.7\n"


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("--what", 2)])
def test_usage(bare: System, argument: str, status: int) -> None:
    done = bare.install(argument)
    assert done.returncode == status
    assert "usage: sudo ./install.sh" in (done.stdout if status == 0 else done.stderr)


LAB = """
wgtui lab relay --no-ui >/run/lab 2>&1 &
lab=$!
until grep -q "ctrl+c removes it" /run/lab; do
    kill -0 $lab || { cat /run/lab >&2; exit 1; }
    sleep 0.2
done
eval "$(sed -n 's/^ *\\(wgtui status .*\\)/\\1/p' /run/lab) --json"
kill -TERM $lab
until [ -z "$(ip netns)" ]; do sleep 0.2; done
"""


def test_the_lab_runs_on_what_was_installed(installed: System) -> None:
    done = installed.run("timeout", "90", "sh", "-euc", LAB)
    assert done.returncode == 0, done.stderr
    devices = json.loads(done.stdout)["devices"]
    assert len(devices) == 1
    assert len(devices[0]["peers"]) == 3
    assert any(peer["latest_handshake"] for peer in devices[0]["peers"])
