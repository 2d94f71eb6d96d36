"""What the thread behind the Forwarding screen owns."""

from __future__ import annotations

from contextlib import ExitStack

from wgtui.domain.errors import WgtuiError
from wgtui.services.changes import Changes, OpenChanges
from wgtui.services.forwarding.watch import ForwardingWatch
from wgtui.ui.presentation.forwarding import ForwardingPage


class ForwardingReader:
    """Pages of one interface after the other, the same object as the last time where nothing changed."""

    def __init__(self, open_changes: OpenChanges) -> None:
        """Read through the services of a host, which are closed with this."""
        self._opened = ExitStack()
        self._changes: Changes = self._opened.enter_context(open_changes())
        self._watch: ForwardingWatch | None = None
        self._page: ForwardingPage | None = None

    def look(self, interface: str, *, fresh: bool = False) -> ForwardingPage:
        """What is seen of an interface; an error is told in place of it."""
        if self._watch is None or self._watch.interface != interface:
            self._watch = self._changes.forwarding.watch(interface)
        try:
            page = ForwardingPage(interface, self._watch.look(fresh=fresh))
        except WgtuiError as error:
            page = ForwardingPage(interface, problem=error)
        before = self._page
        if before is not None and _same(before, page):
            return before
        self._page = page
        return page

    def close(self) -> None:
        """Release sockets."""
        self._opened.close()


def _same(one: ForwardingPage, other: ForwardingPage) -> bool:
    return (one.interface, one.view, str(one.problem)) == (other.interface, other.view, str(other.problem))
