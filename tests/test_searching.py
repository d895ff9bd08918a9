"""Find anything: what answers, in which order, and to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import searching
from crm.access import Role
from crm.matching import Place, phone_tail, pieces, place, typed
from tests import make

pytestmark = pytest.mark.django_db


def titles(user, text: str, kind: str = "company") -> list[str]:
    groups = {group.kind: group for group in searching.find(user, text)}
    hits = groups[kind].hits if kind in groups else []
    return ["".join(piece for piece, _typed in hit.title) for hit in hits]


@pytest.fixture
def bureau():
    return make.user(Role.BUREAU)


@pytest.mark.parametrize(
    "text",
    ["新华三技术", "新华三", "华三", "H3C", "h3c", "xinhuasan", "xin hua san", "xhs", "xinhua3",
     "华三通信", "９１６３０１００ＭＡ７ＦＡＫＥ０１Ｕ", "91630100",
     "新"],
)  # fmt: skip
def test_a_firm_answers_to_any_of_its_names_sounds_and_codes(bureau, text):
    firm = make.company(name="新华三技术有限公司", uscc="91630100MA7FAKE01U")
    make.company_name(company=firm, name="H3C")
    make.company_name(company=firm, name="华三通信", kind="former")
    make.company(name="摩尔线程科技有限公司")

    assert titles(bureau, text) == ["新华三技术有限公司"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("单氏集团", "shanshi"), ("单氏集团", "ss"), ("重庆长安", "chongqing"), ("重庆长安", "cqca"),
     ("长城银行", "changcheng"), ("厦工股份", "xiagong"), ("绿电", "lüdian")],
)  # fmt: skip
def test_polyphones_answer_to_every_reading(bureau, name, text):
    make.company(name=name)
    assert titles(bureau, text) == [name]


def test_the_best_comes_first(bureau):
    for name in ("西宁云图数据", "云图科技", "云图", "大云图", "青海云图"):
        make.company(name=name)
    assert titles(bureau, "云图") == ["云图", "云图科技", "青海云图", "西宁云图数据", "大云图"]


def test_active_before_archived_and_own_before_others():
    team = make.team()
    make.company(name="云图甲", archived_at=timezone.now(), owning_team=team)
    make.company(name="云图乙", owning_team=make.team())
    make.company(name="云图丙", owning_team=team)
    assert titles(make.user(team=team), "云图") == ["云图丙", "云图乙", "云图甲"]


def test_what_does_not_answer_is_not_there(bureau):
    make.company(name="青海云图")
    assert searching.find(bureau, "图云") == []
    assert searching.find(bureau, "  ") == []
    assert searching.find(bureau, "%") == searching.find(bureau, "图_") == []


def test_more_than_ten_are_counted_as_such(bureau):
    for _ in range(12):
        make.company(name=f"云图{make.number('cloud')}号")
    group = searching.find(bureau, "云图")[0]
    assert (group.count, len(group.hits)) == ("10+", 10)


def test_a_firm_brings_its_people_projects_deals_and_visits(bureau):
    firm = make.company(name="昆仑云图")
    make.contact(company=firm, name="王五")
    project = make.project(name="万卡集群", lead_investor=firm)
    make.deal(project=project, number="宁招字〔2025〕5号")
    make.visit(company=firm, project=project)
    assert [group.kind for group in searching.find(bureau, "云图")] == [
        "company", "project", "contact", "deal", "visit",
    ]  # fmt: skip


def test_a_deal_answers_to_its_contract_number_however_the_brackets_are_typed(bureau):
    make.deal(number="宁招字〔2025〕5号")
    assert titles(bureau, "宁招字(2025)5", "deal") == ["宁招字〔2025〕5号"]


def test_a_trip_answers_to_name_and_initials(bureau):
    make.trip(name="赴深圳敲门招商")
    assert titles(bureau, "深圳", "trip") == titles(bureau, "fsz", "trip") == ["赴深圳敲门招商"]


def test_a_person_answers_to_the_end_of_the_number_where_it_may_be_read():
    team = make.team()
    firm = make.company(owning_team=team)
    make.contact(company=firm, name="王五", mobile="13812345678", phone="0971-6123499")
    for text in ("5678", "138 1234 5678", "3499"):
        assert titles(make.user(team=team), text, "contact") == ["王五"]
    for stranger in (make.user(team=make.team()), make.user(Role.LEADER)):
        assert titles(stranger, "5678", "contact") == []
    assert titles(make.user(team=team), "1234", "contact") == []


def test_numbers_are_not_guessed_through_the_name_search():
    make.contact(name="王五", mobile="13812345678")
    assert titles(make.user(Role.LEADER), "13812345678", "contact") == []


def test_a_confidential_project_answers_to_its_code_name_only():
    team = make.team()
    firm = make.company(name="绝密投资人有限公司", owning_team=team)
    secret = make.project(
        team=team, name="绝密雪豹工程", is_confidential=True, code_name="青松", lead_investor=firm
    )
    colleague = make.user(team=team)
    for text in ("雪豹", "xuebao", secret.number, "投资人"):
        assert titles(colleague, text, "project") == []
    assert titles(colleague, "青松", "project") == ["青松"]
    (hit,) = searching.find(colleague, "青松")[0].hits
    assert "绝密" not in str(hit)


def test_a_firm_of_another_team_shows_its_public_part_only():
    make.company(
        name="昆仑云图", owning_team=make.team(name="招商八专班"), main_business="绝密业务",
        sponsoring_leader="绝密领导",
    )  # fmt: skip
    (hit,) = searching.find(make.user(team=make.team()), "云图")[0].hits
    assert hit.detail == ["招商八专班"]
    assert "绝密" not in str(hit)


@pytest.mark.parametrize("role", [Role.PARK, Role.DEPARTMENT])
def test_roles_beside_the_teams_find_what_they_may_list(role):
    make.company(name="昆仑云图")
    make.project(name="云图项目")
    make.contact(name="云图")
    assert searching.find(make.user(role), "云图") == []


def test_recent_records_are_the_readers_own_and_still_theirs_to_see():
    team = make.team()
    firm, closed = make.company(owning_team=team), make.project(name="绝密雪豹")
    user = make.user(team=team)
    opened = [("company", firm.pk), ("project", closed.pk), ("company", 999999)]
    assert [hit.pk for hit in searching.recent(user, opened)] == [firm.pk]


def test_the_number_of_queries_does_not_grow_with_the_hits(bureau):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            searching.find(bureau, "云图")
        return len(queries)

    def add(count):
        for _ in range(count):
            firm = make.company(name=f"大云图{make.number('cloud')}号")
            make.project(lead_investor=firm)
            make.visit(company=firm)

    add(2)
    few = asked()
    add(14)
    assert asked() <= few


# -- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keys"),
    [("新华三", ["新华三"]), ("xinhua3", ["xinhua3", "xinhuasan"]), ("h3c", ["h3c", "hsanc"]),
     ("138", ["138"]), (" ", []), ("LÜ", ["lv"])],
)  # fmt: skip
def test_what_was_typed_in_the_form_it_is_compared(text, keys):
    assert typed(text) == keys


@pytest.mark.parametrize(
    ("text", "tail"),
    [("5678", "5678"), ("138-1234 5678", "13812345678"), ("567", ""), ("云5678", ""),
     ("²³⁴⁵", "2345")],
)  # fmt: skip
def test_the_digits_of_a_telephone_number(text, tail):
    assert phone_tail(text) == tail


@pytest.mark.parametrize(
    ("key", "names", "expected"),
    [("云图", ["云图"], Place.EXACT), ("云", ["云图"], Place.START), ("yt", ["云图"], Place.EXACT),
     ("图", ["甲·图"], Place.WORD), ("云", ["甲云"], Place.INSIDE)],
)  # fmt: skip
def test_the_place_of_a_hit_in_a_name(key, names, expected):
    assert place(key, names, sounds="yuntu yt") == expected


@pytest.mark.parametrize(
    ("title", "key", "marked"),
    [("新华三集团", "华三", "华三"), ("新华三（H3C）", "h3c", "H3C"), ("重庆长安", "cq", "重庆"),
     ("青海图灵小镇", "tuling", "图灵"), ("单氏", "shan", "单"), ("Ｈ３Ｃ", "h3", "Ｈ３"),
     ("㈱云", "yun", "云"), ("㌔云", "yun", "")],
)  # fmt: skip
def test_what_was_typed_is_marked_in_the_title(title, key, marked):
    assert "".join(text for text, is_typed in pieces(title, [key]) if is_typed) == marked
    assert "".join(text for text, _typed in pieces(title, [key])) == title


# -- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/search/", "/search/quick/"])
def test_the_pages_answer_with_and_without_a_question(client, path):
    team = make.team()
    firm = make.company(name="昆仑云图<b>", owning_team=team)
    client.force_login(make.user(team=team))
    page = client.get(path, {"q": "云图"}).content.decode()
    assert f'href="/crm/company/{firm.pk}/change/"' in page
    assert "昆仑<mark>云图</mark>&lt;b&gt;" in page
    assert "没有找到" in client.get(path, {"q": "无此企业\x00"}).content.decode()
    opened = client.get(path, {"opened": f"company.{firm.pk},x.1,company.²,project.,"})
    assert "昆仑云图" in opened.content.decode()


def test_a_list_of_more_hits_is_one_click_away(client, bureau):
    for _ in range(12):
        make.company(name=f"云图{make.number('cloud')}号")
    client.force_login(bureau)
    assert "/crm/company/?q=%E4%BA%91%E5%9B%BE" in client.get("/search/?q=云图").content.decode()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_administrators_search_nothing(client, role):
    client.force_login(make.user(role))
    assert client.get("/search/quick/?q=x").status_code == 403
    assert 'class="find"' not in client.get("/").content.decode()


def test_a_stranger_is_asked_to_sign_in(client):
    assert "login-form" in client.get("/search/", follow=True).content.decode()
