"""`wgtui doctor` on real relays: what it says, what it mends, and what it keeps to itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.netns.broken.layout import INTERFACE, LAN_HOST, Layout
from tests.netns.broken.passing_cases import docker, mtu_hole, mtu_too_small_for_ipv6
from tests.netns.broken.rig import Rig, relay_rig
from tests.netns.operator_rig import environment
from tests.support.waiting import eventually
from wgtui.domain.config import read_config
from wgtui.domain.wgquick import parse


@pytest.fixture
def rig() -> Iterator[Rig]:
    with relay_rig() as made:
        made.talk()
        yield made


def type_(rig: Rig, *words: str, code: int = 0) -> str:
    """A command on the relay, which ends with a code; returns standard output."""
    done = subprocess.run(
        [sys.executable, "-m", "wgtui", *words, *rig.relay.host.options()],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(),
    )
    assert done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


def report(rig: Rig, code: int) -> list[dict[str, Any]]:
    """The findings that are problems."""
    data = json.loads(type_(rig, "doctor", "--json", code=code))
    assert (data["schema"], data["healthy"]) == (1, code == 0)
    return [one for one in data["findings"] if one["severity"] in ("error", "warning")]


def test_a_healthy_relay_and_one_beside_docker_that_is_mended(rig: Rig) -> None:
    assert "Nothing is wrong" in type_(rig, "doctor")
    docker(rig)
    assert not rig.laptop.reaches(LAN_HOST[0])
    first = report(rig, 1)[0]
    assert (first["code"], first["interface"], first["certain"]) == ("relay-blocked", INTERFACE, True)
    assert "Docker" in first["text"]
    text = type_(rig, "doctor", INTERFACE, code=1)
    assert text.index("relay-blocked") < text.index("Good to know")
    assert "To mend the first that can be: wgtui doctor --fix relay-blocked" in text

    assert "Turn relay on for wg7" in type_(rig, "doctor", "--fix", "--dry-run")
    assert not rig.laptop.reaches(LAN_HOST[0])
    type_(rig, "doctor", "--fix", "relay-blocked", "--yes")
    eventually("the LAN is reached again", lambda: rig.laptop.reaches(LAN_HOST[0]))
    assert not report(rig, 0)


def test_a_code_that_was_not_found_is_refused(rig: Rig) -> None:
    assert type_(rig, "doctor", "--fix", "port-shared", code=1) == ""
    assert "Nothing is wrong that could be mended" in type_(rig, "doctor", "--fix")
    assert type_(rig, "doctor", "wg99", code=1) == ""


def test_an_mtu_that_took_ipv6_away_is_mended_with_all_that_went(rig: Rig) -> None:
    before = rig.relay.run("ip", "-6", "route", "show", "dev", INTERFACE)
    mtu_too_small_for_ipv6(rig)
    assert report(rig, 1)[0]["code"] == "mtu-ipv6"
    type_(rig, "doctor", "--fix", "mtu-ipv6", "--yes")
    eventually("IPv6 is back", lambda: rig.laptop.reaches(LAN_HOST[1]))
    assert _routes(rig.relay.run("ip", "-6", "route", "show", "dev", INTERFACE)) == _routes(before)
    assert not report(rig, 0)


def _routes(text: str) -> set[str]:
    """Destinations, without those that the kernel makes by itself."""
    return {line.split()[0] for line in text.splitlines() if "fe80" not in line and "ff00" not in line}


def test_a_link_that_is_off_is_mended_with_all_that_went(rig: Rig) -> None:
    rig.relay.ip(f"link set {INTERFACE} down")
    assert report(rig, 1)[0]["code"] == "interface-down"
    type_(rig, "doctor", "--fix", "--yes")
    rig.talk()
    eventually("the LAN is reached", lambda: rig.laptop.reaches(LAN_HOST[0]))
    eventually("by IPv6 too", lambda: rig.laptop.reaches(LAN_HOST[1]))
    assert not report(rig, 0)


def test_large_packets_that_vanish_show_in_the_probe(rig: Rig) -> None:
    mtu_hole(rig)
    assert not report(rig, 0)
    walked = json.loads(type_(rig, "path", INTERFACE, "laptop", LAN_HOST[0], "--probe", "--json", code=1))
    lan = next(one for one in walked["probe"]["ends"] if one["address"] == LAN_HOST[0])
    assert (lan["received"], lan["large_received"]) == (3, 0)
    assert walked["probe"]["agreement"] == "contradicted"
    assert "A smaller MTU of the tunnel" in walked["probe"]["text"]


def test_the_report_holds_no_key_and_no_public_address(rig: Rig) -> None:
    text = type_(rig, "doctor", "--report")
    config = read_config(parse(rig.relay.conf().read_bytes())).config
    assert config.private_key is not None
    secrets = [config.private_key.reveal()]
    secrets += [one.preshared_key.reveal() for one in config.blocks if one.preshared_key is not None]
    assert len(secrets) == 3
    for secret in (*secrets, *map(str, (one.public_key for one in config.blocks))):
        assert secret not in text
    assert "PrivateKey = (hidden)" in text
    assert "10.7.0.2/32" in text
    assert config.blocks[0].public_key.short() in text
    endpoints = [peer.endpoint for peer in rig.relay.device().peers if peer.endpoint is not None]
    assert endpoints
    shown = type_(rig, "doctor", "--report", "--show-addresses")
    assert all(str(one.address) in shown for one in endpoints)


def test_public_addresses_are_masked_alike_everywhere() -> None:
    """Addresses of the internet, which those of the rig, set aside for examples, are not."""
    with relay_rig(Layout(port=53)) as rig:
        rig.talk()
        rig.relay.edit(
            ("# Name = laptop", "# Name = laptop\n# lives at 8.8.8.8 and 2a00:1450::1, not 8.8.4.4")
        )
        text = type_(rig, "doctor", "--report")
        assert re.search(r"lives at \(public IPv4 1\) and \(public IPv6 2\), not \(public IPv4 3\)", text)
