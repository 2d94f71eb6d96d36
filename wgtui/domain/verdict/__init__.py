"""What is the matter with a peer: one word for every row, and a full judgement for one peer.

The word (`verdict_of`) costs next to nothing. The judgement (`wgtui.domain.verdict.judge`) takes more
evidence, and is imported by those who need it.
"""

from wgtui.domain.verdict.word import Verdict, verdict_of

__all__ = ["Verdict", "verdict_of"]
