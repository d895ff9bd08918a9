"""What every admin page of ours does: row scope, one door for writing, version check."""

import uuid

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, mark_safe
from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of
from crm.auditing import audit, audit_denial
from crm.field_history import changes_of, described, page_of
from crm.forms import DateInput, RecordForm, formfield_for
from crm.models import FieldChange, StaleRecord, Submission
from crm.models.audit import Action
from crm.models.ledgers import LedgerKind
from crm.pages.bulk import bulk_url, ticked
from crm.pages.timeline import ANCHORS, part_for

from . import layout
from .changelist import ScopedChangeList
from .paging import PagedFormSet, page_asked

CLOSED = _("confidential")
PANEL_ROWS = 8


def is_choosing(request) -> bool:
    """Asked by a box of choices: names to pick, not a list to read."""
    return request.path.endswith("/autocomplete/")


class Scoped:
    """Shared by pages and inlines: permissions of the role and of the row, scoped choices."""

    form = RecordForm

    def has_view_permission(self, request, obj=None):
        return self._role_may(request, "view") and (obj is None or self.is_open(request, obj))

    def has_add_permission(self, request, obj=None):
        return self._role_may(request, "add")

    def has_change_permission(self, request, obj=None):
        if not self._role_may(request, "change"):
            return False
        return obj is None or self.may_edit(request, obj)

    def has_delete_permission(self, request, obj=None):
        if not self._role_may(request, "delete"):
            return False
        return obj is None or self.may_edit(request, obj)

    def _role_may(self, request, action):
        return f"{action}_{self.opts.model_name}" in permissions_of(request.user.role)

    def is_open(self, request, obj) -> bool:
        return _remember(
            request, "open", obj, lambda: type(obj).objects.filter(pk=obj.pk).open_to(request.user)
        )

    def may_edit(self, request, obj) -> bool:
        return _remember(
            request, "edit", obj,
            lambda: type(obj).objects.filter(pk=obj.pk).editable_by(request.user),
        )  # fmt: skip

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if field := formfield_for(db_field):
            return field
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        self._scope_choices(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        self._scope_choices(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _scope_choices(self, db_field, request, kwargs):
        rows = db_field.related_model.objects
        kwargs["queryset"] = rows.open_to(request.user) if hasattr(rows, "open_to") else rows.none()


def _remember(request, kind, obj, rows) -> bool:
    """One query per record and question within a request."""
    asked = request.__dict__.setdefault("_crm_asked", {})
    key = (kind, type(obj), obj.pk)
    if key not in asked:
        asked[key] = obj.pk is None or rows().exists()
    return asked[key]


FORM_FIELDS = {models.DateField: {"widget": DateInput}}


class ScopedInline(Scoped, admin.TabularInline):
    """Parts of a record, edited with it; folded until they hold something."""

    extra = 0
    classes = ("collapse",)
    formset = PagedFormSet
    formfield_overrides = FORM_FIELDS

    def get_queryset(self, request):
        rows = self.model.objects.open_to(request.user)
        return rows.order_by(*self.opts.ordering or ["pk"])

    def get_formset(self, request, obj=None, **kwargs):
        kwargs["form"] = type("Form", (self.form,), {"user": request.user})
        formset = super().get_formset(request, obj, **kwargs)
        formset.page = page_asked(request, formset.get_default_prefix())
        return formset

    def has_view_permission(self, request, obj=None):
        return self._role_may(request, "view")

    def has_change_permission(self, request, obj=None):
        return self._role_may(request, "change") and self._parent_is_editable(request, obj)

    def has_add_permission(self, request, obj=None):
        return self._role_may(request, "add") and self._parent_is_editable(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._role_may(request, "delete") and self._parent_is_editable(request, obj)

    def _parent_is_editable(self, request, obj):
        return obj is None or obj.pk is None or self.may_edit(request, obj)


class ScopedAdmin(Scoped, admin.ModelAdmin):
    """A kind of record: scoped lists and pages, no deletion, archive instead."""

    filterset_class = None
    has_public_part = False  # whether the page of a closed row shows something
    ledgers: tuple[str, ...] = ()  # kinds of ledger that list the rows of this page
    formfield_overrides = FORM_FIELDS
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    save_as = False
    view_on_site = False
    actions = ("archive", "bring_back")

    # -- reading -------------------------------------------------------------------------------

    def get_queryset(self, request):
        rows = self.model.objects.visible_to(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_changelist(self, request, **kwargs):
        return ScopedChangeList

    def lookup_allowed(self, lookup, value, request=None):
        """No lookups from the address: a hidden field would answer yes or no."""
        return False

    def get_search_results(self, request, queryset, search_term):
        """Choice boxes find open rows by the aggregate's own search."""
        if not is_choosing(request):
            return queryset, False
        rows = queryset.filter(is_open=True)
        if hasattr(rows, "current"):
            rows = rows.current()
        if not search_term.strip():
            return rows, False
        if hasattr(rows, "found_by"):
            return rows.found_by(search_term), False
        return super().get_search_results(request, rows, search_term)

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, obj):
        """Django's own box names the row in its label, closed rows too."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME, obj.pk, _("Select"),
        )  # fmt: skip

    def get_list_display(self, request):
        return layout.columns(self, request)

    def get_list_select_related(self, request):
        usual = super().get_list_select_related(request)
        more = layout.linked(self, request)
        return [*usual, *more] if more and usual is not True else usual

    def changelist_view(self, request, extra_context=None):
        if opening := layout.opening_view(self, request):
            return HttpResponseRedirect(opening)
        codes = permissions_of(request.user.role)
        ways = {
            "import_kind": self.ledgers[:1] if "import_ledger" in codes else (),
            "export_kinds": self.ledgers if "export_ledger" in codes else (),
        }
        labels = dict(LedgerKind.choices)
        context = {key: [(kind, labels[kind]) for kind in kinds] for key, kinds in ways.items()}
        context["toolbar"] = layout.toolbar(self, request)
        context["bulk_url"] = bulk_url(self.model, request.user, request.GET.urlencode())
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Outside one's scope is as if it were not there; that it was asked for is noted."""
        audit_denial(request)
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    # -- writing -------------------------------------------------------------------------------

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = type("Form", (self.form,), {"user": request.user})
        return super().get_form(request, obj, change, **kwargs)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """One retry turns a lost race into the form's own message instead of a failure."""
        if object_id is None and (sent := self._already_sent(request)):
            return HttpResponseRedirect(sent.url)
        context = {"form_token": uuid.uuid4(), **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except (StaleRecord, IntegrityError, ValidationError):
            if sent := self._already_sent(request):
                return HttpResponseRedirect(sent.url)
            request.__dict__.pop("_crm_asked", None)
            return self._second_try(request, object_id, form_url, context)

    def _second_try(self, request, object_id, form_url, context):
        """The form now sees the other writer's row; what it cannot explain is said in words."""
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except (StaleRecord, IntegrityError):
            text = _("Somebody else changed this at the same moment; nothing was saved.")
        except ValidationError as error:
            text = " ".join(error.messages)
        self.message_user(request, text, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def _already_sent(self, request):
        token = _token(request)
        return token and Submission.objects.filter(token=token, user=request.user).first()

    def save_model(self, request, obj, form, change):
        obj.save_as(request.user)
        if form.merged:
            text = _("Somebody changed %(what)s meanwhile; both changes are kept.")
            messages.info(request, text % {"what": "、".join(form.merged)})
        token = None if change else _token(request)
        if token:
            url = reverse(f"admin:crm_{self.opts.model_name}_change", args=[quote(obj.pk)])
            Submission.objects.create(token=token, user=request.user, url=url)

    def save_formset(self, request, form, formset, change):
        for part in formset.save(commit=False):
            part.save_as(request.user)
        for part in formset.deleted_objects:
            part.check_delete_by(request.user)
            name = formset.fk.remote_field.get_accessor_name()
            FieldChange.objects.record_removal(
                part, of=formset.instance, name=name, by=request.user
            )
            audit(request, Action.REMOVED, part, of=formset.instance.pk)
            part.delete()
        formset.save_m2m()

    def save_related(self, request, form, formsets, change):
        """Links to many are written by Django; what they were goes into the field history."""
        names = [f.name for f in self.opts.many_to_many if change and f.name in form.changed_data]
        before = {n: set(getattr(form.instance, n).values_list("pk", flat=True)) for n in names}
        super().save_related(request, form, formsets, change)
        for name in names:
            FieldChange.objects.record_links(form.instance, name, before[name], by=request.user)

    # -- archive -------------------------------------------------------------------------------

    def has_delete_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        actions = super().get_actions(request)
        if "archive_record" not in permissions_of(request.user.role):
            actions.pop("archive", None)
            actions.pop("bring_back", None)
        if bulk_url(self.model, request.user, ""):
            actions["change_many"] = (_change_many, "change_many", _("Change many …"))
        return actions

    @admin.action(description=_("Archive"))
    def archive(self, request, queryset):
        self._each(request, queryset, lambda row: row.archive(by=request.user), _("archived"))

    @admin.action(description=_("Bring back from the archive"))
    def bring_back(self, request, queryset):
        self._each(request, queryset, lambda row: row.restore(by=request.user), _("brought back"))

    def _each(self, request, queryset, change, done):
        """Do something to each row by itself; say what was done and why the others were not."""
        count = 0
        for row in queryset:
            try:
                with transaction.atomic():
                    change(row)
                count += 1
            except PermissionDenied:
                self._complain(request, row, _("not yours to change"))
            except ValidationError as error:
                self._complain(request, row, " ".join(error.messages))
            except (StaleRecord, IntegrityError):
                self._complain(request, row, _("changed by somebody else meanwhile"))
        if count:
            text = _("%(count)s %(done)s.") % {"count": count, "done": done}
            self.message_user(request, text, messages.SUCCESS)

    def _complain(self, request, row, reason):
        self.message_user(request, f"{self.label_of(request, row)}：{reason}", messages.WARNING)

    def label_of(self, request, row) -> str:
        """A row's name as this user may see it."""
        return str(row) if self.is_open(request, row) else str(CLOSED)

    # -- history -------------------------------------------------------------------------------

    def history_view(self, request, object_id, extra_context=None):
        """Who changed what, from what to what: the record's fields and those of its parts."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (self.has_view_permission(request, obj) and self.is_open(request, obj)):
            raise PermissionDenied  # a firm's public part is shown to more people than its history
        rows, onward = page_of(changes_of(obj, request.user), request.GET.get("before", ""))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "object": obj,
            "title": _("History: %(record)s") % {"record": obj}, "onward": onward,
            "changes": described(rows, request.user), "module_name": self.opts.verbose_name_plural,
        }  # fmt: skip
        return TemplateResponse(request, "admin/object_history.html", context)

    # -- the record page -----------------------------------------------------------------------

    def panels(self, request, obj) -> list[dict]:
        """Related rows shown below a record: see ``panel``."""
        return []

    def render_change_form(self, request, context, *args, **kwargs):
        obj = kwargs.get("obj")
        if obj is not None and obj.pk:
            context["panels"] = [panel for panel in self.panels(request, obj) if panel]
            if self.opts.model_name in ANCHORS and self.is_open(request, obj):
                context["timeline"] = part_for(obj, request)
        return super().render_change_form(request, context, *args, **kwargs)

    def panel(self, request, model, rows, *, title, query, describe):
        """The newest rows of a related list, with links to all of them and to a new one.

        ``rows`` is narrowed to what the user may open; ``describe`` gives (text, meta) of a row.
        """
        page = self.admin_site._registry.get(model)
        if page is None or not page.has_view_permission(request):
            return None
        rows = rows.live().open_to(request.user)
        name = model._meta.model_name
        shown = [
            {"url": reverse(f"admin:crm_{name}_change", args=[row.pk]), "text": text, "meta": meta}
            for row in rows[:PANEL_ROWS]
            for text, meta in [describe(row)]
        ]
        may_add = page.has_add_permission(request)
        return {
            "title": title,
            "rows": shown,
            "count": rows.count(),
            "url": f"{reverse(f'admin:crm_{name}_changelist')}?{query}",
            "add_url": f"{reverse(f'admin:crm_{name}_add')}?{query}" if may_add else None,
            "empty": _("Nothing here yet."),
        }


def _change_many(page, request, queryset):
    """On to the bulk edit: of the rows that are ticked, or of all that the filters let through."""
    across = request.POST.get("select_across") == "1"
    query = request.GET.urlencode() if across else f"rows={ticked(queryset)}"
    return HttpResponseRedirect(bulk_url(page.model, request.user, query))


def _token(request):
    try:
        return uuid.UUID(request.POST.get("form_token", ""))
    except ValueError:
        return None


def closed_text():
    """What stands in a column that is closed to the reader."""
    return format_html('<i class="closed">{}</i>', CLOSED)


class ReferenceAdmin(ScopedAdmin):
    """Reference data: read by all who work here, kept by the bureau; disabled, not deleted."""

    actions = None
    search_fields = ("name",)
    list_display = ("name", "sequence", "is_disabled")

    def has_view_permission(self, request, obj=None):
        """An administrator has no list of parks, but sets up the account of one."""
        return is_choosing(request) or super().has_view_permission(request, obj)
