"""Ledgers in and out: upload, check, import, undo; export with chosen columns; what is learned."""

from decimal import Decimal
from io import BytesIO

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import ModelForm
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crm.access import permissions_of
from crm.auditing import audit_export
from crm.forms import RecordForm
from crm.ledgers import jobs, templates
from crm.ledgers.bad_rows import bad_rows_workbook
from crm.ledgers.book import UnusableFile
from crm.ledgers.exporting import export, offered
from crm.ledgers.headings import FIELDS
from crm.ledgers.sheets import SHEETS
from crm.models import (
    ColumnChoice,
    ExportLog,
    ImportJob,
    ImportRow,
    LedgerTemplate,
    ReferenceProposal,
)
from crm.models.ledgers import LedgerKind
from crm.money import exact_text
from crm.periods import today
from crm.reports.xlsx import CONTENT_TYPE

from .base import ScopedAdmin
from .columns import badge

State, Step, Verdict = ImportJob.State, ImportJob.Step, ImportRow.Verdict
ROWS_A_PAGE = 50
TABS = ((Verdict.NEW, "new"), (Verdict.CHANGED, "changed"), (Verdict.UNCHANGED, "unchanged"),
        (Verdict.CONFLICT, "conflicts"), (Verdict.ERROR, "errors"),
        (Verdict.SKIPPED, "skipped"))  # fmt: skip
FORMATS = {"xlsx": CONTENT_TYPE, "csv": "text/csv; charset=utf-8", "json": "application/json"}
UNITS = ("万元", "亿元", "元")


