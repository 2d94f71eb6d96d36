"""Tables of medians and of ratios against what was measured beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


class Table:
    """Measurements of one benchmark: a row for each program, a column for each figure."""

    def __init__(self, title: str, columns: Sequence[str]) -> None:
        self._title = title
        self._columns = list(columns)
        self._values: dict[str, dict[str, list[float]]] = {}
        self._ratios: list[tuple[str, str, str, str]] = []

    def add(self, program: str, figures: Mapping[str, float]) -> None:
        """Take the figures of one run."""
        row = self._values.setdefault(program, {})
        for column, value in figures.items():
            row.setdefault(column, []).append(value)

    def compare(self, ours: str, column: str, theirs: str, budget: str) -> None:
        """Print the ratio of two programs' medians below the table, with the budget for it."""
        self._ratios.append((ours, column, theirs, budget))

    def limit(self, ours: str, column: str, budget: str) -> None:
        """Print a figure below the table, with the budget for it."""
        self._ratios.append((ours, column, "", budget))

    def value(self, program: str, column: str) -> float | None:
        """The median of what was measured."""
        values = self._values.get(program, {}).get(column)
        return median(values) if values else None

    def print(self) -> None:
        """Print the table and the ratios."""
        width = max(map(len, self._values), default=0)
        widths = [max(len(column), 9) for column in self._columns]
        runs = max((len(values) for row in self._values.values() for values in row.values()), default=0)
        print(f"\n## {self._title} (medians of {runs})")
        heads = "  ".join(f"{column:>{w}}" for column, w in zip(self._columns, widths, strict=True))
        print(f"{'':<{width}}  {heads}")
        for program in self._values:
            cells = (_number(self.value(program, column)) for column in self._columns)
            print(
                f"{program:<{width}}  "
                + "  ".join(f"{cell:>{w}}" for cell, w in zip(cells, widths, strict=True))
            )
        for ours, column, theirs, budget in self._ratios:
            self._print_ratio(ours, column, theirs, budget)
        print(flush=True)

    def _print_ratio(self, ours: str, column: str, theirs: str, budget: str) -> None:
        have = self.value(ours, column)
        if have is None:
            return
        if not theirs:
            print(f"  {column}, {ours}: {_number(have)} (budget {budget})")
            return
        against = self.value(theirs, column)
        if against:
            print(f"  {column}, {ours} / {theirs}: {have / against:.2f} (budget {budget})")


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
