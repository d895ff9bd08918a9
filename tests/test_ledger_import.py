"""Ledgers in: what is read, matched, refused, written, and taken back."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from crm.access import Role
from crm.ledgers import jobs
from crm.ledgers.exporting import SHEETS, export
from crm.models import (
    Company,
    Contact,
    Deal,
    FollowUp,
    ImportJob,
    Project,
    ReferenceProposal,
    StageMove,
    TaskForce,
    Visit,
)
from crm.models.imports import SILENCE
from crm.stages import Stage
from tests import make
from tests.ledger_samples import RESERVE, SIGNED, VISITS, all_samples, workbook

pytestmark = pytest.mark.django_db

SAMPLES = all_samples()
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


@pytest.fixture(autouse=True)
def throw_files_away(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def city():
    """The nine task forces and the reference data that the ledgers name."""
    for number, numeral in enumerate("一二三四五六七八九", start=301):
        make.team(number=number, name=f"招商{numeral}专班")
    make.park(name="西宁经济技术开发区南川工业园区", short_name="南川工业园区")
    make.park(name="东川园区")
    make.park(name="北川片区", aliases="北川")
    make.segment(name="数据标注")
    for code, name in (("440100", "广州市"), ("440300", "深圳市"), ("320100", "南京市"),
                       ("630100", "西宁市"), ("630000", "青海省")):  # fmt: skip
        make.region(code=code, name=name)


@pytest.fixture
def bureau(city):
    return make.user(Role.BUREAU)


def checked(user, kind, rows, *, name="台账.xlsx") -> ImportJob:
    data = rows if isinstance(rows, bytes) else workbook(rows)
    job = jobs.upload(user, kind, data, name)
    assert jobs.start(job, "check")
    return job


def imported(user, kind, rows, **values) -> ImportJob:
    job = checked(user, kind, rows)
    assert jobs.start(job, "commit", **values)
    return job


def sample(user, kind) -> ImportJob:
    name, data = SAMPLES[kind]
    return checked(user, kind, data, name=name)


def numbers(job, verdict) -> list[int]:
    return list(job.rows.filter(verdict=verdict).values_list("number", flat=True))


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


@pytest.fixture
def officer(city):
    return make.user(Role.OFFICER, team=TaskForce.objects.get(name="招商一专班"))


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


# -- the job ---------------------------------------------------------------------------------------


def test_bad_rows_stop_the_whole_ledger_unless_they_are_left_out(bureau):
    job = sample(bureau, "projects")
    assert jobs.start(job, "commit")
    assert (job.state, Project.objects.count()) == ("checked", 0)


def test_a_commit_replayed_writes_once(bureau):
    job = sample(bureau, "deals")
    again = ImportJob.objects.get(pk=job.pk)
    assert jobs.start(job, "commit")
    assert not jobs.start(again, "commit")
    assert Deal.objects.count() == 4


def test_a_commit_after_the_data_changed_shows_the_new_plan_first(bureau):
    job = checked(bureau, "companies", [["企业名称", "主营业务"], ["示例竞速有限公司", "芯片"]])
    make.company(name="示例竞速有限公司", main_business="别人先写的")
    jobs.start(job, "commit")
    assert (job.state, job.counts["changed"], job.message != "") == ("checked", 1, True)
    assert Company.objects.get().main_business == "别人先写的"


def test_every_row_leaves_a_line_in_its_records_history(bureau):
    jobs.start(sample(bureau, "deals"), "commit")
    lines = LogEntry.objects.filter(content_type__model="deal")
    assert lines.count() == 4
    assert "签约项目台账.xlsx" in lines[0].change_message


def test_an_undo_leaves_what_somebody_worked_on_and_says_so(bureau):
    job = imported(bureau, "companies", [["企业名称"], ["示例甲有限公司"], ["示例乙有限公司"]])
    touched = Company.objects.get(name="示例甲有限公司")
    touched.main_business = "后来补的"
    touched.save_as(bureau)
    jobs.start(job, "undo")
    assert list(Company.objects.values_list("name", flat=True)) == ["示例甲有限公司"]
    assert [left["label"] for left in job.left] == ["示例甲有限公司"]


def test_an_undo_keeps_a_firm_that_others_refer_to(bureau):
    job = imported(bureau, "companies", [["企业名称"], ["示例甲有限公司"]])
    make.visit(company=Company.objects.get())
    jobs.start(job, "undo")
    assert (Company.objects.count(), len(job.left)) == (1, 1)


def test_the_history_of_an_import_cannot_be_deleted_while_it_is_not_being_undone(bureau):
    jobs.start(sample(bureau, "deals"), "commit")
    with pytest.raises(DatabaseError), transaction.atomic():
        StageMove.objects.all()._raw_delete("default")


def test_an_interrupted_step_reads_failed_and_can_be_started_again(bureau):
    job = jobs.upload(bureau, "companies", workbook([["企业名称"], ["示例有限公司"]]), "a.xlsx")
    job.begin("check")
    ImportJob.objects.update(heartbeat_at=timezone.now() - timezone.timedelta(seconds=40))
    assert ImportJob.objects.fail_stalled() == 1
    job.refresh_from_db()
    assert job.state == "failed"
    assert jobs.start(job, "check")
    assert job.state == "checked"


def test_a_file_without_headings_fails_with_a_sentence(bureau):
    job = checked(bureau, "projects", [["没有", "表头"], ["甲", "乙"]])
    assert job.state == "failed"
    assert job.message


def test_a_corrected_column_is_remembered_for_the_next_file_of_that_shape(bureau):
    rows = [["企业名称", "干什么的"], ["示例记忆有限公司", "造芯片"]]
    job = checked(bureau, "companies", rows)
    jobs.start(job, "check", mapping={"干什么的": "main_business", "企业名称": "name"})
    assert job.counts["new"] == 1
    second = checked(bureau, "companies", rows)
    assert {c["field"] for c in second.layout["columns"]} == {"name", "main_business"}


# -- the command -----------------------------------------------------------------------------------


def run(tmp_path, capsys, kind, data, *options, name="台账.xlsx"):
    file = tmp_path / name
    file.write_bytes(data)
    try:
        call_command("import_ledger", kind, str(file), "--json", *options)
        code = 0
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(capsys.readouterr().out)


def test_the_command_says_the_same_as_the_page_in_json(bureau, tmp_path, capsys):
    code, told = run(tmp_path, capsys, "deals", SAMPLES["deals"][1], name="签约.xlsx")
    shown = {k: told[k] for k in ("kind", "file", "rows", "created", "updated", "unchanged",
                                  "skipped", "errors", "totals")}  # fmt: skip
    assert (code, shown) == (0, {
        "kind": "deals", "file": "签约.xlsx", "rows": 4, "created": 4, "updated": 0,
        "unchanged": 0, "skipped": 0, "errors": [], "totals": {"money_yuan": "1687000000.00"},
    })  # fmt: skip


def test_the_command_writes_nothing_when_rows_are_rejected(bureau, tmp_path, capsys):
    code, told = run(tmp_path, capsys, "projects", workbook(RESERVE))
    assert (code, [e["row"] for e in told["errors"]], Project.objects.count()) == (1, [14], 0)


def test_the_command_leaves_out_bad_rows_when_asked_to(bureau, tmp_path, capsys):
    code, told = run(tmp_path, capsys, "projects", workbook(RESERVE), "--skip-errors")
    assert (code, told["created"], Project.objects.count()) == (1, 6, 6)


def test_a_dry_run_writes_nothing(bureau, tmp_path, capsys):
    code, told = run(tmp_path, capsys, "deals", SAMPLES["deals"][1], "--dry-run")
    assert (code, told["created"], Deal.objects.count()) == (0, 4, 0)


def test_an_unusable_file_ends_with_code_two_and_a_sentence(bureau, tmp_path):
    file = tmp_path / "leer.xlsx"
    file.write_bytes(b"")
    with pytest.raises(CommandError) as refusal:
        call_command("import_ledger", "projects", str(file))
    assert refusal.value.returncode == 2


def test_the_command_acts_as_the_account_it_is_given(officer, tmp_path, capsys):
    data = workbook([["企业名称"], ["示例专班企业有限公司"]])
    run(tmp_path, capsys, "companies", data, "--as", officer.username)
    assert Company.objects.get().owning_team == officer.team


# -- a plan that was kept, and its signs of life ---------------------------------------------------


def test_a_commit_reads_the_file_no_second_time(bureau):
    job = sample(bureau, "projects")
    job.file.storage.delete(job.file.name)

    jobs.start(job, "commit", leaves_out_bad=True)

    assert (job.state, job.counts["created"], hasattr(job, "plan")) == ("done", 6, False)


def test_a_plan_is_made_anew_when_its_tables_changed(bureau):
    job = sample(bureau, "companies")
    make.company(name="别的企业")

    jobs.start(job, "commit", leaves_out_bad=True)

    assert (job.state, job.counts["created"]) == ("done", 1)


def test_a_commit_says_how_far_it_is_while_nobody_sees_its_rows(bureau, monkeypatch):
    monkeypatch.setattr("crm.ledgers.committing.TELL_SECONDS", 0)
    told = []
    monkeypatch.setattr(ImportJob, "tell", lambda job, *rows: told.append(rows))

    imported(bureau, "projects", SAMPLES["projects"][1], leaves_out_bad=True)

    done, totals = zip(*told, strict=True)
    assert (list(done), len(set(totals)), done[-1]) == (sorted(done), 1, totals[-1])


def test_a_running_step_that_was_heard_lately_is_not_stalled(bureau, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    job = checked(bureau, "projects", RESERVE)
    job.begin("commit")
    long_ago = timezone.now() - 2 * SILENCE
    ImportJob.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)
    job.refresh_from_db()

    (tmp_path / "running").mkdir()
    (tmp_path / "running" / str(job.pk)).write_text(f"{job.runner} 3 7")

    assert (job.progress, job.is_stalled, ImportJob.objects.fail_stalled()) == ((3, 7), False, 0)


def test_a_running_step_that_fell_silent_reads_failed(bureau, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    job = checked(bureau, "projects", RESERVE)
    job.begin("commit")
    ImportJob.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - 2 * SILENCE)

    ImportJob.objects.fail_stalled()

    job.refresh_from_db()
    assert (job.state, job.is_running) == ("failed", False)


# -- what was taken out comes back unchanged -------------------------------------------------------


@pytest.fixture
def lead(bureau):
    return make.user(Role.TEAM_LEAD, team=TaskForce.objects.get(number=301))


def returned(user, kind) -> ImportJob:
    """The check of what this user takes out."""
    target = BytesIO()
    export(kind, SHEETS[kind].model.objects.live().visible_to(user), user, to=target)
    return checked(user, kind, target.getvalue())


def outcome(job) -> tuple:
    bad = job.counts["errors"] + job.counts["conflicts"]
    return job.counts["new"] + job.counts["changed"], job.counts["unchanged"], bad


def test_a_firm_of_another_team_comes_back_as_it_went_out(lead):
    make.company(name="别队企业", owning_team=TaskForce.objects.get(number=302), ownership="state")
    make.company(name="本队企业", owning_team=lead.team)

    assert outcome(returned(lead, "companies")) == (0, 2, 0)


def test_a_trip_of_the_citys_leaders_comes_back_as_it_went_out(lead):
    make.trip(name="市领导带队赴北京", task_force=None, cities=[make.region(name="北京市")])

    assert outcome(returned(lead, "trips")) == (0, 1, 0)


def test_an_event_is_changed_by_the_bureau_only(lead):
    event = make.event(name="示例推介会")
    head = ["活动名称", "活动时间", "主办单位"]

    job = checked(lead, "events", [head, [event.name, str(event.started_on), "别的单位"]])

    assert numbers(job, "error") == [2]


def test_a_confirmed_deal_comes_back_as_it_went_out(lead):
    firm = make.company(owning_team=lead.team)
    project = make.project(lead_team=lead.team, lead_investor=firm, name="示例签约项目")
    make.deal(project=project, confirmed_by=make.user(Role.BUREAU), confirmed_at=timezone.now())

    assert outcome(returned(lead, "deals")) == (0, 1, 0)


def test_a_project_with_an_investor_of_another_team_comes_back_as_it_went_out(lead):
    firm = make.company(owning_team=TaskForce.objects.get(number=302))
    make.project(lead_team=lead.team, lead_investor=firm, name="示例合作项目")

    assert outcome(returned(lead, "projects")) == (0, 1, 0)
