"""A text without what a stranger should not read: keys, public addresses, names of hosts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

from wgtui.domain.addresses import Address
from wgtui.domain.keys import PublicKey

_KEY: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=?(?![A-Za-z0-9+/=])")
_ADDRESS: Final = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)"
    r"|(?<![\w:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])"
)
"""What may be an address; a port may follow the one kind and close the brackets around the other."""

_HIDDEN: Final = "(hidden)"


class Mask:
    """Masks texts of one report: what is equal gets the same label everywhere.

    Args:
        public_keys: Keys that may be shown, as their first characters; whatever else looks like a key is
            hidden.
        names: Host names to hide.
        addresses: Whether public addresses and those names are hidden.
    """

    def __init__(
        self, public_keys: Iterable[PublicKey], names: Iterable[str] = (), *, addresses: bool = True
    ) -> None:
        self._keys = {str(key): f"{key.short()}" for key in public_keys}
        self._names = (
            sorted({name for name in names if name}, key=lambda name: (-len(name), name)) if addresses else []
        )
        self._addresses = addresses
        self._labels: dict[Address, str] = {}

    def mask(self, text: str) -> str:
        """The text as it may be shown to anybody."""
        text = _KEY.sub(self._key, text)
        for number, name in enumerate(self._names, 1):
            pattern = rf"(?<![\w.-]){re.escape(name)}(?![\w-])"
            text = re.sub(pattern, f"(host {number})", text, flags=re.IGNORECASE)
        return _ADDRESS.sub(self._address, text) if self._addresses else text

    def _key(self, match: re.Match[str]) -> str:
        found = match[0]
        known = self._keys.get(found) or self._keys.get(f"{found}=")
        return known if known is not None else _HIDDEN

    def _address(self, match: re.Match[str]) -> str:
        """A label for what is routed on the internet; private and other addresses tell nothing of anybody."""
        try:
            address = ip_address(match[0])
        except ValueError:
            return match[0]
        if not address.is_global or address.is_multicast:
            return match[0]
        return self._labels.setdefault(address, f"(public IPv{address.version} {len(self._labels) + 1})")
