"""The frame of every page: rail, bar, notices, pages of their own, and the weight of it all."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse

from crm.access import Role
from crm.site import RAIL
from crm.templatetags.interface import ICONS, icon, labelled
from tests import make

STATIC = Path(settings.BASE_DIR) / "crm" / "static" / "crm"
TEMPLATES = Path(settings.BASE_DIR) / "crm" / "templates"


@pytest.fixture
def page(client, db):
    """Reads a page as a user."""

    def read(user, path="/", **params):
        client.force_login(user)
        return client.get(path, params)

    return read


def labels(answer) -> list[str]:
    return [group["key"] for group in answer.context["rail"]]


def entries(answer) -> set[str]:
    return {item["url"] for group in answer.context["rail"] for item in group["items"]}


# -- who gets in -----------------------------------------------------------------------------------


def test_without_an_account_the_sign_in_page_answers(client, db):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.url.startswith("/login/")
    text = client.get("/login/").content.decode()
    assert "严禁录入、存储、传输国家秘密和工作秘密" in text
    assert 'class="rail"' not in text


def test_an_account_without_a_role_does_not_get_in(page):
    assert page(make.user(role="")).status_code == 302


def test_a_closed_account_does_not_get_in(page):
    assert page(make.user(is_active=False)).status_code == 302


def test_a_wrong_password_is_told_in_chinese(client, db):
    answer = client.post("/login/", {"username": "nobody", "password": "wrong"})
    assert "用户名和密码" in answer.content.decode()


# -- rail ------------------------------------------------------------------------------------------


def test_the_rail_names_the_tasks_of_an_officer_in_their_order(page):
    keys = labels(page(make.user(team=make.team())))
    assert keys[:5] == ["todo", "projects", "companies", "visits", "deals"]
    assert keys == [group.key for group in RAIL if group.key in keys]


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        (
            Role.BUREAU,
            [
                "todo",
                "projects",
                "companies",
                "visits",
                "deals",
                "parks",
                "reports",
                "reference",
                "settings",
            ],
        ),
        (Role.DEPARTMENT, ["todo", "projects", "visits", "deals"]),
        (Role.AUDITOR, ["reports", "settings"]),
        (Role.SYSTEM_ADMIN, ["settings"]),
    ],
)
def test_the_rail_offers_what_the_role_works_with(page, role, keys):
    assert labels(page(make.user(role))) == keys


@pytest.mark.parametrize("role", Role.values)
def test_every_entry_of_the_rail_opens(page, role):
    user = make.user(role, team=make.team())
    answer = page(user)
    assert answer.status_code == 200
    assert {page(user, url).status_code for url in entries(answer)} <= {200}


def test_the_open_list_is_marked(page):
    answer = page(make.user(team=make.team()), "/crm/trip/")
    visits = next(group for group in answer.context["rail"] if group["key"] == "visits")
    assert visits["current"]
    assert [item["url"] for item in visits["items"] if item["current"]] == ["/crm/trip/"]
    assert 'aria-current="page"' in answer.content.decode()


def test_the_overview_of_everything_follows_the_rail(page):
    answer = page(make.user(Role.BUREAU), "/crm/")
    text = answer.content.decode()
    assert all(f'href="{url}"' in text for url in entries(answer))


# -- bar, notices ----------------------------------------------------------------------------------


def test_the_bar_has_search_language_password_and_sign_out(page):
    text = page(make.user(Role.BUREAU)).content.decode()
    assert f'action="{reverse("crm_search")}"' in text
    assert f'action="{reverse("set_language")}"' in text
    assert reverse("admin:password_change") in text
    assert f'action="{reverse("admin:logout")}"' in text


def test_the_interface_speaks_the_chosen_language(page, client):
    user = make.user(Role.BUREAU)
    assert "工作台" in page(user).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    text = client.get("/").content.decode()
    assert '<html lang="en">' in text
    assert "Workbench" in text


def test_the_page_is_chinese_whatever_the_browser_asks_for(client, db):
    page = client.get("/login/", headers={"accept-language": "en-GB"}).content.decode()
    assert "登录" in page


def test_a_language_nobody_has_is_not_an_error(client, db):
    client.cookies["django_language"] = "xx-<script>"
    assert "登录" in client.get("/login/").content.decode()


def test_sample_data_is_announced_only_when_there_is_some(page):
    user = make.user(Role.BUREAU)
    assert "notice-sample" not in page(user).content.decode()
    make.project(is_sample=True)
    for path in ("/", "/crm/project/", "/crm/project/add/"):
        assert "notice-sample" in page(user, path).content.decode()


def test_a_popup_has_no_frame(page):
    text = page(make.user(Role.BUREAU), "/crm/company/add/", _popup=1).content.decode()
    assert 'class="rail"' not in text
    assert 'class="topbar"' not in text


@pytest.mark.parametrize("path", ["/password_change/", "/password_change/done/"])
def test_account_pages_wear_the_same_frame(page, path):
    assert 'class="rail"' in page(make.user(Role.BUREAU), path).content.decode()


def test_a_missing_page_says_so_in_our_own_look(page):
    answer = page(make.user(Role.BUREAU), "/nothing/")
    assert answer.status_code == 404
    assert "crm/admin.css" in answer.content.decode()


def test_a_record_that_does_not_exist_is_said_in_chinese(client, db):
    client.force_login(make.user(Role.BUREAU))
    answer = client.get("/crm/project/99999/change/", follow=True)
    assert "不存在" in answer.content.decode()


def test_what_is_not_ones_own_to_open_says_so(page):
    answer = page(make.user(team=make.team()), "/crm/user/")
    assert answer.status_code == 403
    assert "crm/admin.css" in answer.content.decode()


# -- lists and records -----------------------------------------------------------------------------


def test_each_cell_of_a_list_names_its_column(page):
    make.project()
    text = page(make.user(Role.BUREAU), "/crm/project/").content.decode()
    row = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)[1]
    assert 'data-label="阶段"' in row
    boxes = row.count('<td class="action-checkbox"')
    assert row.count("<td") == row.count("<td data-label=") + boxes


def test_the_name_of_a_column_cannot_break_out_of_its_attribute():
    cells = labelled(["<td>1</td>"], [{"text": '"><script>'}])
    assert "<script>" not in cells


def test_an_empty_list_offers_one_thing_to_do(page):
    user = make.user(Role.BUREAU)
    assert reverse("admin:crm_project_add") in page(user, "/crm/project/").content.decode()
    make.project()
    text = page(user, "/crm/project/", q="没有这样的项目").content.decode()
    assert "没有符合条件的记录" in text


def test_a_record_lists_its_parts(page):
    project = make.project()
    text = page(make.user(Role.BUREAU), f"/crm/project/{project.pk}/change/").content.decode()
    links = re.findall(r'href="#([\w-]+)"', re.search(r'class="sections".*?</nav>', text, re.S)[0])
    assert len(links) > 5
    assert all(f'id="{link}"' in text for link in links)


# -- policy and weight -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/crm/project/", "/crm/visit/add/", "/crm/company/add/"])
def test_no_page_carries_scripts_or_styles_of_its_own(page, path):
    answer = page(make.user(Role.BUREAU), path)
    text = answer.content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)
    scripts = re.findall(r"<script([^>]*)>", text)
    assert all("src=" in script or "json" in script for script in scripts)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_style_and_scripts_stay_small():
    assert (STATIC / "admin.css").stat().st_size <= 60 * 1024
    assert sum(path.stat().st_size for path in STATIC.glob("*.js")) <= 80 * 1024
    assert len(gzip.compress((STATIC / "admin.css").read_bytes())) <= 15 * 1024


def test_the_style_loads_nothing():
    assert not re.search(r"url\(|@import|@font-face", (STATIC / "admin.css").read_text("utf-8"))


def test_every_icon_named_in_a_template_is_drawn():
    used = {group.icon for group in RAIL}
    for path in TEMPLATES.rglob("*.html"):
        used |= set(re.findall(r'{% icon "(\w+)" %}', path.read_text("utf-8")))
    assert used <= ICONS.keys()
    assert 'aria-hidden="true"' in icon("home")


def test_badges_carry_the_stage_in_word_and_colour():
    project = SimpleNamespace(stage="signed", get_stage_display=lambda: "签约")
    drawn = Template("{% load interface %}{% stage_badge p %}").render(Context({"p": project}))
    assert drawn == '<span class="badge stage-signed">签约</span>'


def test_amounts_read_as_people_say_them():
    drawn = Template("{% load interface %}{{ a|yuan }} {{ b|yuan }}")
    assert drawn.render(Context({"a": 125_000_000, "b": None})) == "1.25亿元 待定"
