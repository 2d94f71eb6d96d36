"""What can go wrong, in the words the operator reads.

Every error that leaves an adapter or a service is one of these. `title` names the event, `text` says
what happened and where, `hint` says what to do; none of them ever holds a key.
"""

from __future__ import annotations


class WgtuiError(Exception):
    """Base of everything wgtui reports to the operator.

    Attributes:
        title: The event in a few words, without a full stop.
        text: One sentence: what happened, and where.
        hint: What to do about it; may be empty.
    """

    title = "It could not be done"

    def __init__(self, text: str, *, hint: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".rstrip()


class PermissionRefused(WgtuiError):
    """The kernel or a file refused us for lack of privilege (EPERM, EACCES)."""

    title = "Not permitted"


class DeviceError(WgtuiError):
    """A WireGuard device could not be read or changed."""

    title = "Device error"


class DeviceGone(DeviceError):
    """There is no such device, or it vanished while it was used (ENODEV)."""

    title = "No such device"


class DeviceBusy(DeviceError):
    """A name, socket or port is in use by somebody else (EBUSY, EEXIST, EADDRINUSE)."""

    title = "In use"


class DeviceUnavailable(DeviceError):
    """This host cannot give a WireGuard device: no kernel module, no tun, no userspace program."""

    title = "WireGuard is not available"


class DeviceTimeout(DeviceError):
    """The device did not answer in time."""

    title = "No answer"


class NetworkError(WgtuiError):
    """The kernel refused to read or change a link, an address, a route or a rule."""

    title = "The network refused"


class WrongWayIn(NetworkError):
    """The reverse path filter drops a packet: packets to its source would leave by another link."""


class FileChanged(WgtuiError):
    """A file is not what it was when it was read; nothing was written over it."""

    title = "Changed by somebody else"


class FileRefused(WgtuiError):
    """A file could not be written or removed (ENOSPC, EROFS, EIO ...)."""

    title = "The file cannot be written"


class HostChanged(WgtuiError):
    """The host is not as a plan or an entry of the journal expects it, so nothing was done."""

    title = "Changed by somebody else"


class AnotherOperator(WgtuiError):
    """Another wgtui is changing this host at the moment."""

    title = "Somebody else is at work"


class UnsettledChange(WgtuiError):
    """An earlier change was cut off, or waits for its confirmation: it comes first."""

    title = "An earlier change is open"


class JournalProblem(WgtuiError):
    """The journal cannot be read or written, or has no such entry."""

    title = "Journal"


class InvalidValue(ValueError):
    """A text is not the value it should be.

    `str(error)` is one sentence fit for a form field: it quotes the text unless it may be a secret.
    """


class EditRefused(WgtuiError):
    """An edit of a configuration file would not do what was meant, so nothing was edited."""

    title = "This edit is not possible"


class NothingToShare(WgtuiError):
    """A peer has no file here that could be handed to it, or none that an app would take."""

    title = "Nothing to share"


class ConfigUnreadable(WgtuiError):
    """A configuration file could not be read."""

    title = "The file cannot be read"


class ConfigRefused(WgtuiError):
    """A configuration file says something that cannot be done here; the text says where and what."""

    title = "The file is refused"


class AnswersRefused(WgtuiError):
    """Answers to what setting a host up asks cannot be understood, or do not go together."""

    title = "The answers are refused"


class PathRefused(WgtuiError):
    """An end of a path that is asked for does not exist."""

    title = "There is no such end of a path"


class NameNotFound(WgtuiError):
    """The host name of an endpoint could not be looked up."""

    title = "Name not found"


class HostCommandFailed(WgtuiError):
    """A program of the host (ip, nft, wireguard-go ...) failed or is missing."""

    title = "A command failed"


class EditorFailed(WgtuiError):
    """The operator's text editor did not end well, so what it wrote does not count."""

    title = "The editor failed"
