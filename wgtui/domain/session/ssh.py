"""What sshd tells the programs of a session about the connection."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from wgtui.domain.addresses import Address


@dataclass(frozen=True, slots=True)
class SshSession:
    """The two ends of an SSH connection.

    Attributes:
        client: The operator's address, as this host sees it.
        client_port: The operator's TCP port.
        server: The address of this host that was called.
        server_port: The TCP port that was called.
        link: Name of the link of link-local addresses, empty for others.
    """

    client: Address
    client_port: int
    server: Address
    server_port: int
    link: str = ""


def parse_ssh_connection(text: str | None) -> SshSession | None:
    """The session that `$SSH_CONNECTION` describes (ssh(1)): "client port server port".

    Args:
        text: The variable's value, None where it is not set.

    Returns:
        None where there is no session, or sshd itself does not know ("UNKNOWN 65535 UNKNOWN 65535").
    """
    words = (text or "").split()
    if len(words) != 4 or not (words[1].isdecimal() and words[3].isdecimal()):
        return None
    try:
        client, link = _address(words[0])
        server, server_link = _address(words[2])
    except ValueError:
        return None
    return SshSession(client, int(words[1]), server, int(words[3]), link or server_link)


def _address(text: str) -> tuple[Address, str]:
    """An address without its scope, and the scope."""
    bare, _, scope = text.partition("%")
    address = ip_address(bare)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address, scope
