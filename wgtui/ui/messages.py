"""What widgets and the poll thread tell the screens: facts in the past tense, and requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from wgtui.domain.explain import Whence
    from wgtui.services.first_contact import ContactView
    from wgtui.services.judging.peer_judge import Judged
    from wgtui.services.ownership_map import Answer
    from wgtui.ui.presentation.allowed_ips import MapPage
    from wgtui.ui.presentation.config_page import ConfigPage, Examined
    from wgtui.ui.presentation.diagnose import DoctorPage
    from wgtui.ui.presentation.forwarding import ForwardingPage
    from wgtui.ui.presentation.path_walk import PathPage


class SnapshotTaken(Message):
    """The poll thread looked at the host; it keeps what it saw."""


class OpenDevice(Message):
    """Show this device's peers."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        """The interface."""


class SelectRow(Message):
    """Move the cursor to a row."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index
        """The row among those shown, from 0."""


class SortBy(Message):
    """Sort the table by a column; by the same one again turns it round."""

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column
        """The column's name."""


class OpenRow(Message):
    """Show the selected row large."""


class RunCommand(Message):
    """Run a command's action, as its key would."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        """The action."""


class PathTyped(Message):
    """The path to save to was typed, or given up."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        """As typed; empty for none."""


class FilterTyped(Message):
    """The filter's text changed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        """The whole text."""


class FilterClosed(Message):
    """The filter is no longer being typed."""

    def __init__(self, keep: bool) -> None:
        super().__init__()
        self.keep = keep
        """Whether the filter stays."""


class QuestionTyped(Message):
    """The address that is asked about changed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        """The whole text."""


class QuestionClosed(Message):
    """The address is no longer being typed."""

    def __init__(self, keep: bool) -> None:
        super().__init__()
        self.keep = keep
        """Whether the question and its answer stay."""


class MapTaken(Message):
    """The map of allowed IPs was made. A newer one replaces one that still waits."""

    def __init__(self, page: MapPage) -> None:
        super().__init__()
        self.page = page
        """Its rows."""

    def can_replace(self, message: Message) -> bool:
        """Only the newest of a burst is of interest."""
        return isinstance(message, MapTaken)


class ContactTaken(Message):
    """The peers of an interface were judged on their way to a handshake; a newer look replaces an older."""

    def __init__(self, view: ContactView) -> None:
        super().__init__()
        self.view = view
        """What is known of them."""

    def can_replace(self, message: Message) -> bool:
        """Only the newest of a burst is of interest."""
        return isinstance(message, ContactTaken)


class PeerJudged(Message):
    """The selected peer was judged. A newer judgement replaces one that still waits."""

    def __init__(self, judged: Judged) -> None:
        super().__init__()
        self.judged = judged
        """Of which peer, and how."""

    def can_replace(self, message: Message) -> bool:
        """Only the newest of a burst is of interest."""
        return isinstance(message, PeerJudged)


class PeerExplained(Message):
    """It was found out where a peer's values came from."""

    def __init__(self, judged: Judged, values: tuple[Whence, ...]) -> None:
        super().__init__()
        self.judged = judged
        """The peer's judgement."""
        self.values = values
        """Its values."""


class PacketAnswered(Message):
    """It was found out who gets a packet."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
        """Who, and why."""


class ConfigRead(Message):
    """A file was read, or compared with what runs."""

    def __init__(self, page: ConfigPage) -> None:
        super().__init__()
        self.page = page
        """The file."""


class ConfigExamined(Message):
    """A file that was edited outside was checked."""

    def __init__(self, examined: Examined) -> None:
        super().__init__()
        self.examined = examined
        """What was found."""


class ForwardingRead(Message):
    """The forwarding of an interface was read. A newer look replaces one that still waits."""

    def __init__(self, page: ForwardingPage) -> None:
        super().__init__()
        self.page = page
        """What was found."""

    def can_replace(self, message: Message) -> bool:
        """Only the newest of a burst is of interest."""
        return isinstance(message, ForwardingRead)


class DoctorRead(Message):
    """The host was examined."""

    def __init__(self, page: DoctorPage) -> None:
        super().__init__()
        self.page = page
        """What was found."""


class PathWalked(Message):
    """A path was walked, and its ends perhaps pinged."""

    def __init__(self, page: PathPage) -> None:
        super().__init__()
        self.page = page
        """What was found."""
