"""Combines snapshots of the monitor with what is seen at the port."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wgtui.domain.addresses import Address
from wgtui.domain.device import Device, Peer
from wgtui.domain.first_contact import Admission, Baseline, Contact, Finding, Judge, Reason, Scene, Stage
from wgtui.domain.keys import PublicKey
from wgtui.domain.reach import Reach
from wgtui.domain.snapshot import DeviceState, Snapshot
from wgtui.ports.clock import Clock
from wgtui.services.first_contact.observer import PortObserver
from wgtui.services.first_contact.surroundings import Surroundings
from wgtui.services.first_contact.view import ContactView

_ADMISSION_KEPT: Final = 10.0
"""Seconds for which an answer about the packet filter counts: reading it runs programs."""

_COUNT_EVERY: Final = 5.0
"""Seconds between looks at a rule's counter, where the port itself cannot be watched; likewise."""

_ASKS: Final = (Reason.NOT_LET_IN, Reason.ANSWER_REFUSED)
"""The reasons that the packet filter may be behind."""


class FirstContact:
    """Looks at one interface at a time. Made, used and closed in one thread."""

    def __init__(
        self,
        observer: PortObserver,
        clock: Clock,
        surroundings: Surroundings | None = None,
    ) -> None:
        """Prepare.

        Args:
            observer: Watches the port.
            clock: Time.
            surroundings: The host around the interface; closed with this. The packet filter is asked only
                where it may be what keeps a handshake from coming.
        """
        self._observer = observer
        self._clock = clock
        self._surroundings = surroundings
        self._reach: Reach | None = None
        self._admission: Admission | None = None
        self._asked_at: float | None = None
        self._counted_at: float | None = None
        self._first_count: int | None = None
        self._counted = 0
        self._key: PublicKey | None = None
        self._interface = ""
        self._since = 0.0
        self._baselines: dict[PublicKey, Baseline] = {}
        self._view: ContactView | None = None

    def look(self, snapshot: Snapshot, interface: str, *, fresh: bool = False) -> ContactView:
        """Judge every peer of an interface.

        Args:
            snapshot: The newest one.
            interface: Its name.
            fresh: Whether to try again what was refused before.

        Returns:
            The same object as the last time while nothing changed.
        """
        now = self._clock.now()
        if interface != self._interface:
            self._begin(interface, now)
        if fresh:
            self._observer.retry()
            self._asked_at = None
        view = self._judge(snapshot.device(interface), interface, now)
        if view != self._view:
            self._view = view
        assert self._view is not None
        return self._view

    def rest(self) -> None:
        """Stop watching until the next look, which begins anew."""
        self._observer.close()
        self._interface = ""

    def close(self) -> None:
        """Stop watching."""
        self._observer.close()
        if self._surroundings is not None:
            self._surroundings.close()

    def _begin(self, interface: str, now: float) -> None:
        self._observer.close()
        self._interface, self._since = interface, now
        self._baselines.clear()
        self._view = None
        self._reach = self._surroundings.reach() if self._surroundings is not None else None
        self._asked_at = self._counted_at = self._first_count = None
        self._counted = 0

    def _judge(self, state: DeviceState | None, interface: str, now: float) -> ContactView:
        device = state.device if state is not None else None
        if state is None or device is None or state.problem is not None:
            self._observer.close()
            view = ContactView(interface, 0, False, self._since, None, None, 0, ())
            return view if state is None else replace(view, contacts=self._all_down(state))
        if self._is_another(device):
            self._observer.close()
            self._baselines.clear()
        up = state.link_up is not False
        traffic = self._observer.look(device)
        scene = Scene(
            now,
            up,
            traffic,
            reach=self._reach,
            counted=self._count(interface, device.listen_port, now) if traffic is None else 0,
        )
        contacts = self._contacts(device, scene)
        asking = next((one for one in contacts if one.finding.reason in _ASKS), None)
        if asking is not None and asking.finding.endpoint is not None:
            admission = self._ask(asking.finding.endpoint.address, device.listen_port, now)
            contacts = self._contacts(device, replace(scene, admission=admission))
        return ContactView(
            interface,
            device.listen_port,
            up,
            self._since,
            traffic,
            self._observer.problem,
            scene.counted,
            (*contacts, *(_off(one.peer, self._since, Reason.DISABLED) for one in state.disabled)),
        )

    def _is_another(self, device: Device) -> bool:
        """Whether the device was made anew, or got another key: what was seen before says nothing of it."""
        before, self._key = self._key, device.public_key
        if before != device.public_key:
            return True
        known = (one for one in device.peers if one.latest_handshake is None)
        return any(self._had_handshake(one.public_key) for one in known)

    def _had_handshake(self, key: PublicKey) -> bool:
        known = self._baselines.get(key)
        return known is not None and known.handshake_at is not None

    def _contacts(self, device: Device, scene: Scene) -> list[Contact]:
        judge = Judge(device, scene)
        return [judge.contact(one, self._baseline(one, scene.now)) for one in device.peers]

    def _ask(self, source: Address, port: int, now: float) -> Admission | None:
        if self._surroundings is None:
            return None
        if self._asked_at is None or not 0 <= now - self._asked_at < _ADMISSION_KEPT:
            self._admission, self._asked_at = self._surroundings.admit(source, port), now
        return self._admission

    def _count(self, interface: str, port: int, now: float) -> int:
        """Packets that the rule which opens the port met since looking began."""
        if self._surroundings is None or not port:
            return 0
        if self._counted_at is None or not 0 <= now - self._counted_at < _COUNT_EVERY:
            count, self._counted_at = self._surroundings.let_in(interface, port), now
            if count is None or (self._first_count is not None and count < self._first_count):
                self._first_count = None
            if self._first_count is None:
                self._first_count = count
            self._counted = 0 if count is None or self._first_count is None else count - self._first_count
        return self._counted

    def _baseline(self, peer: Peer, now: float) -> Baseline:
        known = self._baselines.get(peer.public_key)
        shaken = peer.latest_handshake is not None
        if known is None:
            # What a session from before the first look has passed counts in full.
            known = Baseline(now, now if shaken else None)
        elif shaken and known.handshake_at is None:
            known = replace(known, handshake_at=now, rx_bytes=peer.rx_bytes, tx_bytes=peer.tx_bytes)
        self._baselines[peer.public_key] = known
        return known

    def _all_down(self, state: DeviceState) -> tuple[Contact, ...]:
        on = (_off(one.peer, self._since, Reason.DOWN) for one in state.peers)
        off = (_off(one.peer, self._since, Reason.DISABLED) for one in state.disabled)
        return (*on, *off)


def _off(peer: Peer, since: float, reason: Reason) -> Contact:
    return Contact(peer.public_key, Stage.OFF, since, None, Finding(reason))
