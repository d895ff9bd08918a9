"""What a field means by the bureau's definitions: hints at the fields and a page of its own.

By model and field; fields whose name says it all have none.
"""

from django.utils.translation import gettext_lazy as _

DEFINITIONS = {
    "company": {
        "name": _(
            "The full name on the business licence; short and former names are entered below."
        ),
        "uscc": _("18 characters; it tells firms of the same name apart."),
        "region": _("Where the head office is, not where the project will be."),
        "owning_team": _("The task force that keeps up the contact."),
        "key_tier": _("Only firms on the bureau's list of key firms; coverage counts them."),
        "revenue_yuan": _("Of the year beside it, as published or told by the firm."),
        "sponsoring_leader": _("The city leader who answers for it, by name."),
    },
    "contact": {
        "position": _("As on the card, with the department if there are several."),
        "mobile": _("Readable in full by the owning task force and the bureau only."),
        "has_left": _("The person stays in the history but is not proposed any more."),
        "introduced_by": _("Who opened the door: an association, a firm, a colleague."),
    },
    "project": {
        "name": _("Firm, what is built and how large, e.g. “… 2000P computing centre, phase one”."),
        "is_confidential": _("Others see the code name, the stage and the amount in totals only."),
        "code_name": _("Must not tell the firm or the place."),
        "lead_investor": _(
            "The firm that decides about the investment; the party to the contract may be another."
        ),
        "source": _("How the lead came; a firm alone is no lead."),
        "summary": _("One line: what, how large, where it stands."),
        "content": _("What is built, capacity and scale, as for the ledger."),
        "reported_on": _("The first report decides who leads; the server keeps the time."),
        "lead_team": _("The task force that reported first; joint ones share the credit."),
        "planned_yuan": _("Total over all phases; an estimate as 约5亿, unknown as 待定, never 0."),
        "fixed_assets_yuan": _("Part of the planned investment: buildings and equipment."),
        "planned_signing_on": _("Needed in the reserve pool; the forecast is made of it."),
        "next_step": _("What is done next, by whom; every open project has one."),
        "next_step_on": _("Overdue the day after."),
        "sponsoring_leader": _("The city leader who answers for it, by name."),
        "project_company": _(
            "Registered in the city for this project; with it the project has landed."
        ),
        "filing_code": _("Of the investment filing; with a secured site it also counts as landed."),
        "started_on": _(
            "Permanent works or equipment installation begun; survey, levelling and "
            "temporary roads are no start."
        ),
        "start_evidence": _(
            "Construction permit, works contract or, in a leased hall, the equipment contract."
        ),
        "produced_on": _("First output; for compute the racks lit."),
    },
    "visit": {
        "mode": _(
            "Only outbound and inbound meetings are visits; calls and online meetings are contacts."
        ),
        "held_on": _("The day of the meeting, not of entry."),
        "delegation_head": _("The highest of our side at the meeting."),
        "content": _("What both sides said; no state or work secrets."),
        "outcome": _("What came of it, by the firm's words rather than our hopes."),
        "wants": _("What the firm asks for; a request to a unit is made from it."),
        "next_step": _("Becomes a follow-up of the person responsible."),
        "guest_count": _("Of the other side, for inbound visits."),
    },
    "trip": {
        "started_on": _(
            "One trip is one, however many cities; it counts in the period it starts in."
        ),
        "task_force": _(
            "Of a joint trip the leading one; it counts once for the city and in each team's row."
        ),
        "people_count": _("Of our side."),
    },
    "deal": {
        "kind": _(
            "Signing figures count contracts; a framework or intention agreement does not "
            "count until a contract replaces it."
        ),
        "number": _("As on the paper, with its brackets."),
        "amount_yuan": _("The investment agreed; of a supplement the increase only."),
        "outside_yuan": _("Part from outside the province."),
        "signed_on": _("The year of this day is the year the deal counts in."),
        "replaces": _("The agreement that no longer counts from this one's date."),
        "has_support_clause": _("Then the fair-competition review comes before signing."),
        "recognition": _("Whether it counts for appraisal; the bureau decides, with a reason."),
    },
    "arrival": {
        "month": _("The month the money arrived, not of the report."),
        "origin": _("Outside: from beyond the province."),
        "amount_yuan": _("Of this month alone; counts once the bureau has confirmed it."),
        "evidence": _("Bank receipt, capital verification or invoices."),
    },
    "followup": {
        "owner": _("Whose list it stands on; they are reminded."),
        "due_on": _("Overdue the day after."),
        "result": _("One line of what came of it."),
    },
    "request": {
        "content": _("In the firm's words: what it needs, by when."),
        "department": _("The unit that answers; it sees the request and the project's card."),
        "due_on": _("Overdue requests rise to the bureau, then to the city."),
        "supervision": _("Set by the deadline itself or by the bureau."),
    },
    "milestone": {
        "planned_on": _("Past and without an actual date it is overdue."),
        "is_not_applicable": _("The procedure is not needed here; say why in the note."),
    },
    "creditshare": {
        "percent": _(
            "All shares of a project add up to 100; by default 50 each for first contact and "
            "landing."
        ),
    },
    "computecapacity": {
        "planned_p": _("In P at the precision beside it; never add different precisions."),
        "online_p": _("Racks lit and in service."),
        "pue": _("Design value; 1.2 or less in the city's plan."),
    },
    "factorneeds": {
        "land_mu": _("1 mu is 666.67 m²."),
        "load_mw": _("Peak load; from it the system tells whether an energy review is needed."),
    },
}


def definition(model: str, field: str) -> str:
    """The definition of a field, "" where its name says it all."""
    return DEFINITIONS.get(model, {}).get(field, "")
