"""Where `check` takes a file although a tool refused it, each with its reason. There are no others."""

from __future__ import annotations

from dataclasses import dataclass

PEER = "[Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n"


@dataclass(frozen=True)
class Difference:
    """One row.

    Attributes:
        what: In a few words, or the case of the oracle.
        reason: Why `check` decides otherwise.
        file: An example for `wg setconf`; empty for a case of the oracle.
    """

    what: str
    reason: str
    file: str = ""


DIFFERENCES = (
    Difference(
        "host names",
        "wg resolves names while it reads; check does not use the network and judges the spelling",
        f"{PEER}Endpoint = vpn.invalid:51820\n",
    ),
    Difference(
        "scopes by name",
        "whether a link of that name exists is this host's to say, not the file's",
        f"{PEER}Endpoint = [fe80::1%no-such-link]:51820\n",
    ),
    Difference(
        "signed allowed IPs",
        "wg takes the sign from 1.0.20250521 on; check follows 1.0.20260223 and says so in a lint",
        f"{PEER}AllowedIPs = +10.0.0.1/32\n",
    ),
    Difference(
        "wg-setconf allowedips-minus",
        "wg takes the -; the old device behind it refused, the newer ones do not",
    ),
    Difference(
        "wg-quick mtu[70000]",
        "the limit was the userspace device's, the kernel's is 2^31: a lint says so",
    ),
    Difference(
        "wg-quick hook-errexit",
        "the file is good; the command in its hook failed, and check runs no commands",
    ),
)

IN_THE_ORACLE = frozenset(difference.what for difference in DIFFERENCES if not difference.file)
"""The rows that are cases of the oracle."""
