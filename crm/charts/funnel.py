"""The funnel: how many stand at each stage, and how much money."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .drawing import canvas, element, joined, marked, number, shortened, text_width, words
from .values import count_text, longest, yuan_text

ROW, GAP = 34, 4


@dataclass(frozen=True)
class Step:
    """A stage; ``yuan`` None is undetermined, ``amount`` replaces its words (e.g. with 约)."""

    label: str
    count: int
    yuan: Decimal | None
    url: str = ""
    tone: str = ""
    amount: str = ""

    @property
    def money(self) -> str:
        return self.amount or yuan_text(self.yuan)


def funnel(steps: Sequence[Step], *, title: str, description: str = "", width: int = 600):
    """Centred bars as wide as the counts, with the count on them and the amount at the right."""
    top = longest(step.count for step in steps)
    left = max((text_width(step.label) for step in steps), default=0) + 12
    right = max((text_width(step.money) for step in steps), default=0) + 12
    room = width - left - right
    middle = left + room / 2
    body = [
        _step(
            step, place, middle, room * float(Decimal(step.count) / top) if top else 0, left, width
        )
        for place, step in enumerate(steps)
    ]
    height = len(steps) * (ROW + GAP)
    return canvas(width, height, body, kind="funnel", title=title, description=description)


def _step(step: Step, place, middle, length, left, width):
    y = place * (ROW + GAP)
    count = count_text(step.count)
    drawn = f"M{number(middle - length / 2)},{y} h{number(length)} v{ROW} h-{number(length)}z"
    fits = text_width(count) + 12 <= length
    base = y + ROW / 2 + 4.5
    parts = [
        words(left - 12, base, shortened(step.label, left), "chart-label", "end"),
        element("path", d=drawn, class_=f"chart-fill {step.tone}".strip()),
        words(middle if fits else middle + length / 2 + 6, base, count,
              "chart-inside" if fits else "chart-value", "middle" if fits else ""),
        words(width, base, step.money, "chart-value", "end"),
    ]  # fmt: skip
    return marked(joined(parts), f"{step.label}　{count} · {step.money}", step.url)
