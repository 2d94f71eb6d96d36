"""What the pages of the wizard tell its screen."""

from __future__ import annotations

from textual.message import Message


class Answered(Message):
    """The answers may be others now."""


class Advance(Message):
    """The page is answered: the next one."""


class Retreat(Message):
    """The page before."""


class LookAgain(Message):
    """Look at the host anew."""


class EditPeer(Message):
    """Open the form of a peer."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        """Its place, from 0; behind the last for a new one."""


class TakeFile(Message):
    """Use the file that the relay made."""


class Apply(Message):
    """Review the plan, and apply it."""


class ShowAnswers(Message):
    """Show or write the file of answers."""


class Finish(Message):
    """There is nothing left to ask."""
