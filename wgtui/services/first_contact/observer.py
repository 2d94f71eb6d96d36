"""One port, watched for as long as it is asked about."""

from __future__ import annotations

from wgtui.domain.device import Device
from wgtui.domain.errors import WgtuiError
from wgtui.domain.port_traffic import Opened, PortTraffic
from wgtui.domain.snapshot import Problem
from wgtui.ports.clock import Clock
from wgtui.ports.port_watch import InitiationReader, OpenPortWatch, PortWatch
from wgtui.services.first_contact.log import PortLog


class PortObserver:
    """Follows the listen port of a device. Used by one thread, in which its sockets live."""

    def __init__(self, open_watch: OpenPortWatch, initiations: InitiationReader, clock: Clock) -> None:
        """Prepare; nothing is opened before the first look."""
        self._open_watch = open_watch
        self._initiations = initiations
        self._clock = clock
        self._watch: PortWatch | None = None
        self._log: PortLog | None = None
        self._port = 0
        self.problem: Problem | None = None
        """Why the port cannot be watched."""

    def look(self, device: Device) -> PortTraffic | None:
        """What was seen at the device's port since it was first asked about.

        None where it has no port or its port cannot be watched; `problem` says why then. It is not tried
        again before `retry`.
        """
        if device.listen_port != self._port:
            self._follow(device.listen_port)
        if self._watch is None or self._log is None:
            return None
        try:
            reading = self._watch.read()
        except WgtuiError as error:
            self._give_up(error)
            return None

        def opened(message: bytes) -> Opened:
            if device.private_key is None or device.public_key is None:
                return Opened(for_us=False)
            return self._initiations.open(message, device.private_key, device.public_key)

        self._log.take(reading, self._clock.now(), opened)
        return self._log.traffic

    def retry(self) -> None:
        """Try again what was refused."""
        if self.problem is not None:
            self._port, self.problem = 0, None

    def close(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.close()
        self._watch = self._log = None
        self._port = 0

    def _follow(self, port: int) -> None:
        self.close()
        self._port, self.problem = port, None
        if not port:
            return
        try:
            self._watch = self._open_watch(port)
        except WgtuiError as error:
            self._give_up(error)
            return
        self._log = PortLog(port, self._clock.now())

    def _give_up(self, error: WgtuiError) -> None:
        port = self._port
        self.close()
        self._port = port
        self.problem = Problem(
            type(error).__name__, error.title, error.text, error.hint, since=self._clock.now()
        )
