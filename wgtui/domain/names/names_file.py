"""The file `/etc/wireguard/peers` of wg-friendly-peer-names: lines `PUBLIC_KEY:NAME`."""

from __future__ import annotations

from wgtui.domain.errors import InvalidValue
from wgtui.domain.keys import PublicKey


def parse_names_file(data: bytes) -> dict[PublicKey, str]:
    """Read a names file. Lines that are not `PUBLIC_KEY:NAME` are passed over; never raises.

    Args:
        data: The file's bytes; what is not UTF-8 becomes U+FFFD.

    Returns:
        Names by key, not made printable. Of repeated keys the last counts.
    """
    names: dict[PublicKey, str] = {}
    for line in data.split(b"\n"):
        key_text, colon, written = line.partition(b":")
        if not colon:
            continue
        name = written.decode("utf-8", "replace").strip()
        try:
            key = PublicKey.parse(key_text.strip().decode("latin-1"))
        except InvalidValue:
            continue
        if name:
            names[key] = name
    return names
