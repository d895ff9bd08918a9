"""外出招商台账, 活动台账 and 诉求台账: trips, events and what firms ask for."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm import people
from crm.models import Event, Project, Request, Trip
from crm.names import match_key

from .directory import chunks
from .resource import Ledger
from .widgets import (
    ChoiceWidget,
    DateWidget,
    MoneyWidget,
    NameWidget,
    PeriodWidget,
    QuantityWidget,
    TextWidget,
)

TRIP_KINDS = {
    "敲门招商": "door_knocking", "拜访": "door_knocking", "驻点": "stationed",
    "驻地招商": "stationed", "推介": "promotion", "推介会": "promotion", "回访": "follow_up",
    "跟进": "follow_up", "考察": "door_knocking",
}  # fmt: skip
EVENT_KINDS = {
    "青洽会": "qinghai_fair", "推介": "promotion", "洽谈": "matchmaking", "对接": "matchmaking",
    "说明会": "briefing", "其他": "other",
}  # fmt: skip
CATEGORIES = {
    "土地": "land", "用地": "land", "厂房": "land", "用电": "power", "电力": "power",
    "用能": "power", "能耗": "power", "网络": "network", "带宽": "network", "政策": "policy",
    "资金": "funds", "融资": "funds", "用工": "people", "人才": "people", "审批": "approval",
    "手续": "approval", "其他": "other",
}  # fmt: skip
SUPERVISION = {"市级督办": "city", "市级": "city", "局督办": "bureau", "局级": "bureau"}
DAYS_TO_ANSWER = 30


class TripLedger(Ledger):
    kind, model = "trips", Trip
    looks_at = (Trip,)
    fields_of_columns = {"started_on": "dates", "ended_on": "dates", "task_force": "team",
                         "delegation_head": "head", "cost_yuan": "cost"}  # fmt: skip

    name = Field(column_name="name", widget=TextWidget(120))
    dates = Field(column_name="dates", widget=PeriodWidget())
    cities = Field(column_name="cities", widget=TextWidget(300))
    head = Field(column_name="head", widget=TextWidget(60))
    people_count = Field(column_name="people_count", widget=QuantityWidget("parse_count"))
    trip_kind = Field(column_name="kind", widget=ChoiceWidget(TRIP_KINDS, contains=True))
    purpose = Field(column_name="purpose", widget=TextWidget(300))
    cost = Field(column_name="cost", widget=MoneyWidget())
    summary = Field(column_name="summary", widget=TextWidget(one_line=False))
    team = Field(column_name="team", widget=TextWidget(120))
    note = Field(column_name="note", widget=TextWidget(one_line=False))

    def needed(self):
        return ("dates", "cities")

    def look_up(self, rows):
        known = Trip.objects.live().open_to(self.user).select_related("task_force")
        self.writable = set(known.editable_by(self.user).values_list("pk", flat=True))
        self.trips = {(t.started_on, t.task_force_id, match_key(t.name)): t for t in known}
        through = Trip.cities.through.objects.filter(trip__in=known).values_list("trip", "region")
        self.cities = dict.fromkeys(through, True)

    def take(self, entry, values):
        first, last, text = values["dates"]
        team = self.team_named(entry, "team", values.get("team"))
        name = values.get("name") or f"{first:%Y-%m-%d} {values['cities']}"[:120]
        entry.label = name
        key = (first, team and team.pk, match_key(name))
        trip = self.trips.get(key)
        if trip is None and not values.get("team"):
            trip = self.trips.get((first, None, match_key(name)))  # of the city's leaders
        is_new = trip is None
        trip = trip or Trip(name=name, started_on=first, ended_on=last, task_force=team)
        self.put(
            entry, trip, ended_on=last, delegation_head=values.get("head"),
            date_text=text[:60] if is_new or last != trip.ended_on else None,
            people_count=values.get("people_count"), kind=values.get("kind"),
            purpose=values.get("purpose"), cost_yuan=_yuan(values.get("cost")),
            summary="\n".join(filter(None, [values.get("summary"), values.get("note")])),
        )  # fmt: skip
        self.settle(entry, self.trips, key, trip, _("trip"), name)
        self._put_cities(entry, trip, values["cities"])
        if entry.changes and trip.pk is not None and trip.pk not in self.writable:
            self.clash(entry, "name", trip.task_force)

    def _put_cities(self, entry, trip, text) -> None:
        for name in people.split_people(text):
            region = self.directory.region(name)
            if region is None:
                message = _("No region “%(name)s”; left out.") % {"name": name}
                self.warn(entry, "cities", message)
            elif (trip.pk or id(trip), region.pk) not in self.cities:
                self.workspace.link(trip, "cities", region)
                self.workspace.remember(self.cities, (trip.pk or id(trip), region.pk), True)
                entry.change(_("cities"), "", str(region))


def _yuan(amount):
    """What it cost; words that say it is unknown leave it unknown."""
    return amount and amount.yuan


class EventLedger(Ledger):
    kind, model = "events", Event
    fields_of_columns = {"started_on": "dates", "ended_on": "dates", "cost_yuan": "cost"}

    name = Field(column_name="name", widget=TextWidget(120))
    event_kind = Field(column_name="kind", widget=ChoiceWidget(EVENT_KINDS, contains=True))
    dates = Field(column_name="dates", widget=PeriodWidget())
    region = Field(column_name="region", widget=TextWidget(120))
    host = Field(column_name="host", widget=TextWidget(120))
    purpose = Field(column_name="purpose", widget=TextWidget(300))
    cost = Field(column_name="cost", widget=MoneyWidget())
    summary = Field(column_name="summary", widget=TextWidget(one_line=False))

    def look_up(self, rows):
        known = Event.objects.live().open_to(self.user)
        self.writable = set(known.editable_by(self.user).values_list("pk", flat=True))
        self.events = {(match_key(e.name), e.started_on and e.started_on.year): e for e in known}

    def take(self, entry, values):
        first, last, text = values.get("dates") or (None, None, "")
        key = (match_key(values["name"]), first and first.year)
        event = self.events.get(key) or Event(name=values["name"], kind=Event.Kind.OTHER)
        region = self.directory.region(values["region"]) if values.get("region") else None
        if values.get("region") and region is None:
            self.warn(entry, "region", _("No region of this name; left out."))
        known = (first, last) == (event.started_on, event.ended_on or event.started_on)
        self.put(
            entry, event, kind=values.get("kind"), started_on=first,
            ended_on=None if known else last, date_text=None if known else text[:60],
            region=region, host=values.get("host"), purpose=values.get("purpose"),
            cost_yuan=_yuan(values.get("cost")),
            summary=values.get("summary"),
        )  # fmt: skip
        self.settle(entry, self.events, key, event, _("event"), event.name)
        if entry.changes and event.pk is not None and event.pk not in self.writable:
            self.refuse(entry, "name", _("Events are kept by the bureau."))


class RequestLedger(Ledger):
    kind, model = "requests", Request
    looks_at = (Project, Request)
    label_field = "content"
    fields_of_columns = {"company": "subject", "project": "subject", "task_force": "team"}

    raised_on = Field(column_name="raised_on", widget=DateWidget())
    subject = Field(column_name="subject", widget=NameWidget(160))
    source = Field(column_name="source", widget=TextWidget(60))
    category = Field(column_name="category", widget=ChoiceWidget(CATEGORIES, contains=True))
    content = Field(column_name="content", widget=TextWidget(one_line=False))
    department = Field(column_name="department", widget=TextWidget(120))
    due_on = Field(column_name="due_on", widget=DateWidget(planned=True))
    progress = Field(column_name="progress", widget=TextWidget(one_line=False))
    closed_on = Field(column_name="closed_on", widget=DateWidget())
    supervision = Field(column_name="supervision", widget=ChoiceWidget(SUPERVISION, contains=True))
    team = Field(column_name="team", widget=TextWidget(120))

    def needed(self):
        return ("raised_on", "subject", "content", "department")

    def look_up(self, rows):
        subjects = [row["subject"] for row in rows if row.get("subject")]
        self.projects = {}
        for part in chunks({match_key(name)[:160] for name in subjects}):
            own = Project.objects.live().open_to(self.user).filter(name_key__in=part)
            self.projects |= {project.name_key: project for project in own}
        self.look_up_firms(name for name in subjects if match_key(name) not in self.projects)
        known = Request.objects.live().editable_by(self.user)
        self.requests = {
            (r.raised_on, r.project_id, None if r.project_id else r.company_id,
             match_key(r.content)): r
            for r in known
        }  # fmt: skip

    def take(self, entry, values):
        entry.label = values["content"][:200]
        project = self.projects.get(match_key(values["subject"])[:160])
        firm = None if project else self.firm(entry, "subject", values["subject"])
        key = (values["raised_on"], project and project.pk, firm and (firm.pk or id(firm)),
               match_key(values["content"]))  # fmt: skip
        request = self.requests.get(key) or self._new(entry, values, project, firm)
        self.put(
            entry, request, source=values.get("source"), progress=values.get("progress"),
            closed_on=values.get("closed_on"), supervision=values.get("supervision"),
            due_on=values.get("due_on"), category=values.get("category"),
            department=self._department(entry, values["department"]),
        )  # fmt: skip
        self.settle(entry, self.requests, key, request, _("request"), entry.label)

    def _new(self, entry, values, project, firm) -> Request:
        team = self.team_named(entry, "team", values.get("team"))
        team = team or (project and project.lead_team) or (firm and firm.owning_team)
        if team is None:
            self.refuse(entry, "team", _("A request belongs to a task force; none is named."))
        if values.get("due_on") is None:
            self.warn(entry, "due_on", _("No deadline: 30 days after the request are taken."))
        return Request(
            raised_on=values["raised_on"], project=project, company=firm, task_force=team,
            content=values["content"], category=Request.Category.OTHER,
            due_on=values["raised_on"] + timedelta(days=DAYS_TO_ANSWER),
        )  # fmt: skip

    def _department(self, entry, name):
        department = self.directory.department(name)
        if department is None:
            self.refuse(
                entry, "department",
                _("There is no unit “%(name)s”; the closest is “%(closest)s”."),
                name=name, closest=self.directory.closest_department(name),
            )  # fmt: skip
        return department
