"""What is shown of one look."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.first_contact import Contact, Stage
from wgtui.domain.keys import PublicKey
from wgtui.domain.port_traffic import PortTraffic
from wgtui.domain.snapshot import Problem


@dataclass(frozen=True, slots=True)
class ContactView:
    """The peers of an interface on their way to the first handshake.

    Attributes:
        interface: Its name.
        port: Its listen port; 0 for none.
        up: Whether there is such an interface, and its link is up.
        since: Unix seconds when looking began.
        traffic: What was seen at the port; None where it cannot be watched.
        blind: Why it cannot be watched.
        counted: Where it cannot be watched: packets that the rule which opens the port met meanwhile.
        contacts: One a peer, in the order of the device, then those that are disabled.
    """

    interface: str
    port: int
    up: bool
    since: float
    traffic: PortTraffic | None
    blind: Problem | None
    counted: int
    contacts: tuple[Contact, ...]

    @property
    def there(self) -> int:
        """Peers that shook hands."""
        return sum(contact.stage.is_there for contact in self.contacts)

    @property
    def is_done(self) -> bool:
        """Whether all peers that can come have come, and there is one."""
        awaited = [one for one in self.contacts if one.stage is not Stage.OFF]
        return bool(awaited) and all(one.stage.is_there for one in awaited)

    def contact(self, key: PublicKey) -> Contact | None:
        """A peer's."""
        return next((one for one in self.contacts if one.key == key), None)
