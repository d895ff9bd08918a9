"""撞单: when two projects may be one, in four levels; and how long a first report is protected.

Source: the four levels of the trade notes, section 5. Contacts' names and phones never decide, and
two firms of one group are a hint at most.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from enum import IntEnum

from crm.names import match_key

ALIKE = Decimal("0.85")
LIKE = Decimal("0.60")
SUMS_ALIKE = Decimal("0.80")  # the smaller amount is at least this part of the larger
_EVERY_PROJECT = re.compile("(项目|工程|建设|计划|基地|\\([^()]*\\)|[一二三四五]期)")


class Level(IntEnum):
    """L1 and L2 hold the project until the bureau decides; L3 warns; L4 is a hint."""

    SAME = 1
    ALIKE = 2
    LIKELY = 3
    HINT = 4

    @property
    def blocks(self) -> bool:
        return self <= Level.ALIKE


@dataclass(frozen=True)
class Claimed:
    """What of a project is compared. ``firm`` and ``group`` are keys, or None where unknown."""

    name: str
    firm: int | None = None
    group: int | None = None
    code: str = ""
    site: str = ""
    yuan: Decimal | None = None


def level_of(one: Claimed, other: Claimed) -> Level | None:
    """How strongly two projects look like one; None when nothing speaks for it. Symmetric."""
    if one.code and match_key(one.code) == match_key(other.code):
        return Level.SAME
    likeness = similarity(one.name, other.name)
    if one.firm is None or one.firm != other.firm:
        related = _of_one_group(one, other)
        return Level.HINT if likeness >= ALIKE or (related and likeness >= LIKE) else None
    if match_key(one.name) == match_key(other.name):
        return Level.SAME
    if likeness >= ALIKE:
        return Level.ALIKE
    if likeness >= LIKE or (_same_site(one, other) and _similar_sum(one, other)):
        return Level.LIKELY
    return Level.HINT


def similarity(one: str, other: str) -> Decimal:
    """0 to 1, of project names without what every project is called. Symmetric."""
    first, second = sorted((_telling(one), _telling(other)))
    if not first or not second:
        return Decimal(0)
    ratio = SequenceMatcher(None, first, second, autojunk=False).ratio()
    return Decimal(ratio).quantize(Decimal("0.001"))


def _telling(name: str) -> str:
    key = match_key(name)
    return _EVERY_PROJECT.sub("", key) or key


def _of_one_group(one: Claimed, other: Claimed) -> bool:
    groups = {one.firm, one.group} & {other.firm, other.group}
    return bool(groups - {None})


def _same_site(one: Claimed, other: Claimed) -> bool:
    return bool(one.site) and match_key(one.site) == match_key(other.site)


def _similar_sum(one: Claimed, other: Claimed) -> bool:
    if not one.yuan or not other.yuan:
        return False
    small, large = sorted((one.yuan, other.yuan))
    return small >= large * SUMS_ALIKE


# -- protection ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """Days the bureau sets."""

    protected_days: int = 90
    idle_days: int = 30
    notice_days: int = 7
    decision_days: int = 3


def protected_until(
    reported_on: date, contacts: Iterable[date], activity: Iterable[date], terms: Terms
) -> date:
    """The last day on which the first reporter is protected.

    A substantive contact (a meeting with content) renews the whole period; without anything done
    for ``idle_days`` it ends early. What lies before the report counts for nothing.
    """
    renewed = max([reported_on, *(day for day in contacts if day >= reported_on)])
    active = max([renewed, *(day for day in activity if day >= reported_on)])
    return min(
        renewed + timedelta(days=terms.protected_days), active + timedelta(days=terms.idle_days)
    )
