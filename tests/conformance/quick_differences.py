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
        "the file after down with SaveConfig",
        "wg-quick writes a new file and loses comments, names and order; down changes what differs",
    ),
    Difference(
        "hooks when up fails",
        "wg-quick runs none; PreDown and PostDown are run for what PostUp and PreUp did",
    ),
    Difference(
        "what PreUp sets, other than a key",
        "routes and marks are planned from the file, before any command is run",
    ),
    Difference(
        "DNS without resolvconf",
        "wg-quick fails at the very end and takes the tunnel back; up says that no servers are set",
    ),
    Difference(
        "names that are not found",
        "wg tries for over a minute with the interface half made; up refuses after some seconds, before it",
    ),
    Difference(
        "suppress rules of other tunnels",
        "wg-quick down takes all of them, and other tunnels lose their local networks; down takes its own",
    ),
    Difference(
        "the smallest path counts for the automatic MTU",
        "Debian's wg-quick of 2021 takes the largest path; ours is that of 2026",
        frozenset({"mtu-by-two-paths"}),
    ),
)

IN_CASES = frozenset(case for difference in DIFFERENCES for case in difference.cases)
"""The cases in which a difference shows."""
