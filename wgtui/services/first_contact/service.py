"""Combines snapshots of the monitor with what is seen at the port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wgtui.domain.device import Peer
from wgtui.domain.first_contact import Baseline, Contact, Finding, Reason, Scene, Stage, contact_of
from wgtui.domain.keys import PublicKey
from wgtui.domain.setup.reach import Reach
from wgtui.domain.snapshot import DeviceState, Snapshot
from wgtui.ports.clock import Clock
from wgtui.services.first_contact.observer import PortObserver
from wgtui.services.first_contact.view import ContactView

LetIn = Callable[[str, int], bool | None]
"""Whether the packet filter lets packets to a UDP port of an interface; None for unknown."""


class FirstContact:
    """Looks at one interface at a time. Made, used and closed in one thread."""

    def __init__(
        self,
        observer: PortObserver,
        clock: Clock,
        *,
        reach: Callable[[], Reach | None] = lambda: None,
        let_in: LetIn = lambda _interface, _port: None,
    ) -> None:
        """Prepare.

        Args:
            observer: Watches the port.
            clock: Time.
            reach: From where this host's own address can be called; asked when an interface is begun with.
            let_in: What is known of the packet filter.
        """
        self._observer = observer
        self._clock = clock
        self._ask_reach = reach
        self._reach: Reach | None = None
        self._let_in = let_in
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
        view = self._judge(snapshot.device(interface), interface, now)
        if view != self._view:
            self._view = view
        assert self._view is not None
        return self._view

    def close(self) -> None:
        """Stop watching."""
        self._observer.close()

    def _begin(self, interface: str, now: float) -> None:
        self._observer.close()
        self._interface, self._since = interface, now
        self._baselines.clear()
        self._view = None
        self._reach = self._ask_reach()

    def _judge(self, state: DeviceState | None, interface: str, now: float) -> ContactView:
        device = state.device if state is not None else None
        if state is None or device is None or state.problem is not None:
            self._observer.close()
            view = ContactView(interface, 0, False, self._since, None, None, ())
            return view if state is None else replace(view, contacts=self._all_down(state))
        up = state.link_up is not False
        traffic = self._observer.look(device)
        scene = Scene(
            now,
            up,
            traffic,
            self._let_in(interface, device.listen_port),
            self._reach,
        )
        contacts = [contact_of(one, device, scene, self._baseline(one, now)) for one in device.peers]
        return ContactView(
            interface,
            device.listen_port,
            up,
            self._since,
            traffic,
            self._observer.problem,
            (*contacts, *(_off(one.peer, self._since, Reason.DISABLED) for one in state.disabled)),
        )

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
