"""The bureau's ledgers: which columns each has, in which order, and where their cells come from.

Headings are the ones of the trade, so that an import recognises every column of an export.
"""

from django.utils.translation import gettext_lazy as _

from crm.models import (
    AllianceMeeting,
    Arrival,
    Commitment,
    Company,
    Contact,
    DataCentre,
    Deal,
    Event,
    Introduction,
    Invitation,
    Programme,
    Project,
    Request,
    Segment,
    TrainingAgreement,
    Trip,
    Visit,
)
from crm.models.talent import TrainingField
from crm.reports.table import Kind
from crm.stages import Stage

from . import parts
from .columns import (
    Sheet,
    date,
    either,
    investors,
    milestone,
    names_met,
    of_first_met,
    of_person,
    state,
    subject,
    text,
    told,
    with_day,
    with_more,
    yuan,
)
from .parts import OfProject
from .sources import (
    Source,
    amount,
    choice,
    day,
    days,
    looked_up,
    looked_up_money,
    money,
    named,
    number,
)

PROJECT, OF_PROJECT = OfProject("pk"), OfProject("project")
FORMALITIES, ARRIVED, COMPUTE = _("formalities"), _("money arrived"), _("compute scale")
TEAM = _("task force")
INDUSTRY = Source(
    ("industry__code", "industry__name"),
    lambda chunk: [
        code and f"{code} {name}"
        for code, name in zip(chunk["industry__code"], chunk["industry__name"], strict=True)
    ],
)
PROJECT_NAME = named("project__name", "project__code_name")


STATE_FIELDS = ("due_on", "fulfilled_on", "disputed_on", "settled_on")


def keeping_state(chunk):
    """Whether each promise is kept, as of today."""
    rows = zip(*(chunk[name] for name in STATE_FIELDS), strict=True)
    promises = (Commitment(**dict(zip(STATE_FIELDS, row, strict=True))) for row in rows)
    return [promise.state_label for promise in promises]


def of_its_project(key: str) -> Source:
    """Money arrived for the project of the row."""
    return looked_up_money(OF_PROJECT.arrived, key, by="project")


