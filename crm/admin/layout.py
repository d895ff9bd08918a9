"""How a list is laid out for its reader: saved views as tabs, and the columns that were chosen.

The address is the view: filters, order (``o``) and columns (``cols``) all stand in it.
"""

from django.db.models import ForeignKey
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.access import permissions_of
from crm.models import ListLayout, SavedView
from crm.models.fields import YuanField
from crm.models.list_views import normal_query

from .columns import amount, open_rows_by

# Columns a list can show beside its usual ones. No telephone numbers: they are masked by role.
MORE_COLUMNS = {
    "project": ("number", "source", "owner", "sponsoring_leader", "segment", "reported_on",
                "stage_since", "planned_signing_on", "fixed_assets_yuan", "next_step",
                "started_on", "produced_on", "updated_at"),
    "company": ("industry", "key_tier", "main_business", "registered_on", "revenue_yuan",
                "sponsoring_leader", "updated_at"),
    "contact": ("section", "introduced_by", "updated_at"),
    "visit": ("project", "trip", "delegation_head", "guest_count", "next_step_on", "updated_at"),
    "trip": ("kind", "delegation_head", "purpose", "updated_at"),
    "event": ("ended_on", "updated_at"),
    "followup": ("task_force", "result", "updated_at"),
    "request": ("task_force", "raised_on", "supervision", "updated_at"),
    "deal": ("event", "updated_at"),
    "arrival": ("evidence", "updated_at"),
}  # fmt: skip
# Links whose rows name another row in their own name.
NAMED_WITH = {"segment": "segment__chain"}
CLOSED_CELL = "—"


def _extra(model, name: str):
    """A column that shows a field of open rows."""
    column = model._meta.get_field(name)

    def cell(row):
        if not getattr(row, "is_open", False):
            return CLOSED_CELL
        display = getattr(row, f"get_{name}_display", None)
        value = display() if display else getattr(row, name)
        if isinstance(column, YuanField):
            return amount(value)
        return CLOSED_CELL if value in (None, "") else value

    cell.__name__ = f"field_{name}"
    cell.short_description = column.verbose_name
    cell.admin_order_field = open_rows_by(name)
    return cell


def _extras(page) -> list:
    names = MORE_COLUMNS.get(page.opts.model_name, ())
    shown = set(page.list_display)
    return [_extra(page.model, name) for name in names if name not in shown]


def _key(column) -> str:
    return column if isinstance(column, str) else column.__name__


def columns(page, request) -> list:
    """What the list shows: the columns in the address, else the reader's own, else the usual."""
    usual = list(page.list_display)
    wanted = _wanted(page, request)
    if not wanted:
        return usual
    found = [c for c in [*usual, *_extras(page)] if _key(c) in wanted]
    return found if usual[0] in found else [usual[0], *found]


def _wanted(page, request) -> set[str]:
    asked = request.GET.get("cols", "")
    if asked:
        return {name for name in asked.split(",") if name}
    layout = layout_of(request, page.opts.model_name)
    return set(layout.columns) if layout else set()


def layout_of(request, name: str) -> ListLayout | None:
    """The reader's layout of this list; asked once in a request."""
    kept = request.__dict__.setdefault("_crm_layouts", {})
    if name not in kept:
        rows = ListLayout.objects.visible_to(request.user).filter(page=name)
        kept[name] = rows.select_related("opens_with").first()
    return kept[name]


def linked(page, request) -> list[str]:
    """Links that the chosen extra columns show: to be read along with the rows."""
    shown = {_key(c).removeprefix("field_") for c in columns(page, request) if callable(c)}
    fields = page.model._meta.concrete_fields
    named = [f.name for f in fields if isinstance(f, ForeignKey) and f.name in shown]
    return [NAMED_WITH.get(name, name) for name in named]


def opening_view(page, request) -> str | None:
    """The address of the view this reader's list opens with, when nothing else was asked for."""
    if request.GET or request.method != "GET":
        return None
    layout = layout_of(request, page.opts.model_name)
    view = layout and layout.opens_with
    if not view or not SavedView.objects.visible_to(request.user).filter(pk=view.pk).exists():
        return None
    return f"?{view.query}" if view.query else None


def toolbar(page, request) -> dict | None:
    """Tabs of views, and the columns to choose from; None for those who keep no views."""
    if "view_savedview" not in permissions_of(request.user.role):
        return None
    name, now = page.opts.model_name, normal_query(request.GET.urlencode())
    layout = layout_of(request, name)
    views = SavedView.objects.visible_to(request.user).filter(page=name).select_related("owner")
    tabs = [_tab(view, now, request.user, layout) for view in views]
    shown = {_key(column) for column in columns(page, request)}
    return {
        "name": name,
        "tabs": tabs,
        "current": next((tab for tab in tabs if tab["is_current"]), None),
        "is_all": not now,
        "query": now,
        "audiences": _audiences(request.user),
        "columns": [
            {"key": _key(c), "label": _label(page, c), "is_shown": _key(c) in shown,
             "is_fixed": place == 0}
            for place, c in enumerate([*page.list_display, *_extras(page)])
        ],
        "has_own_columns": bool(layout and layout.columns),
    }  # fmt: skip


def _tab(view, now: str, user, layout) -> dict:
    return {
        "view": view,
        "url": f"?{view.query}" if view.query else "?view=all",
        "is_current": view.query == now,
        "is_mine": view.owner_id == user.pk,
        "may_edit": view.is_editable_by(user) if view.query == now else False,
        "opens": bool(layout and layout.opens_with_id == view.pk),
    }


def _audiences(user) -> list[tuple]:
    choices = SavedView.Audience.choices
    if not user.team_ids:
        choices = [c for c in choices if c[0] != SavedView.Audience.TEAM]
    if user.role != "bureau":
        choices = [c for c in choices if c[0] != SavedView.Audience.ALL]
    return choices


def _label(page, column) -> str:
    source = getattr(page, column, None) if isinstance(column, str) else column
    label = getattr(source, "short_description", None)
    if label is None:
        label = page.model._meta.get_field(column).verbose_name
    return capfirst(label or _("column"))


def list_url(name: str, query: str = "") -> str:
    address = reverse(f"admin:crm_{name}_changelist")
    return f"{address}?{query}" if query else f"{address}?view=all"
