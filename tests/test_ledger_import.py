"""Ledgers in: what is read, matched, refused and written, and what is taken back row for row."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps

from crm.access import Role
from crm.ledgers import jobs
from crm.models import (
    Company,
    Contact,
    Deal,
    FollowUp,
    ImportJob,
    Project,
    ReferenceProposal,
    Visit,
)
from crm.stages import Stage
from tests import make
from tests.ledger_importing import (
    SAMPLES,
    bureau,
    checked,
    city,
    imported,
    numbers,
    officer,
    sample,
)
from tests.ledger_samples import SIGNED, VISITS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
FIXTURES = (bureau, city, officer)  # asked for by name

# kind → accepted rows, rejected rows, skipped rows, sum of money
EXPECTED = {
    "projects": (6, [14], [5, 8, 9, 15], "2790000000.00"),
    "visits": (5, [8, 9], [10], "0.00"),
    "deals": (4, [], [], "1687000000.00"),
    "companies": (2, [4], [], "0.00"),
}
UNCOMPARED = {"version", "updated_at", "updated_by_id"}
NOT_BUSINESS = {
    "crm_auditentry",
    "crm_feedentry",
    "crm_importjob",
    "crm_importrow",
    "crm_importplan",
    "crm_referenceproposal",
    "django_admin_log",
}


def database() -> dict:
    """All business rows, without what every write changes."""
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table not in NOT_BUSINESS:
            tables[model._meta.db_table] = sorted(
                str({k: v for k, v in row.items() if k not in UNCOMPARED})
                for row in model._base_manager.values()
            )
    return tables


# -- the sample ledgers ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_sample_ledger_is_read_as_expected(bureau, kind):
    accepted, rejected, skipped, money = EXPECTED[kind]
    job = sample(bureau, kind)
    assert job.state == "checked"
    good = job.counts["new"] + job.counts["changed"] + job.counts["unchanged"]
    assert (good, numbers(job, "error"), numbers(job, "skipped"), job.counts["money_yuan"]) == (
        accepted, rejected, skipped, money,
    )  # fmt: skip


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_second_import_changes_nothing(bureau, kind):
    first = sample(bureau, kind)
    jobs.start(first, "commit", leaves_out_bad=True)
    before = database()
    second = sample(bureau, kind)
    jobs.start(second, "commit", leaves_out_bad=True)
    assert (second.counts["new"], second.counts["changed"], second.state) == (0, 0, "done")
    assert database() == before


@pytest.mark.parametrize("kind", SAMPLES)
def test_undo_restores_the_database_row_for_row(bureau, kind):
    before = database()
    job = sample(bureau, kind)
    jobs.start(job, "commit", leaves_out_bad=True)
    assert database() != before
    assert jobs.start(job, "undo")
    assert (job.state, job.left) == ("undone", [])
    assert database() == before


def test_a_total_that_disagrees_with_its_rows_is_told(bureau):
    notes = " ".join(sample(bureau, "projects").layout["notes"])
    assert "27.7亿元" in notes
    assert "27.9亿元" in notes


def test_checking_writes_no_business_row(bureau):
    before = database()
    sample(bureau, "projects")
    assert database() == before


# -- rows ------------------------------------------------------------------------------------------


def test_a_reserve_project_enters_its_stage_as_a_recorded_override(bureau):
    job = sample(bureau, "projects")
    jobs.start(job, "commit", leaves_out_bad=True)
    project = Project.objects.get(name="示例昆仑智算中心")
    move = project.moves.get(to_stage=Stage.RESERVE)
    assert (project.stage, project.planned_yuan, project.fixed_assets_yuan) == (
        Stage.RESERVE, Decimal(1_800_000_000), Decimal(1_550_000_000),
    )  # fmt: skip
    assert "储备项目台账.xlsx" in move.reason
    assert "assessment" in move.overridden


def test_the_estimate_the_range_and_the_unknown_are_kept_as_such(bureau):
    jobs.start(sample(bureau, "projects"), "commit", leaves_out_bad=True)
    read = Project.objects.filter(name__in=["示例光伏支架项目", "示例区间项目", "示例标注基地项目"])
    assert set(read.values_list("planned_yuan", "planned_upper_yuan", "planned_precision")) == {
        (Decimal(250_000_000), None, "about"),
        (Decimal(300_000_000), Decimal(500_000_000), "range"),
        (None, None, "undetermined"),
    }


def test_a_negative_amount_is_refused_with_row_column_and_value(bureau):
    job = sample(bureau, "projects")
    problem = job.rows.get(number=14).problems[0]
    assert (problem["column"], problem["value"]) == ("总投资 合计", "-300")


def test_unknown_segments_are_proposed_to_the_bureau_once(bureau):
    for _again in range(2):
        jobs.start(sample(bureau, "projects"), "commit", leaves_out_bad=True)
    found = ReferenceProposal.objects.values_list("target", "text").order_by("text")
    assert ("segment", "智算") in found
    assert len(set(found)) == len(found)


def test_a_learned_alias_is_known_the_next_time(bureau):
    jobs.start(sample(bureau, "projects"), "commit", leaves_out_bad=True)
    proposal = ReferenceProposal.objects.get(text="智算")
    segment = make.segment(name="智算运营")
    proposal.take_as_alias(segment, by=bureau)
    job = sample(bureau, "projects")
    jobs.start(job, "commit", leaves_out_bad=True)
    assert Project.objects.get(name="示例昆仑智算中心").segment == segment


def test_a_visit_takes_its_year_from_the_title_and_leaves_the_remark_out_of_the_name(bureau):
    jobs.start(sample(bureau, "visits"), "commit", leaves_out_bad=True)
    firm = Company.objects.get(name="示例南湾芯片股份有限公司")
    assert list(firm.visits.order_by("held_on").values_list("held_on", flat=True)) == [
        date(2024, 4, 11), date(2024, 4, 12),
    ]  # fmt: skip
    assert Visit.objects.get(content="数据标注").held_on == date(2024, 4, 21)


def test_people_of_a_visit_become_contacts_of_the_firm(bureau):
    jobs.start(sample(bureau, "visits"), "commit", leaves_out_bad=True)
    people = Contact.objects.filter(company__name__contains="云海")
    assert set(people.values_list("name", "position", "mobile")) == {
        ("示例甲", "总经理", "13900000001"), ("示例乙", "技术总监", "13900000002"),
    }  # fmt: skip


def test_next_steps_of_years_ago_become_no_tasks(bureau):
    jobs.start(sample(bureau, "visits"), "commit", leaves_out_bad=True)
    visit = Visit.objects.get(held_on=date(2024, 4, 9))
    assert (visit.next_step_on, FollowUp.objects.count()) == (date(2024, 5, 31), 0)


def test_an_unknown_task_force_is_refused_with_the_closest(bureau):
    message = sample(bureau, "visits").rows.get(number=9).problems[0]["message"]
    assert "招商十八专班" in message
    assert "招商八专班" in message


def test_a_contract_replaces_the_framework_it_names(bureau):
    jobs.start(sample(bureau, "deals"), "commit")
    deals = Deal.objects.filter(project__name="示例C项目").order_by("signed_on")
    assert list(deals.values_list("kind", "status", "amount_yuan")) == [
        ("framework", "replaced", Decimal(65_000_000)),
        ("contract", "in_force", Decimal(70_000_000)),
    ]
    assert deals[1].replaces == deals[0]


def test_signed_projects_stand_signed_since_the_day_of_the_contract(bureau):
    jobs.start(sample(bureau, "deals"), "commit")
    project = Project.objects.get(name="示例A项目")
    assert (project.stage, project.stage_since) == (Stage.SIGNED, date(2024, 7, 21))


def test_a_day_of_signing_known_to_the_month_is_kept_as_it_was_written(bureau):
    head = ["项目名称", "投资方", "签约时间", "签约金额（万元）", "专班"]
    row = ["示例月份项目", "示例月份有限公司", "2026年5月", 100, "招商一专班"]
    imported(bureau, "deals", [head, row])
    deal = Deal.objects.get()
    assert (deal.signed_on, deal.signed_text) == (date(2026, 5, 1), "2026年5月")

    again = checked(bureau, "deals", [head, row])
    assert again.counts["unchanged"] == 1


def test_a_day_of_signing_that_becomes_known_takes_the_place_of_its_month(bureau):
    head = ["项目名称", "投资方", "合同号", "签约时间", "签约金额（万元）", "专班"]
    row = ["示例月份项目", "示例月份有限公司", "示例-1", "2026年5月", 100, "招商一专班"]
    imported(bureau, "deals", [head, row])
    row[3] = "2026-05-12"
    imported(bureau, "deals", [head, row])
    deal = Deal.objects.get()
    assert (deal.signed_on, deal.signed_text) == (date(2026, 5, 12), "")


def test_the_check_of_a_new_deal_names_its_day(bureau):
    job = checked(bureau, "deals", SIGNED[:2])
    changes = job.rows.get(number=2).changes
    assert [c["after"] for c in changes if c["label"] == "签约日期"] == ["2024-07-21"]


def test_one_firm_written_twice_is_one_firm(bureau):
    job = sample(bureau, "companies")
    jobs.start(job, "commit", leaves_out_bad=True)
    assert Company.objects.filter(name__contains="河湟").count() == 1
    assert (job.counts["created"], job.counts["unchanged"]) == (1, 1)


def test_an_empty_cell_keeps_the_old_value(bureau):
    make.company(name="示例老客户有限公司", main_business="服务器", sponsoring_leader="王")
    job = checked(bureau, "companies", [["企业名称", "主营业务", "包联领导"],
                                        ["示例老客户有限公司", None, "李"]])  # fmt: skip
    changes = job.rows.get(number=2).changes
    assert [(c["before"], c["after"]) for c in changes] == [("王", "李")]
    jobs.start(job, "commit")
    firm = Company.objects.get(name="示例老客户有限公司")
    assert (firm.main_business, firm.sponsoring_leader) == ("服务器", "李")


def test_a_firm_is_found_by_its_former_name(bureau):
    firm = make.company(name="示例新名有限公司")
    make.company_name(company=firm, kind="former", name="示例旧名有限公司")
    job = checked(bureau, "companies", [["企业名称", "主营业务"], ["示例旧名有限公司", "芯片"]])
    assert job.counts["changed"] == 1
    assert job.counts["new"] == 0


def test_a_visit_in_the_future_is_refused(bureau):
    job = checked(bureau, "visits", [["日期", "企业名称", "专班"],
                                     ["2099-01-01", "示例未来有限公司", "招商一专班"]])  # fmt: skip
    assert numbers(job, "error") == [2]


def test_an_amount_of_money_is_in_the_unit_of_its_heading(bureau):
    job = imported(bureau, "deals", SIGNED[:2])
    assert Deal.objects.get().amount_yuan == Decimal(1_250_000_000)
    assert job.state == "done"


# -- scope -----------------------------------------------------------------------------------------


def test_a_match_of_another_team_is_a_conflict_that_shows_nothing_of_it(officer):
    theirs = make.team(name="招商别家专班")
    firm = make.company(name="示例他人有限公司", owning_team=theirs, main_business="机密业务")
    job = checked(officer, "companies", [["企业名称", "主营业务"], [firm.name, "改写"]])
    row = job.rows.get(number=2)
    assert (row.verdict, row.changes) == ("conflict", [])
    assert "招商别家专班" in row.problems[0]["message"]
    assert "机密业务" not in json.dumps([row.problems, row.changes], ensure_ascii=False)


def test_a_project_of_another_team_is_a_conflict(officer):
    theirs = make.team(name="招商别家专班")
    project = make.project(team=theirs, lead_investor=make.company(owning_team=None))
    rows = [["项目名称", "投资方", "总投资"], [project.name, project.lead_investor.name, "3亿"]]
    row = checked(officer, "projects", rows).rows.get(number=2)
    assert row.verdict == "conflict"
    assert "招商别家专班" in row.problems[0]["message"]


def test_an_officers_projects_enter_as_leads(officer):
    rows = [["项目名称", "投资方", "总投资", "项目概况"],
            ["示例新线索", "示例新投资人有限公司", "3亿", "一句话"]]  # fmt: skip
    job = imported(officer, "projects", rows)
    project = Project.objects.get(name="示例新线索")
    assert (job.state, project.stage, project.lead_team) == ("done", Stage.LEAD, officer.team)


def test_rows_of_other_teams_are_refused_to_an_officer(officer):
    job = checked(officer, "visits", [VISITS[1], [1, "2024-04-09", "示例某有限公司", None, None,
                  None, None, None, None, "招商二专班", None, None]])  # fmt: skip
    assert numbers(job, "error") == [2]


@pytest.mark.parametrize("role", [Role.LEADER, Role.STATISTICIAN, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_who_may_not_write_may_not_import(role):
    with pytest.raises(Exception) as refusal:
        jobs.upload(make.user(role), "companies", b"x", "x.csv")
    assert type(refusal.value).__name__ == "PermissionDenied"
    assert ImportJob.objects.count() == 0
