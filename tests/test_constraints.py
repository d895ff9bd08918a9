"""Every named constraint, broken once: refused with its message, and by the database itself."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from crm.models import (
    AllianceMembership,
    Arrival,
    Attachment,
    Company,
    ComputeCapacity,
    CreditShare,
    Deal,
    DealParty,
    Directive,
    Event,
    FrozenMonth,
    HeadingMemory,
    Membership,
    Note,
    Outgoing,
    Phase,
    Reply,
    ScreenSettings,
    StageMove,
    Target,
    TaskForce,
    TimeLimit,
    Trip,
    User,
    Visit,
)
from crm.models.constraints import broken
from crm.periods import today

from . import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]

YESTERDAY = today() - timedelta(days=1)


def changed(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    return row


def again(row, *fields, **values):
    """A second row that agrees with the first in these fields."""
    return type(row)(**{name: getattr(row, name) for name in fields}, **values)


def own_parent():
    firm = make.company()
    return changed(firm, parent=firm)


def own_successor():
    deal = make.deal()
    return changed(deal, replaces=deal)


def self_confirmed():
    proposal = make.proposal()
    return changed(proposal, decided_by=proposal.proposed_by, state="confirmed")


# constraint → a row that breaks it and nothing else
BROKEN = {
    "introduction_once": lambda: again(
        make.introduction(), "membership", "company", "task_force", "introduced_on"
    ),
    "introduction_of_project_once": lambda: again(
        make.introduction(project=make.project()), "project", "task_force", "introduced_on",
        membership=make.alliance_membership(), company=make.company(),
    ),
    "alliance_meeting_once": lambda: again(make.alliance_meeting(), "name", "held_on"),
    "attendance_once": lambda: again(make.meeting_attendance(), "meeting", "membership"),
    "alliance_commitment_once": lambda: again(
        make.alliance_commitment(), "membership", "content"
    ),
    "agreement_dates_in_order": lambda: changed(
        make.training_agreement(), signed_on=today(), valid_until=YESTERDAY
    ),
    "programme_once": lambda: again(make.programme(), "institution", "name", "field", "level"),
    "training_year_once": lambda: again(make.training_year(), "programme", "year"),
    "training_year_plausible": lambda: changed(make.training_year(), year=1999),
    "training_stayed_within_finished": lambda: changed(
        make.training_year(), finished=5, stayed=6
    ),
    "people_need_once": lambda: again(make.people_need(), "project", "field", "year", "people"),
    "people_need_plausible": lambda: changed(make.people_need(), people=0),
    "commitment_dispute_is_told": lambda: changed(make.commitment(), disputed_on=today()),
    "commitment_settled_after_dispute": lambda: changed(
        make.commitment(disputed_on=today(), dispute="电价"), settled_on=YESTERDAY
    ),
    "commitment_settlement_has_dispute": lambda: changed(make.commitment(), settled_on=today()),
    "planned_meeting_once": lambda: again(make.planned_meeting(), "trip", "company"),
    "invitation_to_one": lambda: changed(make.invitation(), trip=make.trip()),
    "invitation_names_guest": lambda: changed(make.invitation(), company=None),
    "invitation_once_to_event": lambda: again(make.invitation(), "event", "company"),
    "invitation_once_to_trip": lambda: again(
        make.invitation(trip=make.trip()), "trip", "company"
    ),
    "attribution_to_one": lambda: changed(
        make.attribution(), trip=make.trip(), event=make.event()
    ),
    "attribution_has_reason": lambda: changed(make.attribution(), reason=""),
    "attribution_rule_is_one": lambda: again(make.attribution_rule(), "meeting"),
    "attribution_rule_is_only": lambda: changed(make.attribution_rule(), is_only=False),
    "attribution_days_positive": lambda: changed(make.attribution_rule(), days=0),
    "user_role_known": lambda: User(username="mayor", password="!", role="mayor"),
    "membership_open_once": lambda: again(
        make.membership(), "user", "task_force", joined_on=today()
    ),
    "membership_dates_in_order": lambda: Membership(
        user=make.user(), task_force=make.team(), joined_on=today(), left_on=YESTERDAY
    ),
    "park_supply_once_a_day": lambda: again(
        make.park_supply(), "park", "what", "as_of", amount=Decimal(5), source="另一来源"
    ),
    "park_supply_share_in_percent": lambda: changed(
        make.park_supply(), what="green_power_share", amount=Decimal(120)
    ),
    "park_supply_has_source": lambda: changed(make.park_supply(), source=""),
    "entry_rule_has_what_it_checks": lambda: changed(make.entry_rule(), value=None),
    "data_centre_state_known": lambda: changed(make.data_centre(), state="dream"),
    "data_centre_pue_plausible": lambda: changed(make.data_centre(), pue=Decimal("0.9")),
    "centre_compute_once": lambda: again(
        make.data_centre_compute(), "data_centre", "phase", "kind"
    ),
    "centre_compute_kind_known": lambda: changed(make.data_centre_compute(), kind="dream"),
    "centre_compute_online_within_plan": lambda: changed(
        make.data_centre_compute(), online_p=Decimal(2001)
    ),
    "factor_template_once": lambda: again(
        make.factor_template(), "name", "factor", "stage", "days"
    ),
    "factor_template_one_unit": lambda: changed(
        make.factor_template(department=make.department()), by_park=True
    ),
    "factor_template_days_positive": lambda: changed(make.factor_template(), days=0),
    "guarantee_once_from_template": lambda: again(
        make.factor_guarantee(template=make.factor_template()),
        "project", "template", "factor", "title", "stage",
    ),
    "guarantee_state_known": lambda: changed(make.factor_guarantee(), state="dream"),
    "guarantee_one_unit": lambda: changed(
        make.factor_guarantee(department=make.department()), by_park=True
    ),
    "guarantee_secured_has_day": lambda: changed(make.factor_guarantee(), state="secured"),
    "guarantee_explained": lambda: changed(make.factor_guarantee(), state="difficult"),
    "department_name_once": lambda: again(make.department(), "name"),
    "park_name_once": lambda: again(make.park(), "name"),
    "segment_once_in_chain": lambda: again(make.segment(), "chain", "name", "position"),
    "task_force_dates_in_order": lambda: TaskForce(
        number=900, name="招商专班", set_up_on=today(), dissolved_on=YESTERDAY
    ),
    "target_once": lambda: again(
        make.target(task_force=make.team(), month=5),
        "year", "month", "indicator", "task_force", "value",
    ),
    "target_of_team_or_park": lambda: Target(
        year=2024, indicator="trips", value=Decimal(1), task_force=make.team(), park=make.park()
    ),
    "target_month_plausible": lambda: Target(
        year=2024, month=13, indicator="trips", value=Decimal(1)
    ),
    "frozen_month_is_first_day": lambda: FrozenMonth(
        month=date(2024, 5, 2), by=make.keeper(), figures={"indicators": {}}
    ),
    "target_positive": lambda: Target(year=2024, indicator="trips", value=Decimal(0)),
    "target_year_plausible": lambda: Target(year=1999, indicator="trips", value=Decimal(1)),
    "company_name_once": lambda: Company(name=make.company(name="青海昆仑（西宁）算力").name),
    "company_uscc_not_blank": lambda: Company(name="新公司", uscc=""),
    "company_not_its_own_parent": own_parent,
    "company_name_listed_once": lambda: again(
        make.company_name(), "company", "kind", "name", "name_key"
    ),
    "company_mark_once": lambda: again(make.company_mark(), "company", "mark", "year"),
    "alliance_dates_in_order": lambda: AllianceMembership(
        company=make.company(), joined_on=today(), left_on=YESTERDAY
    ),
    "contact_one_primary": lambda: again(
        make.contact(is_primary=True), "company", "is_primary", name="另一人"
    ),
    "event_dates_in_order": lambda: Event(
        name="推介会", kind="promotion", started_on=today(), ended_on=YESTERDAY
    ),
    "trip_dates_in_order": lambda: Trip(
        name="外出", task_force=make.team(), started_on=today(), ended_on=YESTERDAY
    ),
    "visit_once_a_day": lambda: again(make.visit(), "company", "task_force", "held_on", "mode"),
    "visit_next_step_after_visit": lambda: Visit(
        company=make.company(), task_force=make.team(), held_on=today(), next_step_on=YESTERDAY
    ),
    "request_of_firm_or_project": lambda: changed(_request(), company=None),
    "request_dates_in_order": lambda: changed(_request(), due_on=make.days_ago(30)),
    "request_closed_after_raised": lambda: changed(_request(), closed_on=make.days_ago(30)),
    "project_name_once_per_investor": lambda: again(
        make.project(), "name", "lead_investor", "lead_team", "source", "summary", number="X-1"
    ),
    "project_stage_known": lambda: changed(make.project(), stage="dream"),
    "project_status_known": lambda: changed(make.project(), status="dream"),
    "project_confidential_has_code_name": lambda: changed(make.project(), is_confidential=True),
    "project_upper_end_above_planned": lambda: changed(
        make.project(), planned_yuan=Decimal(8), planned_upper_yuan=Decimal(5)
    ),
    "project_undetermined_has_no_amount": lambda: changed(
        make.project(), planned_yuan=Decimal(8), planned_precision="undetermined"
    ),
    "project_produced_after_start": lambda: changed(
        make.project(), started_on=today(), produced_on=YESTERDAY
    ),
    "investor_once_per_project": lambda: again(make.project_investor(), "project", "company"),
    "credit_once_per_team": lambda: again(
        make.credit_share(percent=Decimal(40)), "project", "task_force", "percent"
    ),
    "credit_share_positive": lambda: CreditShare(
        project=make.project(), task_force=make.team(), percent=Decimal(0)
    ),
    "phase_once_per_project": lambda: again(make.phase(), "project", "name"),
    "phase_dates_in_order": lambda: Phase(
        project=make.project(), name="二期", started_on=today(), live_on=YESTERDAY
    ),
    "compute_once_per_kind": lambda: again(make.compute_capacity(), "project", "kind"),
    "compute_pue_plausible": lambda: ComputeCapacity(
        project=make.project(), kind="super", pue=Decimal("0.9")
    ),
    "conflict_decision_has_reason": lambda: changed(make.conflict(), decision="joint"),
    "move_changes_stage": lambda: StageMove(
        project=make.project(), from_stage="lead", to_stage="lead", effective_on=today(),
        by=make.keeper(),
    ),
    "proposal_one_open": lambda: again(
        make.proposal(), "project", "to_stage", "effective_on", "proposed_by"
    ),
    "proposal_decided_by_another": self_confirmed,
    "deal_number_once": lambda: again(make.deal(), "number", project=make.project()),
    "deal_amount_positive": lambda: Deal(project=make.project(), amount_yuan=Decimal(0)),
    "deal_outside_within_amount": lambda: Deal(
        project=make.project(), amount_yuan=Decimal(1), outside_yuan=Decimal(2)
    ),
    "deal_not_its_own_successor": own_successor,
    "deal_foreign_amount_has_rate": lambda: Deal(project=make.project(), currency="USD"),
    "deal_rejection_has_reason": lambda: Deal(project=make.project(), recognition="rejected"),
    "party_is_named": lambda: DealParty(deal=make.deal()),
    "arrival_once_a_month_and_origin": lambda: again(
        make.arrival(), "project", "month", "origin", "amount_yuan"
    ),
    "arrival_positive": lambda: Arrival(
        project=make.project(), month=today().replace(day=1), amount_yuan=Decimal(0)
    ),
    "arrival_month_is_first_day": lambda: Arrival(
        project=make.project(), month=today().replace(day=2), amount_yuan=Decimal(1)
    ),
    "attachment_of_one_record": lambda: Attachment(
        project=make.project(), company=make.company(), file=make.upload(), filename="a.pdf"
    ),
    "import_row_once": lambda: again(make.import_row(), "job", "number", "verdict"),
    "headings_once": lambda: again(
        HeadingMemory.objects.create(kind="visits", fingerprint="f", saved_by=make.keeper()),
        "kind", "fingerprint", "saved_by",
    ),
    "proposed_value_once": lambda: again(
        make.reference_proposal(), "target", "text", "text_key", "seen_in"
    ),
    "columns_once": lambda: again(make.column_choice(), "user", "kind", columns=[]),
    "erasure_once": lambda: again(make.erasure(), "contact_key", "by", reason="再次"),
    "erasure_has_reason": lambda: changed(make.erasure(), reason=""),
    "export_rule_once": lambda: again(make.export_rule(), "role", "kind", withheld=[]),
    "template_name_once": lambda: again(make.ledger_template(), "name", "kind", "file"),
    "note_of_one_record": lambda: Note(
        project=make.project(), company=make.company(), text="两处", created_by=make.keeper()
    ),
    "note_says_something": lambda: Note(project=make.project(), text=""),
    "directive_says_something": lambda: Directive(text="", leader="市领导"),
    "directive_to_one": lambda: Directive(
        text="抓紧", leader="市领导", department=make.department(), task_force=make.team()
    ),
    "directive_dates_in_order": lambda: Directive(
        text="抓紧", leader="市领导", given_on=today(), due_on=YESTERDAY
    ),
    "directive_closed_after_given": lambda: Directive(
        text="抓紧", leader="市领导", given_on=today(), closed_on=YESTERDAY
    ),
    "reply_to_one_matter": lambda: Reply(text="已办", by=make.keeper()),
    "notice_once": lambda: again(
        make.notice(), "recipient", "kind", "model", "record_id", "key"
    ),
    "digest_once_a_day": lambda: again(make.digest(), "recipient", "day"),
    "outgoing_to_one": lambda: Outgoing(message_id="nobody", body="给谁？"),
    "time_limit_once": lambda: again(make.time_limit(), "step", "from_yuan", days=3),
    "claim_decision_has_reason": lambda: changed(make.claim_request(), state="accepted"),
    "claim_is_about_one": lambda: changed(make.claim_request(), company=make.company()),
    "claim_of_a_firm_takes_over": lambda: changed(
        make.claim_request(company=make.company(), kind="take_over"), kind="join"
    ),
    "claim_of_firm_open_once": lambda: again(
        make.claim_request(company=make.company(), kind="take_over"),
        "company", "kind", "task_force", "asked_by", "reason",
    ),
    "claim_of_project_open_once": lambda: again(
        make.claim_request(), "project", "kind", "task_force", "asked_by", "reason"
    ),
    "list_layout_once": lambda: again(make.list_layout(), "owner", "page", columns=[]),
    "protection_days_in_order": lambda: changed(make.protection_rule(), idle_days=1),
    "protection_rule_is_one": lambda: again(make.protection_rule()),
    "protection_rule_is_only": lambda: changed(make.protection_rule(), is_only=False),
    "saved_view_name_once": lambda: again(make.saved_view(), "owner", "page", "name"),
    "saved_view_of_team_has_team": lambda: changed(make.saved_view(), audience="team"),
    "score_adjustment_not_zero": lambda: changed(make.score_adjustment(), points=Decimal(0)),
    "score_rule_cap_positive": lambda: changed(make.score_rule(), cap=Decimal(0)),
    "score_rule_days_in_order": lambda: changed(
        make.score_rule(), valid_until=date(2023, 12, 31)
    ),
    "chain_thresholds_in_order": lambda: changed(make.chain(), weak_from=3),
    "company_rhythm_known": lambda: changed(make.company(), contact_every_days=31),
    "signal_says_something": lambda: changed(make.signal(), text=""),
    "signal_strength_known": lambda: changed(make.signal(), strength=4),
    "target_factor_levels_in_order": lambda: changed(make.target_factor(), low=Decimal(90)),
    "score_rule_once": lambda: again(
        make.score_rule(), "indicator", "valid_from", "weight", "cap"
    ),
    "score_rule_weight_positive": lambda: changed(make.score_rule(), weight=Decimal(0)),
    "screen_settings_one_row": lambda: ScreenSettings(pk=2),
    "api_use_once_a_day": lambda: again(make.api_use(), "token", "kind", "day", rows=1),
    "api_token_name_once": lambda: again(make.api_token(), "name", "account", "reads"),
    "push_host_once": lambda: again(make.push_host(), "origin"),
    "subscription_name_once": lambda: again(make.subscription(), "name", "token", "url", "kinds"),
    "api_token_has_a_limit": lambda: changed(make.api_token(), per_minute=0),
    "api_key_once": lambda: again(make.api_answer(), "token", "key"),
    "time_limit_positive": lambda: TimeLimit(step="assess", from_yuan=Decimal(5), days=0),
}  # fmt: skip
# save_as repairs the value instead of refusing it.
REPAIRED = {"arrival_month_is_first_day", "company_uscc_not_blank"}
# Nobody writes these through save_as.
NOT_WRITTEN = {"api_key_once", "api_use_once_a_day", "api_token_name_once", "api_token_has_a_limit",
    "push_host_once", "subscription_name_once",
    # the security administrator's: see test_api_reading.py
    "list_layout_once", "saved_view_of_team_has_team", "screen_settings_one_row",
    "export_rule_once", "erasure_once", "erasure_has_reason",

    "frozen_month_is_first_day","user_role_known", "move_changes_stage", "proposal_one_open",
               "proposal_decided_by_another", "import_row_once", "headings_once",
               "columns_once", "proposed_value_once", "reply_to_one_matter", "notice_once",
               "digest_once_a_day", "outgoing_to_one"}  # fmt: skip

CONSTRAINTS = {
    constraint.name: constraint
    for model in apps.get_app_config("crm").get_models()
    for constraint in model._meta.constraints
}


def _request():
    return make.request(company=make.company())


def write_past_the_rules(row):
    """Straight into the table, without save(), clean() or any check of ours."""
    if row._state.adding:
        if hasattr(row, "set_name_keys"):
            row.set_name_keys()
        type(row).objects.bulk_create([row])
    else:
        values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        type(row).objects.filter(pk=row.pk).update(**values)


def test_every_constraint_of_the_crm_is_broken_here_once():
    assert set(BROKEN) == set(CONSTRAINTS)


@pytest.mark.parametrize(
    "name", [n for n in BROKEN if isinstance(CONSTRAINTS[n], models.CheckConstraint)]
)
def test_many_rows_at_once_are_judged_as_the_database_judges_one(name):
    row = BROKEN[name]()
    assert CONSTRAINTS[name] in broken(row)


def test_every_constraint_has_words_of_its_own():
    default = models.CheckConstraint.default_violation_error_message
    speechless = {n for n, c in CONSTRAINTS.items() if c.violation_error_message == default}
    assert speechless == set()


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(name):
    row = BROKEN[name]()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write_past_the_rules(row)
    is_unique_on_sqlite = connection.vendor == "sqlite" and "UNIQUE" in str(refusal.value)
    assert name in str(refusal.value) or is_unique_on_sqlite


@pytest.mark.parametrize("name", BROKEN)
def test_the_rule_has_its_message(name):
    row = BROKEN[name]()
    if hasattr(row, "set_name_keys"):
        row.set_name_keys()
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    assert CONSTRAINTS[name].get_violation_error_message() in refusal.value.messages


@pytest.mark.parametrize("name", [n for n in BROKEN if n not in REPAIRED | NOT_WRITTEN])
def test_writing_it_by_the_rules_is_refused_and_nothing_is_saved(name):
    row = BROKEN[name]()
    before = list(type(row).objects.order_by("pk").values())
    with pytest.raises(ValidationError):
        row.save_as(make.keeper())
    assert list(type(row).objects.order_by("pk").values()) == before


def test_a_month_given_by_any_of_its_days_becomes_its_first():
    arrival = BROKEN["arrival_month_is_first_day"]()
    arrival.save_as(make.keeper())
    assert arrival.month == today().replace(day=1)


def test_a_blank_credit_code_becomes_unknown():
    firm = BROKEN["company_uscc_not_blank"]()
    firm.save_as(make.keeper())
    assert firm.uscc is None


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (Company, lambda: make.company(name="同名公司", archived_at=timezone.now())),
        (Company, lambda: make.company(name="另一公司")),
    ],
)
def test_an_archived_firm_gives_its_name_free(model, row):
    row()
    model(name="同名公司").save_as(make.keeper())
    assert model.objects.live().filter(name="同名公司").count() == 1
