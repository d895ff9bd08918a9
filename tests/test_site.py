"""The site: who gets in, what the rail offers, the language, the policy."""

import pytest
from django.urls import reverse

from crm.access import Role
from crm.models import Project
from tests import make

pytestmark = pytest.mark.django_db


def rail_of(client, role, **kwargs):
    client.force_login(make.user(role, **kwargs))
    return [group["key"] for group in client.get("/").context["rail"]]


def test_an_account_without_a_role_stays_outside(client):
    client.force_login(make.user(""))
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        (
            Role.BUREAU,
            ["projects", "companies", "visits", "deals", "reports", "reference", "settings"],
        ),
        (Role.DEPARTMENT, ["projects", "visits"]),
        (Role.AUDITOR, ["settings"]),
        (Role.SYSTEM_ADMIN, ["settings"]),
    ],
)
def test_the_rail_offers_what_the_role_works_with(client, role, keys):
    assert rail_of(client, role) == keys


def test_the_page_is_chinese_whatever_the_browser_asks_for(client):
    page = client.get("/login/", headers={"accept-language": "en-GB"}).content.decode()
    assert "登录" in page


def test_a_person_who_chose_english_gets_english(client):
    client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})
    assert "Log in" in client.get("/login/").content.decode()


def test_a_language_nobody_has_is_not_an_error(client):
    client.cookies["django_language"] = "xx-<script>"
    assert "登录" in client.get("/login/").content.decode()


def test_every_page_says_when_sample_rows_are_present(client):
    client.force_login(make.user(Role.BUREAU))
    project = make.project()
    assert "notice-sample" not in client.get("/").content.decode()
    Project.objects.filter(pk=project.pk).update(is_sample=True)
    for name in ("index", "crm_project_changelist", "crm_project_add"):
        assert "notice-sample" in client.get(reverse(f"admin:{name}")).content.decode()


def test_the_policy_lets_nothing_in_from_outside_and_nothing_inline(client):
    policy = client.get("/login/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_no_template_has_inline_script_or_style(client):
    client.force_login(make.user(Role.BUREAU))
    project = make.project()
    for path in ("/", "/crm/project/", f"/crm/project/{project.pk}/change/", "/crm/visit/add/"):
        page = client.get(path).content.decode()
        assert (" style=" in page, "<style" in page, "<script>" in page) == (False,) * 3


@pytest.mark.parametrize("path", ["/nothing/", "/crm/project/99999/change/"])
def test_what_does_not_exist_is_said_in_chinese(client, path):
    client.force_login(make.user(Role.BUREAU))
    answer = client.get(path, follow=True)
    assert answer.status_code in (200, 404)
    assert "不存在" in answer.content.decode() or "没有" in answer.content.decode()
