"""Echo requests of one host (or network namespace)."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.addresses import Address
from wgtui.domain.echo import EchoResult


class Echo(Protocol):
    """Sends echo requests and waits for what comes back."""

    def ask(
        self,
        address: Address,
        *,
        source: Address | None = None,
        link: str = "",
        count: int = 3,
        timeout: float = 1.0,
        size: int = 0,
    ) -> EchoResult:
        """Ask an address.

        Args:
            address: Whom.
            source: From which of the host's addresses; None lets the route decide.
            link: Look at the headers of what leaves and comes in by this link, where that is permitted.
            count: How often, 200 ms apart.
            timeout: Seconds to wait for the last answer.
            size: Bytes of each packet with its IP header, which nobody on the way may cut into pieces; 0 for
                small ones.

        Raises:
            PermissionRefused: It needs CAP_NET_RAW.
        """
        ...
