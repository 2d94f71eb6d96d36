"""What can be an end of a path: peers, this host, the internet, and addresses that are typed."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.addresses import Prefix
from wgtui.domain.names import NameOrder, name_order
from wgtui.domain.snapshot import DeviceState, PeerState
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import Line, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs


@dataclass(frozen=True, slots=True)
class PathEnd:
    """Something that can be an end of a path.

    Attributes:
        value: As `PathWalks.walk` takes it.
        label: What to call it; printable.
        about: What else tells it apart; printable.
    """

    value: str
    label: str
    about: str = ""

    def matches(self, typed: str) -> bool:
        """Whether a typed text means it."""
        wanted = typed.casefold().strip()
        return wanted in f"{self.label} {self.about}".casefold()


def ends_of(state: DeviceState | None) -> tuple[PathEnd, ...]:
    """What can be chosen: this host, the internet, and the peers of an interface by their names."""
    known = [PathEnd("host", "this host"), PathEnd("internet", "the internet", "by its uplink")]
    peers = sorted(state.peers if state is not None else (), key=_by_name)
    return (*known, *(end for end in map(end_of, peers) if end is not None))


def end_of(state: PeerState | None) -> PathEnd | None:
    """A peer as an end of a path."""
    if state is None:
        return None
    key = state.peer.public_key
    own = ", ".join(map(_prefix_text, state.peer.allowed_ips[:4]))
    return PathEnd(str(key), printable(state.name, 60) or key.short(), own)


def _by_name(state: PeerState) -> NameOrder:
    return name_order(state.name, state.peer.public_key)


def _prefix_text(prefix: Prefix) -> str:
    return str(prefix.network_address) if prefix.prefixlen == prefix.max_prefixlen else str(prefix)


def end_line(end: PathEnd, glyphs: Glyphs) -> Line:
    """An end in the list of those that can be chosen."""
    return line((f" {glyphs.text(end.label)}", Tone.TEXT), (f"  {glyphs.text(end.about)}", Tone.DIM))
