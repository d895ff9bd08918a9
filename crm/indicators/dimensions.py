"""What sets of rows may be split by: columns, or expressions over the row, with their words."""

from dataclasses import dataclass

from django.db.models import Case, CharField, Q, Value, When
from django.db.models.functions import Substr, TruncMonth
from django.utils.translation import gettext_lazy as _

from crm.models import (
    Arrival,
    Chain,
    Company,
    Deal,
    Event,
    Park,
    Project,
    Region,
    Segment,
    TaskForce,
    Trip,
    Visit,
)
from crm.money import UNITS
from crm.stages import ProjectStatus, Stage

CLOSED = "closed"
YI = UNITS["亿元"]
# Lower bounds of the classes of size, largest first; what is unknown is a class of its own.
SIZES = ((50, _("5bn yuan and more")), (10, _("1bn to 5bn yuan")), (5, _("500m to 1bn yuan")),
         (1, _("100m to 500m yuan")), (0, _("less than 100m yuan")))  # fmt: skip


@dataclass(frozen=True)
class Dimension:
    """What a set may be split by. ``path`` is a column or an expression over the row.

    ``told`` says that the value is known of closed rows, too.
    """

    label: str
    path: object
    model: type | None = None
    choices: dict | None = None
    told: bool = False


def _amount() -> Case:
    """ "" where the planned investment is not known."""
    return Case(
        When(planned_yuan=None, then=Value("")), default=Value("known"), output_field=CharField()
    )


def _size() -> Case:
    known = [When(planned_yuan__gte=YI * bound, then=Value(str(bound))) for bound, _label in SIZES]
    return Case(*known, default=Value(""), output_field=CharField())


OF_PROJECTS = {
    "team": Dimension(_("task force"), "lead_team", TaskForce),
    "park": Dimension(_("park"), "park", Park),
    "chain": Dimension(_("industry chain"), "segment__chain", Chain),
    "segment": Dimension(_("chain segment"), "segment", Segment),
    "event": Dimension(_("event"), "event", Event),
    "size": Dimension(
        _("size of the investment"),
        _size(),
        choices={str(bound): label for bound, label in SIZES},
        told=True,
    ),
    "amount": Dimension(
        _("planned investment"), _amount(), choices={"known": _("known")}, told=True
    ),
    "stage": Dimension(_("stage"), "stage_then", choices=dict(Stage.choices), told=True),
    "status": Dimension(_("status"), "status_then", choices=dict(ProjectStatus.choices)),
    "reason": Dimension(_("reason"), "ended_because"),
    "planned": Dimension(_("planned signing month"), TruncMonth("planned_signing_on")),
    "reported": Dimension(_("month of the report"), TruncMonth("reported_on")),
}
OF_DEALS = {
    "team": Dimension(_("task force"), "project__lead_team", TaskForce),
    "park": Dimension(_("park"), "project__park", Park),
    "month": Dimension(_("month"), TruncMonth("signed_on"), told=True),
    "event": Dimension(_("signing event"), "event", Event),
    "chain": Dimension(_("industry chain"), "project__segment__chain", Chain),
    "segment": Dimension(_("chain segment"), "project__segment", Segment),
}
OF_ARRIVALS = {
    "month": Dimension(_("month"), "month", told=True),
    "park": Dimension(_("park"), "project__park", Park),
    "team": Dimension(_("task force"), "project__lead_team", TaskForce),
    "project": Dimension(_("project"), "project", Project, told=True),
    "origin": Dimension(_("origin"), "origin", choices=dict(Arrival.Origin.choices), told=True),
}
OF_VISITS = {
    "team": Dimension(_("task force"), "task_force", TaskForce, told=True),
    "trip": Dimension(_("trip"), "trip", Trip, told=True),
    "event": Dimension(_("event"), "event", Event, told=True),
    "city": Dimension(_("city"), "city", Region, told=True),
    "month": Dimension(_("month"), TruncMonth("held_on"), told=True),
}
OF_FIRMS = {
    "tier": Dimension(
        _("key-firm tier"), "key_tier", choices=dict(Company.Tier.choices), told=True
    ),
    "team": Dimension(_("owning task force"), "owning_team", TaskForce, told=True),
    "province": Dimension(_("home province"), Substr("region__code", 1, 2), told=True),
    "segment": Dimension(_("chain segment"), "segments", Segment, told=True),
}
DIMENSIONS = {
    Project: OF_PROJECTS, Deal: OF_DEALS, Arrival: OF_ARRIVALS, Visit: OF_VISITS,
    Company: OF_FIRMS, Trip: {},
}  # fmt: skip


def narrowed(rows, of):
    """The rows of these values; "" is the unknown value, CLOSED the rows closed to the reader."""
    for key, value in of:
        dimension = DIMENSIONS[rows.model][key]
        if value == CLOSED:
            rows = rows.filter(is_open=False)
            continue
        rows, column = with_column(rows, key, dimension)
        if not dimension.told:
            rows = rows.filter(is_open=True)
        unknown = Q(**{f"{column}__isnull": True})
        if dimension.model is None and key not in MONTHS:
            unknown |= Q(**{column: ""})
        rows = rows.filter(Q(**{column: value}) if value else unknown)
    return rows


MONTHS = {"month", "planned", "reported"}


def with_column(rows, key: str, dimension: Dimension):
    """The rows with the dimension as a column, and that column's name."""
    if isinstance(dimension.path, str):
        return rows, dimension.path
    column = f"by_{key}"
    return rows.annotate(**{column: dimension.path}), column
