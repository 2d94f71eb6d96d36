"""Drift on a real device: changed with `wg` and `ip` behind our back, seen, and ended either way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.netns.support import UserspaceHost, userspace_host
from tests.support.waiting import eventually
from wgtui import wiring
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.drift import Difference, DriftKind
from wgtui.domain.keys import PublicKey
from wgtui.services.changes import Changes
from wgtui.services.drift import compare, plan_adopting
from wgtui.services.interfaces import find_source, plan_down, plan_up

KEYPAIRS = NaclKeypairs()
NOW = 2_000_000_000.0


def new_key() -> PublicKey:
    """A public key of nobody."""
    return KEYPAIRS.public_key(KEYPAIRS.generate_private_key())


ALICE, BOB, CAROL = new_key(), new_key(), new_key()
FILE = f"""\
# the relay of the house
[Interface]
PrivateKey = {KEYPAIRS.generate_private_key().reveal()}
Address = 10.7.0.1/24, fd07::1/64
ListenPort = 51877
MTU = 1400

[Peer]
# Name = alice
PublicKey = {ALICE}
PresharedKey = {KEYPAIRS.generate_preshared_key().reveal()}
AllowedIPs = 10.7.0.2/32, 192.168.2.0/24
Endpoint = 192.0.2.7:7
PersistentKeepalive = 15

[Peer]
# Name = bob
PublicKey = {BOB}
AllowedIPs = 10.7.0.3/32
"""
CHANGES = {
    DriftKind.KEEPALIVE: ("wg", "set", "wg7", "peer", str(ALICE), "persistent-keepalive", "99"),
    DriftKind.ALLOWED_IPS: ("wg", "set", "wg7", "peer", str(BOB), "allowed-ips", "10.7.0.3/32,10.9.0.0/16"),
    DriftKind.ENDPOINT: ("wg", "set", "wg7", "peer", str(ALICE), "endpoint", "192.0.2.9:9"),
    DriftKind.PRESHARED_KEY: ("wg", "set", "wg7", "peer", str(ALICE), "preshared-key", "/dev/null"),
    DriftKind.PEER_MISSING: ("wg", "set", "wg7", "peer", str(BOB), "remove"),
    DriftKind.PEER_UNKNOWN: ("wg", "set", "wg7", "peer", str(CAROL), "allowed-ips", "10.7.0.9/32"),
    DriftKind.LISTEN_PORT: ("wg", "set", "wg7", "listen-port", "51888"),
    DriftKind.FWMARK: ("wg", "set", "wg7", "fwmark", "0x77"),
    DriftKind.MTU: ("ip", "link", "set", "wg7", "mtu", "1380"),
    DriftKind.ADDRESS_UNKNOWN: ("ip", "address", "add", "10.8.0.1/24", "dev", "wg7"),
    DriftKind.ADDRESS_MISSING: ("ip", "address", "del", "fd07::1/64", "dev", "wg7"),
    DriftKind.ROUTE_STALE: ("ip", "route", "add", "10.66.0.0/16", "dev", "wg7"),
    DriftKind.ROUTE_MISSING: ("ip", "route", "del", "192.168.2.0/24", "dev", "wg7"),
}


@dataclass
class Operator:
    """Works on a host of its own."""

    host: UserspaceHost
    folder: Path
    changes: Changes

    def up(self) -> None:
        """Write the file and bring its interface up."""
        self.file.write_text(FILE)
        self.file.chmod(0o600)
        source = find_source(self.changes.host.files, "wg7", self.changes.config_dir)
        self.changes.transaction.apply(plan_up(self.changes.context, source))

    def down(self) -> None:
        """Take it down."""
        source = find_source(self.changes.host.files, "wg7", self.changes.config_dir)
        self.changes.transaction.apply(
            plan_down(self.changes.context, "wg7", source, self.changes.made("wg7"))
        )
        eventually("the link is gone", lambda: self.changes.host.network.link("wg7") is None)

    @property
    def file(self) -> Path:
        """The interface's file."""
        return self.folder / "conf/wg7.conf"

    @property
    def drift(self) -> tuple[Difference, ...]:
        """What differs."""
        source = find_source(self.changes.host.files, "wg7", self.changes.config_dir)
        return compare(self.changes.context, source, self.changes.made("wg7"), NOW).differences


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    folder = tmp_path_factory.mktemp("drift")
    (folder / "conf").mkdir()
    with userspace_host() as host:
        host.run("ip", "link", "set", "lo", "up")
        place = wiring.Host(folder / "conf", host.netns, host.socket_dir, folder / "state")
        with wiring.changes(place) as changes:
            yield Operator(host, folder, changes)


@pytest.fixture
def relay(operator: Operator) -> Iterator[Operator]:
    """The interface, up as its file says."""
    operator.up()
    try:
        assert operator.drift == ()
        yield operator
    finally:
        operator.down()


@pytest.mark.parametrize("kind", CHANGES, ids=lambda kind: kind.value)
def test_keep_the_file_s(relay: Operator, kind: DriftKind) -> None:
    relay.host.run(*CHANGES[kind])
    found = relay.drift
    assert kind in {one.kind for one in found}
    while found:
        relay.changes.transaction.apply(relay.changes.drift.keep_file("wg7", found[0], NOW))
        assert found[0].key not in {one.key for one in relay.drift}
        found = relay.drift
    assert relay.file.read_text() == FILE


@pytest.mark.parametrize("kind", CHANGES, ids=lambda kind: kind.value)
def test_keep_the_kernel_s(relay: Operator, kind: DriftKind) -> None:
    relay.host.run(*CHANGES[kind])
    shown = relay.host.run("wg", "showconf", "wg7"), relay.host.run("ip", "address", "show", "dev", "wg7")
    while kept := [one for one in relay.drift if one.keeps_kernel]:
        relay.changes.transaction.apply(relay.changes.drift.keep_kernel("wg7", kept[0], NOW))
    assert relay.host.run("ip", "address", "show", "dev", "wg7") == shown[1]
    assert sorted(relay.host.run("wg", "showconf", "wg7").split()) == sorted(shown[0].split())
    assert {one.kind for one in relay.drift} <= {DriftKind.ROUTE_MISSING}
    assert relay.file.read_text().startswith("# the relay of the house\n[Interface]\n")


def test_a_file_is_written_from_what_runs(relay: Operator) -> None:
    relay.file.unlink()
    relay.changes.transaction.apply(plan_adopting(relay.changes.editor, "wg7"))
    assert relay.drift == ()
    assert relay.file.stat().st_mode & 0o777 == 0o600
    for text in (str(ALICE), "192.168.2.0/24", "PersistentKeepalive = 15", "MTU = 1400"):
        assert text in relay.file.read_text()
