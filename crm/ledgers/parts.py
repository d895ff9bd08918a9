"""Many-valued cells: what several rows of another table say about each row of a chunk."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum, Value
from django.db.models.functions import NullIf
from django.utils.translation import gettext as _

from crm.models import (
    Arrival,
    Assessment,
    Company,
    CompanyMark,
    CompanyName,
    ComputeCapacity,
    Contact,
    CreditShare,
    DataCentreCompute,
    DealParty,
    FactorNeeds,
    MeetingAttendance,
    Milestone,
    ProjectInvestor,
    Request,
    Segment,
    TrainingYear,
    Trip,
    Visit,
)
from crm.models.reference import ComputeKind
from crm.periods import Period, today

from .sources import Chunk, digits, plain

BETWEEN = "、"


def joined(pairs) -> dict:
    """``{row: "甲、乙"}`` of pairs (row, text), every text once, in their order."""
    texts = defaultdict(dict)
    for row, text in pairs:
        if text:
            texts[row][str(text)] = None
    return {row: BETWEEN.join(found) for row, found in texts.items()}


# -- firms -----------------------------------------------------------------------------------------


def short_names(chunk: Chunk) -> dict:
    names = CompanyName.objects.filter(company__in=chunk.ids(), kind=CompanyName.Kind.SHORT)
    return joined(names.order_by("id").values_list("company", "name"))


def marks(chunk: Chunk) -> dict:
    rows = CompanyMark.objects.filter(company__in=chunk.ids()).order_by("id")
    labels = dict(CompanyMark.Mark.choices)
    return joined((firm, labels[mark]) for firm, mark in rows.values_list("company", "mark"))


def firm_segments(chunk: Chunk) -> dict:
    links = Company.segments.through.objects.filter(company__in=chunk.ids()).order_by("id")
    labels = chunk.look_up(segment_labels)
    return joined((firm, labels[at]) for firm, at in links.values_list("company", "segment"))


def segment_labels(chunk: Chunk) -> dict:
    """Segments by name, with their chain where the name alone stands for several."""
    rows = list(Segment.objects.values_list("pk", "name", "chain__name"))
    names = [name for _pk, name, _chain in rows]
    return {pk: name if names.count(name) == 1 else f"{chain} · {name}" for pk, name, chain in rows}


MOST_FIRMS = 300  # a cell of Excel holds no more; the number of firms stands beside it


def segment_firms(chunk: Chunk) -> dict:
    """The firms of each segment that the reader may list, key firms first."""
    tier = NullIf("company__key_tier", Value("")).asc(nulls_last=True)
    rows = _firms_of(chunk).order_by("segment", tier, "company__sort_key", "pk")
    found = defaultdict(list)
    for segment, name in rows.values_list("segment", "company__name"):
        if len(found[segment]) < MOST_FIRMS:
            found[segment].append(name)
    return {segment: BETWEEN.join(names) for segment, names in found.items()}


def segment_firm_counts(chunk: Chunk) -> dict:
    return dict(_firms_of(chunk).order_by().values_list("segment").annotate(n=Count("pk")))


def _firms_of(chunk: Chunk):
    seen = Company.objects.live().visible_to(chunk.user).values("pk")
    return Company.segments.through.objects.filter(segment__in=chunk.ids(), company__in=seen)


@dataclass(frozen=True)
class Person:
    """A contact with the phone as the reader may see it."""

    name: str
    position: str
    phone: str


PERSON = ("name", "position", "mobile", "phone")


def _person(chunk: Chunk, name, position, mobile, phone) -> Person:
    return Person(name, position, chunk.phone(mobile or phone))


def main_contacts(chunk: Chunk) -> dict:
    """The main contact of each firm, else the first one still there."""
    rows = (
        Contact.objects.live().filter(company__in=chunk.ids(), has_left=False).open_to(chunk.user)
    )
    found = {}
    for firm, *person in rows.order_by("-is_primary", "id").values_list("company", *PERSON):
        found.setdefault(firm, _person(chunk, *person))
    return found


def project_contacts(chunk: Chunk) -> dict:
    """By contact; people of firms that are closed to the reader are left out."""
    rows = Contact.objects.filter(pk__in=chunk.ids("contact")).open_to(chunk.user)
    return {pk: _person(chunk, *person) for pk, *person in rows.values_list("pk", *PERSON)}


# -- going out -------------------------------------------------------------------------------------


def people_met(chunk: Chunk) -> dict:
    """Whom a visit met, as far as their firms are open to the reader."""
    links = Visit.their_people.through.objects.filter(visit__in=chunk.ids()).order_by("id")
    pairs = list(links.values_list("visit", "contact"))
    if not pairs:
        return {}
    # Asked for by key: a sub-query over all contacts would be worked out anew for every chunk.
    people = Contact.objects.filter(pk__in={person for _visit, person in pairs})
    rows = people.open_to(chunk.user).values_list("pk", *PERSON)
    known = {pk: _person(chunk, *person) for pk, *person in rows}
    found = defaultdict(list)
    for visit, person in pairs:
        if person in known:
            found[visit].append(known[person])
    return found


def people_sent(chunk: Chunk) -> dict:
    links = Visit.our_people.through.objects.filter(visit__in=chunk.ids()).order_by("id")
    rows = links.values_list("visit", "user__full_name", "user__username")
    return joined((visit, full_name or account) for visit, full_name, account in rows)


def joint_teams(chunk: Chunk) -> dict:
    links = Trip.joint_teams.through.objects.filter(trip__in=chunk.ids()).order_by("id")
    return joined(links.values_list("trip", "taskforce__name"))


def trip_cities(chunk: Chunk) -> dict:
    links = Trip.cities.through.objects.filter(trip__in=chunk.ids()).order_by("id")
    return joined(links.values_list("trip", "region__name"))


def firms_met(chunk: Chunk) -> dict:
    """Firms of a trip's visits that are open to the reader."""
    visits = Visit.objects.live().filter(trip__in=chunk.ids()).open_to(chunk.user)
    return joined(visits.order_by("held_on", "id").values_list("trip", "company__name"))


