"""Whose a firm or a project is: protection, claims and requests, and the open pool."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from crm import claims
from crm.admin.claims import claim_of_firm
from crm.conflicts import Terms, protected_until
from crm.models import ClaimRequest, Company, FieldChange, Notice, Project
from crm.periods import today
from tests import make
from tests.clashing import report, world

FIXTURES = (world,)  # asked for by name


# -- protection ------------------------------------------------------------------------------------

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
