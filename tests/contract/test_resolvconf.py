"""Stand-ins for the three programs called resolvconf, each with the manners of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wgtui.adapters.resolvconf import ResolvconfProgram
from wgtui.adapters.simulated.host import SimulatedResolvconf
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.host import DnsSettings
from wgtui.ports.resolver import Resolvconf

SETTINGS = DnsSettings(("9.9.9.9", "fd00::53"), ("lan", "example.com"))

_OPENRESOLV = """#!/bin/sh
here=$(dirname "$0")
echo "$*" >>"$here/calls"
case $1 in
    -a) cat >"$here/set-$2" ;;
    -d) rm -f "$here/set-$2" ;;
    -l) [ -e "$here/set-$2" ] || exit 1; echo "# resolv.conf from $2"; cat "$here/set-$2" ;;
esac
"""

_DEBIAN = """#!/bin/sh
here=$(dirname "$0")
echo "$*" >>"$here/calls"
case $1 in
    -a) cat >"$here/run/$2" ;;
    -d) rm -f "$here/run/$2" ;;
    *) echo "Usage: resolvconf (-d IFACE|-a IFACE|-u)" >&2; exit 99 ;;
esac
"""

_RESOLVECTL = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
echo "$*" >>"$here/calls"
case $(basename "$0") in
    resolvconf)
        case $1 in
            -a) cat >"$here/set-$2" ;;
            -d) rm -f "$here/set-$2" ;;
            *) exit 1 ;;
        esac ;;
    *)
        [ -e "$here/set-$2" ] || { echo "Link 7 ($2):"; exit 0; }
        case $1 in
            dns) echo "Link 7 ($2): $(sed -n 's/^nameserver //p' "$here/set-$2" | xargs)" ;;
            domain) echo "Link 7 ($2): $(sed -n 's/^search //p' "$here/set-$2") ~." ;;
        esac ;;
esac
"""


def install(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def openresolv(folder: Path) -> Resolvconf:
    install(folder, "resolvconf", _OPENRESOLV)
    return ResolvconfProgram(None, folder / "no-order", folder / "run")


def debian(folder: Path) -> Resolvconf:
    install(folder, "resolvconf", _DEBIAN)
    (folder / "order").write_text("# comment\nlo.inet6\nlo.@(dhclient|pppd)\ntun*\ntap*\n")
    (folder / "run").mkdir()
    return ResolvconfProgram(None, folder / "order", folder / "run")


def systemd(folder: Path) -> Resolvconf:
    install(folder, "resolvectl", _RESOLVECTL)
    (folder / "resolvconf").symlink_to("resolvectl")
    (folder / "order").write_text("tun*\n")
    return ResolvconfProgram(None, folder / "order", folder / "run")


def simulated(folder: Path) -> Resolvconf:
    return SimulatedResolvconf()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


@pytest.fixture(params=[openresolv, debian, systemd, simulated], ids=lambda make: make.__name__)
def resolvconf(request: pytest.FixtureRequest, folder: Path) -> Resolvconf:
    make: Callable[[Path], Resolvconf] = request.param
    return make(folder)


def test_what_is_set_is_read(resolvconf: Resolvconf) -> None:
    assert resolvconf.is_available()
    assert resolvconf.read("wg0") is None
    for settings in (SETTINGS, DnsSettings(("192.0.2.53",))):
        resolvconf.set("wg0", settings)
        assert resolvconf.read("wg0") == settings
        assert resolvconf.read("wg1") is None
    resolvconf.unset("wg0")
    assert resolvconf.read("wg0") is None
    resolvconf.unset("wg0")


@pytest.mark.parametrize(
    ("make", "name"),
    [(openresolv, "wg0"), (debian, "tun.wg0"), (systemd, "wg0")],
    ids=["openresolv", "debian", "systemd"],
)
def test_the_program_is_called_as_wg_quick_calls_it(
    folder: Path, make: Callable[[Path], Resolvconf], name: str
) -> None:
    program = make(folder)
    program.set("wg0", SETTINGS)
    place = folder / "run" if make is debian else folder
    (stored,) = place.glob(f"*{name}")
    assert stored.read_text() == "nameserver 9.9.9.9\nnameserver fd00::53\nsearch lan example.com\n"
    program.unset("wg0")
    assert (folder / "calls").read_text() == f"-a {name} -m 0 -x\n-d {name} -f\n"


def test_a_failure_is_said(folder: Path) -> None:
    install(folder, "resolvconf", "#!/bin/sh\necho 'resolvconf: signature mismatch' >&2\nexit 1\n")
    with pytest.raises(
        HostCommandFailed, match=r"resolvconf could not set the DNS servers of wg0: .*mismatch"
    ):
        ResolvconfProgram().set("wg0", SETTINGS)


def test_without_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wgtui.adapters.programs._MORE_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    program = ResolvconfProgram()
    assert not program.is_available()
    assert program.read("wg0") is None
    with pytest.raises(HostCommandFailed, match="no program resolvconf"):
        program.set("wg0", SETTINGS)
