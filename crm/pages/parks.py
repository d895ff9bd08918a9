"""Parks: what each has, what is taken, promised and left, on the map of the 1 + 3 + X layout."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import OuterRef, Subquery
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crm import charts
from crm.access import Role, permissions_of
from crm.factors import STOCKS, UNITS, Claim, Supply
from crm.forms import DateInput
from crm.indicators import sites
from crm.models import (
    DataCentre,
    EntryRule,
    FactorNeeds,
    Park,
    ParkSupply,
    Project,
    ReferenceFact,
    StageRule,
)
from crm.periods import Period, today
from crm.reports.drawing import layout_map
from crm.reports.factor_shortfalls import draw_supply
from crm.stages import ORDER, Stage

from .frame import in_frame, page

PAGE = 20
MONTHS = 12
# What the city itself offers, as its sources say it.
SHARED = ("green-power-guarantee", "pue-news", "exit-bandwidth", "latency", "clean-energy-share",
          "cooling-cost", "data-centres", "microgrid")  # fmt: skip


class SupplyForm(forms.Form):
    """A new figure of a park; the older one stays readable."""

    what = forms.ChoiceField(label=gettext_lazy("which figure"), choices=Supply.choices)
    amount = forms.DecimalField(
        label=pgettext_lazy("stock of a park", "amount"), max_digits=15, decimal_places=3
    )
    as_of = forms.DateField(label=gettext_lazy("as of"), widget=DateInput)
    source = forms.CharField(label=gettext_lazy("source"), max_length=500)


@page("view_park")
@require_safe
def parks_page(request):
    """The map, what every park has left, and what is needed of it month by month."""
    found = sites.balances()
    rows = _by_park(found)
    context = {
        "title": _("Parks"), "rows": rows, "claims": _claims(),
        "map": _map(rows), "supply": draw_supply(found.values(), _url, wide=1100),
        "needs": [_needs_chart(what) for what in (Supply.POWER, Supply.LAND)],
        "facts": list(ReferenceFact.objects.live().current().filter(key__in=SHARED)),
        "may_set": "change_stagerule" in permissions_of(request.user.role),
        "on": today(),
    }  # fmt: skip
    return in_frame(request, "crm/place/parks.html", context)


@page("view_park")
@require_http_methods(["GET", "HEAD", "POST"])
def park_page(request, pk: int):
    """One park: its figures with their sources, its projects, data centres and rules of entry."""
    park = get_object_or_404(Park.objects.live().open_to(request.user), pk=pk)
    may_write = _may_write(request.user, park)
    form = SupplyForm(initial={"as_of": today()})
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        form = SupplyForm(request.POST)
        if form.is_valid() and _supplied(form, park, request.user):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_url(park))
    context = _park(request, park) | {"form": form, "may_write": may_write}
    return in_frame(request, "crm/place/park.html", context, status=422 if form.errors else 200)


def _url(park) -> str:
    return reverse("crm_park", args=[park.pk])


def _may_write(user, park) -> bool:
    if "add_parksupply" not in permissions_of(user.role):
        return False
    return user.role == Role.BUREAU or user.park_id == park.pk


def _supplied(form, park, user) -> bool:
    try:
        ParkSupply(park=park, **form.cleaned_data).save_as(user)
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
    except IntegrityError:
        form.add_error(None, _("Somebody else changed this at the same moment."))
    else:
        return True
    return False


# -- all parks -------------------------------------------------------------------------------------


def _by_park(found) -> list[dict]:
    rows: dict = {}
    for balance in found.values():
        row = rows.setdefault(balance.park, {"park": balance.park, "balances": []})
        row["balances"].append(_balance(balance))
    return list(rows.values())


def _balance(balance) -> dict:
    return {
        "label": Supply(balance.what).label, "unit": UNITS[balance.what], "one": balance,
        "has": _number(balance.has), "left": _number(balance.left),
        "taken": _number(balance.taken), "promised": _number(balance.promised),
        "wanted": _number(balance.wanted),
    }  # fmt: skip


def _number(value) -> str:
    return "" if value is None else f"{value.normalize():,f}"


def _map(rows):
    """Every park with the land it has left."""
    land = {row["park"].pk: next(b["one"] for b in row["balances"] if b["one"].what == Supply.LAND)
            for row in rows}  # fmt: skip

    def mark(park):
        left = land[park.pk].left
        shown = None if left is None else max(left, 0)
        return charts.Mark(str(park), shown, _url(park), _("of land left") if left else "")

    return layout_map(mark, title=_("Parks in the 1 + 3 + X layout"), form=_mu)


def _mu(value) -> str:
    if value is None:
        return _("land not entered")
    return f"{charts.count_text(value)}{UNITS[Supply.LAND]}"


def _claims() -> list[dict]:
    """What each stage claims, for whoever reads the bars."""
    claims = StageRule.claim_by_stage()
    return [
        {"stage": stage, "label": Stage(stage).label, "claim": Claim(claims[stage]).label,
         "key": claims[stage]}
        for stage in ORDER if stage in claims
    ]  # fmt: skip


def _needs_chart(what: str, park=None) -> dict:
    """Needs added up month by month against what there is beyond what is taken."""
    needs, (has, unknown) = sites.needs_by_month(what, park), sites.available(what, park)
    undated = [need for need in needs if need.month is None]
    marks, total = [], 0
    for label, amount in _months([need for need in needs if need.month]):
        total += amount
        marks.append(charts.Mark(label, total, "", f"(+{charts.count_text(amount)})"))
    names = {Supply.POWER: _("Power needed by month"), Supply.LAND: _("Land needed by month")}
    unit = UNITS[what]
    line = None if has is None else charts.Line(_("available"), max(has, 0))

    def said(value):
        return f"{charts.count_text(value)}{unit}"

    chart = marks and charts.responsive(
        charts.columns, marks, title=names[what], form=said, line=line,
        names=(_("needed, added up"), ""),
    )  # fmt: skip
    return {
        "title": names[what], "chart": chart or "", "unit": unit,
        "undated": sum(need.projects for need in undated),
        "undated_amount": _number(sum((need.amount for need in undated), start=sites.ZERO)),
        "unknown": sum(need.unknown for need in needs), "parks": unknown,
    }  # fmt: skip


def _months(needs) -> list[tuple[str, object]]:
    """What is overdue in one column, then month by month, the later ones together."""
    first = Period.month(today().year, today().month).start
    if not needs:
        return []
    before = sum(need.amount for need in needs if need.month < first)
    found = [(_("earlier"), before)] if before else []
    by_month = {need.month: need.amount for need in needs}
    at = first
    for _count in range(MONTHS):
        if at > needs[-1].month:
            return found
        found.append((f"{at:%y-%m}", by_month.get(at, sites.ZERO)))
        at = Period.month(at.year, at.month).end
    later = sum(need.amount for need in needs if need.month >= at)
    return [*found, (_("later"), later)] if later else found


# -- one park --------------------------------------------------------------------------------------


def _park(request, park) -> dict:
    found = {what: b for (pk, what), b in sites.balances().items() if pk == park.pk}
    user, claims = request.user, StageRule.claim_by_stage()
    return {
        "title": str(park), "park": park, "claims": _claims(),
        "balances": [_balance(found[what]) for what in STOCKS if what in found],
        "supplies": _supplies(park), "rules": list(
            EntryRule.objects.live().current().filter(park=park).select_related("chain")),
        "bars": draw_supply(found.values(), wide=1100),
        "projects": _projects(request, park, claims),
        "outside": sites.outside_of(park, user), "centres": _centres(user, park),
        "needs": [_needs_chart(what, park) for what in (Supply.POWER, Supply.LAND)],
        "may_edit": "change_park" in permissions_of(user.role), "on": today(),
    }  # fmt: skip


def _supplies(park) -> list[dict]:
    """The figure in force of every kind, with the ones before it."""
    kinds: dict = {what: [] for what in Supply}
    dated = ParkSupply.objects.live().filter(park=park)
    for row in dated.order_by("as_of", "pk"):
        kinds[Supply(row.what)].append(row)
    in_force = {what: row for (pk, what), row in ParkSupply.objects.in_force().items()
                if pk == park.pk}  # fmt: skip
    return [
        {"label": what.label, "unit": UNITS[what], "row": in_force.get(what),
         "amount": _number(in_force[what].amount) if what in in_force else "",
         "earlier": [(row, _number(row.amount)) for row in rows if row != in_force.get(what)]}
        for what, rows in kinds.items()
    ]  # fmt: skip


def _projects(request, park, claims) -> dict:
    """Projects of this reader's scope that claim something here, the furthest first."""
    rows = sites.claiming(Project.objects.live().shown_to(request.user), claims).filter(park=park)
    needs = FactorNeeds.objects.filter(project=OuterRef("pk"))
    rows = rows.annotate(
        land=Subquery(needs.values("land_mu")[:1]), load=Subquery(needs.values("load_mw")[:1])
    )
    found = Paginator(rows.order_by("-stage_since", "pk"), PAGE).get_page(request.GET.get("p"))
    for project in found:
        project.claim = claims[project.stage]
        project.land_text, project.load_text = _number(project.land), _number(project.load)
        project.claim_label = Claim(project.claim).label
    return found


def _centres(user, park):
    rows = DataCentre.objects.live().current().open_to(user).filter(park=park)
    return list(rows.prefetch_related("compute").order_by("sequence", "pk"))
