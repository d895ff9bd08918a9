"""What a report page may be asked: which days, which task force, split by what."""

from datetime import timedelta

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from crm import models
from crm.indicators import Scope, default_year, year_until
from crm.periods import Period, today
from crm.reports import Asked, Report

from .base import ChoiceOfRow, YearFilter


def parts() -> list[tuple[str, str]]:
    """Quarters and months, in the reader's language."""
    quarters = [(f"q{n}", _("quarter %(n)s") % {"n": n}) for n in range(1, 5)]
    return quarters + [(f"m{n}", _("month %(n)s") % {"n": n}) for n in range(1, 13)]


class ReportFilter(django_filters.FilterSet):
    """A year, a quarter or month of it, or any days; ``asked`` is the answer in one piece."""

    year = YearFilter(label=_("year"))
    part = django_filters.ChoiceFilter(
        label=_("part of the year"), choices=parts, empty_label=_("whole year")
    )
    since = django_filters.DateFilter(label=_("from the day"))
    until = django_filters.DateFilter(label=_("to the day"))
    team = ChoiceOfRow(models.TaskForce, _("task force"), empty_label=_("all task forces"))
    by = django_filters.ChoiceFilter(label=_("split"), choices=(), widget=forms.HiddenInput)

    def __init__(self, data, *, user, report: Report | None = None):
        self.user, self.report = user, report
        super().__init__(data, models.TaskForce.objects.none())
        self.filters["team"].narrow_to(user)
        self.filters["year"].extra["widget"] = forms.NumberInput(
            attrs={"placeholder": default_year(), "min": 1990, "max": 2100}
        )
        ways = report.by if report else {}
        self.filters["by"].extra["choices"] = list(ways.items())

    @property
    def given(self) -> dict:
        """What could be read; what could not is left out, and the form says so."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def period(self) -> Period:
        first, last = self.given.get("since"), self.given.get("until")
        if first and last and first <= last:
            return Period(first, last + timedelta(days=1))
        year, part = self.given.get("year") or default_year(), self.given.get("part") or ""
        if part.startswith("q"):
            return Period.quarter(year, int(part[1:]))
        if part.startswith("m"):
            return Period.month(year, int(part[1:]))
        return year_until(year, today())

    @property
    def asked(self) -> Asked:
        ways = list(self.report.by) if self.report else []
        by = self.given.get("by") or (ways[0] if ways else "")
        return Asked(Scope(self.user).of(self.given.get("team")), self.period, by)

    @property
    def is_readable(self) -> bool:
        """Nothing was left out, and the days are in order."""
        first, last = self.given.get("since"), self.given.get("until")
        in_order = bool(first) == bool(last) and not (first and last and first > last)
        return self.form.is_valid() and in_order
