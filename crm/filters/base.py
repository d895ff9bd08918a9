"""What all filters of lists share: scoped choices, the fields, and the rule for closed rows."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.forms import LongSelect
from crm.indicators.behind import Behind
from crm.models import Project, Region
from crm.money import AmountPrecision, parse_amount
from crm.periods import Period, parse_period, parse_year, today


class YearField(forms.CharField):
    """``2024`` → 2024."""

    def clean(self, value) -> int | None:
        text = super().clean(value)
        return parse_year(text).start.year if text else None


class PeriodField(forms.CharField):
    """``2024``, ``2024-Q3``, ``2024-05`` or two days → Period."""

    def clean(self, value) -> Period | None:
        text = super().clean(value)
        return parse_period(text) if text else None


class AmountField(forms.CharField):
    """``1.5亿元`` → yuan; a bare number is in 万元."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        amount = parse_amount(text, unit="万元")
        if amount.precision == AmountPrecision.UNDETERMINED:
            raise ValidationError(_("Give an amount, e.g. 5000万元 or 1.5亿元."))
        return amount.yuan


class FlagField(forms.BooleanField):
    """True when ticked, else None."""

    def clean(self, value) -> bool | None:
        return super().clean(value) or None


class YearFilter(django_filters.Filter):
    field_class = YearField


class PeriodFilter(django_filters.Filter):
    """Labelled by the year, which people enter; links of the workbench give other periods."""

    field_class = PeriodField


class AmountFilter(django_filters.Filter):
    field_class = AmountField

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("help_text", _("e.g. 5000万元 or 1.5亿元; a bare number is in 万元"))
        super().__init__(*args, **kwargs)


class FlagFilter(django_filters.Filter):
    """A tick box: unticked it filters nothing."""

    field_class = FlagField


class AnyOfFilter(django_filters.MultipleChoiceFilter):
    """Any of the chosen values; no DISTINCT, as only columns of the row itself are compared."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, distinct=False, **kwargs)


class ChoiceOfRow(django_filters.ModelChoiceFilter):
    """A choice among the rows of a model that the reader may list.

    ``related``: what the words of a choice are taken from besides its own row.
    """

    def __init__(self, model, label, *, related=(), **kwargs):
        self.related = related
        kwargs.setdefault("widget", LongSelect)
        super().__init__(label=label, queryset=model.objects.none(), **kwargs)

    def narrow_to(self, user):
        rows = self.queryset.model.objects.visible_to(user)
        self.queryset = rows.select_related(*self.related) if self.related else rows


class OneRow(ChoiceOfRow):
    """The rows of one record; set by links from its page, not chosen from a list."""

    def __init__(self, model, **kwargs):
        super().__init__(model, model._meta.verbose_name, widget=forms.HiddenInput, **kwargs)

    def narrow_to(self, user):
        self.queryset = self.queryset.model.objects.open_to(user)


def of_period(path: str):
    """A method for a period filter over a date column."""

    def within(self, queryset, name, period):
        bounds = {f"{path}__gte": period.start, f"{path}__lt": period.end}
        return queryset.filter(**bounds)

    return within


class BehindField(forms.CharField):
    """The rows behind a number of a report, as its link names them."""

    def __init__(self, *args, model=None, **kwargs):
        self.model = model
        super().__init__(*args, **kwargs)

    def clean(self, value) -> Behind | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            behind = Behind.read(text)
        except (ValueError, OverflowError):
            behind = None
        if behind is None or behind.model is not self.model:
            raise ValidationError(_("This link of a report cannot be read."), code="behind")
        return behind


class BehindFilter(django_filters.Filter):
    field_class = BehindField


class ScopedFilterSet(django_filters.FilterSet):
    """A filter set for one reader; ``queryset`` has to come from ``visible_to(user)``.

    With an invalid value the form carries the message and the list stays unfiltered.
    """

    safe = frozenset({"archived"})
    archived = FlagFilter(label=_("archived too"), method="nothing_more")
    # Safe in every list: it tells of closed rows no more than the report itself did.
    behind = BehindFilter(
        label=_("number of a report"), method="behind_a_number", widget=forms.HiddenInput
    )

    def __init__(self, data=None, queryset=None, *, user, on=None):
        self.user, self.on = user, on or today()
        if queryset is None:
            queryset = self._meta.model.objects.visible_to(user)
        super().__init__({} if data is None else data, queryset)
        self.filters["behind"].extra["model"] = self._meta.model
        for item in self.filters.values():
            if isinstance(item, ChoiceOfRow):
                item.narrow_to(user)

    @property
    def in_use(self) -> dict:
        """The filters that are set, by name."""
        if not self.form.is_valid():
            return {}
        given = self.form.cleaned_data.items()
        return {name: value for name, value in given if value is not None and value not in ("", [])}

    def filter_queryset(self, queryset):
        in_use = self.in_use
        if "archived" not in in_use:
            queryset = queryset.live()
        if in_use.keys() - self.safe - {"behind"}:
            queryset = queryset.filter(is_open=True)
        for name, value in in_use.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def behind_a_number(self, queryset, name, behind):
        return queryset.filter(pk__in=behind.rows(self.user).values("pk"))

    def nothing_more(self, queryset, name, value):
        """For filters that others read."""
        return queryset

    def of_text(self, queryset, name, value):
        return queryset.found_by(value)

    def only_mine(self, queryset, name, value):
        return queryset.filter(owner=self.user.pk)

    def only_waiting(self, queryset, name, value):
        return queryset.waiting()

    def only_overdue(self, queryset, name, value):
        return queryset.overdue(self.on)

    def of_project_of_team(self, queryset, name, team):
        """Rows of projects that the task force leads or shares in."""
        return queryset.filter(Project.objects.all().of_teams_q([team.pk], "project__"))

    def in_region(self, queryset, name, value):
        """Rows of firms at home in the region or in one that belongs to it."""
        inside = Q(pk=value.pk) | Q(parent=value.pk) | Q(parent__parent=value.pk)
        return queryset.filter(**{f"{name}__in": Region.objects.filter(inside)})
