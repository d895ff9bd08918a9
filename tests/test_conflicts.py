"""撞单: the four levels, what the later reporter is told, and the bureau's decision."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm import claims
from crm.conflicts import Claimed, Level, level_of, similarity
from crm.ledgers import jobs
from crm.models import ClaimRequest, Company, Conflict, Notice, Project
from crm.periods import today
from crm.stages import Stage
from tests import make
from tests.clashing import report, world
from tests.ledger_samples import workbook

FIXTURES = (world,)  # asked for by name

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


# -- reports ---------------------------------------------------------------------------------------


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
