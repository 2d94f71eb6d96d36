"""What the thread behind the Allowed IPs map owns."""

from __future__ import annotations

from wgtui.domain.addresses import Address
from wgtui.domain.snapshot import Snapshot
from wgtui.services.ownership_map import Answer, OwnershipMap
from wgtui.ui.presentation.allowed_ips import MapPage, map_page


class MapReader:
    """Maps with their rows, made anew only when the map changed."""

    def __init__(self, service: OwnershipMap) -> None:
        """Read through `service`, which is closed with this."""
        self._service = service
        self._page: MapPage | None = None

    def look(self, snapshot: Snapshot, *, fresh: bool = False) -> MapPage:
        """The rows for a snapshot, the same object as the last time when nothing changed."""
        view = self._service.take(snapshot, fresh=fresh)
        page = self._page
        if page is None or page.view is not view:
            page = self._page = map_page(view)
        return page

    def ask(self, address: Address) -> Answer:
        """Who gets a packet for an address."""
        return self._service.ask(address)

    def close(self) -> None:
        """Release sockets."""
        self._service.close()