def supporting_units(chunk: Chunk) -> dict:
    links = Request.co_departments.through.objects.filter(request__in=chunk.ids()).order_by("id")
    return joined(links.values_list("request", "department__name"))


# -- projects: by the project of the row -----------------------------------------------------------


class OfProject:
    """Look-ups for rows that are projects (``path`` pk) or belong to one (``path`` project)."""

    def __init__(self, path: str):
        self.path = path

    def _rows(self, model, chunk: Chunk):
        return model.objects.filter(project__in=chunk.ids(self.path)).order_by("id")

    def joint_investors(self, chunk: Chunk) -> dict:
        return joined(self._rows(ProjectInvestor, chunk).values_list("project", "company__name"))

    def first_teams(self, chunk: Chunk) -> dict:
        return self._teams(chunk, CreditShare.Part.FIRST)

    def landing_teams(self, chunk: Chunk) -> dict:
        return self._teams(chunk, CreditShare.Part.LANDING)

    def _teams(self, chunk: Chunk, part: str) -> dict:
        shares = self._rows(CreditShare, chunk).filter(part=part)
        return joined(shares.values_list("project", "task_force__name"))

    def shares(self, chunk: Chunk) -> dict:
        rows = self._rows(CreditShare, chunk)
        rows = rows.values_list("project", "task_force__name", "percent")
        return joined((project, f"{team}{digits(part)}%") for project, team, part in rows)

    def assessments(self, chunk: Chunk) -> dict:
        """The result of the latest assessment."""
        labels = {value: str(label) for value, label in Assessment.Result.choices}
        rows = self._rows(Assessment, chunk).order_by("held_on", "id")
        return {
            project: labels[result] for project, result in rows.values_list("project", "result")
        }

    def planned_compute(self, chunk: Chunk) -> dict:
        return self._alone(chunk, "planned_p")

    def online_compute(self, chunk: Chunk) -> dict:
        return self._alone(chunk, "online_p")

    def racks(self, chunk: Chunk) -> dict:
        return self._alone(chunk, "racks")

    def _alone(self, chunk: Chunk, path: str) -> dict:
        """A number of projects with compute of one kind; of several none stands for all."""
        found = chunk.look_up(self._capacities)
        return {project: plain(rows[0][path]) for project, rows in found.items() if not rows[1:]}

    def compute_kinds(self, chunk: Chunk) -> dict:
        """Compute of several kinds, never added: 智算FP16 2000P、通算 300P."""
        found = chunk.look_up(self._capacities)
        return {
            project: BETWEEN.join(map(_capacity, rows))
            for project, rows in found.items()
            if rows[1:]
        }

    def _capacities(self, chunk: Chunk) -> dict:
        found = defaultdict(list)
        rows = self._rows(ComputeCapacity, chunk)
        for row in rows.values("project", "kind", "precision", "planned_p", "online_p", "racks"):
            found[row["project"]].append(row)
        return found

    def sites(self, chunk: Chunk) -> dict:
        """Land and floor space: 用地30亩，厂房2000㎡."""
        rows = self._rows(FactorNeeds, chunk).values_list("project", "land_mu", "floor_m2")
        return {project: _site(mu, m2) for project, mu, m2 in rows}

    def loads(self, chunk: Chunk) -> dict:
        rows = self._rows(FactorNeeds, chunk).values_list("project", "load_mw")
        return {project: plain(mw) for project, mw in rows}

    def milestones(self, chunk: Chunk) -> dict:
        """``{project: {kind: (planned, actual, text)}}``; the last of a kind counts."""
        found = defaultdict(dict)
        rows = self._rows(Milestone, chunk)
        paths = ("project", "kind", "planned_on", "actual_on", "document_no", "is_not_applicable")
        for project, kind, planned, actual, number, is_out in rows.values_list(*paths):
            found[project][kind] = (planned, actual, _formality(actual, number, is_out))
        return found

    def arrived(self, chunk: Chunk) -> dict:
        """Yuan arrived: all, of this year, from outside the province; rejected money left out."""
        year = Period.year(today().year)
        rows = self._rows(Arrival, chunk).live().exclude(state=Arrival.State.REJECTED)
        this_year = Q(month__gte=year.start, month__lt=year.end)
        sums = rows.order_by().values("project").annotate(
            total=Sum("amount_yuan"),
            year=Sum("amount_yuan", filter=this_year),
            outside=Sum("amount_yuan", filter=Q(origin=Arrival.Origin.OUTSIDE)),
        )  # fmt: skip
        return {row.pop("project"): row for row in sums}


