"""A folder of configuration files in which peers have files of their own."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

IPV4 = "phone"
"""A roaming device as small as they get: IPv4, one address, two networks."""

FULL = "laptop"
"""IPv4 and IPv6, a preshared key, DNS, an MTU, many allowed IPs, and keys that apps refuse."""

GATEWAY = "home-gateway"
"""A LAN gateway, whose file runs commands."""

KEEPS = "tablet"
"""A peer that keeps its private key."""

NAMES = (IPV4, FULL, GATEWAY, KEEPS)


def private_key(name: str) -> PrivateKey:
    """The same key for the same name."""
    return PrivateKey(sha256(name.encode()).digest()).clamped()


def public_key(name: str) -> PublicKey:
    """Its public key."""
    return NaclKeypairs().public_key(private_key(name))


SECRET = PresharedKey(sha256(b"a preshared key").digest())

_FILES = {
    IPV4: f"""\
[Interface]
PrivateKey = {private_key(IPV4).reveal()}
Address = 5.5.5.3/24

[Peer]
# Name = wg0
PublicKey = {public_key("wg0")}
AllowedIPs = 5.5.5.0/24, 192.168.2.0/24
Endpoint = 203.0.113.10:43155
PersistentKeepalive = 25
""",
    FULL: f"""\
# The laptop
[Interface]
PrivateKey = {private_key(FULL).reveal()}
Address = 5.5.5.4/24, fd00:5::4/64
DNS = 5.5.5.1, fd00:5::1, lan.example
MTU = 1380
ListenPort = 51820
FwMark = 0x20
Table = auto
SaveConfig = false

[Peer]
# Name = wg0
PublicKey = {public_key("wg0")}
PresharedKey = {SECRET.reveal()}
AllowedIPs = 5.5.5.0/24, fd00:5::/64, 192.168.2.0/24, 10.20.0.0/16, 10.20.7.0/24, fd00:20::/48
Endpoint = [2001:db8:17::4]:43155
PersistentKeepalive = 25
""",
    GATEWAY: f"""\
[Interface]
PrivateKey = {private_key(GATEWAY).reveal()}
Address = 5.5.5.2/24
PostUp = iptables -A FORWARD -i %i -j ACCEPT
PostDown = iptables -D FORWARD -i %i -j ACCEPT

[Peer]
PublicKey = {public_key("wg0")}
AllowedIPs = 5.5.5.0/24
Endpoint = 203.0.113.10:43155
PersistentKeepalive = 15
""",
}

EXPECTED = {
    IPV4: f"""\
[Interface]
PrivateKey={private_key(IPV4).reveal()}
Address=5.5.5.3/24
[Peer]
PublicKey={public_key("wg0")}
AllowedIPs=5.5.5.0/24,192.168.2.0/24
Endpoint=203.0.113.10:43155
PersistentKeepalive=25""",
    FULL: f"""\
[Interface]
PrivateKey={private_key(FULL).reveal()}
Address=5.5.5.4/24,fd00:5::4/64
DNS=5.5.5.1,fd00:5::1,lan.example
MTU=1380
[Peer]
PublicKey={public_key("wg0")}
PresharedKey={SECRET.reveal()}
AllowedIPs=5.5.5.0/24,fd00:5::/64,192.168.2.0/24,10.20.0.0/16,10.20.7.0/24,fd00:20::/48
Endpoint=[2001:db8:17::4]:43155
PersistentKeepalive=25""",
    GATEWAY: f"""\
[Interface]
PrivateKey={private_key(GATEWAY).reveal()}
Address=5.5.5.2/24
[Peer]
PublicKey={public_key("wg0")}
AllowedIPs=5.5.5.0/24
Endpoint=203.0.113.10:43155
PersistentKeepalive=15""",
}
"""The texts of their QR codes, written by hand."""


@dataclass(frozen=True, slots=True)
class SharedPeers:
    """Where the files are.

    Attributes:
        folder: Holds `wg0.conf` and `peers/wg0/`.
        state: For the journal.
    """

    folder: Path
    state: Path

    def own(self, name: str) -> Path:
        """A peer's own file."""
        return self.folder / "peers" / "wg0" / f"{name}.conf"

    def options(self) -> list[str]:
        """What the command line needs to find them."""
        return ["--config-dir", str(self.folder), "--state-dir", str(self.state)]


def relay_file() -> str:
    """The relay's own file with all peers."""
    text = (
        f"[Interface]\nPrivateKey = {private_key('wg0').reveal()}\nAddress = 5.5.5.1/24\nListenPort = 43155\n"
    )
    for number, name in enumerate(NAMES, 2):
        text += f"\n[Peer]\n# Name = {name}\nPublicKey = {public_key(name)}\nAllowedIPs = 5.5.5.{number}/32\n"
    return text


def own_file(name: str) -> str:
    """A peer's own file."""
    return _FILES[name]


def make_shared_peers(where: Path) -> SharedPeers:
    """Write all files."""
    made = SharedPeers(where / "wireguard", where / "state")
    made.own(IPV4).parent.mkdir(parents=True)
    for path, text in (
        (made.folder / "wg0.conf", relay_file()),
        *((made.own(n), t) for n, t in _FILES.items()),
    ):
        path.write_text(text)
        path.chmod(0o600)
    return made
