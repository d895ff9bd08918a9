"""撞单: the four levels, what the later reporter is told, and the bureau's decision."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm import claims
from crm.access import Role
from crm.admin.claims import claim_of_firm
from crm.conflicts import Claimed, Level, Terms, level_of, protected_until, similarity
from crm.duplicates import similar_firms, similar_projects
from crm.ledgers import jobs
from crm.models import ClaimRequest, Company, Conflict, FieldChange, Notice, Project
from crm.periods import today
from crm.stages import Stage
from tests import make
from tests.ledger_samples import workbook

YI = Decimal(100_000_000)
FIRM, OTHER, GROUP = 1, 2, 9


# -- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (Claimed("甲", code="2026-63-1"), Claimed("乙", code="２０２６-63-1"), Level.SAME),
        (Claimed("云图智算中心", FIRM), Claimed("云图智算中心 ", FIRM), Level.SAME),
        (Claimed("云图智算中心项目", FIRM), Claimed("云图智算中心二期", FIRM), Level.ALIKE),
        (Claimed("绿色智算中心", FIRM), Claimed("绿色算力中心", FIRM), Level.LIKELY),
        (Claimed("光伏组件", FIRM, site="南川", yuan=10 * YI),
         Claimed("智算中心", FIRM, site="南川", yuan=9 * YI), Level.LIKELY),
        (Claimed("光伏组件", FIRM, site="南川", yuan=10 * YI),
         Claimed("智算中心", FIRM, site="南川", yuan=7 * YI), Level.HINT),
        (Claimed("光伏组件", FIRM), Claimed("智算中心", FIRM), Level.HINT),
        (Claimed("云图智算中心", FIRM), Claimed("云图智算中心", OTHER), Level.HINT),
        (Claimed("云图智算中心", FIRM, GROUP), Claimed("云图智算中心", OTHER, GROUP), Level.HINT),
        (Claimed("云图智算中心", GROUP), Claimed("云图智算中心", OTHER, GROUP), Level.HINT),
        (Claimed("光伏组件", FIRM), Claimed("智算中心", OTHER), None),
        (Claimed("光伏组件"), Claimed("智算中心"), None),
    ],
)  # fmt: skip
def test_the_level_of_two_reports(one, other, level):
    assert level_of(one, other) == level_of(other, one) == level


names = st.text(alphabet="青海绿色智算中心项目一二期储能光伏()·A1", max_size=12)


@given(names, names)
def test_similarity_is_symmetric_and_between_nothing_and_all(one, other):
    assert 0 <= similarity(one, other) == similarity(other, one) <= 1
    if one.strip():
        assert similarity(one, one) in (0, 1)


@given(names, names, st.sampled_from([None, 8]), st.sampled_from([None, 8]))
def test_two_firms_never_clash_more_than_as_a_hint(one, other, group, other_group):
    level = level_of(Claimed(one, FIRM, group), Claimed(other, OTHER, other_group))
    assert level in (None, Level.HINT)


DAY = date(2026, 1, 10)


@pytest.mark.parametrize(
    ("contacts", "activity", "until"),
    [
        ([], [], 30), ([20], [], 50), ([20], [40], 70), ([], [29, 58, 80], 90),
        ([80], [80, 105], 135), ([-5], [-5], 30),
    ],
)  # fmt: skip
def test_protection_lasts_while_there_is_activity(contacts, activity, until):
    days = [[DAY + timedelta(days=d) for d in each] for each in (contacts, activity)]
    assert protected_until(DAY, *days, Terms()) == DAY + timedelta(days=until)


# -- reports ---------------------------------------------------------------------------------------


@pytest.fixture
def world(db):
    """Two task forces, a firm of the first, and its project in talks."""
    first, later = make.team(name="招商一专班"), make.team(name="招商二专班")
    firm = make.company(name="昆仑云图科技有限公司", owning_team=first)
    officer, rival = make.user(team=first), make.user(team=later)
    project = make.project(
        name="昆仑智算中心项目", lead_investor=firm, team=first, owner=officer, on=today()
    )
    return {
        "first": first, "later": later, "firm": firm, "officer": officer, "rival": rival,
        "project": project, "bureau": make.user(Role.BUREAU),
    }  # fmt: skip


def report(world, name, by="rival", **values) -> Project:
    values = {"lead_investor": world["firm"]} | values
    team = world["later"] if by == "rival" else world["first"]
    row = Project(name=name, lead_team=team, source="visit", summary="建设算力中心", **values)
    row.save_as(world[by])
    return row


def test_a_report_like_another_teams_enters_with_an_open_conflict(world):
    second = report(world, "昆仑智算中心二期")
    conflict = second.conflicts.get()
    assert (conflict.level, conflict.other_project) == (2, world["project"])
    assert "招商一专班" in conflict.note
    assert "昆仑智算中心" not in conflict.note
    assert [r.key for r in second.missing_for(Stage.NEGOTIATING)].count("no_conflict") == 1


def test_the_bureau_and_the_first_reporter_are_told(world):
    report(world, "昆仑智算中心二期")
    told = Notice.objects.filter(kind="conflict").values_list("recipient", flat=True)
    assert {world["officer"].pk, world["bureau"].pk} <= set(told)


def test_a_report_of_another_teams_firm_waits_for_the_bureau_whatever_its_name(world):
    conflict = report(world, "光伏组件生产").conflicts.get()
    assert (conflict.level, conflict.is_undecided) == (3, True)


def test_a_report_of_the_own_team_or_a_free_firm_does_not_clash(world):
    assert not report(world, "昆仑智算中心二期", by="officer").conflicts.exists()
    assert not report(world, "光伏组件生产", lead_investor=make.company()).conflicts.exists()


def test_what_was_given_up_archived_or_released_holds_nobody(world):
    firm = make.company(name="云岭")
    gone = ({"status": "lost"}, {"archived_at": timezone.now()}, {"pooled_on": today()})
    for number, change in enumerate(gone):
        old = make.project(name=f"云岭智算中心{number}", lead_investor=firm, team=world["first"])
        Project._base_manager.filter(pk=old.pk).update(**change)
    assert not report(world, "云岭智算中心", lead_investor=firm).conflicts.exists()


def test_a_renamed_report_may_clash_from_then_on(world):
    firm = make.company(name="云岭")
    make.project(name="云岭智算中心", lead_investor=firm, team=world["first"])
    second = report(world, "光伏组件生产", lead_investor=firm)
    assert not second.conflicts.exists()
    second.name = "云岭智算中心二期"
    second.save_as(world["rival"])
    second.summary = "又改一次"
    second.save_as(world["rival"])
    assert second.conflicts.get().level == 2


def test_the_one_entered_later_has_the_conflict_whichever_is_renamed(world):
    firm = make.company(name="云岭")
    older = make.project(name="光伏组件生产", lead_investor=firm, team=world["first"])
    newer = report(world, "云岭智算中心", lead_investor=firm)
    older.refresh_from_db()
    older.name = "云岭智算中心二期"
    older.save_as(world["officer"])
    assert Conflict.objects.get().project == newer


def test_a_secret_first_report_is_not_told_of(world):
    Project.objects.filter(pk=world["project"].pk).update(is_confidential=True, code_name="青松")
    note = report(world, "昆仑智算中心二期").conflicts.get().note
    assert "招商一专班" not in note
    assert "青松" not in note


def test_the_same_project_code_clashes_across_firms(world):
    Project.objects.filter(pk=world["project"].pk).update(filing_code="2026-630100-1")
    second = report(world, "另一名称", lead_investor=make.company(), filing_code="2026-630100-1")
    assert second.conflicts.get().level == 1


# -- while typing ----------------------------------------------------------------------------------


def test_firms_like_the_one_being_typed_the_same_first(world):
    make.company(name="昆仑云图（深圳）科技有限公司")
    make.company(name="毫不相干")
    found = similar_firms(world["rival"], "昆仑云图科技有限公司")
    assert [row.title for row in found] == ["昆仑云图科技有限公司", "昆仑云图（深圳）科技有限公司"]
    assert "招商一专班" in found[0].detail


@pytest.mark.parametrize(
    ("typed", "code", "count"),
    [("昆仑云图", "", 1), ("昆仑云图有限责任公司", "", 1), ("昆仑运图", "", 1), ("昆", "", 0),
     ("毫不相干", "91630100MA7FAKE01U", 1), ("", "", 0), ("青海昆仑云图", "", 1)],
)  # fmt: skip
def test_what_counts_as_like_a_firm(world, typed, code, count):
    Company.objects.filter(pk=world["firm"].pk).update(uscc="91630100MA7FAKE01U")
    assert len(similar_firms(world["rival"], typed, code=code)) == count
    assert similar_firms(world["rival"], typed, code=code, but=world["firm"].pk) == []


def test_projects_like_the_one_being_typed_without_details_of_others(world):
    draft = Project(name="昆仑智算中心", lead_investor=world["firm"], lead_team=world["later"])
    found = similar_projects(world["rival"], draft)
    told = " ".join(f"{row.title} {row.why} {row.detail}" for row in found)
    assert "招商一专班" in told
    assert "昆仑智算中心项目" not in told
    assert [row.pk for row in found if row.kind == "project"] == [None]
    own = similar_projects(world["officer"], draft)
    assert [row.title for row in own] == ["昆仑智算中心项目"]


def test_a_secret_project_is_hinted_at_only_where_it_blocks(world):
    Project.objects.filter(pk=world["project"].pk).update(is_confidential=True, code_name="青松")
    for name, count in (("昆仑智算中心", 1), ("光伏组件", 0)):
        draft = Project(name=name, lead_investor=world["firm"], lead_team=world["later"])
        rows = [r for r in similar_projects(world["rival"], draft) if r.kind == "project"]
        assert len(rows) == count
        assert not any("招商一专班" in r.title or "青松" in r.title for r in rows)


@pytest.mark.parametrize("kind", ["companies", "projects"])
def test_the_box_answers_while_typing(client, world, kind):
    client.force_login(world["rival"])
    query = {"name": "昆仑云图", "lead_investor": world["firm"].pk, "but": "x", "park": "²"}
    page = client.get(f"/similar/{kind}/", query).content.decode()
    assert "招商一专班" in page
    assert "昆仑智算中心项目" not in page
    client.force_login(make.user(Role.LEADER))
    assert client.get(f"/similar/{kind}/", query).status_code == 403


def test_a_firm_of_another_team_can_be_chosen_for_a_report_only(client, world):
    client.force_login(world["rival"])
    where = {"app_label": "crm", "model_name": "project", "field_name": "lead_investor"}
    found = client.get("/autocomplete/", where | {"term": "昆仑"}).json()["results"]
    assert [row["text"] for row in found] == ["昆仑云图科技有限公司"]
    visit = client.get("/autocomplete/", where | {"term": "昆仑", "model_name": "visit",
                                                  "field_name": "company"})  # fmt: skip
    assert visit.json()["results"] == []


# -- decisions -------------------------------------------------------------------------------------


def decide(world, conflict, decision, **values):
    claims.decide(conflict, decision, by=world["bureau"], reason="会商决定", **values)


@pytest.mark.parametrize(
    ("decision", "leads"), [("merge", "first"), ("joint", "first"), ("transfer", "later")]
)
def test_two_reports_become_one_project(world, decision, leads):
    second = report(world, "昆仑智算中心二期")
    decide(world, second.conflicts.get(), decision)
    project, second = Project.objects.get(pk=world["project"].pk), Project.objects.get(pk=second.pk)
    assert (second.status, project.lead_team) == ("merged", world[leads])
    shares = {share.task_force: share.percent for share in project.credit_shares.all()}
    joint = {world["first"]: 50, world["later"]: 50} if decision == "joint" else {}
    assert shares == joint
    world["firm"].refresh_from_db()
    assert world["firm"].owning_team == world[leads]
    assert not project.has_open_conflict()


def test_separate_projects_open_the_firm_to_the_later_team(world):
    second = report(world, "光伏组件生产")
    mine = Company.objects.open_to(world["rival"])
    assert not mine.filter(pk=world["firm"].pk).exists()
    decide(world, second.conflicts.get(), "separate")
    assert mine.filter(pk=world["firm"].pk).exists()
    assert not Project.objects.get(pk=second.pk).has_open_conflict()


def test_a_firm_without_another_project_is_shared_or_handed_over(world):
    firm = make.company(name="云岭", owning_team=world["first"])
    joint = report(world, "云岭光伏组件", lead_investor=firm)
    with pytest.raises(ValidationError, match="没有可合并"):
        decide(world, joint.conflicts.get(), "merge")
    decide(world, joint.conflicts.get(), "joint", percent=Decimal(30))
    shares = {share.task_force: share.percent for share in joint.credit_shares.all()}
    assert shares == {world["later"]: 30, world["first"]: 70}
    other = make.company(name="祁连", owning_team=world["first"])
    decide(world, report(world, "祁连储能", lead_investor=other).conflicts.get(), "transfer")
    other.refresh_from_db()
    assert other.owning_team == world["later"]


@pytest.mark.parametrize(
    ("decision", "reason"), [("", "理由"), ("separate", "  "), ("unknown", "理由")]
)
def test_a_decision_needs_its_kind_and_its_reason(world, decision, reason):
    conflict = report(world, "光伏组件生产").conflicts.get()
    with pytest.raises(ValidationError):
        claims.decide(conflict, decision, by=world["bureau"], reason=reason)
    assert Conflict.objects.get().is_undecided


def test_only_the_bureau_decides_and_only_once(world):
    conflict = report(world, "光伏组件生产").conflicts.get()
    with pytest.raises(PermissionDenied):
        claims.decide(conflict, "separate", by=world["rival"], reason="理由")
    decide(world, conflict, "separate")
    with pytest.raises(ValidationError, match="已裁定"):
        decide(world, conflict, "separate")
    conflict.refresh_from_db()
    assert (conflict.decided_by, conflict.decision_reason) == (world["bureau"], "会商决定")


# -- claims and requests ---------------------------------------------------------------------------


def test_a_free_firm_is_claimed_once(world):
    firm = make.company(name="无主")
    claims.claim(firm, by=world["rival"])
    with pytest.raises(ValidationError, match="招商二专班"):
        claims.claim(firm, by=world["officer"])
    firm.refresh_from_db()
    assert firm.owning_team == world["later"]
    assert FieldChange.objects.filter(
        model="company", record_id=firm.pk, field="owning_team"
    ).exists()
    with pytest.raises(PermissionDenied):
        claims.claim(firm, by=world["bureau"])


def test_a_firm_is_asked_for_and_handed_over_with_a_reason(world):
    request = claims.ask(kind="take_over", company=world["firm"], by=world["rival"], reason="驻地")
    with pytest.raises(ValidationError):
        claims.ask(kind="take_over", company=world["firm"], by=world["rival"], reason="再问")
    with pytest.raises(ValidationError):
        claims.answer(request, accept=True, by=world["bureau"], reason=" ")
    claims.answer(request, accept=True, by=world["bureau"], reason="驻地优先")
    world["firm"].refresh_from_db()
    assert world["firm"].owning_team == world["later"]
    with pytest.raises(ValidationError, match="已答复"):
        claims.answer(request, accept=True, by=world["bureau"], reason="再来")


@pytest.mark.parametrize(("kind", "team"), [("join", "first"), ("take_over", "later")])
def test_the_later_reporter_asks_about_the_first_project(world, kind, team):
    report(world, "昆仑智算中心二期")
    request = claims.ask(
        kind=kind,
        project=world["project"],
        by=world["rival"],
        reason="长期对接",
        percent=Decimal(40),
    )
    claims.answer(request, accept=True, by=world["bureau"], reason="同意")
    project = Project.objects.get(pk=world["project"].pk)
    shares = {share.task_force: share.percent for share in project.credit_shares.all()}
    assert project.lead_team == world[team]
    assert shares == ({world["first"]: 60, world["later"]: 40} if kind == "join" else {})


def test_nobody_asks_about_what_they_do_not_clash_with(world):
    with pytest.raises(PermissionDenied):
        claims.ask(kind="join", project=world["project"], by=world["rival"], reason="好奇")
    with pytest.raises(PermissionDenied):
        claims.ask(kind="take_over", company=world["firm"], by=world["officer"], reason="自己的")
    with pytest.raises(PermissionDenied):
        claims.ask(kind="take_over", company=world["firm"], by=world["bureau"], reason="无专班")


def test_a_request_is_declined_or_withdrawn(world):
    declined = claims.ask(kind="take_over", company=world["firm"], by=world["rival"], reason="问")
    claims.answer(declined, accept=False, by=world["bureau"], reason="不同意")
    withdrawn = claims.ask(kind="take_over", company=world["firm"], by=world["rival"], reason="问")
    with pytest.raises(PermissionDenied):
        claims.withdraw(withdrawn, by=world["officer"])
    claims.withdraw(withdrawn, by=world["rival"])
    states = list(ClaimRequest.objects.order_by("id").values_list("state", flat=True))
    assert states == ["declined", "withdrawn"]
    world["firm"].refresh_from_db()
    assert world["firm"].owning_team == world["first"]


def test_the_lead_team_keeps_a_share(world):
    with pytest.raises(ValidationError):
        claims.share_credit(world["project"], world["later"], Decimal(100), by=world["bureau"])
    make.credit_share(project=world["project"], task_force=world["first"], percent=100)
    claims.share_credit(world["project"], world["later"], Decimal(20), by=world["bureau"])
    claims.share_credit(world["project"], world["later"], Decimal(70), by=world["bureau"])
    assert world["project"].credit_adds_up()


# -- the open pool ---------------------------------------------------------------------------------


def aged(world, days: int) -> Project:
    """The project with a contact, as it was reported some days ago."""
    contact = make.contact(company=world["firm"])
    moment = make.days_ago(days)
    Project._base_manager.filter(pk=world["project"].pk).update(
        reported_at=f"{moment}T10:00:00+08:00", contact=contact, stage_since=moment
    )
    return Project.objects.get(pk=world["project"].pk)


def test_what_nobody_worked_on_goes_into_the_open_pool_once(world):
    aged(world, 31)
    assert claims.release_due(today(), dry=True) == {"released": 1, "told": 0}
    assert claims.release_due(today()) == {"released": 1, "told": 0}
    assert claims.release_due(today()) == {"released": 0, "told": 0}
    assert Project.objects.pooled().get() == world["project"]
    change = FieldChange.objects.get(model="project", field="pooled_on")
    assert (change.record_id, str(change.by)) == (world["project"].pk, "夜间任务")


def test_work_keeps_the_protection_and_the_owner_is_told_before_its_end(world):
    project = aged(world, 60)
    make.visit(project=project, company=world["firm"], task_force=world["first"],
               held_on=make.days_ago(25), content="洽谈")  # fmt: skip
    assert claims.release_due(today()) == {"released": 0, "told": 1}
    assert claims.release_due(today()) == {"released": 0, "told": 0}
    notice = Notice.objects.get(kind="protection")
    assert notice.recipient == world["officer"]


def test_a_bare_name_or_a_signed_project_is_not_released(world):
    Project._base_manager.update(reported_at="2024-01-01T10:00:00+08:00", stage_since="2024-01-01")
    assert claims.release_due(today()) == {"released": 0, "told": 0}


def test_a_project_of_the_pool_is_taken_with_its_firm(world):
    aged(world, 31)
    claims.release_due(today())
    claims.take_from_pool(Project.objects.get(), by=world["rival"])
    project = Project.objects.get()
    assert (project.lead_team, project.owner, project.pooled_on) == (
        world["later"], world["rival"], None,
    )  # fmt: skip
    assert project.lead_investor.owning_team == world["later"]
    with pytest.raises(ValidationError, match="已不在公海"):
        claims.take_from_pool(project, by=world["officer"])


def test_the_command_counts_and_reads_a_day(world, capsys):
    aged(world, 31)
    call_command("release_protection", dry_run=True)
    assert "1" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("release_protection", on="gestern")


def test_the_bureau_sets_the_days(world):
    make.models.ProtectionRule.objects.create(protected_days=20, idle_days=10, notice_days=3)
    aged(world, 11)
    assert claims.release_due(today())["released"] == 1


# -- pages -----------------------------------------------------------------------------------------


def test_the_bureau_compares_both_reports_and_decides(client, world):
    second = report(world, "昆仑智算中心二期")
    conflict = second.conflicts.get()
    client.force_login(world["bureau"])
    assert "昆仑智算中心二期" in client.get("/claims/").content.decode()
    page = client.get(f"/claims/conflicts/{conflict.pk}/").content.decode()
    assert "昆仑智算中心项目" in page
    bad = client.post(f"/claims/conflicts/{conflict.pk}/", {"decision": "joint", "reason": "同意",
                                                            "percent": "abc"})  # fmt: skip
    assert bad.status_code == 422
    done = client.post(
        f"/claims/conflicts/{conflict.pk}/",
        {"decision": "joint", "reason": "同意", "percent": "30%"},
    )
    assert done.status_code == 302
    assert {s.percent for s in world["project"].credit_shares.all()} == {70, 30}


def test_the_later_reporter_sees_no_content_of_the_first(client, world):
    conflict = report(world, "昆仑智算中心二期").conflicts.get()
    make.visit(project=world["project"], company=world["firm"], task_force=world["first"],
               content="绝密会谈")  # fmt: skip
    client.force_login(world["rival"])
    page = client.get(f"/claims/conflicts/{conflict.pk}/").content.decode()
    assert "绝密会谈" not in page
    assert "昆仑智算中心项目" not in page
    asked = client.post(f"/claims/conflicts/{conflict.pk}/", {"kind": "join", "reason": "联合"})
    assert asked.status_code == 302
    request = ClaimRequest.objects.get()
    page = client.get(f"/claims/requests/{request.pk}/").content.decode()
    assert "昆仑智算中心项目" not in page
    client.force_login(world["bureau"])
    assert client.get("/claims/?tab=requests").status_code == 200
    assert client.post(f"/claims/requests/{request.pk}/", {"accept": "1"}).status_code == 422
    client.post(f"/claims/requests/{request.pk}/", {"accept": "1", "reason": "同意"})
    request.refresh_from_db()
    assert request.state == "accepted"


def test_an_outsider_finds_neither_conflict_nor_request(client, world):
    conflict = report(world, "昆仑智算中心二期").conflicts.get()
    request = claims.ask(kind="join", project=world["project"], by=world["rival"], reason="联合")
    client.force_login(make.user(team=make.team()))
    assert client.get(f"/claims/conflicts/{conflict.pk}/").status_code == 404
    assert client.get(f"/claims/requests/{request.pk}/").status_code == 404
    assert "昆仑" not in client.get("/claims/").content.decode()


def test_firms_and_pool_are_claimed_on_their_pages(client, world):
    aged(world, 31)
    claims.release_due(today())
    client.force_login(world["rival"])
    assert "昆仑智算中心项目" in client.get("/claims/?tab=pool").content.decode()
    client.post(f"/claims/pool/{world['project'].pk}/take/")
    free = make.company(name="无主")
    client.post(f"/claims/firms/{free.pk}/")
    free.refresh_from_db()
    assert free.owning_team == world["later"]
    other = make.company(name="他人", owning_team=world["first"])
    client.post(f"/claims/firms/{other.pk}/", {"reason": "驻地"})
    client.post(f"/claims/firms/{other.pk}/", {"reason": "再问"})
    assert ClaimRequest.objects.filter(company=other).count() == 1


def test_record_pages_tell_the_protection(client, world):
    aged(world, 5)
    client.force_login(world["officer"])
    until = (make.days_ago(5) + timedelta(days=30)).isoformat()
    assert (
        f"保护期至 {until}"
        in client.get(f"/crm/project/{world['project'].pk}/change/").content.decode()
    )
    assert (
        f"保护期至 {until}"
        in client.get(f"/crm/company/{world['firm'].pk}/change/").content.decode()
    )


def test_a_firms_page_asks_for_the_days_once(world, django_assert_num_queries):
    user, firm = world["officer"], world["firm"]
    for _ in range(4):
        make.project(lead_investor=firm, team=world["first"], contact=make.contact(company=firm))
    assert user.team_ids
    with django_assert_num_queries(5):
        claim_of_firm(Company.objects.get(pk=firm.pk), user)


# -- ledgers ---------------------------------------------------------------------------------------


def test_a_ledger_warns_in_its_check_and_its_projects_enter_with_the_conflict(
    world, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    rows = [
        ["项目名称", "投资方", "计划投资（亿元）", "首报专班"],
        ["昆仑智算中心二期", "昆仑云图科技有限公司", 5, "招商二专班"],
    ]
    job = jobs.upload(world["bureau"], "projects", workbook(rows), "台账.xlsx")
    assert jobs.start(job, "check")
    assert "招商一专班" in str(list(job.rows.values()))
    assert jobs.start(job, "commit")
    assert Conflict.objects.get().project.name == "昆仑智算中心二期"
    job.refresh_from_db()
    assert jobs.start(job, "undo")
    assert not Conflict.objects.exists()
    assert Project.objects.get() == world["project"]
