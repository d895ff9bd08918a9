"""Filters of the audit trail."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import models
from crm.models.audit import Action

from .base import AnyOfFilter, ChoiceOfRow, ScopedFilterSet


class AuditFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), method="of_words")
    action = AnyOfFilter(label=_("what"), choices=Action.choices)
    by = ChoiceOfRow(models.User, _("who"))
    first_day = django_filters.DateFilter(
        label=_("from the day"), field_name="at", lookup_expr="date__gte"
    )
    last_day = django_filters.DateFilter(
        label=_("to the day"), field_name="at", lookup_expr="date__lte"
    )
    archived = None

    class Meta:
        model = models.AuditEntry
        fields = []

    def of_words(self, queryset, name, value):
        text = value.strip()
        return queryset.filter(
            Q(name__icontains=text) | Q(detail__icontains=text) | Q(address__startswith=text)
        )