# fmt: off
COMPANIES = (
    text("name", _("company name"), 26, public=True),
    text("uscc", _("unified social credit code"), 20, public=True),
    text("short_name", _("short name"), 10, looked_up(parts.short_names)),
    text("region", _("home region"), 10, "region__name", public=True),
    text("parent", _("group parent"), 16, "parent__name"),
    text("industry", _("industry"), 14, INDUSTRY),
    text("segment", _("chain segments"), 12, looked_up(parts.firm_segments), public=True),
    text("ownership", _("ownership"), 8, choice("ownership", Company.Ownership)),
    text("marks", _("marks"), 14, looked_up(parts.marks)),
    text("main_business", _("main business"), 20),
    yuan("revenue", _("last year's revenue"), money("revenue_yuan"), total=False),
    text("contact", _("contact"), 9, of_person(parts.main_contacts, "name")),
    text("position", _("position"), 9, of_person(parts.main_contacts, "position")),
    text("phone", _("contact phone"), 13, of_person(parts.main_contacts, "phone")),
    text("team", _("owning task force"), 11, "owning_team__name", public=True),
    text("leader", _("sponsoring leader"), 8, "sponsoring_leader"),
    text("tier", _("target tier"), 8, "key_tier"),
    text("note", _("note"), 14),
)
CONTACTS = (
    text("company", _("company name"), 34, "company__name"),
    text("name", _("full name"), 12),
    text("position", _("position"), 16),
    text("section", _("section"), 18),
    text("phone", _("telephone"), 18, Source(
        ("phone",), lambda chunk: [chunk.phone(number) for number in chunk["phone"]])),
    text("mobile", _("mobile"), 16, Source(
        ("mobile",), lambda chunk: [chunk.phone(number) for number in chunk["mobile"]])),
    text("note", _("note"), 28),
)
VISITS = (
    date("held_on", _("date"), public=True),
    text("mode", _("how"), 9, choice("mode", Visit.Mode), public=True),
    text("city", _("city"), 9, "city__name", public=True),
    text("company", _("company name"), 20, "company__name"),
    text("their_people", _("their people"), 10, with_more(
        names_met(), "their_people_text")),
    text("position", _("position"), 9, of_first_met("position")),
    text("phone", _("contact phone"), 13, of_first_met("phone")),
    text("delegation_head", _("head of delegation"), 9),
    text("our_people", _("our people"), 11, with_more(
        looked_up(parts.people_sent), "our_people_text")),
    text("content", _("what was talked about"), 28),
    text("wants", _("intention and requests"), 16),
    text("outcome", _("outcome"), 9, choice("outcome", Visit.Outcome, blank=("none",))),
    text("next_step", _("next step"), 16),
    text("next_step_owner", _("who does it"), 8, either(
        "next_step_owner__full_name", "next_step_owner__username")),
    date("next_step_on", _("next follow-up")),
    text("team", TEAM, 11, "task_force__name", public=True),
    text("trip", _("trip batch"), 13, "trip__name"),
)
PROJECTS = (
    text("name", _("project name"), 20, named("name", "code_name"), public=True),
    text("investor", _("investor"), 18, investors(PROJECT, "lead_investor__name", "pk")),
    text("content", _("content and scale"), 24, told("", or_else="summary")),
    yuan("planned", _("planned investment"), amount("planned_yuan", upper="planned_upper_yuan"),
         public=True),
    yuan("fixed_assets", _("of which fixed assets (ledger)"), money("fixed_assets_yuan")),
    text("segment", _("chain segments"), 10, either("segment__name", "segment_text")),
    text("park", _("intended site"), 11, either("park__short_name", "park__name", "site_text")),
    text("land", _("land or hall"), 10, looked_up(PROJECT.sites)),
    text("energy", _("energy use"), 7, told(_("energy use"))),
    text("compute", _("compute scale (P)"), 8, looked_up(PROJECT.planned_compute),
         kind=Kind.NUMBER),
    text("compute_kinds", _("make-up"), 10, looked_up(PROJECT.compute_kinds)),
    text("team", _("first reporting task force"), 10, "lead_team__name"),
    date("reported_on", _("first reported on")),
    text("progress", _("progress of the project"), 15, told(_("progress of the project"))),
    text("next_step", _("next step"), 18, with_day("next_step", "next_step_on")),
    text("assessment", _("result of the assessment"), 8, looked_up(PROJECT.assessments)),
    date("planned_signing", _("planned signing date"), "planned_signing_on", kind=Kind.MONTH),
    text("problems", _("problems"), 13, told(_("problems"))),
    text("leader", _("sponsoring leader"), 8, "sponsoring_leader"),
    text("contact", _("contact"), 9, of_person(parts.project_contacts, "name", "contact")),
    text("phone", _("contact phone"), 13, of_person(parts.project_contacts, "phone", "contact")),
    text("code", _("project number"), 11, "number"),
    text("note", _("note"), 9, told(_("note"))),
)
DEALS = (
    text("project", _("project name"), 19, PROJECT_NAME, public=True),
    text("investor", _("investing party"), 15, investors(
        OF_PROJECT, "project__lead_investor__name", "project")),
    text("party", _("signing party"), 15, looked_up(parts.parties)),
    text("number", _("contract number"), 11),
    text("kind", _("kind of agreement"), 9, choice("kind", Deal.Kind)),
    date("signed_on", _("date of signing"), day("signed_on", written="signed_text")),
    text("event", _("signing event"), 9, "event__name"),
    yuan("amount", _("amount signed"), amount("amount_yuan", currency="currency"), public=True),
    yuan("outside", _("of which from outside the province"), money("outside_yuan")),
    text("content", _("content of the works"), 18, either("project__content", "project__summary")),
    text("park", _("park of landing"), 10, either(
        "project__park__short_name", "project__park__name", "project__site_text")),
    text("project_company", _("registered company"), 13, "project__project_company__name"),
    date("registered_on", _("date of registration"), "project__project_company__registered_on"),
    text("filing_code", _("filing code"), 11, "project__filing_code"),
    yuan("arrived_total", _("cumulative"), of_its_project("total"),
         group=ARRIVED, total=False),
    yuan("arrived_year", _("this year"), of_its_project("year"),
         group=ARRIVED, total=False),
    yuan("arrived_outside", _("of which outside money"), of_its_project("outside"),
         group=ARRIVED, total=False),
    text("progress", _("stage of progress"), 7, choice("project__stage", Stage)),
    text("team", _("lead task force"), 10, "project__lead_team__name"),
    text("first_team", _("unit of the first talks"), 10, looked_up(
        OF_PROJECT.first_teams, by="project")),
    text("landing_team", _("unit of the landing"), 10, looked_up(
        OF_PROJECT.landing_teams, by="project")),
    text("share", _("shares of the credit"), 10, looked_up(OF_PROJECT.shares, by="project")),
    text("leader", _("sponsoring leader"), 8, "project__sponsoring_leader"),
    text("code", _("project number"), 9, "project__number"),
)
BUILDING = (
    text("name", _("project name"), 20, named("name", "code_name"), public=True),
    text("investor", _("constructing unit"), 16, investors(PROJECT, "lead_investor__name", "pk")),
    yuan("planned", _("total investment"), amount("planned_yuan", upper="planned_upper_yuan"),
         public=True),
    yuan("arrived", _("money arrived"), looked_up_money(PROJECT.arrived, "total")),
    date("started_on", _("date of the start")),
    date("planned_completion", _("planned completion"), milestone(PROJECT, "completion", 0)),
    date("produced_on", _("date of production")),
    text("progress", _("visible progress"), 13, "start_note"),
    text("filing", _("filing"), 11, milestone(PROJECT, "filing", 2, else_path="filing_code"),
         group=FORMALITIES),
    text("land", _("land"), 10, milestone(PROJECT, "land", 2), group=FORMALITIES),
    text("environment", _("environment review"), 10, milestone(PROJECT, "environment", 2),
         group=FORMALITIES),
    text("energy_review", _("energy-saving review"), 10, milestone(PROJECT, "energy", 2),
         group=FORMALITIES),
    text("permit", _("construction permit"), 10, milestone(PROJECT, "permit", 2),
         group=FORMALITIES),
    text("compute_planned", _("planned P"), 8, looked_up(PROJECT.planned_compute),
         kind=Kind.NUMBER, group=COMPUTE),
    text("compute_online", _("online P"), 8, looked_up(PROJECT.online_compute),
         kind=Kind.NUMBER, group=COMPUTE),
    text("compute_kinds", _("make-up"), 12, looked_up(PROJECT.compute_kinds), group=COMPUTE),
    text("racks", _("racks"), 7, looked_up(PROJECT.racks), kind=Kind.COUNT, total=True),
    text("load_mw", _("power load (MW)"), 9, looked_up(PROJECT.loads), kind=Kind.NUMBER),
    text("team", _("responsible unit"), 11, "lead_team__name"),
    text("code", _("project number"), 11, "number"),
)
ARRIVALS = (
    text("project", _("project name"), 34, PROJECT_NAME, public=True),
    date("month", _("month of arrival"), kind=Kind.MONTH),
    yuan("amount", _("amount arrived"), money("amount_yuan"), 16, public=True),
    text("origin", _("origin of the money"), 14, choice("origin", Arrival.Origin)),
    text("evidence", _("evidence"), 34),
    text("state", _("state of confirmation"), 10, choice("state", Arrival.State)),
    text("code", _("project number"), 14, "project__number"),
)
TRIPS = (
    text("name", _("trip batch"), 24),
    text("dates", _("first and last day"), 31, days("started_on", "ended_on", "date_text")),
    text("cities", _("destination"), 16, looked_up(parts.trip_cities)),
    text("head", _("head of delegation"), 12, "delegation_head"),
    text("people_count", _("number of people"), 8, kind=Kind.COUNT, total=True),
    text("kind", _("kind of activity"), 10, choice("kind", Trip.Kind)),
    text("purpose", _("purpose"), 18),
    text("firms", _("firms met"), 42, looked_up(parts.firms_met)),
    yuan("cost", _("cost"), money("cost_yuan")),
    text("summary", _("main results"), 34),
    text("team", TEAM, 12, "task_force__name"),
    text("joint_teams", _("joint teams"), 14, looked_up(parts.joint_teams)),
)
EVENTS = (
    text("name", _("event name"), 34),
    text("kind", _("kind of event"), 14, choice("kind", Event.Kind)),
    text("dates", _("dates of the event"), 31, days("started_on", "ended_on", "date_text")),
    text("date_text", _("note on the date"), 20),
    text("region", _("place of the event"), 12, "region__name"),
    text("host", _("host"), 24),
    text("purpose", _("purpose of the event"), 24),
    yuan("cost", _("cost"), money("cost_yuan")),
    text("summary", _("what the event was about"), 44),
)
COMMITMENTS = (
    text("project", _("project name"), 26, "deal__project__name"),
    text("number", _("contract number"), 14, "deal__number"),
    text("side", _("promised by"), 9, choice("side", Commitment.Side)),
    text("kind", _("kind of commitment"), 12, choice("kind", Commitment.Kind)),
    text("content", _("commitment"), 36),
    yuan("amount", _("amount promised"), money("amount_yuan")),
    text("department", _("responsible unit"), 14, "department__name"),
    date("due_on", _("due")),
    date("fulfilled_on", _("kept on")),
    text("state", _("state of keeping"), 9, Source(STATE_FIELDS, keeping_state)),
    text("result", _("how it was kept"), 20),
    date("disputed_on", _("disputed since")),
    text("dispute", _("what is disputed"), 20),
    date("settled_on", _("dispute settled on")),
    text("settlement", _("how it was settled"), 20),
)
REFERRALS = (
    date("introduced_on", _("introduced on")),
    text("member", _("alliance member"), 30, "membership__company__name"),
    text("person", _("introduced by (person)"), 12),
    text("company", _("firm introduced"), 30, "company__name"),
    text("project", _("project introduced"), 26, "project__name"),
    text("team", _("taken up by"), 14, "task_force__name"),
    text("note", _("note"), 26),
)
MEETINGS = (
    text("name", _("meeting"), 34),
    date("held_on", _("date of the meeting")),
    text("place", _("place of the meeting"), 20),
    text("agenda", _("agenda of the meeting"), 34),
    text("summary", _("what the meeting agreed"), 40),
    text("came", _("members that came"), 40, looked_up(parts.members_that_came)),
    text("excused", _("members that sent regrets"), 24, looked_up(parts.members_excused)),
)
AGREEMENTS = (
    text("name", _("name of the agreement"), 34),
    text("institution", _("partner institution"), 24, "institution__name"),
    text("company", _("firm that takes part"), 30, "company__name"),
    date("signed_on", _("agreement signed on")),
    date("valid_until", _("valid until")),
    text("content", _("content of the agreement"), 40),
    text("source", _("source"), 30),
)
PROGRAMMES = (
    text("name", _("joint programme"), 30),
    text("institution", _("partner institution"), 24, "institution__name"),
    text("agreement", _("by agreement"), 26, "agreement__name"),
    text("field", _("field of training"), 16, choice("field", TrainingField)),
    text("level", _("level of training"), 10, choice("level", Programme.Level)),
    text("company", _("firm that takes part"), 30, "company__name"),
    text("year", _("latest year"), 8, looked_up(parts.training_year), kind=Kind.NUMBER),
    text("in_training", _("in training"), 10, looked_up(parts.in_training), kind=Kind.COUNT,
         total=True),
    text("finished", _("finishing"), 10, looked_up(parts.finishing), kind=Kind.COUNT, total=True),
    text("stayed", _("of which stayed here"), 10, looked_up(parts.stayed), kind=Kind.COUNT,
         total=True),
    text("note", _("note"), 26),
)
INVITATIONS = (
    text("to", _("invited to (event or trip)"), 34, either("event__name", "trip__name")),
    text("company", _("company name"), 34, "company__name"),
    text("guest", _("guest"), 24),
    text("people_count", _("number of people"), 8, kind=Kind.COUNT, total=True),
    text("state", _("attendance"), 10, choice("state", Invitation.State)),
    text("team", _("invited by"), 16, "task_force__name"),
    text("note", _("note"), 24),
)
REQUESTS = (
    date("raised_on", _("raised on"), public=True),
    text("subject", _("company or project"), 26, Source(
        ("project__name", "project__code_name", "company__name"), subject)),
    text("source", _("source"), 10),
    text("category", _("category"), 10, choice("category", Request.Category), public=True),
    text("content", _("content of the request"), 40),
    text("department", _("responsible unit"), 16, "department__name", public=True),
    text("co_departments", _("supporting units"), 16, looked_up(parts.supporting_units)),
    date("due_on", _("deadline"), public=True),
    text("progress", _("progress"), 28),
    text("state", _("state of the request"), 9, Source(("closed_on",), state), public=True),
    date("closed_on", _("date of closing"), public=True),
    text("supervision", _("supervision"), 11, choice("supervision", Request.Supervision)),
    text("team", TEAM, 12, "task_force__name", public=True),
)
DATA_CENTRES = (
    text("name", _("data centre"), 34, named("name", "project__code_name"), public=True),
    text("park", _("park"), 18, "park__name"),
    text("operator", _("operator"), 20),
    text("state", _("state of construction"), 10, choice("state", DataCentre.State), public=True),
    text("phase", _("phase"), 8, looked_up(parts.centre_phase)),
    text("kind", _("kind of compute"), 12, looked_up(parts.centre_kind)),
    text("precision", _("precision"), 10, looked_up(parts.centre_precision)),
    text("planned_p", _("planned (P)"), 10, looked_up(parts.centre_planned), kind=Kind.NUMBER),
    text("online_p", _("online (P)"), 10, looked_up(parts.centre_online), kind=Kind.NUMBER),
    text("building_p", _("under construction (P)"), 10, looked_up(parts.centre_building),
         kind=Kind.NUMBER),
    text("reserved_p", _("reserved (P)"), 10, looked_up(parts.centre_reserved),
         kind=Kind.NUMBER),
    text("by_kind", _("compute by kind"), 30, looked_up(parts.centre_by_kind)),
    text("racks", _("racks"), 8, kind=Kind.COUNT),
    text("it_load_mw", _("IT load (MW)"), 10, number("it_load_mw"), kind=Kind.NUMBER),
    text("pue", "PUE", 8, number("pue"), kind=Kind.NUMBER),
    text("green", _("green power share (%)"), 10, number("green_power_share"), kind=Kind.NUMBER),
    date("planned_live", _("planned go-live"), "planned_live_on"),
    date("live", _("actual go-live"), "live_on"),
    text("source", _("source"), 34),
)
CHAINS = (
    text("chain", _("industry chain"), 14, "chain__name"),
    text("name", _("chain segment"), 22),
    text("position", _("place in the chain"), 10, choice("position", Segment.Position)),
    text("sequence", _("order of the segment"), 9, kind=Kind.COUNT),
    text("description", _("description"), 28),
    text("firms", _("firms of the segment"), 60, looked_up(parts.segment_firms)),
    text("count", _("number of firms"), 9, looked_up(parts.segment_firm_counts),
         kind=Kind.COUNT),
    text("source", _("source"), 30),
)
# fmt: on

