"""What was found of the servers on a host, as values. No secret is in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from wgtui.domain.addresses import Prefix
from wgtui.domain.adopting.records import NOTHING_SAID, OwnSide
from wgtui.domain.keys import PublicKey


class PeerState(Enum):
    """Whether a peer can come in."""

    ENABLED = "enabled"
    """It is in the interface's file."""

    DISABLED = "disabled"
    """It is in the file, switched off."""

    LEFT_OUT = "left out"
    """A program knows it, and keeps it out of the file."""


class WayOut(Enum):
    """What `wgtui adopt` can do about a warning. Its value is the option's name."""

    TAKE_OVER = "take-over"
    """Take out the lines with which a program says that the file is its own."""

    SAVE_CONFIG_OFF = "save-config-off"
    """Keep `wg-quick down` from writing the file anew."""

    WRITE_NAMES = "write-names"
    """Write names that stand elsewhere into the file."""

    WRITE_LEFT_OUT = "write-left-out"
    """Write peers that a program keeps out of the file into it, switched off."""

    KEEP_FILES = "keep-files"
    """Put copies of peers' own files where wgtui keeps them."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program or script that set up a server.

    Attributes:
        name: Of the program.
        evidence: Files, or lines of files, that tell; paths are not made printable.
    """

    name: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdoptedPeer:
    """A peer as it was found.

    Attributes:
        public_key: Its identity.
        name: Not made printable; empty where nobody names it.
        name_from: Where the name stands: a path, not made printable; empty without a name.
        state: Whether it can come in.
        allowed_ips: Those the interface's file gives it; of one that is left out, its program's.
        key_path: Where its private key is; empty where it is not on this host.
        tool: Whose file that is; empty for nobody's in particular.
        has_whole_file: Whether that is its whole own file.
        can_export: Whether its own file can be handed over: found whole, or put together.
        side: What its own file says.
        remarks: What is amiss with its own file, in whole sentences.
    """

    public_key: PublicKey
    name: str
    name_from: str
    state: PeerState
    allowed_ips: tuple[Prefix, ...] = ()
    key_path: str = ""
    tool: str = ""
    has_whole_file: bool = False
    can_export: bool = False
    side: OwnSide = NOTHING_SAID
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdoptionWarning:
    """What would hurt whoever edits the file.

    Attributes:
        code: A stable word for scripts.
        text: One sentence: what happens.
        hint: One sentence: what to do.
        line: Of the interface's file, from 1; 0 where it is about no line.
        way_out: What wgtui can do about it; None for nothing.
    """

    code: str
    text: str
    hint: str
    line: int = 0
    way_out: WayOut | None = None


@dataclass(frozen=True, slots=True)
class AdoptedInterface:
    """An interface with a file.

    Attributes:
        name: Its name.
        path: Of its file.
        tools: Who set it up, as far as can be told; none where it was set up by hand.
        peers: In the file's order, those that are left out of it last.
        warnings: What to know before editing it.
        problem: Why its file cannot be read; empty when it can.
        client_of: The interface, if any, one of whose peers' own file this is.
    """

    name: str
    path: str
    tools: tuple[Tool, ...] = ()
    peers: tuple[AdoptedPeer, ...] = ()
    warnings: tuple[AdoptionWarning, ...] = ()
    problem: str = ""
    client_of: str = ""


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """All that was found.

    Attributes:
        interfaces: Those with a file, by name.
        tools: Programs of which there are files, whose interface has none here.
        problems: Files that could not be read, one sentence each.
    """

    interfaces: tuple[AdoptedInterface, ...]
    tools: tuple[Tool, ...] = ()
    problems: tuple[str, ...] = ()

    def interface(self, name: str) -> AdoptedInterface | None:
        """The interface of that name."""
        return next((one for one in self.interfaces if one.name == name), None)
