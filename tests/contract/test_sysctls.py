from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mounts import bind_to_itself, make_read_only, with_mounts
from tests.support.needs import needs_root
from tests.support.netns import ip, temporary_netns, without_privilege
from wgtui.adapters.simulated.host import SimulatedSysctls
from wgtui.adapters.sysctl import ProcSysctls
from wgtui.domain.errors import PermissionRefused, WgtuiError
from wgtui.ports.sysctls import Sysctls

FORWARD = "net.ipv4.ip_forward"

pytestmark = needs_root


@pytest.fixture
def netns() -> Iterator[str]:
    with temporary_netns() as name:
        yield name


@pytest.fixture(params=["real", "simulated"])
def sysctls(request: pytest.FixtureRequest, netns: str) -> Sysctls:
    return ProcSysctls(netns) if request.param == "real" else SimulatedSysctls()


def test_a_value_is_set_and_read(sysctls: Sysctls) -> None:
    for value in ("1", "0"):
        sysctls.write(FORWARD, value)
        assert sysctls.read(FORWARD) == value


@pytest.mark.parametrize("name", ["net.ipv4.no_such_thing", "net.ipv4", "net.ipv4.ip_forward.x", "", "a\0b"])
def test_a_setting_that_the_kernel_does_not_have(sysctls: Sysctls, name: str) -> None:
    assert sysctls.read(name) is None
    with pytest.raises(WgtuiError, match="no setting"):
        sysctls.write(name, "1")


@pytest.mark.parametrize("name", ["net.ipv4.//", "net./../kernel", "net.ipv4.//.//.ip_forward", "/net"])
def test_no_name_leads_out_of_the_settings(name: str) -> None:
    assert ProcSysctls().read(name) is None


def test_settings_of_the_network_are_those_of_the_namespace(netns: str) -> None:
    before = ProcSysctls().read(FORWARD)
    other = "0" if before == "1" else "1"
    ProcSysctls(netns).write(FORWARD, other)
    assert ProcSysctls().read(FORWARD) == before
    assert ip("netns", "exec", netns, "sysctl", "-n", FORWARD).strip() == other


def test_a_dot_in_an_interfaces_name(netns: str) -> None:
    ip("-n", netns, "link", "add", "wg0.5", "type", "veth", "peer", "name", "vb")
    sysctls = ProcSysctls(netns)
    sysctls.write("net.ipv4.conf.wg0/5.rp_filter", "2")
    assert sysctls.read("net.ipv4.conf.wg0/5.rp_filter") == "2"
    assert sysctls.read("net.ipv4.conf.wg0.5.rp_filter") is None


def test_a_value_that_the_kernel_refuses(netns: str) -> None:
    with pytest.raises(WgtuiError, match="could not be set to many: Invalid argument"):
        ProcSysctls(netns).write(FORWARD, "many")


def test_without_privilege() -> None:
    value = ProcSysctls().read(FORWARD)
    assert value is not None
    with without_privilege():
        assert ProcSysctls().read(FORWARD) == value
        with pytest.raises(PermissionRefused):
            ProcSysctls().write(FORWARD, value)


def test_where_the_settings_are_read_only() -> None:
    def scene() -> None:
        folder = Path("/proc/sys")
        bind_to_itself(folder)
        make_read_only(folder)
        value = ProcSysctls().read(FORWARD)
        assert value is not None
        with pytest.raises(WgtuiError, match="Read-only"):
            ProcSysctls().write(FORWARD, value)

    with_mounts(scene)
