"""Where each value of a peer came from: a line of the file, the kernel, the other side, or a default."""

from wgtui.domain.explain.places import FilePlaces, places_of
from wgtui.domain.explain.whence import Origin, Whence, explain

__all__ = ["FilePlaces", "Origin", "Whence", "explain", "places_of"]