@admin.register(ImportJob)
class ImportJobAdmin(ScopedAdmin):
    """Everybody's own imports; a job's page shows what can be done with it next."""

    list_display = ("file_name", "kind_shown", "state_shown", "outcome", "created_at")
    search_fields = ("file_name",)
    ordering = ("-created_at", "-id")
    actions = None
    change_list_template = "crm/ledgers/imports.html"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("new/", wrap(self.upload_page), name="crm_import"),
            path("export/<slug:kind>/", wrap(self.export_page), name="crm_export"),
            path("<int:pk>/commit/", wrap(require_POST(self.commit)), name="crm_import_commit"),
            path("<int:pk>/check/", wrap(require_POST(self.recheck)), name="crm_import_check"),
            path("<int:pk>/undo/", wrap(require_POST(self.undo)), name="crm_import_undo"),
            path("<int:pk>/bad/", wrap(require_safe(self.bad_rows)), name="crm_import_bad"),
            path("<int:pk>/progress/", wrap(require_safe(self.progress)),
                 name="crm_import_progress"),
        ]  # fmt: skip
        return own + super().get_urls()

    # -- the list ------------------------------------------------------------------------------

    @admin.display(description=_("kind of ledger"))
    def kind_shown(self, job):
        return job.get_kind_display()

    @admin.display(description=_("state"))
    def state_shown(self, job):
        return badge("import", job.state, job.get_state_display())

    @admin.display(description=_("result"))
    def outcome(self, job):
        if job.state != State.DONE:
            return job.message[:80] or "—"
        return _("%(created)s new, %(updated)s changed") % job.counts

    def has_change_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        ImportJob.objects.fail_stalled()
        return super().changelist_view(request, extra_context)

    # -- in ------------------------------------------------------------------------------------

    def upload_page(self, request):
        if "import_ledger" not in permissions_of(request.user.role):
            raise PermissionDenied
        kind = request.POST.get("kind") or request.GET.get("kind") or LedgerKind.COMPANIES
        if kind not in LedgerKind.values:
            raise Http404
        error = ""
        if request.method == "POST":
            job, error = self._upload(request, kind)
            if job is not None:
                return self._to(job)
        context = {"kinds": LedgerKind.choices, "kind": kind, "error": error,
                   "is_chosen": "kind" in request.GET}  # fmt: skip
        return self._page(request, "crm/ledgers/upload.html", context)

    def _upload(self, request, kind):
        """(job, "") once the file is kept and its check is begun, else (None, why not)."""
        file = request.FILES.get("file")
        if file is None:
            return None, _("Choose a file first.")
        if file.size > jobs.MAX_UPLOAD:
            limit = jobs.MAX_UPLOAD // 1024**2
            return None, _("The file is larger than %(limit)s MB.") % {"limit": limit}
        try:
            job = jobs.upload(request.user, kind, file.read(), file.name)
        except UnusableFile as error:
            return None, str(error)
        jobs.start(job, Step.CHECK)
        return job, ""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The job's page: progress, check, result, or what went wrong."""
        ImportJob.objects.fail_stalled()
        job = self._own(request, object_id)
        context = {"job": job, "can_import": self._can_import(job), "bad": self._bad(job)}
        context |= self._rows(request, job) | {"doubts": _doubts(job)}
        done, total = job.progress
        context |= {"done": done, "total": total, "rows_done": _rows_done(done, total)}
        context["list_url"] = _list_of(job.kind)
        context["money"] = exact_text(Decimal(job.counts.get("money_yuan", 0)) or None)
        template = "progress" if job.is_running else "job"
        return self._page(request, f"crm/ledgers/{template}.html", context)

    @staticmethod
    def _bad(job) -> int:
        return job.counts.get("errors", 0) + job.counts.get("conflicts", 0)

    def _can_import(self, job) -> bool:
        counts = job.counts
        return job.state == State.CHECKED and counts.get("new", 0) + counts.get("changed", 0) > 0

    def _rows(self, request, job) -> dict:
        """The tab that is open, its rows, and the counts of all tabs."""
        tabs = [
            {"key": verdict.value, "label": verdict.label, "count": job.counts.get(name, 0)}
            for verdict, name in TABS
        ]
        wanted = request.GET.get("tab")
        filled = [tab["key"] for tab in tabs if tab["count"]]
        first = next((key for key in ("error", "conflict") if key in filled), None)
        tab = wanted if wanted in dict(Verdict.choices) else first or (filled or ["new"])[0]
        pages = Paginator(job.rows.filter(verdict=tab).order_by("number"), ROWS_A_PAGE)
        fields = [(h.key, h.label) for h in FIELDS[job.kind]]
        return {"tabs": tabs, "tab": tab, "page": pages.get_page(request.GET.get("p")),
                "fields": fields}  # fmt: skip

    def commit(self, request, pk):
        job = self._own(request, pk)
        jobs.start(job, Step.COMMIT, leaves_out_bad="leave_out" in request.POST)
        return self._to(job)

    def recheck(self, request, pk):
        """Check again, perhaps with columns or the sheet chosen by hand."""
        job = self._own(request, pk)
        values = {}
        columns = job.layout.get("columns", [])
        if "choose" in request.POST and columns:
            known = {h.key for h in FIELDS[job.kind]} | {""}
            chosen = {c["normal"]: request.POST.get(f"column-{c['index']}", "") for c in columns}
            values["mapping"] = {k: v for k, v in chosen.items() if k and v in known}
        elif answer := _answer(job, request.POST.get("answer", "")):
            values["mapping"] = job.mapping | answer
        sheets = {sheet["name"] for sheet in job.layout.get("sheets", [])}
        if request.POST.get("sheet") in sheets:
            values["sheet"] = request.POST["sheet"]
        jobs.start(job, Step.CHECK, **values)
        return self._to(job)

    def undo(self, request, pk):
        job = self._own(request, pk)
        jobs.start(job, Step.UNDO)
        return self._to(job)

    def bad_rows(self, request, pk):
        job = self._own(request, pk)
        try:
            data = bad_rows_workbook(job)
        except UnusableFile as error:
            self.message_user(request, str(error), messages.ERROR)
            return self._to(job)
        stem = job.file_name.rpartition(".")[0] or job.file_name
        name = _("%(stem)s-rows to mend.xlsx") % {"stem": stem}
        return _download(data, name, CONTENT_TYPE)

    def progress(self, request, pk):
        ImportJob.objects.fail_stalled()
        job = self._own(request, pk)
        done, total = job.progress
        return JsonResponse({
            "running": job.is_running, "done": done, "total": total,
            "text": _rows_done(done, total),
        })  # fmt: skip

    def _own(self, request, pk) -> ImportJob:
        """The user's own job; 404 for anybody else's."""
        rows = ImportJob.objects.editable_by(request.user)
        job = rows.filter(pk=pk).first() if str(pk).isdigit() else None
        if job is None:
            raise Http404
        return job

    def _to(self, job):
        return HttpResponseRedirect(reverse("admin:crm_importjob_change", args=[job.pk]))

    def _page(self, request, template, context):
        common = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, common | context)

    # -- out -----------------------------------------------------------------------------------

    def export_page(self, request, kind):
        """Columns, unit and format; a download keeps the choice of columns and is logged."""
        if "export_ledger" not in permissions_of(request.user.role):
            raise PermissionDenied
        if kind not in SHEETS:
            raise Http404
        sheet = offered(kind, request.user)
        page = self.admin_site._registry[sheet.model]
        if not page.has_view_permission(request):
            raise PermissionDenied
        rows, problem = self._chosen(request, page)
        if request.method == "POST" and not problem:
            return self._export(request, kind, rows)
        saved = ColumnChoice.objects.visible_to(request.user).filter(kind=kind).first()
        keys = [column.key for column in sheet.columns]
        chosen = [key for key in (saved.columns if saved else keys) if key in keys]
        ordered = sorted(sheet.columns, key=lambda c: _place(chosen, c.key, len(keys)))
        context = {
            "kind": kind, "name": LedgerKind(kind).label, "count": rows.count(), "units": UNITS,
            "columns": [(c.key, c.group, c.label, c.key in chosen) for c in ordered],
            "withheld": [c.label for c in SHEETS[kind].columns if c.key not in keys],
            "formats": list(FORMATS), "problem": problem, "query": request.GET.urlencode(),
            "list_url": _list_of(kind),
            "templates": LedgerTemplate.objects.visible_to(request.user).filter(
                kind=kind, is_disabled=False
            ),
        }  # fmt: skip
        return self._page(request, "crm/ledgers/export.html", context)

    def _chosen(self, request, page):
        """The list's rows under the filters of the address, and what is wrong with these."""
        rows = page.get_queryset(request)
        if page.filterset_class is None:
            return rows.live(), ""
        chosen = page.filterset_class(request.GET, queryset=rows, user=request.user)
        if not chosen.is_valid():
            return rows.none(), _("A filter could not be read; nothing was exported.")
        return chosen.qs, ""

    def _template(self, request, kind):
        """The template asked for; None for the bureau's standard layout."""
        wanted = request.POST.get("template", "")
        offered = LedgerTemplate.objects.visible_to(request.user).filter(
            kind=kind, is_disabled=False, archived_at=None
        )
        return offered.filter(pk=wanted).first() if wanted.isdigit() else None

    def _export(self, request, kind, rows):
        keys = [c.key for c in offered(kind, request.user).columns]
        chosen = [key for key in request.POST.getlist("columns") if key in keys] or keys
        file_format = request.POST.get("format", "xlsx")
        unit = request.POST.get("unit", UNITS[0])
        target = BytesIO()
        template = self._template(request, kind)
        try:
            if template is not None:
                file_format = "xlsx"
                count = templates.fill(_content(template), kind, rows, request.user, unit=unit,
                                       to=target)  # fmt: skip
            else:
                count = export(kind, rows, request.user, columns=chosen, format=file_format,
                               unit=unit, to=target)  # fmt: skip
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        ColumnChoice.objects.update_or_create(
            user=request.user, kind=kind, defaults={"columns": chosen}
        )
        audit_export(
            request, kind=kind, columns=",".join(chosen), file_format=file_format, rows=count,
            query=request.GET.urlencode(),
        )  # fmt: skip
        name = f"{LedgerKind(kind).label}-{today():%Y%m%d}.{file_format}"
        return _download(target.getvalue(), name, FORMATS[file_format])


