"""Which reader is told a frozen month, of the city or of a task force, and what it says."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.access import CITY_READERS, TEAM_ROLES
from crm.indicators import Figure, Scope, figure_of
from crm.models import FrozenMonth, FrozenRow, Project
from crm.periods import Period

from .corrections import Correction, pending, since_any, since_frozen
from .kept import MONTH, YEAR, keeps_team, kept_figures, kept_projects
from .lines import LISTED
from .telling import corrections_in, told


@dataclass(frozen=True)
class Kept:
    """A frozen month as one scope may read it; ``team_id`` None is the whole city."""

    month: FrozenMonth
    team_id: int | None = None

    def figures(self, span: str = MONTH) -> dict[str, Figure]:
        return self._spans[span]

    @cached_property
    def _spans(self) -> dict:
        return {span: kept_figures(self.month, span, self.team_id) for span in (MONTH, YEAR)}

    def __str__(self):
        return str(self.month)

    def rows(self, key: str) -> list[FrozenRow]:
        """The rows behind a figure on the day of freezing, by day."""
        rows = self.month.rows.filter(key=key, kind=FrozenRow.Kind.OWN)
        if self.team_id is not None:
            rows = rows.filter(project__in=kept_projects(self.month, self.team_id))
        return list(rows.order_by("on", "id"))


def kept_for(scope: Scope, period: Period) -> Kept | None:
    """What a frozen month kept for this scope; None where it is not frozen or kept nothing of it.

    The city's figures are for who reads the city; a task force's also for its own people.
    """
    reader, team = scope.reader, scope.team
    reads_city = reader.role in CITY_READERS
    if not reads_city and not (
        team is not None and reader.role in TEAM_ROLES and team.pk in reader.team_ids
    ):
        return None
    month = FrozenMonth.objects.select_related("by").of(period)
    if month is None or team is None:
        return month and Kept(month)
    return Kept(month, team.pk) if keeps_team(month, team.pk) else None


def figure_for(key: str, scope: Scope, period: Period) -> Figure:
    """An indicator: of a frozen month as it was frozen, else of the records as they are."""
    kept = kept_for(scope, period)
    found = kept.figures().get(key) if kept else None
    return found or figure_of(key, scope, period)


# -- what a report of today's records says of frozen months ----------------------------------------


def caution(scope: Scope, period: Period) -> str:
    """That the days are frozen and these are today's records; "" where nothing of them is.

    Of other days than a month it is said only when a frozen month among them was corrected.
    """
    frozen = FrozenMonth.objects.select_related("by").of(period)
    if frozen is None:
        return _caution_of_many(scope, period)
    said = _("%(month)s was frozen on %(day)s by %(who)s; this is of today's records.") % {
        "month": frozen, "day": f"{frozen.frozen_at:%Y-%m-%d}", "who": frozen.by,
    }  # fmt: skip
    if (kept := kept_for(scope, period)) is not None:
        figures = kept.figures()
        told_then = "、".join(f"{figures[key].label} {figures[key].text}" for key in LISTED)
        said += _(" Frozen were: %(figures)s.") % {"figures": told_then}
    return said + _differing(len(_of_scope(scope, since_frozen(frozen))))


def _caution_of_many(scope: Scope, period: Period) -> str:
    first = period.start.replace(day=1)
    months = FrozenMonth.objects.filter(month__gte=first, month__lt=period.end)
    found = {month.month: str(month) for month in months.order_by("month")}
    changed = [c for c in _of_scope(scope, since_any(set(found))) if c.line.on in period]
    if not changed:
        return ""
    names = "、".join(found[month] for month in sorted({c.of_month for c in changed}))
    said = _("Frozen months lie in these days (corrected: %(months)s); this is of today's records.")
    return said % {"months": names} + _differing(len(changed))


def _differing(count: int) -> str:
    if not count:
        return _(" No row differs from what was frozen.")
    text = ngettext(
        " %(count)s row differs from what was frozen.",
        " %(count)s rows differ from what was frozen.",
        count,
    )
    return text % {"count": count}


def _of_scope(scope: Scope, corrections: list[Correction]) -> list[Correction]:
    """Those of the projects that the reader may list, of the task force where there is one."""
    if not corrections or (scope.team is None and scope.reader.role in CITY_READERS):
        return corrections
    wanted = {each.line.project_id for each in corrections}
    rows = Project.objects.visible_to(scope.reader).filter(pk__in=wanted)
    if scope.team is not None:
        rows = rows.filter(Project.objects.all().of_teams_q([scope.team.pk]))
    own = set(rows.values_list("pk", flat=True))
    return [each for each in corrections if each.line.project_id in own]


# -- corrections that a month reports --------------------------------------------------------------


def corrections_with(scope: Scope, period: Period) -> list[Correction]:
    """补报 and 核减 of earlier months: reported with this frozen month, or waiting for it."""
    frozen = FrozenMonth.objects.of(period)
    if frozen is not None:
        return _of_scope(scope, corrections_in(frozen))
    last = FrozenMonth.objects.last()
    is_next = last is not None and period.previous() == last.period
    return _of_scope(scope, pending()) if is_next else []


MOST_TOLD = 6


def corrections_notes(scope: Scope, period: Period, keys: tuple[str, ...]) -> list[str]:
    """A remark for a table of the month: what it corrects of earlier ones, beside its own rows."""
    found = [each for each in corrections_with(scope, period) if each.key in keys]
    if not found:
        return []
    said = [
        f"{each.kind_label} {each.of_month} {each.project} {each.what} {each.change}"
        for each in told(found[:MOST_TOLD], scope.reader)
    ]
    if len(found) > MOST_TOLD:
        said.append(_("%(count)s in all") % {"count": len(found)})
    text = _("Corrections of earlier months, beside the rows above: %(said)s.")
    return [text % {"said": "；".join(said)}]
