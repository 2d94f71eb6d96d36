"""What the doctor alone says first of relays that are broken on their own side, and that it is never wrong.

What only the far side or time can show is no business of it: there it stays silent, or is not certain.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import pytest

from tests.netns.broken.case import Case, Stage
from tests.netns.broken.handshake_cases import HANDSHAKE
from tests.netns.broken.naming import problems_of
from tests.netns.broken.passing_cases import PASSING
from tests.netns.broken.rig import nothing, relay_rig
from tests.netns.support import skip_unless_userspace_devices_work
from wgtui.domain.doctor import DoctorFinding

CASES: Final = {case.name: case for case in (*HANDSHAKE, *PASSING)}

FIRST: Final = {
    "the interface has lost its private key": "no-private-key",
    "the relay has another key for the peer": "own-file-key",
    "only the peer has a preshared key": "own-file-preshared-key",
    "the endpoint's port is wrong": "own-file-port",
    "a table of nft drops the port": "port-blocked",
    "a rule of iptables drops the port": "port-blocked",
    "a rule of legacy iptables drops the port": "port-blocked",
    "the port is open in legacy iptables, and nft drops it": "port-blocked",
    "a firewall that came later does not know the port": "port-blocked",
    "the port was changed in the file only": "listen-port",
    "a peer of the file is missing in the interface": "peer-missing",
    "another peer was given the addresses by hand": "allowed-ips-lost",
    "another peer of the file names the same LAN": "allowed-ips-lost",
    "the file gives the peer no allowed IPs": "owns-nothing",
    "the relay's link is down": "interface-down",
    "forwarding is off": "ip-forward",
    "IPv6 forwarding is off": "ip-forward",
    "Docker's FORWARD drops": "relay-blocked",
    "a firewall in the manner of ufw rejects": "relay-blocked",
    "a table of nft drops what comes out of the tunnel": "relay-blocked",
    "legacy iptables drops in FORWARD": "relay-blocked",
    "the policy of IPv6's FORWARD drops": "relay-blocked",
    "nothing hides the tunnel on its way to the internet": "masquerade-missing",
    "the gateway does not forward": "own-file-no-forwarding",
    "the gateway's allowed IPs are too narrow": "far-file-narrow",
    "the LAN is missing at the relay": "lan-unowned",
    "a route into the tunnel was deleted": "route-missing",
    "the route leads out of another link": "routed-elsewhere",
    "the relay is in a LAN of the same numbers": "collision",
    "a blackhole takes the LAN's packets": "routed-elsewhere",
    "the reverse path filter drops what comes out of the tunnel": "routed-elsewhere",
    "the MTU is too small for IPv6": "mtu-ipv6",
    "two files have the same port": "port-shared",
    "others may read the file with the private key": "world-accessible",
}
"""The code of the first problem; of all other relays nothing may be said with certainty."""

ALSO: Final = {
    "listen-port": {"rules-missing"},
    "relay-blocked": {"forward-blocked"},
    "collision": {"routed-elsewhere"},
    "routed-elsewhere": {"rp-filter"},
}
"""What is certain beside the first, and true."""


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[tuple[DoctorFinding, ...]]]]:
    """What is found wrong with the relays that the selected tests ask for, all of them at the same time."""
    skip_unless_userspace_devices_work()
    specs = [getattr(item, "callspec", None) for item in request.session.items]
    names = [spec.params["name"] for spec in specs if spec is not None and "name" in spec.params]
    pool = ThreadPoolExecutor(8)
    try:
        yield {name: pool.submit(_examine, CASES[name]) for name in names if name in CASES}
    finally:
        pool.shutdown(cancel_futures=True)


def _examine(case: Case) -> tuple[DoctorFinding, ...]:
    if any(shutil.which(program) is None for program in case.needs):
        return ()
    before = case.broken if case.stage is Stage.BEFORE else nothing
    bare = case.broken if case.stage is Stage.BARE else nothing
    with relay_rig(case.layout, bare=bare, before=before) as rig:
        if case.stage is Stage.AFTER:
            rig.talk()
            case.broken(rig)
        else:
            _wait_for_handshakes(rig)
        return problems_of(rig)


def _wait_for_handshakes(rig: object) -> None:
    """Until both have shaken hands, or do not seem to."""
    deadline = time.monotonic() + 2.0
    device = rig.relay.device  # type: ignore[attr-defined]
    while time.monotonic() < deadline:
        if all(peer.latest_handshake is not None for peer in device().peers):
            return
        time.sleep(0.05)


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_first(name: str, found: dict[str, Future[tuple[DoctorFinding, ...]]]) -> None:
    if missing := [program for program in CASES[name].needs if shutil.which(program) is None]:
        pytest.skip(f"needs {', '.join(missing)}")
    problems = found[name].result()
    said = [(one.code, one.certain, one.text) for one in problems]
    expected = FIRST.get(name)
    if expected is not None:
        assert problems, "nothing is said"
        assert problems[0].code == expected, said
    right = {expected, *ALSO.get(expected or "", ())}
    assert not [one for one in problems if one.certain and one.code not in right], said


def test_all_names_are_those_of_relays() -> None:
    assert FIRST.keys() <= CASES.keys()
