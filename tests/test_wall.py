"""The wall screen: the workbench's figures behind a secret address, and no closed names."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import indicators
from crm.access import Role
from crm.home import home_for
from crm.home.wall import wall_for
from crm.models import ScreenSettings, WallToken
from crm.periods import Period, today

from . import make

pytestmark = pytest.mark.django_db
THIS_YEAR = today()


def shown(client, token) -> str:
    answer = client.get(f"/wall/{token.secret}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def deals():
    """A deal, a confidential one, and one of a task force with half the credit."""
    make.project(stage="signed", on=THIS_YEAR, name="公开智算项目")
    make.project(
        stage="signed",
        on=THIS_YEAR,
        name="绝密雪豹工程",
        is_confidential=True,
        code_name="代号青松",
    )
    make.project(stage="reserve", on=THIS_YEAR)
    make.arrival(month=THIS_YEAR.replace(day=1), state="confirmed", amount_yuan=Decimal(50_000_000))


# -- figures ---------------------------------------------------------------------------------------


def test_its_figures_are_those_of_the_workbench(deals):
    make.target(indicator="deals_signed", value=Decimal(4))
    wall = {card["key"]: card for card in wall_for()["cards"]}
    home = {card["key"]: card for card in home_for(make.user("bureau"), {})["cards"]}

    assert list(wall) == ["deals_signed", "signed_yuan", "reserve_projects", "arrived_yuan"]
    for key, card in wall.items():
        assert (card["value"], card["unit"]) == (home[key]["value"], home[key]["unit"]), key
    assert wall["deals_signed"]["value"] == "2"
    assert wall["deals_signed"]["reached"] == home["deals_signed"]["reached"] == "50.0%"


def test_the_months_add_up_to_the_amount_signed(deals):
    months = wall_for()["months"]

    assert (months["now"]["total"], months["then"]["total"]) == ("6亿元", "0元")
    highest = [row["month"] for row in months["rows"] if row["now"] == 100]
    assert highest == [THIS_YEAR.month]


def test_the_year_before_stands_beside(deals):
    year = THIS_YEAR.year - 1
    make.project(stage="signed", on=date(year, 3, 1))
    months = wall_for()["months"]

    assert months["then"] == {"year": year, "total": "3亿元"}
    assert months["rows"][2]["then"] == 50


def test_every_stage_is_in_the_funnel(deals):
    rows = wall_for()["funnel"]["rows"]

    assert {row["stage"]: row["count"] for row in rows if row["count"]} == {
        "lead": 1, "reserve": 1, "signed": 2,
    }  # fmt: skip
    assert max(row["share"] for row in rows) == 100


def test_the_map_counts_projects_by_home_province_without_confidential_ones():
    gansu = make.region(code="620000", name="甘肃省", level="province")
    lanzhou = make.region(code="620100", name="兰州市", parent=gansu)
    firm = make.company(region=lanzhou)
    make.project(stage="reserve", lead_investor=firm)
    make.project(stage="reserve", lead_investor=firm, is_confidential=True, code_name="代号甲")
    make.project(lead_investor=firm)
    make.project(stage="reserve")
    origins = wall_for()["origins"]

    assert "甘肃省　1" in origins["map"] and origins["map"].count("province-rank") == 1
    assert (origins["first"], origins["elsewhere"]) == ([{"name": "甘肃", "count": 1}], 1)


def test_the_provinces_with_most_projects_are_listed_in_order():
    for code, count in (("620000", 1), ("110000", 3), ("440000", 2)):
        firm = make.company(region=make.region(code=code, name=code, level="province"))
        for _each in range(count):
            make.project(stage="reserve", lead_investor=firm)

    first = wall_for()["origins"]["first"]
    assert [(row["name"], row["count"]) for row in first] == [("北京", 3), ("广东", 2), ("甘肃", 1)]


def test_amounts_that_are_not_known_are_told_where_their_sum_stands(client, deals):
    make.deal(signed_on=THIS_YEAR, amount_yuan=None, project=make.project(on=THIS_YEAR))
    wall = wall_for()

    unknown = {card["key"]: card["unknown"] for card in wall["cards"]}
    assert (unknown["deals_signed"], unknown["signed_yuan"]) == ("", "1个金额待定")
    assert (unknown["reserve_projects"], wall["unsure"]) == ("", "1个金额待定")
    stages = indicators.projects_by_stage(indicators.whole_city(), Period.year(THIS_YEAR.year))
    assert wall["funnel"]["unknown"] == f"{sum(row.unknown for row in stages)}个金额待定"
    assert shown(client, make.wall_token()).count("1个金额待定") == 3


def test_it_asks_no_more_queries_for_more_rows(deals):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            wall_for()
        return len(queries)

    few = asked()
    make.project(stage="signed", on=THIS_YEAR), make.project(stage="signed", on=THIS_YEAR)
    assert asked() == few


# -- what it does not say --------------------------------------------------------------------------


def test_it_names_no_confidential_project_and_no_person(client, deals):
    make.follow_up(owner=make.user(full_name="某专员"), what="绝密会谈准备")
    page = shown(client, make.wall_token())

    assert "公开智算项目" in page
    for hidden in ("绝密", "代号青松", "某专员", 'href="/crm'):
        assert hidden not in page


def test_the_ranking_is_left_out_when_it_is_switched_off(client, deals):
    token = make.wall_token()
    assert "专班签约排名" in shown(client, token)

    ScreenSettings.objects.create(pk=1, shows_ranking=False)
    assert "专班签约排名" not in shown(client, token)


# -- the address -----------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["x", "0" * 43, "%00", "绝密"])
def test_another_address_is_404_and_tells_nothing(client, deals, secret):
    make.wall_token()
    answer = client.get(f"/wall/{secret}/")

    assert answer.status_code == 404
    assert "签约" not in answer.content.decode()


def test_a_revoked_or_archived_one_shows_nothing_more(client):
    revoked, archived = make.wall_token(), make.wall_token()
    revoked.revoke(by=make.keeper())
    archived.archive(by=make.keeper())

    for token in (revoked, archived):
        assert client.get(f"/wall/{token.secret}/").status_code == 404
    assert WallToken.objects.get(pk=revoked.pk).revoked_by == make.keeper()
    with pytest.raises(ValidationError, match="已停用"):
        WallToken.objects.get(pk=revoked.pk).revoke(by=make.keeper())


def test_only_a_digest_is_kept(client):
    token = make.wall_token()
    stored = WallToken.objects.values().get()

    assert token.secret not in str(stored)
    assert WallToken.objects.get().secret == ""


def test_it_is_only_read_and_never_kept_by_a_cache(client):
    token = make.wall_token()
    answer = client.get(f"/wall/{token.secret}/")

    assert client.post(f"/wall/{token.secret}/").status_code == 405
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer.cookies == {}


def test_when_it_was_last_shown_is_noted_to_the_minute(client):
    token = make.wall_token()
    shown(client, token)
    first = WallToken.objects.get().last_used_at
    shown(client, token)
    assert WallToken.objects.get().last_used_at == first

    WallToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    shown(client, token)
    assert WallToken.objects.get().last_used_at > first
    assert WallToken.objects.get().version == 1


# -- who hangs one up ------------------------------------------------------------------------------


def test_the_bureau_makes_one_and_sees_its_address_once(client):
    client.force_login(make.user(Role.BUREAU))
    answer = client.post("/crm/walltoken/add/", {"name": "一楼大厅"})
    address = answer.context["address"]

    assert client.get(address.removeprefix("http://testserver")).status_code == 200
    secret = address.rstrip("/").rpartition("/")[2]
    assert secret not in client.get("/crm/walltoken/").content.decode()
    page = f"/crm/walltoken/{WallToken.objects.get().pk}/change/"
    assert secret not in client.get(page).content.decode()


def test_sending_the_form_twice_makes_one(client):
    client.force_login(make.user(Role.BUREAU))
    sent = {"name": "大厅", "form_token": "3f0e4b26-2f1e-4b61-9d55-0a3a1d0a5b11"}
    client.post("/crm/walltoken/add/", sent)

    assert client.post("/crm/walltoken/add/", sent).status_code == 302
    assert WallToken.objects.count() == 1


def test_the_bureau_revokes_from_the_list(client):
    token = make.wall_token()
    client.force_login(make.user(Role.BUREAU))
    sent = {"action": "revoke", "_selected_action": [token.pk]}
    client.post("/crm/walltoken/", sent)

    assert client.get(f"/wall/{token.secret}/").status_code == 404
    assert "已停用" in client.get("/crm/walltoken/").content.decode()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.SYSTEM_ADMIN])
def test_nobody_else_hangs_one_up(client, role):
    client.force_login(make.user(role))

    assert client.get("/crm/walltoken/").status_code == 403
    assert client.post("/crm/walltoken/add/", {"name": "大厅"}).status_code == 403
    with pytest.raises(PermissionDenied):
        WallToken(name="大厅").save_as(make.user(role))


# -- what screens show -----------------------------------------------------------------------------


def test_the_bureau_sets_what_screens_show(client):
    client.force_login(make.user(Role.BUREAU))
    path = "/crm/screensettings/"
    assert "显示专班排名" in client.get(path).content.decode()

    client.post(path, {"record_version": ScreenSettings.objects.get().version})
    settings = ScreenSettings.objects.get()
    assert (settings.shows_ranking, settings.updated_by.role) == (False, "bureau")
    assert "显示专班排名" in client.get(f"{path}1/history/").content.decode()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.AUDITOR])
def test_nobody_else_sets_it(client, role):
    client.force_login(make.user(role))

    assert client.get("/crm/screensettings/").status_code == 403


def test_there_is_one_row_of_settings():
    with pytest.raises(ValidationError, match="只有一条"):
        ScreenSettings(pk=2).full_clean()
