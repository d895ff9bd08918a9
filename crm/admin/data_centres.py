"""Data centres: the register with its compute by kind."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.filters import DataCentreFilter
from crm.models import DataCentre, DataCentreCompute
from crm.money import rounded
from crm.periods import today

from .base import ReferenceAdmin, ScopedInline, closed_text
from .columns import badge, late, open_rows_by, sample_mark

P = (("online_p", pgettext_lazy("compute", "online")), ("building_p", _("under construction")),
     ("reserved_p", _("reserved")), ("planned_p", _("planned")))  # fmt: skip


class CentreComputeInline(ScopedInline):
    model = DataCentreCompute
    fields = ("phase", "kind", "precision", "planned_p", "online_p", "building_p", "reserved_p",
              "planned_live_on", "live_on", "as_of", "source")  # fmt: skip
    classes = ()


@admin.register(DataCentre)
class DataCentreAdmin(ReferenceAdmin):
    ledgers = ("data_centres",)
    filterset_class = DataCentreFilter
    inlines = (CentreComputeInline,)
    list_display = ("name_shown", "park_shown", "operator_shown", "state_badge", "compute_shown",
                    "pue", "green_shown", "planned_shown", "live_on", "as_of")  # fmt: skip
    list_select_related = ("park", "company", "project")
    autocomplete_fields = ("park", "company", "project")
    search_fields = ("name",)
    ordering = ("sequence", "id")
    fieldsets = (
        (None, {"fields": ("name", ("park", "state"), ("operator", "company"), "project")}),
        (_("Efficiency and size"), {"fields": (
            ("pue", "green_power_share"), ("racks", "it_load_mw"), "floor_m2")}),
        (_("Go-live"), {"fields": (("planned_live_on", "live_on"),)}),
        (_("Origin"), {"fields": ("as_of", "source", ("sequence", "is_disabled"))}),
    )  # fmt: skip

    def get_list_display_links(self, request, list_display):
        return ("name_shown",)

    def fill_rows(self, centres):
        """The compute of a page of centres; one query for all of them."""
        found: dict = {}
        rows = DataCentreCompute.objects.filter(data_centre__in=[c.pk for c in centres])
        for row in rows.order_by("pk"):
            found.setdefault(row.data_centre_id, []).append(row)
        for centre in centres:
            centre.parts = found.get(centre.pk, []) if centre.is_open else []

    @admin.display(description=_("data centre"), ordering=open_rows_by("name"))
    def name_shown(self, centre):
        return sample_mark(centre, centre.name if centre.is_open else centre.closed_label)

    @admin.display(description=_("park"))
    def park_shown(self, centre):
        return (centre.park or "—") if centre.is_open else closed_text()

    @admin.display(description=_("operator"))
    def operator_shown(self, centre):
        if not centre.is_open:
            return closed_text()
        return centre.operator or centre.company or "—"

    @admin.display(description=_("state"), ordering="state")
    def state_badge(self, centre):
        tones = {"online": "producing", "building": "building", "planned": "reserve"}
        return badge("stage", tones[centre.state], centre.get_state_display())

    @admin.display(description=_("compute (P)"))
    def compute_shown(self, centre):
        parts = getattr(centre, "parts", [])
        if not parts:
            return "—" if centre.is_open else closed_text()
        return "；".join(map(_said, parts))

    @admin.display(description=_("green power"), ordering=open_rows_by("green_power_share"))
    def green_shown(self, centre):
        share = centre.green_power_share
        return "—" if share is None or not centre.is_open else f"{share.normalize():f}%"

    @admin.display(description=_("planned go-live"), ordering=open_rows_by("planned_live_on"))
    def planned_shown(self, centre):
        if centre.live_on or not centre.is_open:
            return centre.planned_live_on or "—"
        return late(centre.planned_live_on, today())


def _said(part) -> str:
    """智算 FP16: 在线 2,000，规划 10,000."""
    known = [(label, getattr(part, name)) for name, label in P]
    said = [f"{label} {rounded(p, 1).normalize():,f}" for label, p in known if p is not None]
    return f"{part} {'、'.join(said)}" if said else str(part)
