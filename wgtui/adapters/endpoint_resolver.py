"""Host names of endpoints, looked up by the system's resolver, all at once and with a deadline."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from ipaddress import ip_address
from typing import Final

from wgtui.adapters.netns import call_in_netns, entered_netns
from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig
from wgtui.domain.errors import WgtuiError

_MOST_THREADS: Final = 32
_RETRY: Final = 1.0
"""Seconds before a name is asked for again that could not be looked up just now, as `wg` does."""

_Found = tuple[EndpointConfig, Endpoint | None]


class HostEndpointResolver:
    """Implements `wgtui.ports.resolver.EndpointResolver` over getaddrinfo(3).

    Nothing can end a look-up that hangs. So each has a daemon thread, which is left behind at the deadline
    and does not hold up the end of the process.

    Args:
        netns: Network namespace to ask from, None for this process's own. Which servers are asked is a
            matter of the file system, and the same in all namespaces.
    """

    def __init__(self, netns: str | None = None) -> None:
        self._netns = netns

    def resolve(
        self, endpoints: Sequence[EndpointConfig], timeout: float
    ) -> dict[EndpointConfig, Endpoint | None]:
        """All at once, within `timeout` seconds; None for those that could not be found in that time.

        Raises:
            WgtuiError: The namespace cannot be entered.
        """
        call_in_netns(self._netns, lambda: None)
        found = {endpoint: endpoint.numeric() for endpoint in endpoints}
        waiting: queue.SimpleQueue[EndpointConfig] = queue.SimpleQueue()
        answers: queue.SimpleQueue[_Found] = queue.SimpleQueue()
        names = [endpoint for endpoint, known in found.items() if known is None]
        for endpoint in names:
            waiting.put(endpoint)
        deadline = time.monotonic() + timeout
        for _ in range(min(len(names), _MOST_THREADS)):
            threading.Thread(
                target=self._work, args=(waiting, answers, deadline), name="resolver", daemon=True
            ).start()
        with suppress(queue.Empty):
            for _ in names:
                endpoint, answer = answers.get(timeout=max(0.0, deadline - time.monotonic()))
                found[endpoint] = answer
        return found

    def _work(
        self,
        waiting: queue.SimpleQueue[EndpointConfig],
        answers: queue.SimpleQueue[_Found],
        deadline: float,
    ) -> None:
        with suppress(WgtuiError, queue.Empty), entered_netns(self._netns) if self._netns else nullcontext():
            while time.monotonic() < deadline:
                endpoint = waiting.get_nowait()
                answers.put((endpoint, _look_up(endpoint, deadline)))


def _look_up(endpoint: EndpointConfig, deadline: float) -> Endpoint | None:
    """The first address, as `wg` takes it; asks again where the failure may pass."""
    if "\0" in endpoint.host:
        # Some versions of Python would look up what stands before it.
        return None
    while True:
        try:
            first, *_ = socket.getaddrinfo(
                endpoint.host, endpoint.port, type=socket.SOCK_DGRAM, proto=socket.IPPROTO_UDP
            )
        except socket.gaierror as error:
            if error.errno != socket.EAI_AGAIN or time.monotonic() + _RETRY > deadline:
                return None
            time.sleep(_RETRY)
            continue
        except (OSError, ValueError):
            # A name that no resolver is asked for: too long, or with characters that none can have.
            return None
        host, port, *more = first[4]
        scope = int(more[1]) if len(more) == 2 else 0
        return Endpoint(ip_address(str(host).partition("%")[0]), int(port), scope)
