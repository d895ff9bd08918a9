"""Bulk edit: one change for all rows of a list, looked at first, done at once, taken back if wrong.

The list is named by its filters (or by the rows that were ticked), signed, and read anew each time.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.access import permissions_of
from crm.filters import FOR_MODEL
from crm.forms import DateInput, formfield_for
from crm.models import ChangeSet
from crm.rewriting import ARCHIVE, MOST_ROWS, carry_out, fingerprint, plan, undo

from .frame import in_frame, page

SALT = "bulk-edit"
SHOWN_ROWS = 20
# What may be the same for many rows of a kind. Whatever tells rows apart is not here.
FIELDS = {
    "project": ("owner", "lead_team", "park", "segment", "source", "sponsoring_leader",
                "planned_signing_on", "next_step", "next_step_on"),
    "company": ("owning_team", "region", "industry", "ownership", "key_tier",
                "sponsoring_leader"),
    "contact": ("has_left", "introduced_by"),
    "visit": ("task_force", "trip", "event", "outcome", "delegation_head"),
    "trip": ("task_force", "kind", "head_rank", "delegation_head", "purpose"),
    "followup": ("owner", "due_on", "done_on", "result"),
    "request": ("department", "due_on", "category", "supervision"),
    "deal": ("event",),
}  # fmt: skip


def models_in_bulk() -> dict:
    return {m._meta.model_name: m for m in FOR_MODEL if m._meta.model_name in FIELDS}


def bulk_url(model, user, query: str) -> str | None:
    """Where the rows of a list are changed together, for those who may."""
    name = model._meta.model_name
    if name not in FIELDS or f"change_{name}" not in permissions_of(user.role):
        return None
    address = reverse("crm_bulk", args=[name])
    return f"{address}?{query.lstrip('?')}" if query else address


def ticked(rows) -> str:
    """A signed word for single rows of a list, to stand in the address."""
    return signing.dumps([row.pk for row in rows], salt=SALT, compress=True)


class BulkForm(forms.Form):
    """Every field that may be changed: what is left empty stays, what is ticked is emptied."""

    def __init__(self, *args, model, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.model, self.user = model, user
        for name in FIELDS[model._meta.model_name]:
            column = model._meta.get_field(name)
            self.fields[name] = self._field(column)
            if column.null or column.blank:
                self.fields[f"empty_{name}"] = forms.BooleanField(
                    label=_("empty it"), required=False
                )
        if "archive_record" in permissions_of(user.role):
            label = _("archive them")
            self.fields[ARCHIVE] = forms.BooleanField(label=label, required=False)

    def _field(self, column):
        if column.get_internal_type() == "BooleanField":
            choices = [("", "—"), ("1", _("yes")), ("0", _("no"))]
            return forms.TypedChoiceField(
                label=column.verbose_name, choices=choices, required=False,
                coerce=lambda text: text == "1", empty_value=None,
            )  # fmt: skip
        if column.choices:
            choices = [("", "—"), *(c for c in column.choices if c[0] != "")]
            return forms.ChoiceField(label=column.verbose_name, choices=choices, required=False)
        field = formfield_for(column) or column.formfield(**self._extras(column))
        field.required, field.initial, field.help_text = False, None, ""
        return field

    def _extras(self, column) -> dict:
        if column.get_internal_type() == "DateField":
            return {"widget": DateInput}
        if not column.is_relation:
            return {}
        rows = column.related_model.objects.open_to(self.user)
        return {"queryset": rows, "widget": AutocompleteSelect(column, admin.site)}

    def rows(self) -> list[dict]:
        """Each field beside its tick to empty it, for the page."""
        names = [name for name in self.fields if not name.startswith("empty_") and name != ARCHIVE]
        ticks = {name: f"empty_{name}" for name in names if f"empty_{name}" in self.fields}
        return [
            {"field": self[name], "tick": self[ticks[name]] if name in ticks else None}
            for name in names
        ]

    def clean(self):
        given = super().clean()
        if not self.errors and not self.values():
            raise forms.ValidationError(_("Say what is to be changed."))
        return given

    def values(self) -> dict:
        """The chosen values by field name."""
        chosen = {}
        for name, value in self.cleaned_data.items():
            if name == ARCHIVE:
                chosen |= {ARCHIVE: timezone.now()} if value else {}
            elif name.startswith("empty_"):
                column = self.model._meta.get_field(name.removeprefix("empty_"))
                chosen |= {column.name: None if column.null else ""} if value else {}
            elif value not in (None, ""):
                chosen[name] = value
        return chosen


@page("view_savedview")
def bulk(request, name: str):
    """The fields; then what would change; then the change."""
    model = models_in_bulk().get(name)
    if model is None:
        raise Http404
    if f"change_{name}" not in permissions_of(request.user.role):
        raise PermissionDenied
    rows, chips = _rows(request, model)
    context = {"title": _("Change many: %(what)s") % {"what": model._meta.verbose_name_plural},
               "model": model, "count": rows.count(), "most": MOST_ROWS, "chips": chips,
               "list_url": _list_url(request, name)}  # fmt: skip
    data = request.POST if request.method == "POST" else None
    form = context["form"] = BulkForm(data, model=model, user=request.user)
    fits = 0 < context["count"] <= MOST_ROWS
    if data is not None and fits and "edit" not in data and form.is_valid():
        return _look_or_do(request, rows, form, context)
    return in_frame(request, "crm/bulk.html", context)


def _rows(request, model):
    """The rows of the list in the address: those ticked, or all that its filters let through."""
    seen = model.objects.visible_to(request.user)
    if token := request.GET.get("rows"):
        try:
            chosen = signing.loads(token, salt=SALT)
        except signing.BadSignature as error:
            raise Http404 from error
        return seen.filter(pk__in=chosen).order_by("pk"), []
    filters = FOR_MODEL[model](_filters(request.GET), queryset=seen, user=request.user)
    if not filters.is_valid():
        raise Http404  # never all rows because one filter could not be read
    labels = [str(filters.form.fields[key].label or key) for key in filters.in_use]
    return filters.qs.order_by("pk"), labels


def _filters(query) -> QueryDict:
    kept = query.copy()
    for name in ("o", "p", "cols", "view"):
        kept.pop(name, None)
    return kept


def _list_url(request, name: str) -> str:
    query = request.GET.copy()
    query.pop("rows", None)
    address = reverse(f"admin:crm_{name}_changelist")
    return f"{address}?{query.urlencode()}" if query else address


def _look_or_do(request, rows, form, context):
    values = form.values()
    made = plan(rows, values, by=request.user)
    given = sorted((key, "" if key == ARCHIVE else str(value)) for key, value in values.items())
    said = [request.user.pk, request.get_full_path(), given, fingerprint([made])]
    state = signing.Signer(salt=SALT).sign_object(said)
    if request.POST.get("confirmed") == state:
        done = carry_out(
            [made], by=request.user, kind=ChangeSet.Kind.BULK, label=_label(made.model, values),
            back_to=context["list_url"],
        )  # fmt: skip
        return HttpResponseRedirect(reverse("crm_change", args=[done.pk]))
    if "confirmed" in request.POST:
        messages.warning(request, _("Something changed since you looked; check again."))
    steps = [step for name in values for step in made.steps(name)]
    context |= {"plan": made, "state": state, "steps": steps,
                "examples": [change.row for change in made.changes[:SHOWN_ROWS]],
                "posted": [(key, value) for key, value in request.POST.items()
                           if key not in ("csrfmiddlewaretoken", "confirmed", "edit")]}  # fmt: skip
    return in_frame(request, "crm/bulk.html", context)


def _label(model, values: dict) -> str:
    changed = "、".join(str(model._meta.get_field(name).verbose_name) for name in values)
    return f"{model._meta.verbose_name_plural}：{changed}"


@page("view_savedview")
def change(request, pk: int):
    """What a change did, what it left out, and the button that takes it back."""
    done = get_object_or_404(ChangeSet.objects.visible_to(request.user), pk=pk)
    return in_frame(request, "crm/change.html", {"title": done.get_kind_display(), "done": done})


@require_POST
@page("view_savedview")
def take_back(request, pk: int):
    done = get_object_or_404(ChangeSet.objects.visible_to(request.user), pk=pk)
    count = undo(done, by=request.user)
    messages.success(request, _("Taken back: %(count)s rows are as before.") % {"count": count})
    return HttpResponseRedirect(reverse("crm_change", args=[done.pk]))


@page("view_savedview")
def changes(request):
    """One's own changes of many rows, the newest first."""
    rows = ChangeSet.objects.visible_to(request.user).order_by("-id")[:100]
    title = gettext_lazy("My bulk changes")
    return in_frame(request, "crm/changes.html", {"title": title, "rows": rows})
