"""What the rules of the whole say of a part of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forms import Problem
from wgtui.domain.setup import Draft, complete
from wgtui.domain.setup.examine import examine


def problems_of(draft: Draft, prefix: str) -> Iterator[Problem]:
    """The remarks whose key begins so, under the rest of the key; none while answers are missing.

    Args:
        draft: Filled with what is proposed.
        prefix: Of keys in a file of answers, such as `forwarding.`.
    """
    try:
        problems = examine(complete(draft))
    except WgtuiError:
        return
    for problem in problems:
        if problem.field.startswith(prefix):
            yield replace(problem, field=problem.field.removeprefix(prefix))
