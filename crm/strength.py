"""How strong a segment of a chain is and what it therefore needs: the rule in words and values."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.money import format_yuan

WEAK_FROM, STRONG_FROM, STRONG_YUAN = 1, 3, Decimal(1_000_000_000)


class State(models.TextChoices):
    """How strong a segment is here."""

    MISSING = "missing", gettext_lazy("missing")
    WEAK = "weak", gettext_lazy("weak")
    STRONG = "strong", gettext_lazy("strong")


class Work(models.TextChoices):
    """What a segment asks of recruitment (补链、强链、延链)."""

    FILL = "fill", gettext_lazy("fill the chain")
    EXTEND = "extend", gettext_lazy("extend the chain")
    STRENGTHEN = "strengthen", gettext_lazy("strengthen the chain")
    KEEP = "keep", gettext_lazy("keep strong")


@dataclass(frozen=True)
class Standing:
    """What stands in a segment: projects signed or later, firms at home here, money signed.

    ``yuan`` is the sum of the deals whose amount is known.
    """

    projects: int = 0
    firms: int = 0
    yuan: Decimal = Decimal(0)


@dataclass(frozen=True)
class Thresholds:
    """From how many a segment is there at all, and from how many or how much money it is strong.

    ``strong_yuan`` None: money alone makes no segment strong.
    """

    weak_from: int = WEAK_FROM
    strong_from: int = STRONG_FROM
    strong_yuan: Decimal | None = STRONG_YUAN
    counts_home_firms: bool = True

    def state(self, standing: Standing) -> State:
        count = standing.projects + (standing.firms if self.counts_home_firms else 0)
        if count < self.weak_from:
            return State.MISSING
        is_rich = self.strong_yuan is not None and standing.yuan >= self.strong_yuan
        return State.STRONG if count >= self.strong_from or is_rich else State.WEAK

    def in_words(self) -> list[str]:
        """The rule as the page says it."""
        what = (
            _("projects signed or later and firms at home in the city")
            if self.counts_home_firms
            else _("projects signed or later")
        )
        strong = _("from %(count)s") % {"count": self.strong_from}
        if self.strong_yuan is not None:
            strong = _("from %(count)s, or when at least %(amount)s is signed") % {
                "count": self.strong_from, "amount": format_yuan(self.strong_yuan),
            }  # fmt: skip
        return [
            _("Counted are %(what)s.") % {"what": what},
            _("Missing: fewer than %(count)s.") % {"count": self.weak_from},
            _("Strong: %(strong)s.") % {"strong": strong},
            _("Weak: everything between."),
            _("Fill: a missing segment. Extend: a missing segment right after a strong one. "
              "Strengthen: a weak segment."),
        ]  # fmt: skip


def work_for(state: str, before: str | None) -> Work:
    """What a segment needs; ``before`` is the state of the one it comes after, None without one."""
    if state == State.MISSING:
        return Work.EXTEND if before == State.STRONG else Work.FILL
    return Work.STRENGTHEN if state == State.WEAK else Work.KEEP