SHEETS = {
    sheet.kind: sheet
    for sheet in (
        Sheet("companies", _("Key firms of investment attraction"), Company, COMPANIES),
        Sheet("contacts", _("Contacts of firms"), Contact, CONTACTS),
        Sheet("visits", _("Ledger of firm visits"), Visit, VISITS),
        Sheet("projects", _("Ledger of reserve projects"), Project, PROJECTS),
        Sheet("deals", _("Ledger of signed projects"), Deal, DEALS),
        Sheet("building", _("Ledger of projects building and producing"), Project, BUILDING),
        Sheet("arrivals", _("Ledger of money arrived"), Arrival, ARRIVALS),
        Sheet("trips", _("Ledger of recruitment trips"), Trip, TRIPS),
        Sheet("events", _("Ledger of recruitment events"), Event, EVENTS),
        Sheet("requests", _("Ledger of firms' requests"), Request, REQUESTS),
        Sheet("data_centres", _("Register of data centres"), DataCentre, DATA_CENTRES),
        Sheet("chains", _("Chain map with its firms"), Segment, CHAINS),
        Sheet("commitments", _("Ledger of commitments in deals"), Commitment, COMMITMENTS),
        Sheet("referrals", _("Ledger of introductions by the alliance"), Introduction, REFERRALS),
        Sheet("meetings", _("Ledger of alliance meetings"), AllianceMeeting, MEETINGS),
        Sheet("agreements", _("Ledger of training agreements"), TrainingAgreement, AGREEMENTS),
        Sheet("programmes", _("Ledger of joint programmes"), Programme, PROGRAMMES),
        Sheet("invitations", _("List of invitations and attendance"), Invitation, INVITATIONS),
    )
}