def _list_of(kind: str) -> str:
    """Where the rows of such a ledger stand."""
    return reverse(f"admin:crm_{SHEETS[kind].model._meta.model_name}_changelist")


def _answer(job, text: str) -> dict[str, str]:
    """What a click on one of a doubt's answers says: heading → field, "" for none."""
    index, _colon, field = text.partition(":")
    for doubt in job.layout.get("doubts", []):
        if str(doubt["index"]) == index and field in {"", *doubt["candidates"]}:
            column = next(c for c in job.layout["columns"] if c["index"] == doubt["index"])
            return {column["normal"]: field}
    return {}


def _doubts(job) -> list[dict]:
    """Headings that may mean several things, each with its possible answers."""
    if job.state != State.CHECKED:
        return []
    labels = {heading.key: heading.label for heading in FIELDS[job.kind]}
    now = {column["index"]: column for column in job.layout.get("columns", [])}
    return [
        {"index": doubt["index"], "heading": doubt["heading"],
         "letter": now[doubt["index"]]["letter"],
         "answers": [(key, labels[key], key == now[doubt["index"]]["field"])
                     for key in doubt["candidates"]]}
        for doubt in job.layout.get("doubts", [])
    ]  # fmt: skip


def _rows_done(done: int, total: int) -> str:
    return _("%(done)s of %(total)s rows") % {"done": done, "total": total} if total else ""


