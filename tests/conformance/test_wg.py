"""`check` against `wg setconf` itself, on generated files."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conformance import generated
from tests.conformance.deliberate import DIFFERENCES, PEER, Difference
from tests.conformance.showconf import comparable, own_key_of, parse_showconf
from tests.conformance.userspace_device import UserspaceDevice
from wgtui.adapters.services_file import udp_service_port
from wgtui.domain.config import Dialect, InterfaceConfig
from wgtui.services.check import check, render_text

differential = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def agree(device: UserspaceDevice, data: bytes) -> None:
    """Assert the same verdict, and where the file is taken, the same values."""
    report = check(data, "-", dialect=Dialect.WG, service_port=udp_service_port)
    result = device.setconf(data)
    if report.ok and result.returncode and _is_a_resolvers_failure(report.config, result.stderr):
        return
    assert report.ok == (result.returncode == 0), (
        f"{result.stderr.decode(errors='replace')}{render_text(report)}"
    )
    if report.ok:
        config = report.config
        own_key = own_key_of(config)
        found = parse_showconf(device.showconf())
        expected = comparable(config, own_key).without_unresolved(found)
        assert found.without_unknown_port(config) == expected


def _is_a_resolvers_failure(config: InterfaceConfig, stderr: bytes) -> bool:
    """Whether a name or a scope was looked up in vain: see `deliberate.py`."""
    names = [block.endpoint for block in config.blocks if block.endpoint and not block.endpoint.numeric()]
    return bool(names) and (b"name resolution" in stderr or b"Name or service not known" in stderr)


@differential
@given(data=generated.configurations())
@example(data=b"")
@example(data=b"[Interface]\r\nListenPort = 5\r\n")
@example(data=b"\xef\xbb\xbf[Interface]\nListenPort = 5\n")
def test_whole_files(userspace_device: UserspaceDevice, data: bytes) -> None:
    agree(userspace_device, data)


@differential
@given(value=generated.endpoints)
def test_endpoints(userspace_device: UserspaceDevice, value: str) -> None:
    agree(userspace_device, f"{PEER}Endpoint = {value}\n".encode())


@differential
@given(value=generated.allowed_ips)
def test_allowed_ips(userspace_device: UserspaceDevice, value: str) -> None:
    agree(userspace_device, f"{PEER}AllowedIPs = {value}\n".encode())


@differential
@given(
    line=st.one_of(
        st.builds("[Interface]\nListenPort = {}".format, generated.ports),
        st.builds("[Interface]\nFwMark = {}".format, generated.fwmarks),
        st.builds((PEER + "PersistentKeepalive = {}").format, generated.keepalives),
        st.builds("[Interface]\nPrivateKey = {}".format, generated.bad_keys | generated.good_keys),
        st.builds((PEER + "PresharedKey = {}").format, generated.bad_keys | generated.good_keys),
        st.builds((PEER + "PublicKey = {}").format, generated.bad_keys | generated.public_keys),
    )
)
def test_scalars(userspace_device: UserspaceDevice, line: str) -> None:
    agree(userspace_device, line.encode())


@pytest.mark.parametrize("difference", [d for d in DIFFERENCES if d.file], ids=lambda d: d.what)
def test_deliberate_differences(userspace_device: UserspaceDevice, difference: Difference) -> None:
    data = difference.file.encode()
    assert check(data, "-", dialect=Dialect.WG).ok
    newer = b"+" in data and userspace_device.setconf(data).returncode == 0
    assert newer or userspace_device.setconf(data).returncode != 0
