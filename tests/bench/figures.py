"""What a subject measured, and the table of it."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

HEADINGS = ("subject", "ours", "floor", "ratio", "goal", "met", "queries")


@dataclass(frozen=True)
class Figure:
    """Two measures of one run and the ratio that is wanted of them.

    ``at_most``: ours ÷ floor may be that much at most (times, bytes); ``at_least``: it must be that
    much at least (rows a second against a slower way). ``seconds_at_most``: ours by itself may take
    so long, because people wait for it; the floor says what is left to gain. One of them is given.
    """

    subject: str
    ours: float
    floor: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    seconds_at_most: float | None = None
    queries: int | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.floor

    @property
    def is_met(self) -> bool:
        if self.seconds_at_most is not None:
            return self.ours <= self.seconds_at_most
        if self.at_most is not None:
            return self.ratio <= self.at_most
        return self.ratio >= self.at_least

    def told(self) -> dict:
        return asdict(self)

    def cells(self, database: str) -> tuple[str, ...]:
        goal = (
            f"≤ {self.at_most:g} ×" if self.at_most is not None else f"≥ {self.at_least or 0:g} ×"
        )
        if self.seconds_at_most is not None:
            goal = f"≤ {self.seconds_at_most:g} s"
        return (
            f"{database}: {self.subject}", f"{self.ours:,.4g} {self.unit}",
            f"{self.floor:,.4g} {self.unit}", f"{self.ratio:.2f} ×", goal,
            "yes" if self.is_met else "NO", "" if self.queries is None else str(self.queries),
        )  # fmt: skip


def alternate(rounds: int, ways: dict[str, Callable[[], float]]) -> dict[str, float]:
    """The median of what each way returns; the ways take turns, so that none has the quiet time."""
    results = {name: [] for name in ways}
    for _round in range(rounds):
        for name, way in ways.items():
            results[name].append(way())
    return {name: statistics.median(found) for name, found in results.items()}


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def table(rows: list[tuple[str, ...]]) -> str:
    """Columns as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (HEADINGS, *rows)
    )


def as_markdown(rows: list[tuple[str, ...]]) -> str:
    """The table as README keeps it."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
