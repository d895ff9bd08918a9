"""Universities and institutes: agreements, joint programmes, people in training."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.filters import ProgrammeFilter
from crm.models import Institution, Programme, TrainingAgreement, TrainingYear

from .base import ReferenceAdmin, ScopedAdmin, ScopedInline
from .columns import sample_mark


@admin.register(Institution)
class InstitutionAdmin(ReferenceAdmin):
    list_display = ("name", "kind")

    def panels(self, request, obj):
        query = f"institution={obj.pk}"
        return [
            self.panel(
                request, TrainingAgreement, obj.agreements.all(), title=_("Training agreements"),
                query=query, describe=lambda row: (row.name, str(row.signed_on or "")),
            ),
            self.panel(
                request, Programme, obj.programmes.all(), title=_("Joint programmes"),
                query=query, describe=lambda row: (row.name, row.get_field_display()),
            ),
        ]  # fmt: skip


@admin.register(TrainingAgreement)
class TrainingAgreementAdmin(ScopedAdmin):
    ledgers = ("agreements",)
    list_display = ("shown_name", "institution", "company", "signed_on", "valid_until")
    list_select_related = ("institution", "company")
    search_fields = ("name",)
    autocomplete_fields = ("institution", "company")
    fields = ("name", ("institution", "company"), ("signed_on", "valid_until"), "content",
              "source")  # fmt: skip

    @admin.display(description=_("agreement"), ordering="name")
    def shown_name(self, row):
        return sample_mark(row, row.name)


class TrainingYearInline(ScopedInline):
    model = TrainingYear
    fields = ("year", "in_training", "finished", "stayed")


@admin.register(Programme)
class ProgrammeAdmin(ScopedAdmin):
    ledgers = ("programmes",)
    filterset_class = ProgrammeFilter
    list_display = ("shown_name", "institution", "field", "level", "company")
    list_select_related = ("institution", "company")
    search_fields = ("name",)
    autocomplete_fields = ("institution", "agreement", "company")
    inlines = (TrainingYearInline,)
    fields = ("name", ("institution", "agreement"), ("field", "level"), "company", "note",
              "source")  # fmt: skip

    @admin.display(description=_("programme"), ordering="name")
    def shown_name(self, row):
        return sample_mark(row, row.name)