def _place(chosen: list[str], key: str, last: int) -> int:
    return chosen.index(key) if key in chosen else last


def _download(data: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = (
        "attachment; filename*=UTF-8''" + _quoted(name)
    )  # fmt: skip
    return response


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())


@admin.register(ReferenceProposal)
class ReferenceProposalAdmin(ScopedAdmin):
    """Names that ledgers use; the bureau says what they are."""

    list_display = ("text", "target", "seen_in", "seen_rows", "state_shown", "created_at")
    search_fields = ("text",)
    ordering = ("state", "-created_at")
    actions = ("decline",)
    fields = ("text", "target", "seen_in", "seen_rows", "park", "segment")
    readonly_fields = ("text", "target", "seen_in", "seen_rows")
    autocomplete_fields = ("park", "segment")

    @admin.display(description=_("state"))
    def state_shown(self, proposal):
        return badge("state", proposal.state, proposal.get_state_display())

    @admin.action(description=_("Decline"))
    def decline(self, request, queryset):
        self._each(request, queryset, lambda row: row.decline(by=request.user), _("declined"))

    def save_model(self, request, obj, form, change):
        """Choosing the park or segment that is meant makes the text another name of it."""
        chosen = getattr(obj, obj.target)
        if chosen is None:
            obj.save_as(request.user)
        else:
            obj.take_as_alias(chosen, by=request.user)


class LedgerTemplateForm(RecordForm):
    """A template is read before it is kept: an unknown placeholder is named with its cell."""

    def clean(self):
        cleaned = super().clean()
        file, kind = cleaned.get("file"), cleaned.get("kind")
        if file and kind and "file" in self.changed_data:
            data = file.read()
            file.seek(0)
            try:
                templates.check(data, kind)
            except (ValidationError, UnusableFile) as error:
                self.add_error("file", getattr(error, "messages", [str(error)]))
        return cleaned


@admin.register(LedgerTemplate)
class LedgerTemplateAdmin(ScopedAdmin):
    """Workbooks of the bureau's own, filled on export."""

    form = LedgerTemplateForm
    list_display = ("name", "kind", "is_disabled", "updated_at")
    search_fields = ("name",)
    fields = ("name", "kind", "file", "is_disabled")
    actions = None


def _content(template) -> bytes:
    with template.file.open("rb") as file:
        return file.read()


@admin.register(ExportLog)
class ExportLogAdmin(ScopedAdmin):
    """What left the house."""

    form = ModelForm  # nothing is edited, so there is no version to compare
    list_display = ("exported_at", "user", "kind", "report_shown", "format", "row_count", "query")
    list_select_related = ("user",)
    ordering = ("-exported_at", "-id")
    actions = None
    fields = ("exported_at", "user", "kind", "report_shown", "format", "row_count", "query",
              "columns")  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("report"), ordering="report")
    def report_shown(self, log):
        return log.report_name

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
