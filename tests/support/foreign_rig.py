"""A server that another program left on a disk, and what has to be found of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wgtui.adapters.foreign_files import HostForeignFiles
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.sqlite_bytes import SqliteDatabases
from wgtui.domain.keys import PresharedKey, PrivateKey
from wgtui.services.adopting.gathering import ForeignHost

KEYPAIRS = NaclKeypairs()


def secret(name: str) -> str:
    """A private key in base64, the same in every run."""
    return PrivateKey(hashlib.sha256(name.encode()).digest()).clamped().reveal()


def public(name: str) -> str:
    """Its public key."""
    return str(KEYPAIRS.public_key(PrivateKey.parse(secret(name))))


def preshared(name: str) -> str:
    """A preshared key."""
    return PresharedKey(hashlib.sha256(b"preshared " + name.encode()).digest()).reveal()


def all_secrets(names: Sequence[str] = ("relay", "alice", "bob", "carol")) -> tuple[str, ...]:
    """Everything that must never be shown."""
    return tuple(text for name in names for text in (secret(name), preshared(name)))


@dataclass(frozen=True)
class Expected:
    """What has to be found of one peer.

    Attributes:
        state: `enabled`, `disabled` or `left out`.
        key: End of the path where its private key is; empty where it is nowhere.
        whole: Whether that is its whole own file.
        named_in_file: Whether the relay's own file says its name.
    """

    state: str = "enabled"
    key: str = ""
    whole: bool = False
    named_in_file: bool = True


@dataclass
class Server:
    """A server on a disk below a folder that stands for the host's root.

    Attributes:
        root: That folder.
        tool: As `wgtui` calls the program.
        peers: By name.
        config_dir: Folder of its interface's file, below the root.
        interface: Its name.
        rewritten: Whether the program writes the interface's file anew.
        found_endpoint: Where its peers call it, as far as its files say.
    """

    root: Path
    tool: str
    peers: dict[str, Expected]
    config_dir: str = "etc/wireguard"
    interface: str = "wg0"
    rewritten: bool = False
    found_endpoint: str = "vpn.example.org:51820"
    databases: dict[str, str] = field(default_factory=dict)

    def put(self, path: str, text: str | bytes) -> Path:
        """Write a file below the root."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        file.chmod(0o600)
        return file

    @property
    def file(self) -> Path:
        """The interface's file."""
        return self.folder / f"{self.interface}.conf"

    @property
    def folder(self) -> Path:
        """Where that is."""
        return self.root / self.config_dir

    @property
    def foreign(self) -> ForeignHost:
        """Where wgtui looks."""
        homes = ("/root", "/srv/operator")
        files = HostForeignFiles()
        return ForeignHost(files, SqliteDatabases(files), homes, str(self.root))


def interface_block(extra: str = "") -> str:
    """The section of the relay itself."""
    return f"[Interface]\nPrivateKey = {secret('relay')}\nAddress = 10.8.0.1/24\nListenPort = 51820\n{extra}"


def peer_lines(name: str, number: int) -> str:
    """A peer's entries, without its header."""
    return f"PublicKey = {public(name)}\nPresharedKey = {preshared(name)}\nAllowedIPs = 10.8.0.{number}/32\n"


def client_file(name: str, number: int, endpoint: str = "vpn.example.org:51820") -> str:
    """A peer's own file as scripts write it."""
    return (
        f"[Interface]\nPrivateKey = {secret(name)}\nAddress = 10.8.0.{number}/24\n"
        "DNS = 9.9.9.9, 149.112.112.112\n\n"
        f"[Peer]\nPublicKey = {public('relay')}\nPresharedKey = {preshared(name)}\nEndpoint = {endpoint}\n"
        "AllowedIPs = 0.0.0.0/0, ::/0\n"
    )


def disabled(text: str) -> str:
    """As PiVPN switches lines off."""
    return "".join(f"#[disabled] {line}\n" for line in text.splitlines())
