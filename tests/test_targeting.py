"""Target firms: scores that add up and explain themselves; key firms that are talked to."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.access import Role
from crm.appeal import Factor
from crm.models import AuditEntry, Company, ExportLog, FollowUp, Notice, Signal
from crm.periods import today
from crm.reminders import remind
from crm.targeting import Scoring, key_firms, plan_visits, rhythm_of

from . import make

pytestmark = pytest.mark.django_db
YI = Decimal(100_000_000)


def scored(firm, reader=None) -> Company:
    return Scoring(reader or make.user(Role.BUREAU), today()).of(firm)


def points(firm, factor, reader=None) -> Decimal:
    return {line.factor: line.points for line in scored(firm, reader).lines}[factor]


# -- the score -------------------------------------------------------------------------------------


def test_a_firm_of_which_nothing_is_known_scores_nothing():
    firm = scored(make.company())
    assert (firm.score, {line.points for line in firm.lines}) == (0, {0})


def test_the_best_firm_has_all_the_points_and_the_lines_add_up():
    firm = make.company(segments=[make.segment()], key_tier="A", revenue_yuan=100 * YI)
    make.company_mark(company=firm, mark="chain_leader")
    make.project(lead_investor=firm)
    make.signal(company=firm, strength=3)
    firm = scored(firm)
    assert (firm.score, sum(line.points for line in firm.lines)) == (100, 100)
    assert [str(line.factor) for line in firm.lines] == list(Factor.values)


@pytest.mark.parametrize(
    ("values", "factor", "expected"),
    [
        ({"key_tier": "B"}, "tier", "9"), ({"key_tier": "C"}, "tier", "4.5"),
        ({"revenue_yuan": 10 * YI}, "capacity", "9"), ({"revenue_yuan": YI}, "capacity", "4.5"),
        ({"revenue_yuan": YI - 1}, "capacity", "0"),
    ],
)  # fmt: skip
def test_a_lower_level_has_its_share_of_the_weight(values, factor, expected):
    assert points(make.company(**values), factor) == Decimal(expected)


def test_the_gap_counts_by_the_weakest_segment_of_the_firm():
    weak, missing = make.segment(), make.segment()
    make.company(segments=[weak], region=make.region(code="630103"))
    firm = make.company(segments=[weak])
    assert points(firm, "gap") == 18
    firm.segments.add(missing)
    line = scored(firm).lines[0]
    assert (line.points, line.seen) == (30, str(missing))


@pytest.mark.parametrize(
    ("mark", "expected"), [("head", "15"), ("listed", "9"), ("specialised", "4.5")]
)
def test_marks_count_by_the_highest(mark, expected):
    firm = make.company()
    make.company_mark(company=firm, mark="specialised", year=2020)
    make.company_mark(company=firm, mark=mark, year=2021)
    assert points(firm, "marks") == Decimal(expected)


@pytest.mark.parametrize(("days", "expected"), [(10, "6"), (366, "3")])
def test_history_counts_by_the_last_contact(days, expected):
    firm = make.company()
    make.visit(company=firm, held_on=make.days_ago(days), mode="call")
    assert points(firm, "history") == Decimal(expected)


def test_history_is_what_is_open_to_the_reader():
    firm, team = make.company(), make.team()
    make.project(lead_investor=firm, is_confidential=True, code_name="雪豹")
    make.visit(company=firm)
    assert points(firm, "history") == 10
    assert points(firm, "history", make.user(team=team)) == 0
    assert points(firm, "history", make.user(Role.LEADER)) == 6


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ([("expansion", 2, 3)], "9"),
        ([("expansion", 1, 3), ("site", 3, 170)], "15"),
        ([("expansion", 3, 181)], "0"),
        ([("expansion", 3, 3), ("risk", 1, 5)], "0"),
    ],
)
def test_the_strongest_fresh_signal_counts_and_a_warning_takes_it_away(signals, expected):
    firm = make.company()
    for kind, strength, days in signals:
        make.signal(company=firm, kind=kind, strength=strength, seen_on=make.days_ago(days))
    assert points(firm, "signals") == Decimal(expected)


def test_the_bureau_weighs_and_a_disabled_factor_counts_nothing():
    make.target_factor(factor="tier", weight=Decimal("20.5"), middle=Decimal(50))
    make.target_factor(factor="marks", weight=Decimal(15), is_disabled=True)
    firm = make.company(key_tier="B")
    make.company_mark(company=firm, mark="head")
    assert (points(firm, "tier"), points(firm, "marks")) == (Decimal("10.3"), 0)
    with pytest.raises(PermissionDenied):
        make.target_factor(factor="gap").save_as(make.user(Role.TEAM_LEAD))


def test_firms_stand_by_score_and_name():
    firms = [make.company(name=name, key_tier=tier) for name, tier in
             (("乙企业", ""), ("甲企业", ""), ("丙企业", "A"))]  # fmt: skip
    ranked = Scoring(make.user(Role.BUREAU), today()).ranked(Company.objects.all())
    assert list(ranked) == [firms[2], firms[1], firms[0]]


# -- the list --------------------------------------------------------------------------------------


def test_the_list_leaves_out_who_is_here_and_who_is_not_ones_own(client):
    team = make.team()
    own = make.company(owning_team=team)
    free = make.company()
    make.company(name="别的专班的企业有限公司", owning_team=make.team())
    make.company(owning_team=team, region=make.region(code="630100"))
    landed = make.company(owning_team=team)
    make.project(lead_investor=landed, team=team, stage="signed")
    client.force_login(make.user(team=team))
    shown = client.get("/target-firms/").context["firms"]
    assert sorted(firm.pk for firm in shown) == [own.pk, free.pk]


def test_the_list_is_filtered_by_what_makes_a_target(client):
    segment = make.segment()
    one = make.company(segments=[segment], key_tier="A", sponsoring_leader="张副市长")
    two = make.company()
    make.signal(company=two)
    client.force_login(make.user(Role.BUREAU))
    answers = {
        query: [firm.pk for firm in client.get(f"/target-firms/?{query}").context["firms"]]
        for query in ("gap=missing", "gap=weak", "key=on", "signal=on", "leader=张副")
    }
    assert answers == {
        "gap=missing": [one.pk], "gap=weak": [], "key=on": [one.pk], "signal=on": [two.pk],
        "leader=张副": [one.pk],
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/target-firms/", "/key-firms/"])
def test_a_list_asks_as_much_for_many_firms_as_for_few(client, path):
    client.force_login(make.user(Role.BUREAU))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    _firm()
    queries()
    few = queries()
    for _ in range(9):
        _firm()
    assert queries() == few


def _firm() -> None:
    firm = make.company(segments=[make.segment()], key_tier="B", region=make.region())
    make.signal(company=firm)
    make.company_mark(company=firm)
    make.visit(company=firm)


def test_a_list_is_taken_out_whole_and_that_is_written_down(client):
    firm = make.company(key_tier="A", name="示意企业有限公司")
    client.force_login(make.user(Role.STATISTICIAN))
    for path in ("/target-firms/", "/key-firms/"):
        text = client.get(f"{path}?format=csv").content.decode()
        assert firm.name in text
        assert client.get(f"{path}?format=exe").status_code == 403
    assert set(ExportLog.objects.values_list("report", flat=True)) == {"target_firms", "key_firms"}
    client.force_login(make.user(Role.LEADER))
    assert client.get("/target-firms/?format=csv").status_code == 403


def test_a_firms_page_explains_its_score_to_whoever_may_read_the_firm(client):
    team = make.team()
    firm = make.company(owning_team=team, key_tier="A")
    make.signal(company=firm, text="绝密选址")
    client.force_login(make.user(team=team))
    text = client.get(f"/crm/company/{firm.pk}/change/").content.decode()
    assert "目标企业评分" in text and "绝密选址" in text and "从未联系" in text
    client.force_login(make.user(team=make.team()))
    text = client.get(f"/crm/company/{firm.pk}/change/").content.decode()
    assert "目标企业评分" not in text and "绝密选址" not in text


# -- signals ---------------------------------------------------------------------------------------


def test_a_signal_is_entered_kept_in_the_history_and_never_of_tomorrow():
    team = make.team()
    officer, firm = make.user(team=team), make.company(owning_team=team)
    signal = Signal(company=firm, kind="site", text="看过两处园区")
    signal.save_as(officer)
    signal.strength = 3
    signal.save_as(officer, reason="已确认")
    assert signal.created_by == officer
    with pytest.raises(ValidationError):
        Signal(company=firm, kind="site", text="明天", seen_on=today() + timedelta(days=1)).save_as(
            officer
        )
    with pytest.raises((PermissionDenied, ValidationError)):
        Signal(company=make.company(owning_team=make.team()), kind="site", text="x").save_as(
            officer
        )


def test_signals_of_firms_out_of_reach_are_not_listed(client):
    make.signal(company=make.company(owning_team=make.team()), text="绝密信号")
    own = make.signal(text="自己的信号")
    client.force_login(make.user(team=make.team()))
    text = client.get("/crm/signal/?kind=expansion").content.decode()
    assert own.text in text and "绝密信号" not in text


# -- the rhythm ------------------------------------------------------------------------------------


def late(reader) -> dict:
    return {firm.name: bool(firm.is_late) for firm in key_firms(reader, today())}


def test_a_key_firm_is_overdue_by_its_tier_or_its_own_rhythm():
    for name, days, values in (
        ("甲A按时", 30, {"key_tier": "A"}), ("甲A超期", 31, {"key_tier": "A"}),
        ("甲C按时", 90, {"key_tier": "C"}),
        ("甲C每周", 8, {"key_tier": "C", "contact_every_days": 7}),
    ):  # fmt: skip
        make.visit(
            company=make.company(name=name, **values), mode="call", held_on=make.days_ago(days)
        )
    make.company(name="从未联系", key_tier="B")
    make.company(name="不在清单")
    assert late(make.user(Role.BUREAU)) == {
        "从未联系": True, "甲A超期": True, "甲C每周": True, "甲C按时": False, "甲A按时": False,
    }  # fmt: skip


def test_the_rhythm_says_when_a_firm_is_due():
    firm = make.company(key_tier="B")
    make.visit(company=firm, held_on=make.days_ago(63))
    row = rhythm_of(key_firms(make.user(Role.BUREAU), today()).get(), today())
    assert (row.every_days, row.due_on, row.days_late) == (60, make.days_ago(3), 3)


def test_the_leads_of_a_task_force_hear_of_a_lapse_once():
    team = make.team()
    lead = make.user(Role.TEAM_LEAD, team=team)
    make.user(team=team)
    firm = make.company(key_tier="A", owning_team=team)
    make.company(key_tier="A")
    for _day in range(2):
        remind(today())
    assert list(Notice.objects.values_list("recipient", "kind", "record_id")) == [
        (lead.pk, "key_firm", firm.pk)
    ]


def test_to_do_names_the_key_firms_of_ones_own_task_force(client):
    team = make.team()
    make.company(name="该联系的企业", key_tier="A", owning_team=team)
    make.company(name="无主的企业", key_tier="A")
    client.force_login(make.user(team=team))
    text = client.get("/todo/").content.decode()
    assert "该联系的企业" in text and "无主的企业" not in text


def test_the_key_firm_page_shows_the_overdue_only_when_asked(client):
    make.company(name="超期企业", key_tier="A")
    make.visit(company=make.company(name="按时企业", key_tier="A"), held_on=today())
    client.force_login(make.user(Role.LEADER))
    page = client.get("/key-firms/?overdue=on")
    assert [firm.name for firm in page.context["firms"]] == ["超期企业"]
    assert "生成拜访计划" not in page.content.decode(), "leaders look and never type"


# -- plans -----------------------------------------------------------------------------------------


def test_a_plan_is_written_whole_or_not_at_all(client):
    team = make.team()
    officer = make.user(team=team)
    own, foreign = make.company(owning_team=team), make.company(owning_team=make.team())
    client.force_login(officer)
    sent = {"firm": [own.pk, foreign.pk], "due_on": today(), "owner": officer.pk, "back": "//evil/"}
    assert client.post("/target-firms/plan/", sent).url == "/target-firms/"
    assert FollowUp.objects.count() == 0
    for wrong in ({"firm": []}, {"due_on": make.days_ago(1)}, {"owner": make.user().pk}):
        client.post("/target-firms/plan/", sent | {"firm": [own.pk]} | wrong)
    assert FollowUp.objects.count() == 0


def test_a_plan_names_the_trip_and_lands_with_the_owners_task_force():
    team = make.team()
    officer, firm = make.user(team=team), make.company()
    trip = make.trip(task_force=team, name="赴广州")
    with pytest.raises(ValidationError):
        plan_visits([firm], by=make.user(Role.BUREAU), owner=make.user(Role.BUREAU), due_on=today())
    (planned,), _waiting = plan_visits(
        [firm], by=make.user(Role.BUREAU), owner=officer, due_on=today(), trip=trip, purpose="补链"
    )
    assert planned.what == f"拜访{firm.name}（补链；赴广州）"
    assert planned.task_force == team
    with pytest.raises(ValidationError):
        plan_visits([firm] * 61, by=officer, owner=officer, due_on=today())


def test_audit_knows_who_took_the_list_out(client):
    client.force_login(make.user(Role.BUREAU))
    client.get("/key-firms/?format=json")
    assert "key_firms" in AuditEntry.objects.latest("pk").detail
