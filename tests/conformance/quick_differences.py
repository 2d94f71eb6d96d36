"""Where our `up` and `down` leave the host otherwise than Debian's `wg-quick`, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """One row.

    Attributes:
        what: In a few words.
        reason: Why ours is otherwise.
        cases: Of the corpus in which it shows; empty where the comparison leaves it out everywhere.
    """

    what: str
    reason: str
    cases: frozenset[str] = frozenset()


DIFFERENCES = (
    Difference(
        "link-local addresses in the guard",
        "the kernel gives userspace devices a random one while they come up, when the plan is already made; "
        "nothing answers on it through another link",
    ),
    Difference(
        "src_valid_mark after down",
        "wg-quick never sets it back; down restores what up found, unless another tunnel needs it",
    ),
    Difference(
        "the smallest path counts for the automatic MTU",
        "Debian's wg-quick of 2021 takes the largest path; ours is that of 2026",
        frozenset({"mtu-by-two-paths"}),
    ),
)

IN_CASES = frozenset(case for difference in DIFFERENCES for case in difference.cases)
"""The cases in which a difference shows."""
