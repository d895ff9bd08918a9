"""The chain map: states by rules that can be read and set, numbers that are their lists."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.access import Role
from crm.chains import coverage, pictures, until
from crm.indicators import Scope
from crm.indicators.behind import Behind
from crm.indicators.chains import judged
from crm.models import FollowUp
from crm.periods import Period, today
from crm.reports import REPORTS, Asked
from crm.stages import Stage
from crm.strength import Standing, State, Thresholds, Work, work_for

from . import make

pytestmark = pytest.mark.django_db
SECRET = {"is_confidential": True, "code_name": "代号青松", "name": "绝密雪豹智算工程"}


@pytest.fixture
def links():
    """A chain of three segments, one after the other."""
    chain = make.chain(name="算")
    rows, before = [], None
    for place, name in enumerate(("芯片", "整机", "运营"), start=1):
        before = make.segment(chain=chain, name=name, sequence=place, follows=before)
        rows.append(before)
    return rows


def state_of(segment, on=None) -> State:
    return judged(on)[segment.pk].state


def signed(segment, count=1, **values):
    return [make.project(stage=Stage.SIGNED, segment=segment, **values) for _ in range(count)]


# -- the rule --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(), State.MISSING),
        (Standing(projects=1), State.WEAK),
        (Standing(firms=1), State.WEAK),
        (Standing(projects=1, firms=1), State.WEAK),
        (Standing(projects=2, firms=1), State.STRONG),
        (Standing(projects=1, yuan=Decimal(1_000_000_000)), State.STRONG),
        (Standing(projects=1, yuan=Decimal(999_999_999)), State.WEAK),
        (Standing(yuan=Decimal(5_000_000_000)), State.MISSING),
    ],
)
def test_a_segment_is_judged_by_what_stands_in_it(standing, expected):
    assert Thresholds().state(standing) == expected


def test_a_chain_may_leave_firms_and_money_out_of_its_rule():
    rule = Thresholds(2, 4, None, counts_home_firms=False)
    standing = Standing(projects=2, firms=9, yuan=Decimal(10**11))
    assert (rule.state(standing), rule.state(Standing(projects=1, firms=9))) == ("weak", "missing")
    assert "10亿" not in " ".join(rule.in_words())


@pytest.mark.parametrize(
    ("state", "before", "expected"),
    [
        (State.MISSING, None, Work.FILL), (State.MISSING, State.WEAK, Work.FILL),
        (State.MISSING, State.STRONG, Work.EXTEND), (State.WEAK, State.STRONG, Work.STRENGTHEN),
        (State.STRONG, State.MISSING, Work.KEEP),
    ],
)  # fmt: skip
def test_what_a_segment_needs_follows_from_its_state_and_the_one_before(state, before, expected):
    assert work_for(state, before) == expected


def test_the_bureau_sets_the_rule_of_a_chain(links):
    signed(links[0], 2)
    assert state_of(links[0]) == State.WEAK
    chain = links[0].chain
    chain.strong_from = 2
    chain.save_as(make.user(Role.BUREAU))
    assert state_of(links[0]) == State.STRONG


# -- the city's state ------------------------------------------------------------------------------


def test_firms_at_home_count_and_firms_elsewhere_do_not(links):
    make.company(segments=[links[0]], region=make.region(code="630102"))
    make.company(segments=[links[1]], region=make.region(code="110000"))
    assert [state_of(row) for row in links[:2]] == [State.WEAK, State.MISSING]


def test_a_confidential_project_does_not_show_in_any_state(links):
    signed(links[0], 3, **SECRET)
    assert state_of(links[0]) == State.MISSING
    cell = pictures(make.user(Role.BUREAU), today())[0].cells[0]
    assert cell.numbers["here"].count == 3, "whoever may see them counts them"


def test_the_state_of_an_earlier_day_comes_from_the_history(links):
    signed(links[0], on=make.days_ago(40))
    assert state_of(links[0], make.days_ago(400)) == State.MISSING
    assert state_of(links[0], make.days_ago(1)) == State.WEAK


def test_a_disabled_segment_is_in_no_picture(links):
    links[2].is_disabled = True
    links[2].save_as(make.user(Role.BUREAU))
    assert list(judged()) == [row.pk for row in links[:2]]


# -- what a reader sees ----------------------------------------------------------------------------


def test_every_number_is_its_list_and_only_of_open_rows(links):
    team = make.team()
    officer = make.user(team=team)
    own = signed(links[0], team=team)
    signed(links[0], 2)
    firm = make.company(segments=[links[0]], owning_team=team, region=make.region(code="110100"))
    make.company(segments=[links[0]], owning_team=make.team())
    cell = pictures(officer, today())[0].cells[0]
    found = {name: number.behind.rows(officer) for name, number in cell.numbers.items()}
    assert {name: number.count for name, number in cell.numbers.items()} == {
        name: rows.count() for name, rows in found.items()
    }
    assert (list(found["here"]), list(found["gap_firms"])) == (own, [firm])
    assert cell.judged.state == State.STRONG, "the state is the city's"


def test_a_link_of_the_map_can_be_read_again(links):
    signed(links[0])
    behind = pictures(make.user(Role.BUREAU), today())[0].cells[0].numbers["chain_firms"].behind
    assert Behind.read(behind.address) == behind


def test_the_map_asks_as_much_for_many_rows_as_for_few(links, client):
    client.force_login(make.user(Role.BUREAU))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for path in ("/chains/", f"/chains/{links[0].chain_id}/", _page(links[0])):
                assert client.get(path).status_code == 200
        return len(captured)

    _more(links)
    queries()
    few = queries()
    for _ in range(8):
        _more(links)
    assert queries() == few


def _more(links) -> None:
    signed(links[0])
    firm = make.company(segments=links[:2], region=make.region())
    make.company_mark(company=firm, mark="listed")
    make.signal(company=firm)
    make.visit(company=firm)


def _page(segment) -> str:
    return f"/chains/segments/{segment.pk}/"


def test_coverage_grows_with_the_years_of_the_history(links):
    last_year = date(today().year - 1, 6, 1)
    signed(links[0], on=last_year)
    signed(links[1], on=today() - timedelta(days=1))
    years = coverage(make.user(Role.BUREAU), {row.pk for row in links}, today())
    assert [(year.covered, year.here.count) for year in years[-2:]] == [(1, 1), (2, 2)]
    assert coverage(make.user(Role.BUREAU), {links[2].pk}, today()) == []


# -- the pages -------------------------------------------------------------------------------------


def test_a_chain_page_says_its_rule_and_shows_segments_in_order(links, client):
    signed(links[0], 3)
    client.force_login(make.user(Role.LEADER))
    text = client.get(f"/chains/{links[0].chain_id}/").content.decode()
    places = [text.index(f">{row.name}</a>") for row in links]
    assert places == sorted(places)
    for said in ("缺失：少于1个。", "10亿元", "补链", "延链", "保密项目不计入判定"):
        assert said in text


def test_pages_of_what_is_not_there_are_404(links, client):
    client.force_login(make.user(Role.BUREAU))
    links[1].is_disabled = True
    links[1].save_as(make.keeper())
    paths = ["/chains/9999/", "/chains/segments/9999/", _page(links[1])]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_a_chain_without_segments_and_no_chain_at_all_say_so(client):
    client.force_login(make.user(Role.BUREAU))
    assert "尚未录入产业链" in client.get("/chains/").content.decode()
    chain = make.chain()
    assert "该产业链尚无环节" in client.get("/chains/").content.decode()
    assert "该产业链尚无环节" in client.get(f"/chains/{chain.pk}/").content.decode()


def test_the_map_tells_an_outsider_nothing_of_a_secret(links, client):
    team = make.team()
    firm = make.company(owning_team=team, name="绝密投资人有限公司", note="绝密会谈")
    signed(links[0], team=team, lead_investor=firm, **SECRET)
    client.force_login(make.user(team=make.team()))
    for path in ("/chains/", f"/chains/{links[0].chain_id}/", _page(links[0]),
                 "/reports/chain_gaps/", "/target-firms/", "/key-firms/"):  # fmt: skip
        text = client.get(path).content.decode()
        assert "绝密" not in text and "代号青松" not in text, path


# -- from a gap to a plan --------------------------------------------------------------------------


def test_from_a_gap_to_a_plan_of_visits_in_one_form(links, client):
    team = make.team()
    officer = make.user(team=team)
    firms = [make.company(segments=[links[2]], owning_team=team) for _ in range(2)]
    client.force_login(officer)
    page = client.get(_page(links[2])).content.decode()
    assert all(f'value="{firm.pk}"' in page for firm in firms)
    sent = {
        "firm": [firm.pk for firm in firms], "due_on": today() + timedelta(days=9),
        "owner": officer.pk, "purpose": "补链：算 · 运营", "back": _page(links[2]),
    }  # fmt: skip
    for _twice in range(2):
        assert client.post("/target-firms/plan/", sent).url == _page(links[2])
    planned = FollowUp.objects.order_by("company")
    assert [(row.company, row.owner, row.task_force) for row in planned] == [
        (firm, officer, team) for firm in firms
    ]
    assert "补链：算 · 运营" in planned[0].what


# -- the report ------------------------------------------------------------------------------------


def table(by: str, reader=None, year=None):
    period = Period.year(year) if year else until(today())
    return REPORTS["chain_gaps"].build(Asked(Scope(reader or make.user(Role.BUREAU)), period, by))


def test_the_report_names_the_gaps_and_whom_to_visit_first(links):
    signed(links[0], 3)
    signed(links[1])
    low = make.company(segments=[links[2]], name="低分企业有限公司")
    high = make.company(segments=[links[2]], name="高分企业有限公司", key_tier="A")
    shown = table("gap")
    assert [(row[1], row[3], row[4], row[5]) for row in shown.rows] == [
        ("整机", "薄弱", "强链", 1), ("运营", "缺失", "补链", 0),
    ]  # fmt: skip
    assert shown.rows[1][10] == f"{high.name}、{low.name}"
    assert (shown.total[0], shown.total[5]) == ("合计：2个短板环节", 1)


def test_every_number_of_the_report_is_its_list(links):
    reader = make.user(Role.BUREAU)
    for row in links:
        signed(row)
        make.company(segments=[row])
    shown = table("segment", reader)
    for (row, column), behind in shown.drills.items():
        if column in (5, 6, 8, 9):
            value = (shown.total if row == -1 else shown.rows[row])[column]
            assert behind.rows(reader).count() == value
    chains = table("chain", reader)
    assert chains.rows[0][5] == sum(row[5] for row in shown.rows) == chains.total[5] == 3


def test_the_report_says_how_many_secrets_stand_in_no_segment(links):
    signed(links[0], **SECRET)
    assert "1个保密项目" in table("gap", make.user(Role.LEADER)).notes[0]


def test_the_map_names_the_missing_segments_and_the_firm_to_visit_first(client):
    missing = make.segment(name="测试缺失环节")
    firm = make.company(name="外地龙头企业", region=make.region(code="440000"))
    firm.segments.add(missing)
    client.force_login(make.user("leader"))
    first = client.get("/chains/").context["first"]
    assert [(row["segment"], row["firm"]) for row in first["rows"]] == [(missing, firm)]
    firm.archive(by=make.keeper())
    assert client.get("/chains/").context["first"]["rows"][0]["firm"] is None
