"""Our reading against `wg-quick strip` and `ip address add`, which `wg-quick up` calls."""

from __future__ import annotations

import json
import subprocess
from ipaddress import ip_interface
from pathlib import Path

from hypothesis import given

from tests.conformance import generated
from tests.conformance.test_wg import differential
from tests.conformance.userspace_device import DEVICE, UserspaceDevice
from tests.support.needs import needs
from wgtui.domain.config.statements import Dialect, Kind, statements
from wgtui.domain.grammar import Refused, parse_address, split_list
from wgtui.domain.wgquick import parse
from wgtui.services.check import check

needs_wg_quick = needs("wg-quick")


def stripped(data: bytes) -> bytes:
    """What `wg-quick strip` prints by our reading: what it does not own, each line trimmed."""
    document = parse(data)
    owned = {s.index for s in statements(document, Dialect.WG_QUICK) if s.kind is Kind.QUICK}
    kept = (raw for index, raw in enumerate(document.lines) if index not in owned)
    return b"".join(raw.replace(b"\0", b"").strip(b" \t\n") + b"\n" for raw in kept) + b"\n"


@needs_wg_quick
@differential
@given(data=generated.quick_configurations())
def test_strip(userspace_device: UserspaceDevice, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "wgstrip.conf"
    path.write_bytes(data)
    result = subprocess.run(["wg-quick", "strip", str(path)], capture_output=True)
    bad_bool = any(finding.code == "bad-save-config" for finding in check(data, "wgstrip.conf").findings)
    assert bad_bool == (result.returncode != 0), result.stderr
    if not bad_bool:
        assert stripped(data) == result.stdout


@differential
@given(value=generated.addresses)
def test_addresses(userspace_device: UserspaceDevice, value: str) -> None:
    family = "-6" if ":" in value else "-4"
    (_, element), *_ = split_list(value) or [(0, "")]
    result = userspace_device.run("ip", family, "address", "add", element, "dev", DEVICE)
    try:
        expected = parse_address(element)
    except Refused:
        assert result.returncode != 0
        return
    assert result.returncode == 0, result.stderr
    shown = json.loads(userspace_device.run("ip", "-j", "address", "show", "dev", DEVICE).stdout)
    found = {ip_interface(f"{info['local']}/{info['prefixlen']}") for info in shown[0]["addr_info"]}
    userspace_device.run("ip", family, "address", "del", str(expected), "dev", DEVICE)
    assert found == ({expected} if expected.ip.packed != bytes(4) else set()), "0.0.0.0 is taken and ignored"
