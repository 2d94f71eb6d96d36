"""What is said of a peer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from wgtui.domain.fixes import Fix


class Grade(IntEnum):
    """How bad it is; from `DOUBTFUL` on it is an alarm."""

    FINE = 0
    """Nothing is to be done."""

    WAITING = 1
    """Nothing is wrong as far as can be seen; somebody has to begin."""

    DOUBTFUL = 2
    """Something does not work, and why is not proven."""

    BROKEN = 3
    """It cannot work as it is."""

    @property
    def is_alarm(self) -> bool:
        """Whether somebody should look."""
        return self >= Grade.DOUBTFUL


@dataclass(frozen=True, slots=True)
class Likely:
    """A cause.

    Attributes:
        code: A word or a few, the same in every release.
        text: What it is and what to do, in one sentence or two.
        tell: What would tell it from the others; empty where the text says it all.
    """

    code: str
    text: str
    tell: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judgement of one peer.

    Attributes:
        rule: Which rule decided; a word, the same in every release.
        grade: How bad it is.
        sentence: What is seen.
        causes: What may be behind it, the likeliest first.
        certain: Whether the first cause is proven.
        fix: The one thing that is offered; None where there is none.
        notes: What else there is to know, in whole sentences.
        source: Where the behaviour stands that the rule builds on.
    """

    rule: str
    grade: Grade
    sentence: str
    causes: tuple[Likely, ...] = ()
    certain: bool = False
    fix: Fix | None = None
    notes: tuple[str, ...] = ()
    source: str = ""

    @property
    def first(self) -> str:
        """The code of the likeliest cause; empty for none."""
        return self.causes[0].code if self.causes else ""