def _capacity(row: dict) -> str:
    """智算FP16 2000P, of which online, and racks."""
    name = f"{ComputeKind(row['kind']).label}{row['precision'].upper()}"
    planned, online = row["planned_p"], row["online_p"]
    words = [name] if planned is None else [f"{name} {digits(planned)}P"]
    words += [] if online is None else [_("%(size)sP online") % {"size": digits(online)}]
    words += [_("%(count)s racks") % {"count": row["racks"]}] if row["racks"] else []
    return " ".join(words)


def _site(mu: Decimal | None, m2: Decimal | None) -> str:
    parts = [] if mu is None else [f"用地{digits(mu)}亩"]
    parts += [] if m2 is None else [f"厂房{digits(m2)}㎡"]
    return "，".join(parts)


def _formality(actual, number: str, is_not_applicable: bool) -> str:
    """What a formality's cell says: not needed, its paper, or the day it was done."""
    if is_not_applicable:
        return "不涉及"
    return number or (f"{actual:%Y-%m-%d}" if actual else "")


def parties(chunk: Chunk) -> dict:
    """Who signs on the investor's side."""
    rows = DealParty.objects.filter(deal__in=chunk.ids(), side=DealParty.Side.INVESTOR)
    paths = ("deal", "name", "company__name")
    rows = rows.order_by("id").values_list(*paths)
    return joined((deal, name or firm) for deal, name, firm in rows)


# -- data centres ----------------------------------------------------------------------------------


def _centre_parts(chunk: Chunk) -> dict:
    found = defaultdict(list)
    rows = DataCentreCompute.objects.filter(data_centre__in=chunk.ids()).order_by("id")
    for row in rows:
        found[row.data_centre_id].append(row)
    return found


def _of_only_part(read):
    """What the only part of a data centre says; of several none stands for all."""

    def found(chunk: Chunk) -> dict:
        parts = chunk.look_up(_centre_parts)
        return {pk: read(rows[0]) for pk, rows in parts.items() if not rows[1:]}

    return found


centre_phase = _of_only_part(lambda part: part.phase)
centre_kind = _of_only_part(lambda part: part.get_kind_display())
centre_precision = _of_only_part(lambda part: part.precision.upper() or None)
centre_planned = _of_only_part(lambda part: plain(part.planned_p))
centre_online = _of_only_part(lambda part: plain(part.online_p))
centre_building = _of_only_part(lambda part: plain(part.building_p))
centre_reserved = _of_only_part(lambda part: plain(part.reserved_p))


def centre_by_kind(chunk: Chunk) -> dict:
    """Compute of several kinds, never added: 智算FP16 2000P、通算 300P."""
    parts = chunk.look_up(_centre_parts)
    return {
        pk: BETWEEN.join(_capacity(vars(row) | {"racks": None}) for row in rows)
        for pk, rows in parts.items()
        if rows[1:]
    }


# -- the alliance, talent --------------------------------------------------------------------------


def _attending(state: str):
    """The members of a meeting with this attendance."""

    def found(chunk: Chunk) -> dict:
        rows = MeetingAttendance.objects.filter(meeting__in=chunk.ids(), state=state)
        return joined(rows.order_by("id").values_list("meeting", "membership__company__name"))

    return found


members_that_came = _attending(MeetingAttendance.State.CAME)
members_excused = _attending(MeetingAttendance.State.EXCUSED)


def _latest_years(chunk: Chunk) -> dict:
    rows = TrainingYear.objects.filter(programme__in=chunk.ids()).order_by("year")
    return {row.programme_id: row for row in rows}


def _of_latest_year(name: str):
    """What a programme reports for its latest year."""
    return lambda chunk: {
        pk: getattr(row, name) for pk, row in chunk.look_up(_latest_years).items()
    }


training_year = _of_latest_year("year")
in_training = _of_latest_year("in_training")
finishing = _of_latest_year("finished")
stayed = _of_latest_year("stayed")
