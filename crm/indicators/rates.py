"""How far the projects signed in a period have come, and how the year stands.

Every rate carries numerator and denominator. Source of the definitions: the bureau's reference of
indicators (履约率, 落地率, 开工率, 投产率, 目标完成率, 时序进度, 超(欠)时序, 同比).
"""

from fractions import Fraction

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Deal, Target
from crm.periods import Period, share_of_year_gone
from crm.stages import Stage, reached

from .arrivals import confirmed
from .credit import BY_TEAM
from .figures import REGISTRY, Figure, Kind, indicator, ratio
from .scope import Scope
from .signing import cohort


def _share(scope: Scope, period: Period, condition: Q, **annotations) -> dict:
    """Share of the projects signed in T that meet a condition at the cut; one query."""
    signed = cohort(scope, period).at(period.cut).annotate(**annotations)
    found = signed.aggregate(met=Count("pk", filter=condition), all=Count("pk"))
    return ratio(found["met"], found["all"])


@indicator(
    _("fulfilment rate"),
    "%",
    _("Of the projects signed in the period: landed or later, filed, with site or money arrived."),
    Kind.RATE,
)
def fulfilment_rate(scope: Scope, period: Period):
    """履约率: landed or later, or a filing, a site or confirmed money after signing ÷ signed."""
    cut = period.cut
    deals = Deal.objects.counting().filter(project=OuterRef("project")).order_by()
    first = deals.values("project").annotate(month=TruncMonth(Min("signed_on")))
    signed = Subquery(first.values("month"))
    paid = confirmed(scope).filter(project=OuterRef("pk"), month__lte=cut, month__gte=signed)
    kept = (
        Q(stage_then__in=reached(Stage.LANDED))
        | Q(filed_on__lte=cut)
        | Q(site_secured_on__lte=cut)
        | Q(is_paid=True)
    )
    return _share(scope, period, kept, is_paid=Exists(paid))


@indicator(
    _("landing rate"),
    "%",
    _("Of the projects signed in the period: those landed, building or producing at its end."),
    Kind.RATE,
)
def landing_rate(scope: Scope, period: Period):
    """落地率: cohort at landed or later at the cut ÷ cohort."""
    return _share(scope, period, Q(stage_then__in=reached(Stage.LANDED)))


@indicator(
    _("start rate"),
    "%",
    _("Of the projects signed in the period: those building or producing at its end."),
    Kind.RATE,
)
def start_rate(scope: Scope, period: Period):
    """开工率: (building + producing) ÷ signed, of the cohort, at the cut."""
    return _share(scope, period, Q(stage_then__in=reached(Stage.BUILDING)))


@indicator(
    _("production rate"),
    "%",
    _("Of the projects signed in the period: those producing at its end."),
    Kind.RATE,
)
def production_rate(scope: Scope, period: Period):
    """投产率: producing ÷ signed, of the cohort, at the cut."""
    return _share(scope, period, Q(stage_then=Stage.PRODUCING))


def target_rate(scope: Scope, period: Period, key: str, team=None) -> Figure:
    """目标完成率: done ÷ the year's target, not capped; of a team where one is given.

    A team's done is its own row by credit share. No target: no rate. Source: Target.
    """
    rows = scope.rows(Target).set_for(period.start.year)
    targets = rows.filter(indicator=key, task_force=team, park=None)
    target = targets.values_list("value", flat=True).first()
    if team is None:
        done = REGISTRY[key](scope, period).value
    else:
        rows = BY_TEAM[key](scope, period)
        done = next((row.value for row in rows if row.team_id == team.pk), 0)
    return Figure(
        key="target_rate", label=_("share of the target reached"), unit="%", kind=Kind.RATE,
        definition=_("Done ÷ target of the year, not capped at 100 %."),
        as_of=period.cut, **ratio(done, target),
    )  # fmt: skip


@indicator(_("share of the year gone"), "%", _("Days of the year gone ÷ days."), Kind.RATE)
def pace(scope: Scope, period: Period):
    """时序进度: share of the calendar year gone at the end of the cut."""
    gone = share_of_year_gone(period.cut)
    return {"value": gone, "numerator": gone.numerator, "denominator": gone.denominator}


def pace_gap(scope: Scope, period: Period, key: str, team=None) -> Figure:
    """超(欠)时序: share of the target reached − share of the year gone, in percentage points."""
    reached_share = target_rate(scope, period, key, team)
    gone = share_of_year_gone(period.cut)
    gap = None if reached_share.value is None else reached_share.value - gone
    return Figure(
        key="pace_gap", label=_("ahead of or behind the year"),
        unit=pgettext_lazy("unit", "points"), kind=Kind.POINTS,
        definition=_("Share of the target reached − share of the year gone."),
        as_of=period.cut, value=gap,
        numerator=reached_share.numerator, denominator=reached_share.denominator,
    )  # fmt: skip


def year_on_year(scope: Scope, period: Period, key: str) -> Figure:
    """同比: (now − then) ÷ then against the same days a year before; rates in points.

    Nothing then: no change can be said.
    """
    now = REGISTRY[key](scope, period)
    then = REGISTRY[key](scope, period.previous_year())
    is_rate = now.kind is Kind.RATE
    change = _points(now, then) if is_rate else _growth(now, then)
    return Figure(
        key="year_on_year", label=_("against the year before"),
        unit=pgettext_lazy("unit", "points") if is_rate else "%", kind=Kind.POINTS,
        definition=_("(Now − same days of the year before) ÷ then; rates in percentage points."),
        as_of=period.cut, value=change, numerator=now.value, denominator=then.value,
    )  # fmt: skip


def month_on_month(scope: Scope, period: Period, key: str) -> Figure:
    """环比: (now − before) ÷ before, against the month, quarter or days just before."""
    now = REGISTRY[key](scope, period)
    before = REGISTRY[key](scope, period.previous())
    is_rate = now.kind is Kind.RATE
    return Figure(
        key="month_on_month", label=_("against the period before"),
        unit=pgettext_lazy("unit", "points") if is_rate else "%", kind=Kind.POINTS,
        definition=_("(Now − the period before) ÷ the period before; rates in points."),
        as_of=period.cut, value=_points(now, before) if is_rate else _growth(now, before),
        numerator=now.value, denominator=before.value,
    )  # fmt: skip


def _growth(now: Figure, then: Figure) -> Fraction | None:
    if not then.value or now.value is None:
        return None
    return Fraction(now.value) / Fraction(then.value) - 1


def _points(now: Figure, then: Figure) -> Fraction | None:
    return None if None in (now.value, then.value) else now.value - then.value
