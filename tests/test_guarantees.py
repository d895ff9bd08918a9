"""Factor guarantees: the checklist by stage, who owes what, and how it is answered."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from crm import agenda, digests, reminders
from crm.access import Role
from crm.indicators import Scope
from crm.models import FactorGuarantee, FieldChange, Notice, Outgoing, StaleRecord, TimeLimit
from crm.models.guarantees import complete_for
from crm.periods import Period, today
from crm.reports import REPORTS, Asked
from crm.stages import Stage

from . import make

pytestmark = pytest.mark.django_db
YESTERDAY = today() - timedelta(days=1)


@pytest.fixture
def unit():
    return make.department(name="测试供电公司")


@pytest.fixture
def line(unit):
    return make.factor_guarantee(department=unit, due_on=make.days_ago(5))


def person_of(unit):
    return make.user(Role.DEPARTMENT, department=unit)


# -- the checklist ---------------------------------------------------------------------------------


def test_a_stage_brings_its_lines_with_unit_and_deadline(unit):
    project = make.project(stage=Stage.RESERVE)
    make.factor_template(name="供电方案", department=unit, days=30)
    make.factor_template(name="环评", stage="signed")
    complete_for(project, since=today())
    line = FactorGuarantee.objects.get(project=project)
    assert (line.title, line.department, line.due_on) == (
        "供电方案", unit, today() + timedelta(days=30),
    )  # fmt: skip
    assert complete_for(project, since=today()) == 0


def test_a_move_adds_the_lines_of_the_stage_on_its_day():
    make.factor_template(name="选址", stage="negotiating", days=10)
    project = make.project(stage_since=make.days_ago(9))
    bureau = make.user(Role.BUREAU)
    project.move_to(Stage.NEGOTIATING, by=bureau, on=YESTERDAY, reason="补录")
    assert project.guarantees.get().due_on == YESTERDAY + timedelta(days=10)


def test_a_line_is_left_out_where_the_project_needs_none_of_it():
    none, unknown, some = (make.project(stage=Stage.RESERVE) for _ in range(3))
    make.factor_template(name="供电", only_where="load_mw")
    make.factor_needs(project=none, load_mw=Decimal(0))
    make.factor_needs(project=some, load_mw=Decimal(5))
    for project in (none, unknown, some):
        complete_for(project, since=today())
    assert set(FactorGuarantee.objects.values_list("project", flat=True)) == {unknown.pk, some.pk}


def test_days_before_go_live_need_a_planned_go_live():
    dated, undated = make.project(stage=Stage.RESERVE), make.project(stage=Stage.RESERVE)
    make.factor_template(name="绿电合同", stage="reserve", counted_from="go_live", days=30)
    make.phase(project=dated, planned_live_on=today() + timedelta(days=100))
    for project in (dated, undated):
        complete_for(project, since=today())
    assert dated.guarantees.get().due_on == today() + timedelta(days=70)
    assert undated.guarantees.get().due_on is None


# -- answers ---------------------------------------------------------------------------------------


def test_the_unit_answers_and_the_officer_hears_of_it(line, unit):
    officer = make.user(Role.OFFICER, team=line.project.lead_team)
    line.project.owner = officer
    line.project.save()
    line.answer("secured", by=person_of(unit), note="已批复", document_no="宁供〔2026〕1号")
    line.refresh_from_db()
    assert (line.state, line.settled_on, line.is_late()) == ("secured", today(), False)
    assert Notice.objects.filter(recipient=officer, kind="answer").count() == 1
    assert FieldChange.objects.filter(model="factorguarantee", field="state").count() == 1


def test_a_difficulty_has_to_be_said_in_words(line, unit):
    with pytest.raises(ValidationError):
        line.answer("difficult", by=person_of(unit))
    line.refresh_from_db()
    line.answer("difficult", by=person_of(unit), note="线路走廊未定")
    assert list(FactorGuarantee.objects.difficult()) == [line]


def test_the_unit_moves_neither_its_deadline_nor_the_line_to_others(line, unit):
    with pytest.raises(ValidationError):
        line.postpone(today() + timedelta(days=9), by=person_of(unit), reason="来不及")
    line.refresh_from_db()
    with pytest.raises(PermissionDenied):
        line.answer("secured", by=person_of(make.department()))


def test_the_bureau_gives_more_time_with_a_reason(line):
    bureau, later = make.user(Role.BUREAU), today() + timedelta(days=9)
    with pytest.raises(ValidationError):
        line.postpone(later, by=bureau, reason=" ")
    with pytest.raises(ValidationError):
        line.postpone(make.days_ago(30), by=bureau, reason="提前")
    line.refresh_from_db()
    line.postpone(later, by=bureau, reason="等省里批复")
    assert FieldChange.objects.get(field="due_on").reason == "等省里批复"


def test_a_stale_answer_overwrites_nothing(line, unit):
    other = FactorGuarantee.objects.get(pk=line.pk)
    line.answer("under_way", by=person_of(unit))
    with pytest.raises(StaleRecord):
        other.answer("secured", by=person_of(unit))


# -- pages, reminders ------------------------------------------------------------------------------


def test_a_unit_sees_what_it_owes_and_answers_on_the_page(client, line, unit):
    make.factor_guarantee(title="别家的事项", department=make.department())
    person = person_of(unit)
    client.force_login(person)
    text = client.get("/factors/").content.decode()
    assert line.title in text
    assert "别家的事项" not in text
    sent = {"state": "under_way", "note": "正在踏勘", "version": line.version, "here": "/factors/"}
    assert client.post(f"/factors/{line.pk}/answer/", sent)["Location"] == f"/factors/#f{line.pk}"
    assert FactorGuarantee.objects.get(pk=line.pk).note == "正在踏勘"
    client.post(f"/factors/{line.pk}/answer/", sent | {"state": "secured"})
    assert FactorGuarantee.objects.get(pk=line.pk).state == "under_way", "the page was stale"
    away = client.post(f"/factors/{line.pk}/answer/", sent | {"here": "//evil.example/"})
    assert away["Location"].startswith("/factors/")


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"state": "dream"}, "dream"), ({"state": "secured", "settled_on": "2026-13-01"}, "2026"),
        ({"state": "secured", "settled_on": "2999-01-01"}, ""), ({"version": "x"}, ""),
        ({"do": "postpone", "note": "x"}, ""),
    ],
)  # fmt: skip
def test_a_bad_answer_is_said_in_words_and_changes_nothing(client, line, sent, says):
    client.force_login(make.user(Role.BUREAU))
    posted = {"state": "under_way", "version": line.version} | sent
    answer = client.post(f"/factors/{line.pk}/answer/", posted, follow=True)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert FactorGuarantee.objects.get(pk=line.pk).version == line.version


def test_a_secret_project_is_a_code_name_to_the_unit_that_owes_it(client, unit):
    secret = make.project(name="绝密雪豹工程", is_confidential=True, code_name="代号青松")
    make.factor_guarantee(project=secret, department=unit)
    client.force_login(person_of(unit))
    for path in ("/factors/", f"/projects/{secret.pk}/factors/", "/crm/factorguarantee/"):
        text = client.get(path).content.decode()
        assert "绝密雪豹" not in text, path
        assert "代号青松" in text, path


def test_the_team_completes_the_checklist_and_the_list_asks_no_more_for_many(client):
    project = make.project(stage=Stage.RESERVE)
    client.force_login(make.user(Role.OFFICER, team=project.lead_team))
    for _ in range(3):
        make.factor_template()
    page = f"/projects/{project.pk}/factors/"
    client.post(f"{page}complete/")
    assert project.guarantees.count() == 3
    few = _queries(client, page), _queries(client, "/factors/?whose=all")
    for _ in range(9):
        make.factor_guarantee(project=project)
    assert (_queries(client, page), _queries(client, "/factors/?whose=all")) == few


def _queries(client, path):
    from tests.test_query_counts import queries

    return queries(client, path)


def test_what_is_late_is_told_once_to_the_unit_and_the_officer(line, unit):
    person = person_of(unit)
    for _ in range(2):
        reminders.remind(today())
    assert Notice.objects.filter(recipient=person, kind="overdue").count() == 1


def test_before_it_is_due_a_line_is_told_as_many_days_as_the_bureau_sets(unit, client):
    person, owner = person_of(unit), make.user(Role.OFFICER, team=make.team())
    project = make.project(team=owner.team, owner=owner)
    near = make.factor_guarantee(
        project=project, department=unit, title="双回路供电", due_on=make.days_ago(-7)
    )
    make.factor_guarantee(project=project, department=unit, due_on=make.days_ago(-8))
    make.factor_guarantee(
        project=project, department=unit, due_on=make.days_ago(-1), state="secured",
        settled_on=today(),
    )  # fmt: skip
    for _ in range(2):
        reminders.remind(today())
    told = Notice.objects.filter(kind="factor").values_list("recipient", "record_id")
    assert sorted(told) == sorted([(person.pk, near.pk), (owner.pk, near.pk)])
    assert agenda.factors(owner, today()) == ([near], 1)
    TimeLimit.objects.filter(step="before_factor").update(days=8)
    assert agenda.factors(person, today())[1] == 2

    client.force_login(owner)
    for path in ("/todo/", "/m/"):
        assert "双回路供电" in client.get(path).content.decode()
    owner.email, owner.gets_digest = "o@example.org", True
    owner.save()
    digests.make_digests(timezone.now() + timedelta(days=1))
    assert "要素保障" in Outgoing.objects.get(recipient=owner).body


def test_a_project_that_lately_came_by_a_ledger_gets_its_checklist():
    lately, long_ago = make.project(stage=Stage.RESERVE), make.project(stage=Stage.RESERVE)
    for project, days in ((lately, 3), (long_ago, 90)):
        type(project).objects.filter(pk=project.pk).update(stage_since=make.days_ago(days))
    make.factor_template(days=30)
    reminders.remind(today())
    line = FactorGuarantee.objects.get()
    assert (line.project, line.due_on) == (lately, today() + timedelta(days=30))


# -- the report ------------------------------------------------------------------------------------


def report(by, reader=None):
    scope = Scope(reader or make.user(Role.BUREAU))
    return REPORTS["factor_shortfalls"].build(Asked(scope, Period.year(2024), by))


def test_the_report_says_who_is_late_whichever_year_is_asked_for(line, unit):
    make.factor_guarantee(department=unit)
    make.factor_guarantee(by_park=True, state="difficult", note="缺土地指标", factor="land")
    make.factor_guarantee(due_on=make.days_ago(3), state="secured", settled_on=today())
    assert [row[1:4] for row in report("unit").rows] == [(2, 1, 0), (1, 0, 1)]
    assert report("unit").rows[0][0] == "测试供电公司"
    assert [row[7] for row in report("late").rows] == [5, None]
    assert report("factor").total[1:4] == (3, 1, 1)
    assert report("park").total[1:4] == (3, 1, 1)


def test_the_rows_behind_a_number_of_the_report_are_as_many(line, unit):
    make.factor_guarantee(department=unit)
    table, reader = report("unit"), make.user(Role.BUREAU)
    for (row, column), behind in table.drills.items():
        value = (table.total if row == -1 else table.rows[row])[column]
        assert behind.rows(reader).count() == value


def test_a_project_outside_ones_list_is_not_in_the_report():
    secret = make.project(name="绝密雪豹工程", is_confidential=True, code_name="代号青松")
    make.factor_guarantee(project=secret, due_on=make.days_ago(3))
    assert report("late", make.user(Role.LEADER)).rows == ()
    assert report("late", make.user(Role.OFFICER)).rows == ()
    assert report("late").rows[0][0] == "绝密雪豹工程"


def test_parks_without_a_figure_are_said_to_have_none_entered():
    park = make.park()
    make.park_supply(park=park, amount=Decimal(10))
    rows = {(row[0], row[1]): row for row in report("supply").rows}
    has = [row[2] for row in rows.values()]
    assert has.count(None) == 3
    assert Decimal(10) in has
