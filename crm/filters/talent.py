"""The filter of joint programmes."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Institution, Programme
from crm.models.talent import TrainingField

from .base import AnyOfFilter, ChoiceOfRow, OneRow, ScopedFilterSet


class ProgrammeFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    field = AnyOfFilter(label=_("field of training"), choices=TrainingField.choices)
    institution = ChoiceOfRow(Institution, _("partner institution"))
    company = OneRow(Programme._meta.get_field("company").related_model)

    class Meta:
        model = Programme
        fields = []

    def of_text(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value) | Q(institution__name__icontains=value))
