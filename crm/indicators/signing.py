"""Deals signed: how many projects, how much money, how big, and whose credit.

Only deals that count: in force, formal (contract or supplement); the variants with framework
agreements add those that no contract replaced. Source of the definitions: the bureau's reference
of indicators (签约项目数, 签约金额, 亿元以上).
"""

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Deal, Project
from crm.money import UNITS
from crm.periods import Period

from .figures import Kind, indicator, money
from .scope import Scope

BIG_YUAN = UNITS["亿元"]


def counting_deals(scope: Scope, *, with_framework: bool = False):
    return scope.rows(Deal).counting(with_framework=with_framework)


def cohort(scope: Scope, period: Period, *, with_framework: bool = False):
    """Projects whose first counting deal was signed in the period: the year's signings."""
    deals = counting_deals(scope, with_framework=with_framework)
    return scope.rows(Project).filter(pk__in=first_signed_in(deals, period))


def first_signed_in(deals, period: Period):
    """Ids of the projects whose first deal (of these) was signed in the period."""
    firsts = deals.order_by().values("project").annotate(first=Min("signed_on"))
    return firsts.filter(first__gte=period.start, first__lt=period.end).values("project")


def _signed(scope, period, *, with_framework=False) -> dict:
    deals = counting_deals(scope, with_framework=with_framework)
    undated = deals.aggregate(unknown=Count("pk", filter=Q(signed_on=None)))
    value = cohort(scope, period, with_framework=with_framework).count()
    return {"value": value} | undated


@indicator(
    _("projects signed"),
    pgettext_lazy("unit", "projects"),
    _("Distinct projects whose first formal contract in force was signed in the period."),
)
def deals_signed(scope: Scope, period: Period):
    """签约项目数 (formal): a second contract adds money, not a project; unknown: undated deals."""
    return _signed(scope, period)


@indicator(
    _("projects signed, with framework agreements"),
    pgettext_lazy("unit", "projects"),
    _("Distinct projects whose first contract, framework or letter of intent lies in the period."),
)
def deals_signed_with_framework(scope: Scope, period: Period):
    """签约项目数 (含框架): a framework that a contract replaced no longer counts."""
    return _signed(scope, period, with_framework=True)


@indicator(
    _("amount signed"),
    pgettext_lazy("unit", "yuan"),
    _("Sum of the formal contracts in force signed in the period; a supplement is its increase."),
    Kind.YUAN,
)
def signed_yuan(scope: Scope, period: Period):
    """签约金额 (formal): sum of counting deals of T; unknown amounts are counted beside it."""
    deals = counting_deals(scope).signed_in(period)
    return money(deals, "amount_yuan", "amount_precision")


@indicator(
    _("amount signed, with framework agreements"),
    pgettext_lazy("unit", "yuan"),
    _("Sum of contracts, frameworks and letters of intent in force signed in the period."),
    Kind.YUAN,
)
def signed_yuan_with_framework(scope: Scope, period: Period):
    """签约金额 (含框架)."""
    deals = counting_deals(scope, with_framework=True).signed_in(period)
    return money(deals, "amount_yuan", "amount_precision")


@indicator(
    _("deals of 100m yuan and more"),
    pgettext_lazy("unit", "deals"),
    _("Formal deals in force signed in the period of at least 100 million yuan each."),
)
def big_deals(scope: Scope, period: Period):
    """亿元以上: counting deals of at least 1亿元, the bound included; parts: their sum."""
    deals = counting_deals(scope).signed_in(period)
    found = money(deals.of_at_least(BIG_YUAN), "amount_yuan")
    count = deals.of_at_least(BIG_YUAN).count()
    unknown = deals.filter(amount_yuan=None).count()
    return {"value": count, "unknown": unknown, "parts": {"yuan": found["value"]}}
