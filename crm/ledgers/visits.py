"""拜访台账: visits to firms; unknown firms and people are entered with them."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.dates import leading_deadline
from crm.models import Contact, Trip, Visit
from crm.names import match_key

from .companies import People
from .directory import chunks
from .resource import Ledger
from .widgets import (
    ChoiceWidget,
    ContactWidget,
    DateWidget,
    NameWidget,
    PhoneWidget,
    TextWidget,
)

MODES = {
    "外出拜访": "outbound", "外出": "outbound", "拜访": "outbound", "走访": "outbound",
    "上门": "outbound", "赴外": "outbound", "来访": "inbound", "接待": "inbound",
    "来宁考察": "inbound", "考察": "inbound", "视频": "online", "线上": "online",
    "网络会议": "online", "电话": "call", "微信": "call",
}  # fmt: skip
OUTCOMES = {
    "达成协议": "agreed", "签约": "agreed", "形成线索": "lead", "线索": "lead",
    "明确意向": "intention", "达成意向": "intention", "有投资意向": "intention",
    "有意向": "interested", "感兴趣": "interested", "持续跟进": "interested", "无意向": "none",
    "暂无意向": "none", "未达成": "none",
}  # fmt: skip

DAY, TEAM = _("date"), _("task force")


class VisitLedger(People, Ledger):
    kind, model = "visits", Visit
    looks_at = (Contact, Visit, Trip)
    label_field = "company"
    fields_of_columns = {"task_force": "team", "their_people_text": "their_people",
                         "our_people_text": "our_people"}  # fmt: skip

    held_on = Field(column_name="held_on", widget=DateWidget())
    mode = Field(column_name="mode", widget=ChoiceWidget(MODES, contains=True))
    city = Field(column_name="city", widget=TextWidget(120))
    company = Field(column_name="company", widget=NameWidget(120))
    their_people = Field(column_name="their_people", widget=ContactWidget())
    position = Field(column_name="position", widget=TextWidget(60))
    phone = Field(column_name="phone", widget=PhoneWidget())
    delegation_head = Field(column_name="delegation_head", widget=TextWidget(60))
    our_people = Field(column_name="our_people", widget=TextWidget(200))
    content = Field(column_name="content", widget=TextWidget(one_line=False))
    wants = Field(column_name="wants", widget=TextWidget(300))
    outcome = Field(column_name="outcome", widget=TextWidget(300))
    next_step = Field(column_name="next_step", widget=TextWidget(200))
    next_step_on = Field(column_name="next_step_on", widget=DateWidget(planned=True))
    team = Field(column_name="team", widget=TextWidget(120))
    trip = Field(column_name="trip", widget=TextWidget(120))
    note = Field(column_name="note", widget=TextWidget(one_line=False))

    def needed(self):
        return ("held_on", "company")

    def look_up(self, rows):
        self.look_up_firms(row["company"] for row in rows if row.get("company"))
        firms = {firm for firm in self.directory.companies.values() if firm.pk}
        self.look_up_people(firms)
        self.visits = {}
        for part in chunks(firm.pk for firm in firms):
            own = Visit.objects.live().filter(company__in=part).editable_by(self.user)
            for visit in own.prefetch_related("their_people", "our_people"):
                self.visits[self._key(visit, visit.company_id)] = visit
        trips = Trip.objects.live().open_to(self.user)
        self.trips = {match_key(trip.name): trip for trip in trips}

    @staticmethod
    def _key(visit, company) -> tuple:
        return company, visit.held_on, visit.task_force_id, visit.mode

    def take(self, entry, values):
        team = self.team_named(entry, "team", values.get("team"))
        if team is None:
            self.refuse(entry, "team", _("A visit belongs to a task force; none is named."))
        region = self._region(entry, values.get("city"))
        firm = self.firm(entry, "company", values["company"], region=region)
        visit = Visit(company=firm, held_on=values["held_on"], task_force=team,
                      mode=values.get("mode") or Visit.Mode.OUTBOUND)  # fmt: skip
        key = self._key(visit, firm.pk or id(firm))
        found = self.visits.get(key)
        if found is None:
            self._announce(entry, visit)
            self.workspace.remember(self.visits, key, visit)
        visit = found or visit
        self._put_values(entry, visit, values, region)
        if found is None:
            self.new_record(entry, self.add(entry, visit))
        else:
            self.check(visit)
        entry.instance = visit
        self._put_person(entry, firm, values)

    def _announce(self, entry, visit) -> None:
        entry.change(self.word(DAY), "", visit.held_on.isoformat())
        entry.change(self.word(TEAM), "", visit.task_force.name)

    def _region(self, entry, text):
        region = self.directory.region(text) if text else None
        if text and region is None:
            self.warn(entry, "city", _("No region of this name; left out."))
        return region

    def _put_values(self, entry, visit, values, region) -> None:
        name, _phone = values.get("their_people") or ("", "")
        position = values.get("position") or ""
        step, due, told = self._next_step(entry, visit, values)
        content = "\n".join(filter(None, [values.get("content"), told, values.get("note")]))
        self.put(
            entry, visit, city=region, delegation_head=values.get("delegation_head"),
            our_people_text=_others(visit, "our_people", values.get("our_people") or ""),
            content=content, wants=values.get("wants"), next_step=step,
            their_people_text=_others(visit, "their_people", f"{name} {position}".strip()[:200]),
            next_step_on=due, outcome=self._outcome(values.get("outcome")),
            trip=self._trip(entry, values.get("trip")),
        )  # fmt: skip

    def _next_step(self, entry, visit, values) -> tuple:
        """(what, until when, ""), or ("", None, text) when there is no day it must be done by."""
        text, due = values.get("next_step"), values.get("next_step_on")
        if not text:
            return "", None, ""
        due = due or leading_deadline(text, year=visit.held_on.year)
        if due and due >= visit.held_on:
            return text, due, ""
        self.warn(entry, "next_step", _("No date in it: kept with what was talked about."))
        return "", None, str(_("Next step: %(text)s")) % {"text": text}

    def _outcome(self, text):
        key = match_key(text or "")
        return next((o for word, o in OUTCOMES.items() if key and word in key), None)

    def _trip(self, entry, name):
        trip = self.trips.get(match_key(name)) if name else None
        if name and trip is None:
            self.warn(entry, "trip", _("No trip of this name; left out."))
        return trip

    def _put_person(self, entry, firm, values) -> None:
        name, phone = values.get("their_people") or ("", "")
        if name and len(name) <= 30 and "、" not in name:
            phone = phone or values.get("phone")
            self.person(entry, firm, name, position=values.get("position"), phone=phone)


def _others(visit, field: str, text: str) -> str:
    """The text, unless it only repeats the linked people and the text beside them."""
    if visit.pk is None:
        return text
    linked = [person.name if field == "their_people" else str(person)
              for person in getattr(visit, field).all()]  # fmt: skip
    stored = getattr(visit, f"{field}_text")
    return "" if linked and text == "、".join(filter(None, [*linked, stored])) else text
